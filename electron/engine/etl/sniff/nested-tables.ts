import type { Nested, NestedTable } from '../../../../shared/contract/ingest.contract.ts'
import { plainName } from '../../../../shared/domain/plain-name.ts'
import { PROVENANCE_COLUMNS } from '../../../../shared/domain/table-query.ts'
import { PARENT_RECORD } from '../connectors/mapping/map-records.ts'
import { MOST_MEMBERS, type Place } from './nested-outline.ts'

const MAX_NAME = 60
const MOST_FIELDS = 400
const MOST_TABLES = 40

interface Leaf {
  keys: readonly string[]
  /** A list, which the path asks for. */
  isList: boolean
  /** Different values; 0 where it is no name of the records. */
  distinct: number
}

interface Found {
  leaves: Leaf[]
  repeated: Place[]
}

/**
 * How nested records would be tables: every value that a record has once as a column, and every list of things as a table of its own.
 * Null where nothing is nested, or where it cannot be said by paths.
 */
export function proposeTables({ root, records }: { root: Place; records: number }, isXml: boolean): Nested | null {
  const { leaves, repeated } = found(root)
  const isNested = repeated.length > 0 || leaves.some(({ keys }) => keys.length > 1)
  if (!isNested || leaves.length > MOST_FIELDS) return null
  const { fields, key, isKeyUnique } = parentFields(leaves, { records, isXml })
  const names = new Names()
  const tables = repeated.slice(0, MOST_TABLES).flatMap((place) => tableOf(place, { names, key, isXml }))
  return { fields, key, isKeyUnique, tables, records }
}

/** Values and lists below a place, in the order in which they were seen first. */
function found(place: Place): Found {
  const leaves: Leaf[] = []
  const repeated: Place[] = []
  for (const member of place.members.values()) {
    const { keys, objects, lists, scalars, distinct } = member
    if (objects === 0 || scalars > 0 || member.isDeep || member.members.size === 0 || member.members.size > MOST_MEMBERS) {
      if (objects + scalars + lists > 0) leaves.push({ keys, isList: lists > 0 && !member.isDeep, distinct })
    } else if (lists > 0) repeated.push(member)
    else {
      const below = found(member)
      leaves.push(...below.leaves)
      repeated.push(...below.repeated)
    }
  }
  return { leaves, repeated }
}

function parentFields(leaves: readonly Leaf[], { records, isXml }: { records: number; isXml: boolean }): Pick<Nested, 'fields' | 'key' | 'isKeyUnique'> {
  const names = new Names(PROVENANCE_COLUMNS)
  const named = leaves.map((leaf) => ({ ...leaf, name: names.of(leaf.keys) }))
  const unique = named.filter(({ distinct }) => distinct === records)
  const key = unique.find(isIdentifier) ?? unique[0] ?? named.find((leaf) => leaf.distinct > 0 && isIdentifier(leaf))
  return { fields: Object.fromEntries(named.map(({ name, keys, isList }) => [name, pathOf(keys, { isList, isXml })])), key: key?.name ?? null, isKeyUnique: key?.distinct === records }
}

function isIdentifier({ keys }: Leaf): boolean {
  return /(^|_)(id|code|key|no|nr|number)$/.test(plainName(keys.at(-1) ?? '', MAX_NAME))
}

interface Naming {
  names: Names
  key: string | null
  isXml: boolean
}

/** `Prevalences: [{ Prevalence: {…} }]` holds prevalences: what only wraps one thing is not a table, but gives it the name. */
function tableOf(place: Place, { names, key, isXml }: Naming): NestedTable[] {
  const element = unwrapped(place)
  const { leaves, repeated } = found(element)
  const all = [...leaves, ...repeated.map(({ keys }): Leaf => ({ keys, isList: true, distinct: 0 }))]
  if (all.length === 0) return []
  const taken = new Names([...PROVENANCE_COLUMNS, PARENT_RECORD, ...(key === null ? [] : [key])])
  const depth = element.keys.length
  return [{
    name: names.of(place.keys),
    record: pathOf(element.keys, { isList: true, isXml }),
    fields: Object.fromEntries(all.map(({ keys, isList }) => [taken.of(keys.slice(depth)), pathOf(keys.slice(depth), { isList, isXml })])),
    records: element.records,
    rows: element.objects,
  }]
}

function unwrapped(place: Place): Place {
  const [only, ...others] = place.members.values()
  const isWrapper = only !== undefined && others.length === 0 && only.objects > 0 && only.scalars === 0 && !only.isDeep && only.members.size > 0
  return isWrapper ? unwrapped(only) : place
}

/** Words that say nothing without what they are of. */
const VAGUE = /^(id|name|type|value|date|class|code|count|text|label|description|title|url|link|key|status|state|unit|number|source|term)$/

/** Names of columns or tables, each once: of the last member, and of those before it where that is vague or taken. */
class Names {
  readonly #taken: Set<string>

  constructor(taken: readonly string[] = []) {
    this.#taken = new Set(taken)
  }

  of(keys: readonly string[]): string {
    const parts = keys.map((key) => plainName(key, MAX_NAME)).filter((part) => part !== '')
    const candidates = parts.map((_, index) => parts.slice(parts.length - 1 - index).join('_').slice(-MAX_NAME).replace(/^_+/, ''))
    const clear = candidates.length > 1 ? candidates.filter((name) => !VAGUE.test(name)) : candidates
    const base = (clear.find((name) => !this.#taken.has(name)) ?? candidates.at(-1) ?? 'value').replace(/^(?![a-z])/, 'c_')
    let name = base
    for (let n = 2; this.#taken.has(name); n++) name = `${base}_${n}`
    this.#taken.add(name)
    return name
  }
}

function pathOf(keys: readonly string[], { isList, isXml }: { isList: boolean; isXml: boolean }): string {
  if (isXml) return keys.length === 0 ? '.' : keys.join('/')
  const steps = keys.map((key) => (/^[\p{L}\p{N}_@#-]+$/u.test(key) ? `.${key}` : `.${JSON.stringify(key)}`))
  return `$${steps.join('')}${isList ? '[*]' : ''}`
}

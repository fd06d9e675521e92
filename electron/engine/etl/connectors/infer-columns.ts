import { quoteIdentifier, quoteLiteral } from '../../../../shared/domain/naming.ts'
import type { Duck } from '../../query/duckdb.ts'
import { exactCast, misfitReason } from '../casts/exact-cast.ts'
import { uniqueColumnNames } from './column-names.ts'

/** A column of a table made from JSON records. */
export interface RecordColumn {
  /** Key in the records. */
  key: string
  /** Name in the table. */
  name: string
  /** DuckDB type of the stored column. */
  type: string
  isDeclared: boolean
}

/** What a column's values were seen to be. */
export const SEEN = { text: 1, boolean: 2, nested: 4, safeInteger: 8, int64: 16, wideInteger: 32, hugeNumber: 64, double: 128 } as const

/** Parquet has no 128-bit integer: DuckDB would write a DOUBLE. */
const WIDE_INTEGER = 'DECIMAL(38,0)'
const MAX_SAFE_DIGITS = 15
const WIDE_TYPES = new Set(['HUGEINT', 'UHUGEINT', 'BIGNUM'])

/** A declared type as Parquet can keep it. */
export function storedType(declared: string): string {
  return WIDE_TYPES.has(declared.toUpperCase()) ? WIDE_INTEGER : declared
}

interface InferOptions {
  keys: readonly string[]
  declared: Readonly<Record<string, string>>
  /** What the values of the others were seen to be. */
  seen: ReadonlyMap<string, number>
}

/**
 * One column a key, typed by all of its values: text VARCHAR, whole numbers BIGINT, numbers DOUBLE, booleans BOOLEAN, anything nested or
 * mixed JSON. Whole numbers that a type would round are DECIMAL(38,0) or, beyond that, text. Declared types win.
 */
export function inferColumns({ keys, declared, seen }: InferOptions): RecordColumn[] {
  // A map, because a key of the data may be called like a member of every object.
  const types = new Map(Object.entries(declared))
  const present = new Set(keys)
  const all = [...keys, ...[...types.keys()].filter((key) => !present.has(key))]
  const names = uniqueColumnNames(all)
  return all.map((key, index) => {
    const type = types.get(key)
    const name = names[index] ?? key
    if (type !== undefined) return { key, name, type: storedType(type), isDeclared: true }
    return { key, name, type: typeOf(seen.get(key) ?? 0), isDeclared: false }
  })
}

interface SeenOptions {
  /** Relation with a column `json` that holds objects only. */
  records: string
  keys: readonly string[]
  signal: AbortSignal
}

/** What the values of keys are, as bits that may be joined with those of other records. */
export async function seenValues(duck: Duck, { records, keys, signal }: SeenOptions): Promise<Map<string, number>> {
  if (keys.length === 0) return new Map()
  const { transform, sources } = readKeys(keys.map((key) => ({ key, type: 'JSON' })))
  const masks = sources.map((source, index) => `bit_or(${seenSql(source)}) AS k${index}`)
  const [row] = await duck.rows(`SELECT ${masks.join(', ')} FROM (SELECT json, ${transform} AS t FROM ${records})`, signal)
  return new Map(keys.map((key, index) => [key, Number(row?.[`k${index}`] ?? 0)]))
}

/** What a value is tells its first character; only numbers need a closer look. @param json the value as JSON text */
function seenSql(json: string): string {
  const integer = `CASE WHEN length(${json}) <= ${MAX_SAFE_DIGITS} THEN ${SEEN.safeInteger} ELSE CASE
    WHEN TRY_CAST(${json} AS ${WIDE_INTEGER}) IS NULL THEN ${SEEN.hugeNumber}
    WHEN abs(TRY_CAST(${json} AS HUGEINT)) <= 9007199254740992 THEN ${SEEN.safeInteger}
    WHEN TRY_CAST(${json} AS BIGINT) IS NOT NULL THEN ${SEEN.int64} ELSE ${SEEN.wideInteger} END END`
  const number = `CASE WHEN regexp_full_match(${json}, '-?[0-9]+') THEN ${integer}
    WHEN coalesce(isinf(TRY_CAST(${json} AS DOUBLE)), true) AND ${json} NOT ILIKE '%inf%' THEN ${SEEN.hugeNumber} ELSE ${SEEN.double} END`
  const first = (character: string): number => character.charCodeAt(0)
  return `CASE ascii(${json}) WHEN ${first('"')} THEN ${SEEN.text} WHEN ${first('t')} THEN ${SEEN.boolean} WHEN ${first('f')} THEN ${SEEN.boolean}
    WHEN ${first('{')} THEN ${SEEN.nested} WHEN ${first('[')} THEN ${SEEN.nested}
    ELSE CASE WHEN ${json} IS NULL OR ${json} = 'null' THEN 0 ELSE ${number} END END`
}

/** @param seen bits of SEEN; 0: only null, or absent */
function typeOf(seen: number): string {
  if (seen === 0 || seen === SEEN.text) return 'VARCHAR'
  if (seen === SEEN.boolean) return 'BOOLEAN'
  if ((seen & (SEEN.text | SEEN.boolean | SEEN.nested)) !== 0) return 'JSON'
  const isBig = (seen & (SEEN.int64 | SEEN.wideInteger)) !== 0
  if ((seen & SEEN.hugeNumber) !== 0) return 'VARCHAR'
  if ((seen & SEEN.double) !== 0) return isBig ? 'VARCHAR' : 'DOUBLE'
  return (seen & SEEN.wideInteger) !== 0 ? WIDE_INTEGER : 'BIGINT'
}

/** RFC 6901, the one path form in which every key can be written. */
export function jsonPointer(key: string): string {
  return `/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`
}

const SCALAR_TRANSFORMS = new Set(['VARCHAR', 'BIGINT', 'DOUBLE', 'BOOLEAN', 'JSON'])

interface KeyToRead {
  key: string
  /** In which the value is read. */
  type: string
}

/** The values of keys by one parse a record: as a struct `t`, and each as an expression over it. */
function readKeys(keys: readonly KeyToRead[], areStrict = false): { transform: string; sources: string[] } {
  const taken = new Set<string>()
  const structure = new Map<string, string>()
  const sources = keys.map(({ key, type }) => {
    // Struct fields differ by more than case; the rest goes the slower way.
    if (taken.has(key.toLowerCase()) || key === '') return `${type === 'JSON' ? 'json_extract' : 'json_extract_string'}(json, ${quoteLiteral(jsonPointer(key))})`
    taken.add(key.toLowerCase())
    structure.set(key, type)
    return `t.${quoteIdentifier(key)}`
  })
  const shape = quoteLiteral(JSON.stringify(Object.fromEntries(structure)))
  // The strict form is an error where a key is missing or comes twice, but not where there are others.
  const strict = `CASE WHEN json IS NULL THEN NULL WHEN len(json_keys(json)) = ${keys.length} THEN json_transform_strict(json, ${shape}) ELSE error('strata: a record has other keys') END`
  return { transform: structure.size === 0 ? 'NULL' : areStrict ? strict : `json_transform(json, ${shape})`, sources }
}

export interface ColumnsSql {
  /** A relation with `json`, objects or NULL, and beside it what the others are made of: one parse a record, one cast a value. */
  typed(relation: string): string
  /** The columns as they are stored, over what `typed` gives; so are `bad` and `reason`. */
  select: string[]
  /** The first declared column whose value does not fit, or NULL; null when no declared column can fail. */
  bad: string | null
  /** Why not, over a column `bad` too. */
  reason: string
}

interface Reading {
  /** Every value is a text, whatever it stands for; else a text is told from a list. */
  areTexts: boolean
  /** Every record has just these keys, each once, or it is an error. */
  areStrict?: boolean
}

/** The columns as they are stored, over records. */
export function columnsSql(columns: readonly RecordColumn[], { areTexts, areStrict = false }: Reading): ColumnsSql {
  const keys = columns.map(({ key, type, isDeclared }) => ({ key, type: isDeclared ? (type === 'JSON' && !areTexts ? 'JSON' : 'VARCHAR') : SCALAR_TRANSFORMS.has(type) ? type : 'VARCHAR' }))
  const { transform, sources } = readKeys(keys, areStrict)
  const text = (index: number): string => `c${index}`
  const value = (index: number): string => `x${index}`
  const texts = sources.map((source, index) => `${source} AS ${text(index)}`)
  const values = columns.map(({ type, isDeclared }, index) => `${isDeclared ? exactCast(type).value(text(index)) : `CAST(${text(index)} AS ${type})`} AS ${value(index)}`)
  const checked = columns.flatMap(({ type, name, isDeclared }, index) => (isDeclared && type !== 'VARCHAR' && (type !== 'JSON' || areTexts) ? [{ type, name, index }] : []))
  const misfits = checked.map(({ type, name, index }) => `WHEN ${text(index)} IS NOT NULL AND NOT ${exactCast(type).fits(text(index), value(index))} THEN ${quoteLiteral(name)}`)
  return {
    typed: (relation) => `(SELECT *, ${values.join(', ')} FROM (SELECT * EXCLUDE (t), ${texts.join(', ')} FROM (SELECT *, ${transform} AS t FROM ${relation})))`,
    select: columns.map(({ name }, index) => `${value(index)} AS ${quoteIdentifier(name)}`),
    bad: misfits.length === 0 ? null : `CASE ${misfits.join(' ')} END`,
    reason: misfits.length === 0 ? 'NULL' : `CASE bad ${checked.map(({ type, name, index }) => `WHEN ${quoteLiteral(name)} THEN ${misfitReason(text(index), type)}`).join(' ')} END`,
  }
}

import { quoteLiteral } from '../../../../shared/domain/naming.ts'

/** A type made of others, as far as values of it are looked into. */
export type NestedType = { kind: 'list'; of: string } | { kind: 'struct'; fields: { name: string; type: string }[] } | { kind: 'map'; of: string } | { kind: 'opaque' }

/** @returns null for a type that is one value */
export function nestedOf(type: string): NestedType | null {
  if (type === 'JSON') return { kind: 'opaque' }
  const list = /^(.*)\[\d*\]$/s.exec(type)
  if (list !== null) return { kind: 'list', of: list[1] ?? '' }
  const members = /^(STRUCT|MAP|UNION)\((.*)\)$/s.exec(type)
  if (members === null) return null
  const parts = splitMembers(members[2] ?? '')
  if (members[1] === 'STRUCT') return { kind: 'struct', fields: parts.map(fieldOf) }
  return members[1] === 'MAP' ? { kind: 'map', of: parts[1] ?? 'VARCHAR' } : { kind: 'opaque' }
}

/** Cut at commas that are neither in brackets nor in quotes. */
function splitMembers(text: string): string[] {
  const parts: string[] = []
  let depth = 0
  let part = ''
  for (const [token] of text.matchAll(/"(?:[^"]|"")*"|'(?:[^']|'')*'|[^"']/gs)) {
    if (token === '(') depth++
    if (token === ')') depth--
    if (token === ',' && depth === 0) {
      parts.push(part.trim())
      part = ''
    } else part += token
  }
  return [...parts, part.trim()]
}

function fieldOf(member: string): { name: string; type: string } {
  const match = /^(?:"((?:[^"]|"")*)"|(\S+))\s+(.*)$/s.exec(member)
  return { name: match?.[1]?.replaceAll('""', '"') ?? match?.[2] ?? '', type: match?.[3] ?? 'VARCHAR' }
}

interface Inside {
  /** SQL of whether the text of a single value fits. */
  single(text: string, type: string): string
  /** Of the lists around. */
  depth: number
}

/** SQL: whether every value inside a JSON value fits; what is missing or null does. */
export function nestedFits(type: NestedType, json: string, inside: Inside): string {
  if (type.kind === 'opaque') return 'true'
  if (type.kind === 'struct') return `(${type.fields.map((field) => fieldFits(field, json, inside)).join(' AND ')})`
  const element = `e${inside.depth}`
  const values = `json_extract(${json}, '${type.kind === 'list' ? '$[*]' : '$.*'}')`
  return `len(list_filter(${values}, lambda ${element}: json_type(${element}) <> 'NULL' AND NOT ${valueFits(element, type.of, { ...inside, depth: inside.depth + 1 })})) = 0`
}

function valueFits(value: string, type: string, inside: Inside): string {
  const nested = nestedOf(type)
  return nested === null ? inside.single(`json_extract_string(${value}, '$')`, type) : nestedFits(nested, value, inside)
}

function fieldFits({ name, type }: { name: string; type: string }, json: string, inside: Inside): string {
  const value = `json_extract(${json}, ${quoteLiteral(`/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`)})`
  return `(coalesce(json_type(${value}), 'NULL') = 'NULL' OR ${valueFits(value, type, inside)})`
}

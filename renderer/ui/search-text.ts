import { type Filter, filterColumn, filterSchema, type Sort, sortSchema } from '../../shared/domain/table-query.ts'

/**
 * The search part of an address, made to be read: `?v=3&sort=enrollment:desc;phase&filter=phase:in:PHASE2:PHASE3;atc_code:is_null`.
 * Values of filters are text: the engine casts them to the column's type, so no digit is lost. `\` escapes the separators in names
 * and values. Everything else is plain text, or JSON where plain text would read as JSON.
 */

type Search = Readonly<Record<string, unknown>>

export function writeSearch(search: Search): string {
  const parts = Object.entries(search).flatMap(([key, value]) => {
    const text = textOf(key, value)
    return text === '' ? [] : [`${encodeURIComponent(key)}=${encodeReadable(text)}`]
  })
  return parts.length === 0 ? '' : `?${parts.join('&')}`
}

export function readSearch(text: string): Record<string, unknown> {
  return Object.fromEntries([...new URLSearchParams(text)].map(([key, value]) => [key, valueOf(key, value)]))
}

function textOf(key: string, value: unknown): string {
  if (value === undefined || value === null || value === '') return ''
  if (key === 'sort') return formatSort(sortSchema.array().catch([]).parse(value))
  if (key === 'filter') return formatFilter(filterSchema.array().catch([]).parse(value))
  return typeof value === 'string' && parseJson(value) === undefined ? value : JSON.stringify(value)
}

function valueOf(key: string, text: string): unknown {
  if (key === 'sort') return parseSort(text)
  if (key === 'filter') return parseFilter(text)
  return parseJson(text) ?? text
}

function formatSort(sort: readonly Sort[]): string {
  return sort.map(({ column, direction }) => (direction === 'desc' ? `${escape(column)}:desc` : escape(column))).join(';')
}

function parseSort(text: string): Sort[] {
  return splitItems(text)
    .map(([column = '', direction]): Sort => ({ column, direction: direction === 'desc' ? 'desc' : 'asc' }))
    .filter(({ column }) => column !== '')
}

function formatFilter(filter: readonly Filter[]): string {
  return filter.map((item) => [filterColumn(item) ?? '', item.op, ...filterValues(item)].map(escape).join(':')).join(';')
}

/** Items that cannot be read are left out rather than refused: the rest of the view still opens. */
function parseFilter(text: string): Filter[] {
  return splitItems(text).flatMap((parts) => {
    const parsed = filterSchema.safeParse(toFilter(parts))
    return parsed.success && filterColumn(parsed.data) !== '' ? [parsed.data] : []
  })
}

/** The values of a filter as text, in the order in which they are written. */
export function filterValues(filter: Filter): string[] {
  switch (filter.op) {
    case 'between':
      return [String(filter.from), String(filter.to)]
    case 'in':
    case 'not_in':
      return filter.values.map(String)
    case 'is_null':
    case 'not_null':
      return []
    case 'expression':
      return [filter.sql]
    default:
      return [String(filter.value)]
  }
}

function toFilter([column, op, ...values]: string[]): unknown {
  if (op === 'between') return { column, op, from: values[0], to: values[1] }
  if (op === 'expression') return { op, sql: values[0] }
  if (op === 'in' || op === 'not_in') return { column, op, values }
  if (op === 'is_null' || op === 'not_null') return { column, op }
  return { column, op, value: values[0] }
}

function escape(text: string): string {
  return text.replace(/[\\:;]/g, '\\$&')
}

/** Splits at `;` and `:` that are not escaped, and takes the escapes away. */
function splitItems(text: string): string[][] {
  if (text === '') return []
  const items: string[][] = [['']]
  for (const [, escaped, plain] of text.matchAll(/\\(.)|([^\\]|\\$)/gsu)) {
    const item = items.at(-1) ?? []
    if (plain === ';') items.push([''])
    else if (plain === ':') item.push('')
    else item[item.length - 1] = `${item.at(-1) ?? ''}${escaped ?? plain ?? ''}`
  }
  return items
}

/** Percent-encodes what an address cannot hold, and leaves the separators legible. */
function encodeReadable(text: string): string {
  return encodeURIComponent(text.toWellFormed()).replaceAll(/%(?:3A|3B|2C|40)/g, (code) => decodeURIComponent(code))
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

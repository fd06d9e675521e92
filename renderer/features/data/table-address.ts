import { type Filter, filterSchema, type Sort } from '../../../shared/domain/table-query.ts'

/**
 * Sort and filter as text in the address, short enough to read: `sort=enrollment:desc;phase` and
 * `filter=status:eq:Recruiting;phase:in:Phase 2:Phase 3;atc_code:is_null`. Values are text: the engine casts them to the
 * column's type, so no digit is lost. `\` escapes the two separators in names and values.
 */

type Address = Readonly<Record<string, unknown>>

export interface TableAddress {
  version: number | null
  sort: Sort[]
  filter: Filter[]
}

/** What the address says; parts that cannot be read are left out rather than refused, the rest of the view still opens. */
export function readTableAddress(search: Address): TableAddress {
  const version = Number(search['v'] ?? Number.NaN)
  return {
    version: Number.isInteger(version) && version > 0 ? version : null,
    sort: parseSort(asText(search['sort'])),
    filter: parseFilter(asText(search['filter'])),
  }
}

/** The search part of an address; empty parts are left out. */
export function writeTableAddress({ version, sort, filter }: TableAddress): { v?: number; sort?: string; filter?: string } {
  return {
    ...(version === null ? {} : { v: version }),
    ...(sort.length === 0 ? {} : { sort: formatSort(sort) }),
    ...(filter.length === 0 ? {} : { filter: formatFilter(filter) }),
  }
}

export function formatSort(sort: readonly Sort[]): string {
  return sort.map(({ column, direction }) => (direction === 'desc' ? `${escape(column)}:desc` : escape(column))).join(';')
}

export function parseSort(text: string): Sort[] {
  return splitItems(text)
    .map(([column = '', direction]): Sort => ({ column, direction: direction === 'desc' ? 'desc' : 'asc' }))
    .filter(({ column }) => column !== '')
    .slice(0, 8)
}

export function formatFilter(filter: readonly Filter[]): string {
  return filter.map((item) => [item.column, item.op, ...filterValues(item)].map(escape).join(':')).join(';')
}

export function parseFilter(text: string): Filter[] {
  return splitItems(text)
    .flatMap((parts) => {
      const parsed = filterSchema.safeParse(toFilter(parts))
      return parsed.success ? [parsed.data] : []
    })
    .slice(0, 32)
}

/** The values of a filter as text, in the order in which they are written. */
export function filterValues(filter: Filter): string[] {
  switch (filter.op) {
    case 'between':
      return [String(filter.from), String(filter.to)]
    case 'in':
      return filter.values.map(String)
    case 'is_null':
    case 'not_null':
      return []
    default:
      return [String(filter.value)]
  }
}

function toFilter([column = '', op = '', ...values]: string[]): unknown {
  if (column === '') return null
  if (op === 'between') return { column, op, from: values[0], to: values[1] }
  if (op === 'in') return { column, op, values }
  if (op === 'is_null' || op === 'not_null') return { column, op }
  return { column, op, value: values[0] }
}

function asText(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? String(value) : ''
}

function escape(text: string): string {
  return text.replace(/[\\:;]/g, '\\$&')
}

/** Splits at unescaped `;` and `:` and takes the escapes away. */
function splitItems(text: string): string[][] {
  if (text === '') return []
  const items: string[][] = [['']]
  for (const [, escaped, plain] of text.matchAll(/\\(.)|([^\\]|\\$)/gsu)) {
    const item = items.at(-1) ?? []
    if (escaped === undefined && plain === ';') items.push([''])
    else if (escaped === undefined && plain === ':') item.push('')
    else item[item.length - 1] = `${item.at(-1) ?? ''}${escaped ?? plain ?? ''}`
  }
  return items
}

import { type Column, type Filter, filterColumn } from '../../shared/domain/table-query.ts'
import { filterValues } from '../ui/search-text.ts'

export type FilterOp = Filter['op']

/** How many values a test takes; `list` is any number of them. */
export type FilterArity = 0 | 1 | 2 | 'list'

interface OpWords {
  /** Between the column and the value in a chip. */
  readonly short: string
  /** In the list of tests. */
  readonly long: string
  readonly arity: FilterArity
}

const WORDS: Readonly<Record<FilterOp, OpWords>> = {
  eq: { short: 'is', long: 'is', arity: 1 },
  ne: { short: 'is not', long: 'is not', arity: 1 },
  lt: { short: '<', long: 'less than', arity: 1 },
  le: { short: '≤', long: 'at most', arity: 1 },
  gt: { short: '>', long: 'more than', arity: 1 },
  ge: { short: '≥', long: 'at least', arity: 1 },
  between: { short: 'from', long: 'between', arity: 2 },
  in: { short: 'is', long: 'is one of', arity: 'list' },
  not_in: { short: 'is not', long: 'is none of', arity: 'list' },
  contains: { short: 'contains', long: 'contains', arity: 1 },
  not_contains: { short: 'does not contain', long: 'does not contain', arity: 1 },
  starts_with: { short: 'starts with', long: 'starts with', arity: 1 },
  ends_with: { short: 'ends with', long: 'ends with', arity: 1 },
  matches: { short: 'matches', long: 'matches (regular expression)', arity: 1 },
  not_matches: { short: 'does not match', long: 'does not match (regular expression)', arity: 1 },
  expression: { short: 'where', long: 'SQL expression about the row', arity: 1 },
  is_null: { short: 'is null', long: 'is null', arity: 0 },
  not_null: { short: 'is not null', long: 'is not null', arity: 0 },
}

const DATE_WORDS: Partial<Record<FilterOp, { short: string; long: string }>> = {
  lt: { short: 'before', long: 'before' },
  le: { short: 'up to', long: 'on or before' },
  gt: { short: 'after', long: 'after' },
  ge: { short: 'from', long: 'on or after' },
}

const TEXT_OPS: readonly FilterOp[] = ['contains', 'not_contains', 'eq', 'ne', 'in', 'not_in', 'starts_with', 'ends_with', 'matches', 'not_matches', 'is_null', 'not_null']
const ORDER_OPS: readonly FilterOp[] = ['eq', 'ne', 'lt', 'le', 'gt', 'ge', 'between', 'in', 'not_in', 'matches', 'is_null', 'not_null']
const OPS: Readonly<Record<Column['kind'], readonly FilterOp[]>> = {
  text: TEXT_OPS,
  number: ORDER_OPS,
  date: ['eq', 'lt', 'le', 'gt', 'ge', 'between', 'in', 'not_in', 'is_null', 'not_null'],
  timestamp: ['lt', 'le', 'gt', 'ge', 'between', 'in', 'not_in', 'is_null', 'not_null'],
  time: ['lt', 'le', 'gt', 'ge', 'between', 'in', 'not_in', 'is_null', 'not_null'],
  boolean: ['eq', 'in', 'is_null', 'not_null'],
  nested: ['contains', 'not_contains', 'matches', 'not_matches', 'in', 'not_in', 'is_null', 'not_null'],
  binary: ['is_null', 'not_null'],
  other: TEXT_OPS,
}

/** Tests that make sense on a column; the first is the usual one. */
export function filterOps(kind: Column['kind']): readonly FilterOp[] {
  return OPS[kind]
}

export function filterArity(op: FilterOp): FilterArity {
  return WORDS[op].arity
}

export function opWords(op: FilterOp, kind: Column['kind']): { short: string; long: string } {
  const isDate = kind === 'date' || kind === 'timestamp' || kind === 'time'
  return (isDate ? DATE_WORDS[op] : undefined) ?? WORDS[op]
}

/** A filter as words: `{ before: "prevalence ≤", value: "10" }`. The value is null where the test needs none. */
export function describeFilter(filter: Filter, kind: Column['kind']): { before: string; value: string | null } {
  if (filter.op === 'expression') return { before: 'where', value: filter.sql.replaceAll(/\s+/g, ' ') }
  const before = `${filter.column} ${opWords(filter.op, kind).short}`
  const values = filterValues(filter).map((value) => (value === '' ? '""' : value))
  if (values.length === 0) return { before, value: filter.op === 'in' ? 'none of all' : filter.op === 'not_in' ? 'any of none' : null }
  if (filter.op === 'between') return { before, value: values.join(' to ') }
  const shown = values.slice(0, 3).join(', ')
  return { before, value: values.length > 3 ? `${shown} and ${values.length - 3} more` : shown }
}

/** The same as one sentence part, for titles and messages. */
export function filterSentence(filter: Filter, kind: Column['kind']): string {
  const { before, value } = describeFilter(filter, kind)
  return value === null ? before : `${before} ${value}`
}

const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i
const DATE = /^\d{4}-\d{2}-\d{2}$/
const TIMESTAMP = /^\d{4}-\d{2}-\d{2}([ T]\d{2}:\d{2}(:\d{2}(\.\d+)?)?)?$/
const TIME = /^\d{2}:\d{2}(:\d{2}(\.\d+)?)?$/

/** What is wrong with a value typed for a column, as the sentence that replaces the hint; null when it can be used. */
export function valueProblem(text: string, kind: Column['kind']): string | null {
  switch (kind) {
    case 'number':
      return NUMBER.test(text.trim()) ? null : 'Give a number, for example 10 or 0.5'
    case 'date':
      return DATE.test(text.trim()) && isDay(text.trim()) ? null : 'Give a day as 2024-03-18'
    case 'timestamp':
      return TIMESTAMP.test(text.trim()) ? null : 'Give a time as 2024-03-18 or 2024-03-18 10:30'
    case 'time':
      return TIME.test(text.trim()) ? null : 'Give a time as 10:30'
    case 'boolean':
      return text === 'true' || text === 'false' ? null : 'Choose true or false'
    default:
      return null
  }
}

function isDay(text: string): boolean {
  const day = new Date(`${text}T00:00:00Z`)
  return !Number.isNaN(day.getTime()) && day.toISOString().startsWith(text)
}

export interface FilterDraft {
  readonly column: Column
  readonly op: FilterOp
  readonly values: readonly string[]
}

/** The filter a draft stands for, or what is wrong with it. */
export function buildFilter({ column, op, values }: FilterDraft): { filter: Filter } | { problem: string } {
  const arity = filterArity(op)
  const name = column.name
  const typed = values.map((value) => cleanValue(value, kindOfValue(column.kind, op)))
  const used = arity === 'list' ? typed.filter((value) => value !== '') : typed.slice(0, arity)
  const problem = used.map((value) => valueProblem(value, kindOfValue(column.kind, op))).find((text) => text !== null)
  if (problem !== undefined && problem !== null) return { problem }
  return arity === 'list' && used.length === 0 ? { problem: 'Give at least one value' } : { filter: filterOf(name, op, used) }
}

function filterOf(column: string, op: FilterOp, values: string[]): Filter {
  const [first = '', second = ''] = values
  switch (op) {
    case 'is_null':
    case 'not_null':
      return { column, op }
    case 'in':
    case 'not_in':
      return { column, op, values }
    case 'between':
      return { column, op, from: first, to: second }
    case 'expression':
      return { op, sql: first }
    default:
      return { column, op, value: first }
  }
}

/** A number may be pasted as the grid shows it, with separators and a true minus sign. */
function cleanValue(value: string, kind: Column['kind']): string {
  return kind === 'number' ? value.replaceAll(',', '').replace('−', '-').trim() : value
}

const TEXT_TESTS: ReadonlySet<FilterOp> = new Set(['contains', 'not_contains', 'starts_with', 'ends_with', 'matches', 'not_matches'])

/** `contains` compares texts, whatever the column's type. */
function kindOfValue(kind: Column['kind'], op: FilterOp): Column['kind'] {
  return TEXT_TESTS.has(op) ? 'text' : kind
}

/** The filter that keeps rows with exactly this cell: what F does on a cell. */
export function filterByCell(column: Column, cell: unknown): Filter {
  if (cell === null || cell === undefined) return { column: column.name, op: 'is_null' }
  if (typeof cell === 'object') return { column: column.name, op: 'contains', value: JSON.stringify(cell).slice(0, 200) }
  return { column: column.name, op: 'eq', value: String(cell) }
}

/** `filters` with one more; the same test on the same column is replaced, not doubled. */
export function withFilter(filters: readonly Filter[], added: Filter, replaced?: Filter): Filter[] {
  const same = (item: Filter) => item === replaced || (replaced === undefined && item.op === added.op && added.op !== 'expression' && filterColumn(item) === filterColumn(added))
  const at = filters.findIndex(same)
  return at === -1 ? [...filters, added] : filters.map((item, i) => (i === at ? added : item))
}

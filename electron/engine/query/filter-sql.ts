import { quoteIdentifier, quoteLiteral } from '../../../shared/domain/naming.ts'
import { ProblemError } from '../../../shared/domain/problem.ts'
import type { Column, ColumnFilter, Filter, Sort } from '../../../shared/domain/table-query.ts'
import { textSql } from './cell-sql.ts'
import { columnOf } from './column-of.ts'
import { refuseMasked } from './mask-sql.ts'

/** Sort and filter as SQL over columns of a relation. Pure: what only DuckDB can judge is left in `casts`, see check-casts.ts. */

type Scalar = string | number | boolean

/** A value whose fit to its column only DuckDB knows: `sql` is NULL when it does not fit. */
export interface TypedLiteral {
  column: Column
  value: Scalar
  sql: string
}

export interface CompiledFilter {
  /** An SQL condition; `true` without filters. */
  where: string
  casts: TypedLiteral[]
  /** Regular expressions, which only DuckDB can judge. */
  patterns: string[]
  /** Somebody's SQL that is part of the condition. It must be judged before it runs, see filter-where.ts. */
  expressions: string[]
}

/**
 * Compiles filters, all of which must hold. `ne`, `not_in`, `not_contains` and `not_matches` are the exact complement of `eq`, `in`, `contains` and `matches`:
 * rows without a value pass them.
 * Throws BAD_INPUT for an unknown column, or a value that cannot be of the column's type; MASKED for more than whether a masked column has a value.
 */
export function compileFilter(filters: readonly Filter[], columns: readonly Column[]): CompiledFilter {
  const casts: TypedLiteral[] = []
  const patterns: string[] = []
  const expressions: string[] = []
  const conditions = filters.map((filter) => {
    if (filter.op === 'expression') {
      expressions.push(filter.sql)
      // The line break ends a comment at its end.
      return `(${filter.sql}\n)`
    }
    if (filter.op === 'matches' || filter.op === 'not_matches') patterns.push(filter.value)
    const column = columnOf(columns, filter.column)
    if (filter.op !== 'is_null' && filter.op !== 'not_null') refuseMasked(column, 'be filtered by')
    const literal = (value: Scalar): string => typedLiteral(column, value, casts)
    return `(${conditionSql(filter, column, literal)})`
  })
  return { where: conditions.length === 0 ? 'true' : conditions.join(' AND '), casts, patterns, expressions }
}

/** A column as it compares with values, and the values as literals. Throws BAD_INPUT for a value that cannot be of the column's type. */
export function compileValues(values: readonly Scalar[], column: Column): { compared: string; literals: string[]; casts: TypedLiteral[] } {
  const casts: TypedLiteral[] = []
  return { compared: comparableSql(column, quoteIdentifier(column.name)), literals: values.map((value) => typedLiteral(column, value, casts)), casts }
}

/** ORDER BY terms, ending in the row's place so that equal keys keep one order over all pages. Rows without a value come last. */
export function orderSql(sort: readonly Sort[], columns: readonly Column[]): string {
  const terms = sort.map(({ column: wanted, direction }) => {
    const column = columnOf(columns, wanted)
    refuseMasked(column, 'be sorted by')
    return `${quoteIdentifier(column.name)} ${direction === 'desc' ? 'DESC' : 'ASC'} NULLS LAST`
  })
  return [...terms, '"__part"', '"__row"'].join(', ')
}

const COMPARISONS = { eq: '=', ne: 'IS DISTINCT FROM', lt: '<', le: '<=', gt: '>', ge: '>=' } as const

function conditionSql(filter: ColumnFilter, column: Column, literal: (value: Scalar) => string): string {
  const ref = quoteIdentifier(column.name)
  const compared = comparableSql(column, ref)
  switch (filter.op) {
    case 'between':
      return `${compared} BETWEEN ${literal(filter.from)} AND ${literal(filter.to)}`
    case 'in':
      return setCondition(compared, filter.values.map(literal))
    case 'not_in':
      return `NOT coalesce(${setCondition(compared, filter.values.map(literal))}, false)`
    case 'is_null':
      return `${ref} IS NULL`
    case 'not_null':
      return `${ref} IS NOT NULL`
    case 'contains':
    case 'not_contains':
    case 'starts_with':
    case 'ends_with':
      return textCondition(filter.op, textSql(column, ref), filter.value)
    case 'matches':
      return patternCondition(textSql(column, ref), filter.value)
    case 'not_matches':
      return `NOT coalesce(${patternCondition(textSql(column, ref), filter.value)}, false)`
    default:
      return `${compared} ${COMPARISONS[filter.op]} ${literal(filter.value)}`
  }
}

function setCondition(compared: string, literals: readonly string[]): string {
  return literals.length === 0 ? 'false' : `${compared} IN (${literals.join(', ')})`
}

function patternCondition(text: string, pattern: string): string {
  return `regexp_matches(${text}, ${quoteLiteral(pattern)})`
}

/** Case-blind, and without LIKE: `contains` over `lower` takes half the time of ILIKE, and no character of the value is special. */
function textCondition(op: 'contains' | 'not_contains' | 'starts_with' | 'ends_with', text: string, value: string): string {
  const args = `lower(${text}), lower(${quoteLiteral(value)})`
  return op === 'not_contains' ? `NOT coalesce(contains(${args}), false)` : `${op}(${args})`
}

/** Dates, times and UUIDs compare as themselves; what has no sensible literal compares as the text that people see. */
const CAST_KINDS: readonly Column['kind'][] = ['date', 'timestamp', 'time']

function comparesAsText(column: Column): boolean {
  return column.kind !== 'number' && column.kind !== 'boolean' && !CAST_KINDS.includes(column.kind) && column.type !== 'UUID'
}

export function comparableSql(column: Column, ref: string): string {
  return comparesAsText(column) ? textSql(column, ref) : ref
}

function typedLiteral(column: Column, value: Scalar, casts: TypedLiteral[]): string {
  if (comparesAsText(column)) return quoteLiteral(String(value))
  if (column.kind === 'number') return numberLiteral(column, value)
  if (column.kind === 'boolean') return booleanLiteral(column, value)
  const text = quoteLiteral(String(value))
  casts.push({ column, value, sql: `TRY_CAST(${text} AS ${column.type})` })
  return `CAST(${text} AS ${column.type})`
}

const NUMBER = /^[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?$/i
const NOT_FINITE = /^([+-]?inf(inity)?|nan)$/i

/**
 * Numbers stay as written, not cast to the column's type: a cast would round 3.5 to 4 for an INTEGER, and refuse 300 for a TINYINT,
 * where "less than 300" has a plain answer.
 */
function numberLiteral(column: Column, value: Scalar): string {
  const text = String(value).trim()
  if (NUMBER.test(text)) return column.type === 'FLOAT' ? `CAST(${quoteLiteral(text)} AS FLOAT)` : text.replace(/^\+/, '')
  if (NOT_FINITE.test(text)) return `CAST(${quoteLiteral(text)} AS DOUBLE)`
  throw misfit(column, value)
}

function booleanLiteral(column: Column, value: Scalar): string {
  const text = String(value).trim().toLowerCase()
  if (text === 'true' || text === '1') return 'true'
  if (text === 'false' || text === '0') return 'false'
  throw misfit(column, value)
}

const EXAMPLES: Partial<Record<Column['kind'], string>> = {
  number: 'a number such as 12.5',
  boolean: 'true or false',
  date: 'a date such as 2024-05-31',
  timestamp: 'a time such as 2024-05-31 14:30:00',
  time: 'a time of day such as 14:30:00',
}

/** The problem of a value that is not of its column's type. */
export function misfit(column: Column, value: Scalar): ProblemError {
  const example = EXAMPLES[column.kind] ?? `a ${column.type}`
  return new ProblemError('BAD_INPUT', `"${value}" does not fit column "${column.name}" (${column.type})`, {
    hint: `Write ${example}`,
    details: { column: column.name, type: column.type, value },
  })
}

import { quoteIdentifier, quoteLiteral } from '../../../shared/domain/naming.ts'
import type { Column, Filter } from '../../../shared/domain/table-query.ts'
import { textSql } from '../query/cell-sql.ts'
import { columnOf } from '../query/column-of.ts'
import { compileFilter, compileValues, type TypedLiteral } from '../query/filter-sql.ts'
import type { CheckSpec } from '../workspace/model.ts'

/** Rules as SQL. Pure. A value that is NULL breaks `not_null` only. */

export type RowRule = Extract<CheckSpec, { kind: 'not_null' | 'accepted_values' | 'range' | 'pattern' | 'length' }>

const ROW_KINDS: ReadonlySet<string> = new Set<RowRule['kind']>(['not_null', 'accepted_values', 'range', 'pattern', 'length'])

/** True for rules that look at one row at a time, so that any number of them shares one pass over the data. */
export function isRowRule(check: CheckSpec): check is RowRule {
  return ROW_KINDS.has(check.kind)
}

export interface RowCondition {
  /** True for a row that breaks the rule. */
  fails: string
  casts: TypedLiteral[]
}

/** Throws BAD_INPUT for an unknown column, or a value of the rule that cannot be of the column's type. */
export function rowCondition(rule: RowRule, columns: readonly Column[]): RowCondition {
  const column = columnOf(columns, rule.column)
  const ref = quoteIdentifier(column.name)
  switch (rule.kind) {
    case 'not_null':
      return { fails: `${ref} IS NULL`, casts: [] }
    case 'accepted_values':
      return acceptedCondition(rule.values, column)
    case 'pattern':
      return { fails: `NOT regexp_full_match(${textSql(column, ref)}, ${quoteLiteral(rule.pattern)})`, casts: [] }
    case 'range':
      return rangeCondition(rule, column, columns)
    case 'length':
      return { fails: lengthCondition(rule, column), casts: [] }
  }
}

/** From this many on, values are looked up in a list instead of compared one after the other: 97 of them cost a thirtieth. */
const MANY_VALUES = 6

function acceptedCondition(values: Extract<RowRule, { kind: 'accepted_values' }>['values'], column: Column): RowCondition {
  const ref = quoteIdentifier(column.name)
  const { compared, literals, casts } = compileValues(values, column)
  const list = literals.join(', ')
  const isAccepted = literals.length === 0 ? 'false' : literals.length < MANY_VALUES ? `${compared} IN (${list})` : `list_contains([${list}], ${compared})`
  return { fails: `${ref} IS NOT NULL AND NOT (${isAccepted})`, casts }
}

function lengthCondition({ min, max }: Extract<RowRule, { kind: 'length' }>, column: Column): string {
  const ref = quoteIdentifier(column.name)
  const length = /\[\d*\]$/.test(column.type) ? `len(${ref})` : `length(${textSql(column, ref)})`
  // Both bounds in one expression: the length of a text is not to be had for nothing.
  if (min !== null && max !== null) return `${length} NOT BETWEEN ${min} AND ${max}`
  return min === null ? `${length} > ${max}` : `${length} < ${min}`
}

/** Rows with a value that does not pass the filters. */
function breaks(ref: string, filters: Filter[], columns: readonly Column[]): RowCondition {
  const { where, casts } = compileFilter(filters, columns)
  return { fails: `${ref} IS NOT NULL AND NOT (${where})`, casts }
}

function rangeCondition({ min, max }: Extract<RowRule, { kind: 'range' }>, column: Column, columns: readonly Column[]): RowCondition {
  const ref = quoteIdentifier(column.name)
  const bounds = [min, max].filter((bound) => bound !== null)
  if (column.type === 'VARCHAR' && bounds.some((bound) => typeof bound === 'number')) {
    // Numbers in a text column compare as numbers ("9" is below 10); text that is no number is out of any range.
    const number = `TRY_CAST(${ref} AS DOUBLE)`
    const inside = [...(min === null ? [] : [`${number} >= ${quoteLiteral(String(min))}::DOUBLE`]), ...(max === null ? [] : [`${number} <= ${quoteLiteral(String(max))}::DOUBLE`])]
    return { fails: `${ref} IS NOT NULL AND NOT coalesce(${inside.join(' AND ')}, false)`, casts: [] }
  }
  return breaks(ref, [...boundFilters({ min, max }, column)], columns)
}

/** A bound that is a day includes all of it, also of times. */
function boundFilters({ min, max }: Pick<Extract<RowRule, { kind: 'range' }>, 'min' | 'max'>, column: Column): Filter[] {
  const lastDay = column.kind === 'timestamp' && typeof max === 'string' && ISO_DAY.test(max) ? max : null
  return [
    ...(min === null ? [] : [{ column: column.name, op: 'ge' as const, value: min }]),
    ...(max === null ? [] : [lastDay === null ? { column: column.name, op: 'le' as const, value: max } : { column: column.name, op: 'lt' as const, value: dayAfter(lastDay) }]),
  ]
}

/** Types whose least and greatest value stand in the file, and order as the values do; NaN keeps floating point from it. */
const HAS_EXTREMES = /^(?:U?(?:TINY|SMALL|BIG)INT|U?INTEGER|DECIMAL\(\d+,\d+\)|DATE|TIMESTAMP)$/

/** An aggregate that is true where no row can break the rule, at no cost: a Parquet file knows its extremes. Null where there is none. */
export function rangeHolds(rule: Extract<RowRule, { kind: 'range' }>, columns: readonly Column[]): string | null {
  const column = columnOf(columns, rule.column)
  if (!HAS_EXTREMES.test(column.type)) return null
  const ref = quoteIdentifier(column.name)
  const holds = boundFilters(rule, column).map((filter) => compileFilter([filter], columns).where.replace(ref, () => `${filter.op === 'ge' ? 'min' : 'max'}(${ref})`))
  return `coalesce(${holds.join(' AND ')}, true)`
}

const ISO_DAY = /^\d{4}-\d{2}-\d{2}$/

/** A day as the upper end of times includes all of it. */
function dayAfter(day: string): string {
  const time = Date.parse(`${day}T00:00:00Z`)
  return Number.isNaN(time) ? day : new Date(time + 86_400_000).toISOString().slice(0, 10)
}

/** Rows that share their key with another row; rows without a full key are left to `not_null`. Two columns: `n` rows, `keys` values. */
export function duplicateCountSql(relation: string, keys: readonly string[]): string {
  return `SELECT coalesce(sum(n), 0)::BIGINT AS n, count(*) AS keys FROM (${duplicateKeysSql(relation, keys)})`
}

/** Some of those rows, those of one key together. */
export function duplicateRowsSql(relation: string, keys: readonly string[]): string {
  const list = keys.map(quoteIdentifier).join(', ')
  return `SELECT t.* FROM (${relation}) AS t SEMI JOIN (${duplicateKeysSql(relation, keys)}) AS d USING (${list}) ORDER BY ${list}`
}

function duplicateKeysSql(relation: string, keys: readonly string[]): string {
  const list = keys.map(quoteIdentifier).join(', ')
  const present = keys.map((key) => `${quoteIdentifier(key)} IS NOT NULL`).join(' AND ')
  return `SELECT ${list}, count(*) AS n FROM (${relation}) WHERE ${present} GROUP BY ${list} HAVING count(*) > 1`
}

/** `n`: different values of a column. */
export function distinctCountSql(relation: string, column: string): string {
  return `SELECT count(DISTINCT ${quoteIdentifier(column)}) AS n FROM (${relation})`
}

/** Milliseconds since the epoch of a column's greatest value; text is read as a time where it is one. */
export function newestSql({ name, type, kind }: Column): string {
  const ref = quoteIdentifier(name)
  if (type === 'TIMESTAMP WITH TIME ZONE') return `epoch_ms(max(${ref}))`
  return kind === 'text' ? `epoch_ms(max(TRY_CAST(${ref} AS TIMESTAMP)))` : `epoch_ms(max(${ref})::TIMESTAMP)`
}

export interface Reference {
  relation: string
  column: Column
  toRelation: string
  toColumn: Column
}

/** Rows whose value the other dataset does not have. Different types compare as text, so that '007' never becomes 7. */
export function orphanRowsSql({ relation, column, toRelation, toColumn }: Reference): string {
  const isSame = column.type === toColumn.type || (column.kind === 'number' && toColumn.kind === 'number')
  const ref = (side: Column): string => (isSame ? quoteIdentifier(side.name) : `${quoteIdentifier(side.name)}::VARCHAR`)
  return `SELECT t.* FROM (${relation}) AS t ANTI JOIN (SELECT DISTINCT ${ref(toColumn)} AS "__key" FROM (${toRelation})) AS o
    ON t.${ref(column)} = o."__key" WHERE t.${quoteIdentifier(column.name)} IS NOT NULL`
}

import type { ColumnProfile } from '../../../../shared/contract/profile.contract.ts'
import type { Column } from '../../../../shared/domain/table-query.ts'
import { textSql } from '../cell-sql.ts'
import type { ProfileTable } from './profile-table.ts'

/** Where all values of the column at hand are kept with their counts: `v` and `n`. One column at a time. */
export const COUNTS = 'temp.main.value_counts'

/** Characters of an end that are told. */
const MOST_CHARS = 500

export interface ColumnFacts {
  nulls: number
  distinct: number
  isExact: boolean
  /** As text; null without values or an order. NaN and infinities are no ends. */
  min: string | null
  max: string | null
  notFinite: number
  mean: number | null
  lengths: ColumnProfile['lengths']
  empty: number | null
  /** All values with their counts are in COUNTS until the next column is looked at. */
  isCounted: boolean
}

const MAY_BE_ENDLESS = /^(DOUBLE|FLOAT|REAL|DATE|TIMESTAMP)/

const NOT_NULL = 'v IS NOT NULL'

/** A condition that holds for values with a place among the others. */
export function finiteSql({ type }: Column): string {
  return MAY_BE_ENDLESS.test(type) ? 'isfinite(v)' : NOT_NULL
}

export function isOrdered({ kind, type }: Column): boolean {
  return kind === 'number' || kind === 'date' || kind === 'timestamp' || kind === 'time' || (kind === 'text' && !type.startsWith('ENUM'))
}

/** Values that SQL cannot group by themselves are grouped by their text. */
function groupedSql(column: Column): string {
  return column.kind === 'nested' ? textSql(column, 'v') : 'v'
}

/** Nulls, different values, ends, mean and lengths, in one pass: exact from the counts of all values where they are few. */
export async function columnFacts(table: ProfileTable, column: Column): Promise<ColumnFacts> {
  const { duck, signal } = table
  const isCounted = table.isCountable(column)
  if (isCounted) await duck.run(`CREATE OR REPLACE TEMP TABLE value_counts AS SELECT ${groupedSql(column)} AS v, count(*) AS n FROM (${table.column(column)}) GROUP BY 1`, signal)
  const facts = await readFacts(table, column, isCounted)
  // Lists were counted as their text, which has another length.
  return isCounted && column.kind === 'nested' ? { ...facts, lengths: (await readFacts(table, column, false)).lengths } : facts
}

async function readFacts({ duck, signal, rowCount, ...table }: ProfileTable, column: Column, isCounted: boolean): Promise<ColumnFacts> {
  const sum = (condition: string): string => (isCounted ? `coalesce(sum(n) FILTER (${condition}), 0)::VARCHAR` : `(count(*) FILTER (${condition}))::VARCHAR`)
  // Aggregates leave out nulls by themselves, and are a third quicker without being told to.
  const among = (condition: string): string => (condition === NOT_NULL ? '' : ` FILTER (${condition})`)
  const mean = (value: string, condition: string): string => (isCounted ? `(sum(${value}::DOUBLE * n) FILTER (${condition}) / sum(n) FILTER (${condition}))` : `(avg(${value})${among(condition)})::DOUBLE`)
  const end = (name: 'min' | 'max'): string => (isOrdered(column) ? `left((${name}(v)${among(finiteSql(column))})::VARCHAR, ${MOST_CHARS})` : 'NULL')
  const length = isCounted && column.kind === 'nested' ? null : lengthSql(column)
  const selects = [
    `${isCounted ? sum('v IS NULL') : '(count(*) - count(v))::VARCHAR'} AS nulls`,
    `${isCounted ? 'count(v)' : 'approx_count_distinct(v)'}::VARCHAR AS different`,
    `${end('min')} AS low`,
    `${end('max')} AS high`,
    `${MAY_BE_ENDLESS.test(column.type) ? sum('NOT isfinite(v)') : '0'} AS endless`,
    `${column.kind === 'number' ? mean('v', finiteSql(column)) : 'NULL'} AS mean`,
    ...(length === null ? [] : [`min(${length})::VARCHAR AS shortest`, `max(${length})::VARCHAR AS longest`, `${mean(length, NOT_NULL)} AS length`]),
    ...(column.kind === 'text' && length !== null ? [`${sum("v = ''")} AS empty`] : []),
  ]
  const [row = {}] = await duck.rows(`SELECT ${selects.join(', ')} FROM ${isCounted ? COUNTS : `(${table.column(column)})`}`, signal)
  return toFacts(row, { rowCount, isCounted })
}

function toFacts(row: Record<string, unknown>, { rowCount, isCounted }: { rowCount: number; isCounted: boolean }): ColumnFacts {
  const nulls = Number(row['nulls'])
  const shortest = textOrNull(row['shortest'])
  return {
    nulls,
    // An estimate may say more than there are.
    distinct: Math.min(Number(row['different']), rowCount - nulls),
    isExact: isCounted,
    min: textOrNull(row['low']),
    max: textOrNull(row['high']),
    notFinite: Number(row['endless']),
    mean: typeof row['mean'] === 'number' ? row['mean'] : null,
    lengths: shortest === null ? null : { min: Number(shortest), max: Number(row['longest']), mean: Number(row['length']) },
    empty: row['empty'] === undefined ? null : Number(row['empty']),
    isCounted,
  }
}

/** Characters, bytes, items: what the length of such a value means. */
function lengthSql({ kind, type }: Column): string | null {
  if (kind === 'text' && !/^(UUID|ENUM)/.test(type)) return 'length(v)'
  if (kind === 'binary' && type === 'BLOB') return 'octet_length(v)'
  if (type.startsWith('MAP')) return 'cardinality(v)::BIGINT'
  return /\[\d*\]$/.test(type) ? 'len(v)' : null
}

export function textOrNull(value: unknown): string | null {
  return value === null || value === undefined ? null : String(value)
}

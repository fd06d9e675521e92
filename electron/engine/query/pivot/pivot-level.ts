import { quoteIdentifier } from '../../../../shared/domain/naming.ts'
import { groupingName, type Grouping, headLabel, type PivotColumn, type PivotHead, type PivotSpec, valueName } from '../../../../shared/domain/pivot.ts'
import type { Column } from '../../../../shared/domain/table-query.ts'
import { columnOf } from '../column-of.ts'
import type { Duck } from '../duckdb.ts'
import { edgeSql, groupSql, measureSql } from './pivot-sql.ts'

/**
 * One level of groups, computed at once and kept as a table: a row for each group under each head (`head`), for each group over all heads (`head` null), and the
 * same for all groups together (`is_total`). Columns: `k0`… the groups, `n` their rows, `v0`… what is computed of them.
 */
export interface Level extends Pick<PivotSpec, 'values'> {
  table: string
  groupings: readonly Grouping[]
  heads: readonly PivotHead[]
  columns: PivotColumn[]
  groupCount: number
}

interface LevelRequest {
  spec: PivotSpec
  /** Of the level; fewer than those of `spec` while levels are opened one after the other. */
  groupings: readonly Grouping[]
  columns: readonly Column[]
  /** The rows of the group that is opened, as a relation. */
  rows: string
  heads: readonly PivotHead[]
  headsTable: string | null
  table: string
  signal: AbortSignal
}

export async function computeLevel(duck: Duck, request: LevelRequest): Promise<Level> {
  const { spec, groupings, heads, table, signal } = request
  await duck.run(`CREATE TABLE ${table} AS ${levelSelect(request)}`, signal)
  const [counted] = await duck.rows(`SELECT count(*)::DOUBLE AS n FROM ${table} WHERE is_all AND NOT is_total`, signal)
  const types = await duck.describe(`SELECT ${spec.values.map((_, i) => `v${i}`).join(', ')} FROM ${table}`)
  return { table, values: spec.values, groupings, heads, columns: namedColumns(spec, heads, types), groupCount: Number(counted?.['n'] ?? 0) }
}

/** Heads are looked up of groups, which are few; only where some values share one, it has to be known of each row. */
function levelSelect(request: LevelRequest): string {
  const { spec, heads, headsTable } = request
  if (headsTable === null) return `SELECT *, NULL::BIGINT AS head FROM (${groupsOf(request, [])})`
  if (heads.at(-1)?.isOthers === true) return groupsOf(request, ['head'])
  const across = spec.columns.map((_, i) => `c${i}`)
  return `SELECT g.* EXCLUDE (${across.join(', ')}), h.head FROM (${groupsOf(request, across)}) AS g LEFT JOIN ${headsTable} AS h ON ${headMatch('g', spec)}`
}

/** The groups, and all of them together; `across`: by these columns too. */
function groupsOf(request: LevelRequest, across: readonly string[]): string {
  const { spec, groupings, columns } = request
  const keys = groupings.map((_, i) => `k${i}`)
  const sets = [keys, []].flatMap((set) => [[...set, ...across], set]).map((set) => `(${set.join(', ')})`)
  const measures = spec.values.map((value, i) => `${measureSql(value, { ref: `m${i}`, columns })} AS v${i}`)
  const whether = (name: string | undefined): string => (name === undefined ? 'true' : `grouping(${name}) = 1`)
  return `SELECT ${[...keys, ...across, `${whether(keys[0])} AS is_total`, `${whether(across[0])} AS is_all`, 'count(*) AS n', ...measures].join(', ')}
    FROM (${groupedRows(request)}) GROUP BY GROUPING SETS (${[...new Set(sets)].join(', ')})`
}

/** The rows with what they are grouped by and what is computed of, under names of ours: those of the data may be the same. */
function groupedRows({ spec, groupings, columns, rows, heads, headsTable }: LevelRequest): string {
  const keys = groupings.map((grouping, i) => `${groupSql(grouping, columns)} AS k${i}`)
  const across = headsTable === null ? [] : spec.columns.map((grouping, i) => `${groupSql(grouping, columns)} AS c${i}`)
  const measured = spec.values.flatMap(({ column }, i) => (column === null ? [] : [`${quoteIdentifier(columnOf(columns, column).name)} AS m${i}`]))
  const chosen = [...keys, ...across, ...measured]
  const select = `SELECT ${chosen.length === 0 ? 'NULL AS nothing' : chosen.join(', ')} FROM ${rows}`
  if (headsTable === null || heads.at(-1)?.isOthers !== true) return select
  // What has no head of its own is among the others.
  return `SELECT r.*, coalesce(h.head, ${heads.length - 1}) AS head FROM (${select}) AS r LEFT JOIN ${headsTable} AS h ON ${headMatch('r', spec)}`
}

function headMatch(relation: string, { columns }: PivotSpec): string {
  return columns.map((_, i) => `${relation}.c${i} IS NOT DISTINCT FROM h.h${i}`).join(' AND ')
}

/** A column for each head and value, then the totals over all heads. Names are unlike each other, because a table and a file need that. */
function namedColumns(spec: PivotSpec, heads: readonly PivotHead[], types: readonly Column[]): PivotColumn[] {
  const taken = new Set(spec.rows.map((grouping) => groupingName(grouping).toLowerCase()))
  const unlike = (name: string): string => {
    let free = name
    for (let count = 2; taken.has(free.toLowerCase()); count += 1) free = `${name} (${count})`
    taken.add(free.toLowerCase())
    return free
  }
  const isOne = spec.values.length === 1
  const over: (number | null)[] = [...heads.keys(), null]
  return over.flatMap((head) =>
    spec.values.map((measure, value): PivotColumn => {
      const label = head === null ? 'total' : headLabel(spec, heads[head])
      const name = spec.columns.length === 0 ? valueName(measure) : isOne ? label : `${label}: ${valueName(measure)}`
      return { name: unlike(name), type: types[value]?.type ?? 'VARCHAR', head, value }
    }),
  )
}

/** What stands in a column, among the rows of one group. Under a head without rows in the group nothing is counted, and of nothing there is no sum. */
export function cellExpression({ head, value }: PivotColumn, { values }: Pick<PivotSpec, 'values'>): string {
  const found = `any_value(v${value}) FILTER (${head === null ? 'is_all' : `NOT is_all AND head = ${head}`})`
  return values[value]?.of === 'count' || values[value]?.of === 'distinct' ? `coalesce(${found}, 0)` : found
}

/** The groups of a level side by side with all their columns, under their own names and in order, as a file takes them. A bin is where it begins. */
export function wideSelect(level: Level, { order, format }: { order: string; format: 'csv' | 'parquet' }): string {
  const { table, groupings, columns } = level
  const keys = groupings.map((_, i) => `k${i}`)
  const named = groupings.map((grouping, i) => `${grouping.width === undefined ? `k${i}` : edgeSql(`k${i}`, grouping.width)} AS ${quoteIdentifier(groupingName(grouping))}`)
  const cells = columns.map((column) => `${storedSql(column, cellExpression(column, level), format)} AS ${quoteIdentifier(column.name)}`)
  const select = `SELECT ${[...named, ...cells].join(', ')} FROM ${table}`
  return keys.length === 0 ? `${select} WHERE is_total` : `${select} WHERE NOT is_total GROUP BY ${keys.join(', ')} ORDER BY ${order}`
}

/** Parquet has no whole numbers as wide as sums are; decimals keep every digit. */
function storedSql(column: PivotColumn, cell: string, format: 'csv' | 'parquet'): string {
  if (format === 'csv') return cell
  if (column.type === 'HUGEINT') return `CAST(${cell} AS DECIMAL(38, 0))`
  return column.type === 'BIGNUM' ? `CAST(${cell} AS VARCHAR)` : cell
}

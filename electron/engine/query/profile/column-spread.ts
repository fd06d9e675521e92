import type { ColumnProfile, Histogram } from '../../../../shared/contract/profile.contract.ts'
import { quoteLiteral } from '../../../../shared/domain/naming.ts'
import type { Column } from '../../../../shared/domain/table-query.ts'
import { textSql } from '../cell-sql.ts'
import { coarseValues } from './coarse-values.ts'
import { type ColumnFacts, COUNTS, finiteSql, isOrdered, textOrNull } from './column-facts.ts'
import { histogramEdges } from './histogram-edges.ts'
import type { ProfileTable } from './profile-table.ts'

/** How the values of a column are spread, once its facts are known. */

const QUANTILES = [0.05, 0.25, 0.5, 0.75, 0.95]
const TOP = 10
/** Characters of a value that are told. */
const MOST_CHARS = 500
/** Of a sample, a value has to occur so often before its share means something. */
const LEAST_IN_SAMPLE = 8

interface Look {
  table: ProfileTable
  column: Column
  facts: ColumnFacts
}

/** Of numbers and times; exact where all values were counted, else of an even sample. */
export async function columnQuantiles({ table, column, facts }: Look): Promise<ColumnProfile['quantiles']> {
  if (!isOrdered(column) || column.kind === 'text' || facts.min === null) return null
  const sql = facts.isCounted
    ? `SELECT ${QUANTILES.map((at, i) => `(min(v) FILTER (upto >= ${at} * ${table.rowCount - facts.nulls - facts.notFinite}))::VARCHAR AS q${i}`).join(', ')} FROM (
        SELECT v, sum(n) OVER (ORDER BY v ROWS UNBOUNDED PRECEDING) AS upto FROM ${COUNTS} WHERE ${finiteSql(column)})`
    : `SELECT ${QUANTILES.map((at, i) => `quantile_disc(v, ${at})::VARCHAR AS q${i}`).join(', ')} FROM (${await table.sample(column)}) WHERE ${finiteSql(column)}`
  const [row] = await table.duck.rows(sql, table.signal)
  const values = QUANTILES.map((_, i) => textOrNull(row?.[`q${i}`]))
  return values.includes(null) ? null : { at: QUANTILES, values: values.flatMap((value) => value ?? []), isSampled: !facts.isCounted }
}

/** Every value in exactly one bin, told by comparing it with the edges as a filter would. */
export async function columnHistogram({ table, column, facts }: Look, quantiles: ColumnProfile['quantiles']): Promise<Histogram | null> {
  if (facts.min === null || facts.max === null || quantiles === null) return null
  const shape = histogramEdges(column, { min: facts.min, max: facts.max, quantiles: quantiles.values })
  if (shape === null) return null
  const bins = shape.edges.length - 1
  const rows = await table.duck.rows(histogramSql({ table, column, facts }, shape.edges.slice(1, -1)), table.signal)
  const counts = Array.from({ length: bins }, () => 0)
  for (const row of rows) counts[Number(row['bin'])] = Number(row['n'])
  return { ...shape, counts }
}

/** How many values lie in each bin; the edges are those between the bins. */
function histogramSql({ table, column, facts }: Look, edges: readonly string[]): string {
  const finite = finiteSql(column)
  const binOf = (among: readonly string[]): string => (among.length === 0 ? '0' : `CASE ${among.map((edge, i) => `WHEN v < ${edge} THEN ${i}`).join(' ')} ELSE ${among.length} END`)
  const direct = binOf(edges.map((edge) => edgeSql(column, edge)))
  if (facts.isCounted) return `SELECT ${direct} AS bin, sum(n)::VARCHAR AS n FROM ${COUNTS} WHERE ${finite} GROUP BY 1`
  const coarse = coarseValues(column, facts, edges)
  if (coarse === null) return `SELECT ${direct} AS bin, count(*)::VARCHAR AS n FROM (${table.column(column)}) WHERE ${finite} GROUP BY 1`
  return `SELECT ${binOf(coarse.edges)} AS bin, sum(n)::VARCHAR AS n FROM (SELECT ${coarse.value} AS v, count(*) AS n FROM (${table.column(column)}) WHERE ${finite} GROUP BY 1) GROUP BY 1`
}

function edgeSql({ kind, type }: Column, edge: string): string {
  return kind === 'number' ? edge : `CAST(${quoteLiteral(edge)} AS ${type})`
}

/** Exact where all values were counted; else those that stand out in a sample, scaled up to all rows. */
export async function topValues({ table, column, facts }: Look, most = TOP): Promise<ColumnProfile['top']> {
  const text = column.kind === 'nested' ? 'v' : textSql(column, 'v')
  const { duck, signal } = table
  if (facts.isCounted) {
    // Where no value comes twice, the first ones would say nothing.
    if (facts.distinct > most && facts.distinct === table.rowCount - facts.nulls) return null
    const rows = await duck.rows(`SELECT ${cutSql(text)}, n::VARCHAR AS n FROM ${COUNTS} WHERE v IS NOT NULL ORDER BY ${COUNTS}.n DESC, 1 LIMIT ${most}`, signal)
    return rows.map(toTop)
  }
  if (facts.distinct > 0.9 * (table.rowCount - facts.nulls)) return null
  const rows = await duck.rows(
    `SELECT ${cutSql('text')}, count(*) * ${table.every} AS n FROM (SELECT ${text} AS text FROM (${await table.sample(column)}) WHERE v IS NOT NULL) GROUP BY text HAVING count(*) >= ${LEAST_IN_SAMPLE} ORDER BY count(*) DESC, 1 LIMIT ${most}`,
    signal,
  )
  return rows.length === 0 ? null : rows.map(toTop)
}

function cutSql(text: string): string {
  return `left(${text}, ${MOST_CHARS}) AS value, length(${text}) > ${MOST_CHARS} AS is_cut`
}

function toTop(row: Record<string, unknown>): NonNullable<ColumnProfile['top']>[number] {
  return { value: String(row['value']), isCut: row['is_cut'] === true, count: Number(row['n']) }
}

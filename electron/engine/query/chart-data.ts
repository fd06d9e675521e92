import { type ChartData, chartColumns, type ChartPlace, chartProblem, isContinuous, isTemporal, type Measure, type TimeBucket } from '../../../shared/domain/chart.ts'
import { quoteIdentifier, quoteLiteral } from '../../../shared/domain/naming.ts'
import { ProblemError } from '../../../shared/domain/problem.ts'
import type { Column } from '../../../shared/domain/table-query.ts'
import type { OpInput } from '../workers/wire.ts'
import { textSql } from './cell-sql.ts'
import { columnOf } from './column-of.ts'
import type { Duck } from './duckdb.ts'
import { filterWhere } from './filter-where.ts'
import { refuseMasked } from './mask-sql.ts'
import { MEASURE_SQL } from './measure-sql.ts'
import { versionRelation } from './version-relation.ts'

/** More than these nobody tells apart; the rest is left out, and that is said. */
const MOST_BARS = 60
const MOST_POINTS = 2_000
const MOST_SERIES = 8
const MOST_CELLS_A_SIDE = 60
const SAMPLE_ROWS = 5_000

type Point = [ChartPlace, ChartPlace, ChartPlace]
type ChartInput = OpInput<'reader', 'chart'>

interface Chart {
  duck: Duck
  /** The rows that pass the filters, as a relation. */
  rows: string
  rowCount: number
  columns: readonly Column[]
  signal: AbortSignal
}

/**
 * Computes a chart over all rows that pass the filters, grouped by the engine; a scatter chart takes a sample of them.
 * @throws BAD_INPUT for a chart that its columns cannot have
 */
export async function chartData(duck: Duck, { source, filter, spec }: ChartInput, signal: AbortSignal): Promise<ChartData> {
  for (const column of source.columns) if (chartColumns(spec).includes(column.name)) refuseMasked(column, 'be drawn')
  const problem = chartProblem(spec, source.columns)
  if (problem !== null) throw new ProblemError('BAD_INPUT', problem, { hint: `Columns: ${source.columns.map(({ name }) => name).join(', ')}` })
  const { rows, rowCount } = await rowsOf(duck, { source, filter, spec }, signal)
  const chart: Chart = { duck, rows, rowCount, columns: source.columns, signal }
  switch (spec.kind) {
    case 'bar':
    case 'line':
      return groups(chart, { x: spec.x, bucket: spec.bucket, other: spec.series, y: spec.y, most: spec.kind === 'bar' ? MOST_BARS : MOST_POINTS, mostOther: MOST_SERIES, needsPlace: spec.kind === 'line' })
    case 'heat':
      return groups(chart, { x: spec.x, bucket: spec.bucket, other: spec.across, y: spec.y, most: MOST_CELLS_A_SIDE, mostOther: MOST_CELLS_A_SIDE, needsPlace: false })
    case 'histogram':
      return histogram(chart, spec)
    case 'scatter':
      return scatter(chart, spec)
  }
}

/**
 * The rows that pass the filters. A chart looks at them two or three times: filters, which may be as slow as a regular expression, are held against them once, and
 * what passes is kept meanwhile. Without filters a second look costs less than to keep anything.
 */
async function rowsOf(duck: Duck, { source, filter, spec }: ChartInput, signal: AbortSignal): Promise<Pick<Chart, 'rows' | 'rowCount'>> {
  if (filter.length === 0) return { rows: `(${versionRelation(source)})`, rowCount: source.rowCount }
  const where = await filterWhere(duck, filter, { columns: source.columns, signal })
  const columns = chartColumns(spec).map((name) => quoteIdentifier(columnOf(source.columns, name).name))
  await duck.run(`CREATE TEMP TABLE chart_rows AS SELECT ${columns.join(', ')} FROM (${versionRelation(source)}) WHERE ${where}`, signal)
  return { rows: 'chart_rows', rowCount: await countOf(duck, 'chart_rows', signal) }
}

interface Grouping {
  x: string
  bucket: TimeBucket
  other: string | null
  y: { of: Measure; column: string | null }
  most: number
  mostOther: number
  /** Rows without a value of x have nowhere to be drawn. */
  needsPlace: boolean
}

/** Places that lie on a line come in its order, others by how many rows they have. */
async function groups({ duck, rows, rowCount, columns, signal }: Chart, { x, bucket, other, y, most, mostOther, needsPlace }: Grouping): Promise<ChartData> {
  const [xColumn, otherColumn] = [columnOf(columns, x), other === null ? null : columnOf(columns, other)]
  const place = placeSql(xColumn, bucket)
  const series = otherColumn === null ? 'NULL' : placeSql(otherColumn, 'none')
  const isLine = isContinuous(xColumn)
  const found = await duck.rows(
    `WITH g AS MATERIALIZED (SELECT ${place} AS x, ${series} AS s, ${measureSql(y)} AS y, count(*) AS n FROM ${rows} GROUP BY ALL),
      xs AS (SELECT x, sum(n) AS n, count(*) OVER () AS places FROM g ${needsPlace ? 'WHERE x IS NOT NULL' : ''} GROUP BY x ORDER BY sum(n) DESC, x LIMIT ${most}),
      ss AS (SELECT s, sum(n) AS n, count(*) OVER () AS places FROM g GROUP BY s ORDER BY sum(n) DESC, s LIMIT ${mostOther})
    SELECT ${cellOf(xColumn, 'g.x', bucket)} AS x, ${otherColumn === null ? 'NULL' : cellOf(otherColumn, 'g.s', 'none')} AS s, g.y AS y, g.n::DOUBLE AS n, xs.places::DOUBLE AS xs, ss.places::DOUBLE AS ss, (SELECT coalesce(sum(n), 0) FROM g WHERE x IS NULL)::DOUBLE AS nowhere
    FROM g JOIN xs ON g.x IS NOT DISTINCT FROM xs.x JOIN ss ON g.s IS NOT DISTINCT FROM ss.s
    ORDER BY ${isLine ? 'g.x NULLS LAST' : 'xs.n DESC, g.x'}, ss.n DESC, g.s`,
    signal,
  )
  const seen = found.map((row): Point => [placeOf(row['x']), placeOf(row['s']), placeOf(row['y'])])
  const hasGaps = bucket !== 'none' && y.of === 'count' && isTemporal(xColumn)
  const points = hasGaps ? await withEmptyBuckets(duck, seen, { bucket, most, cell: (ref) => cellOf(xColumn, ref, bucket) }) : seen
  return { points, rowCount, ...accountOf(found, { most, mostOther, withoutPlace: needsPlace ? Number(found[0]?.['nowhere'] ?? rowCount) : 0 }) }
}

type Account = Pick<ChartData, 'withoutPlace' | 'drawn' | 'leftOut' | 'isSample'>

/** Which of the rows are drawn. Nothing is found where no row has a place. */
function accountOf(found: readonly Record<string, unknown>[], { most, mostOther, withoutPlace }: { most: number; mostOther: number; withoutPlace: number }): Account {
  const [first] = found
  return { withoutPlace, drawn: found.reduce((sum, row) => sum + Number(row['n']), 0), leftOut: beyond(first?.['xs'], most) + beyond(first?.['ss'], mostOther), isSample: false }
}

function beyond(places: unknown, most: number): number {
  return Math.max(0, Number(places ?? 0) - most)
}

/** Of counted rows: a time without any has none, instead of a line from its neighbour to the next. */
async function withEmptyBuckets(duck: Duck, points: readonly Point[], { bucket, most, cell }: { bucket: TimeBucket; most: number; cell: (ref: string) => string }): Promise<Point[]> {
  const times = points.flatMap(([x]) => (typeof x === 'string' ? x : []))
  const [from, to] = [times[0], times.at(-1)]
  if (from === undefined || to === undefined) return [...points]
  const step = bucket === 'quarter' ? '3 months' : `1 ${bucket}`
  const found = await duck.rows(`SELECT ${cell('t')} AS x FROM (SELECT unnest(generate_series(${quoteLiteral(from)}::TIMESTAMP, ${quoteLiteral(to)}::TIMESTAMP, INTERVAL '${step}')) AS t LIMIT ${most + 1})`)
  if (found.length > most) return [...points]
  const byPlace = new Map(points.map((point) => [JSON.stringify(point.slice(0, 2)), point]))
  const series = [...new Set(points.map(([, name]) => name))]
  const places = [...found.map((row) => placeOf(row['x'])), ...(points.some(([x]) => x === null) ? [null] : [])]
  return places.flatMap((x) => series.map((name): Point => byPlace.get(JSON.stringify([x, name])) ?? [x, name, 0]))
}

/** Bins of equal width from the least value to the greatest. */
async function histogram({ duck, rows, rowCount, columns, signal }: Chart, { x, bins }: { x: string; bins: number }): Promise<ChartData> {
  const column = columnOf(columns, x)
  const value = numberSql(column)
  const [bounds] = await duck.rows(`SELECT min(v) AS lo, max(v) AS hi, count(v)::DOUBLE AS n FROM (SELECT ${value} AS v FROM ${rows}) WHERE isfinite(v)`, signal)
  const [lo, hi, placed] = [Number(bounds?.['lo'] ?? 0), Number(bounds?.['hi'] ?? 0), Number(bounds?.['n'] ?? 0)]
  const base = { rowCount, withoutPlace: rowCount - placed, drawn: placed, leftOut: 0, isSample: false }
  if (placed === 0) return { ...base, points: [] }
  const isWhole = /INT/.test(column.type)
  const count = hi === lo ? 1 : isWhole ? Math.min(bins, hi - lo + 1) : bins
  const width = hi === lo ? 1 : (hi - lo) / count
  const found = await duck.rows(
    `SELECT least(floor((v - ${lo}) / ${width}), ${count - 1}) AS bin, count(*)::DOUBLE AS n FROM (SELECT ${value} AS v FROM ${rows}) WHERE isfinite(v) GROUP BY bin`,
    signal,
  )
  const byBin = new Map(found.map((row) => [Number(row['bin']), Number(row['n'])]))
  const edge = (bin: number): ChartPlace => (isTemporal(column) ? new Date(lo + bin * width).toISOString() : lo + bin * width)
  return { ...base, points: Array.from({ length: count }, (_, bin): Point => [edge(bin), edge(bin + 1), byBin.get(bin) ?? 0]) }
}

async function scatter({ duck, rows, rowCount, columns, signal }: Chart, { x, y, series }: { x: string; y: string; series: string | null }): Promise<ChartData> {
  const [xColumn, yColumn, seriesColumn] = [columnOf(columns, x), columnOf(columns, y), series === null ? null : columnOf(columns, series)]
  const placed = `(SELECT ${numberSql(xColumn)} AS x, ${numberSql(yColumn)} AS y, ${seriesColumn === null ? 'NULL' : textSql(seriesColumn, quoteIdentifier(seriesColumn.name))} AS s FROM ${rows})`
  const kept = `(SELECT * FROM ${placed} WHERE isfinite(x) AND isfinite(y))`
  const withPlace = await countOf(duck, kept, signal)
  const found = await duck.rows(`SELECT x, y, s FROM ${kept} USING SAMPLE reservoir(${SAMPLE_ROWS} ROWS) REPEATABLE (7)`, signal)
  const frequent = [...Map.groupBy(found, (row) => row['s'])].toSorted(([, a], [, b]) => b.length - a.length).map(([name]) => name)
  const shown = new Set(frequent.slice(0, MOST_SERIES))
  const drawn = found.filter((row) => shown.has(row['s']))
  const edge = (column: Column, value: unknown): ChartPlace => (isTemporal(column) ? new Date(Number(value)).toISOString() : Number(value))
  return {
    points: drawn.map((row): Point => [edge(xColumn, row['x']), edge(yColumn, row['y']), placeOf(row['s'])]),
    rowCount,
    withoutPlace: rowCount - withPlace,
    drawn: drawn.length,
    leftOut: Math.max(0, frequent.length - MOST_SERIES),
    isSample: withPlace > found.length,
  }
}

/** What rows are grouped by. */
function placeSql(column: Column, bucket: TimeBucket): string {
  const ref = quoteIdentifier(column.name)
  if (isTemporal(column)) return bucket === 'none' ? ref : `date_trunc('${bucket}', ${ref})`
  return column.kind === 'number' ? ref : textSql(column, ref)
}

/** The same as a place on an axis. */
function cellOf(column: Column, ref: string, bucket: TimeBucket): string {
  if (isTemporal(column)) return column.kind === 'date' || !['none', 'hour'].includes(bucket) ? `strftime(${ref}, '%Y-%m-%d')` : `strftime(${ref}, '%Y-%m-%dT%H:%M:%S')`
  return column.kind === 'number' ? `${ref}::DOUBLE` : ref
}

/** Times as milliseconds. */
function numberSql(column: Column): string {
  const ref = quoteIdentifier(column.name)
  return isTemporal(column) ? `epoch_ms(${ref}::TIMESTAMP)::DOUBLE` : `${ref}::DOUBLE`
}

function measureSql({ of, column }: Grouping['y']): string {
  return column === null ? 'count(*)::DOUBLE' : `(${MEASURE_SQL[of](quoteIdentifier(column))})::DOUBLE`
}

function placeOf(value: unknown): ChartPlace {
  if (value === null || value === undefined) return null
  if (typeof value !== 'number') return String(value)
  return Number.isFinite(value) ? value : null
}

async function countOf(duck: Duck, relation: string, signal: AbortSignal): Promise<number> {
  const [row] = await duck.rows(`SELECT count(*)::DOUBLE AS n FROM ${relation}`, signal)
  return Number(row?.['n'] ?? 0)
}

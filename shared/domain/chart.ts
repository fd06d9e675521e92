import { z } from 'zod'
import type { Column } from './table-query.ts'

/** A chart of rows: what is asked for, in an address as in the API. */

export const CHART_KINDS = ['bar', 'line', 'histogram', 'scatter', 'heat'] as const
export type ChartKind = (typeof CHART_KINDS)[number]

/** `none`: each value by itself. Of dates and times only. */
export const TIME_BUCKETS = ['none', 'year', 'quarter', 'month', 'week', 'day', 'hour'] as const
export type TimeBucket = (typeof TIME_BUCKETS)[number]

export const MEASURES = ['count', 'distinct', 'sum', 'mean', 'median', 'min', 'max'] as const
export type Measure = (typeof MEASURES)[number]

export const columnNameSchema = z.string().min(1).max(500)
const bucketSchema = z.enum(TIME_BUCKETS).default('none')
/** Of all rows `count` needs no column. */
export const measureSchema = z.strictObject({ of: z.enum(MEASURES), column: columnNameSchema.nullable().default(null) })

export const chartSpecSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('bar'), x: columnNameSchema, bucket: bucketSchema, y: measureSchema, series: columnNameSchema.nullable().default(null) }),
  z.strictObject({ kind: z.literal('line'), x: columnNameSchema, bucket: bucketSchema, y: measureSchema, series: columnNameSchema.nullable().default(null) }),
  z.strictObject({ kind: z.literal('histogram'), x: columnNameSchema, bins: z.int().min(2).max(200).default(40) }),
  z.strictObject({ kind: z.literal('scatter'), x: columnNameSchema, y: columnNameSchema, series: columnNameSchema.nullable().default(null) }),
  z.strictObject({ kind: z.literal('heat'), x: columnNameSchema, bucket: bucketSchema, across: columnNameSchema, y: measureSchema }),
])
export type ChartSpec = z.infer<typeof chartSpecSchema>

/** A place on an axis: a number, text (dates as ISO 8601), or none. */
const placeSchema = z.union([z.number(), z.string(), z.null()])
export type ChartPlace = z.infer<typeof placeSchema>

export const chartDataSchema = z.object({
  /** bar, line: x, series, value. histogram: from, to, count. scatter: x, y, series. heat: x, across, value. */
  points: z.array(z.tuple([placeSchema, placeSchema, placeSchema])),
  /** That pass the filters. */
  rowCount: z.int(),
  /** Of them without a place on the chart, because a value is missing or is no number. */
  withoutPlace: z.int(),
  /** Of them drawn. Fewer than there are where the chart shows a sample, or the most frequent places only. */
  drawn: z.int(),
  /** Places on an axis that are left out, the least frequent of them. */
  leftOut: z.int(),
  isSample: z.boolean(),
})
export type ChartData = z.infer<typeof chartDataSchema>

type Shape = Pick<Column, 'kind'>

/** Whether values lie on a line, so that there is something between them. */
export function isContinuous({ kind }: Shape): boolean {
  return kind === 'number' || isTemporal({ kind })
}

export function isTemporal({ kind }: Shape): boolean {
  return kind === 'date' || kind === 'timestamp'
}

/** Measures that a column can have. */
export function measuresOf(column: Shape | null): Measure[] {
  if (column === null) return ['count']
  return column.kind === 'number' ? [...MEASURES] : ['count', 'distinct']
}

/** Columns that a chart asks for. */
export function chartColumns(spec: ChartSpec): string[] {
  const named = [spec.x, 'y' in spec && typeof spec.y === 'object' ? spec.y.column : null, 'across' in spec ? spec.across : null, 'series' in spec ? spec.series : null, spec.kind === 'scatter' ? spec.y : null]
  return [...new Set(named.filter((name) => name !== null))]
}

/** Why a chart cannot be drawn of these columns; null when it can. */
export function chartProblem(spec: ChartSpec, columns: readonly Column[]): string | null {
  const find = (name: string): Column | undefined => columns.find((column) => column.name === name)
  const missing = chartColumns(spec).find((name) => find(name) === undefined)
  if (missing !== undefined) return `There is no column "${missing}"`
  const noLine = lineColumns(spec).find((name) => !isContinuous(find(name) ?? { kind: 'other' }))
  if (noLine !== undefined) return `${noLine} has no numbers or dates: choose another column, or a bar chart`
  return bucketProblem(spec, find(spec.x)) ?? measureProblem(spec, find)
}

/** Columns whose values have to lie on a line. */
function lineColumns(spec: ChartSpec): string[] {
  return spec.kind === 'histogram' ? [spec.x] : spec.kind === 'scatter' ? [spec.x, spec.y] : []
}

function bucketProblem(spec: ChartSpec, x: Column | undefined): string | null {
  if (!('bucket' in spec) || spec.bucket === 'none' || x === undefined || isTemporal(x)) return null
  return `${spec.x} has no dates to take the ${spec.bucket} of`
}

function measureProblem(spec: ChartSpec, find: (name: string) => Column | undefined): string | null {
  if (spec.kind === 'scatter' || spec.kind === 'histogram') return null
  const measured = spec.y.column === null ? null : (find(spec.y.column) ?? null)
  return measuresOf(measured).includes(spec.y.of) ? null : `The ${spec.y.of} needs a column of numbers`
}

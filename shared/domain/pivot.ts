import { z } from 'zod'
import { columnNameSchema, isTemporal, type Measure, measureSchema, TIME_BUCKETS } from './chart.ts'
import { type Column, type Sort, sortSchema } from './table-query.ts'

/** Rows put together: by which columns, what stands across, and what is computed of each group. */

/** A column whose equal values make a group; dates and times by a stretch of time, numbers by bins from a multiple of `width` to the next. */
export const groupingSchema = z.strictObject({ column: columnNameSchema, bucket: z.enum(TIME_BUCKETS).default('none'), width: z.number().positive().max(1e15).optional() })
export type Grouping = z.infer<typeof groupingSchema>

/** More columns nobody reads; how many values may stand across depends on how much is computed of each. */
export const MOST_PIVOT_COLUMNS = 200

export const pivotSpecSchema = z.strictObject({
  /** From the outermost group to the innermost. */
  rows: z.array(groupingSchema).max(8),
  /** Whose values become columns. */
  columns: z.array(groupingSchema).max(2).default([]),
  /** Computed of each group; `count` without a column counts rows. */
  values: z.array(measureSchema).min(1).max(16).default([{ of: 'count', column: null }]),
  /** Of more values than there is room for, the most frequent become columns and the rest one column; without it they are refused. */
  others: z.boolean().default(false),
})
export type PivotSpec = z.infer<typeof pivotSpecSchema>

export type PivotMeasure = PivotSpec['values'][number]

/** Groups as they are looked at, in an address and in a saved view. */
export const pivotViewSchema = pivotSpecSchema.extend({
  /** By names of groupings and columns. */
  sort: z.array(sortSchema).max(8).default([]),
})
export type PivotView = z.infer<typeof pivotViewSchema>

/** The value that makes a group, as text; null: rows without one. */
const groupKeySchema = z.string().nullable()
export type GroupKey = z.infer<typeof groupKeySchema>

/** What stands over a column: the value of each column that is pivoted by; `others`: the rest of them. */
export const pivotHeadSchema = z.object({ key: z.array(groupKeySchema), isOthers: z.boolean() })
export type PivotHead = z.infer<typeof pivotHeadSchema>

/** A column with something computed; `head` is an index among the heads, null for the total over all of them. */
export const pivotColumnSchema = z.object({ name: z.string(), type: z.string(), head: z.int().nullable(), value: z.int() })
export type PivotColumn = z.infer<typeof pivotColumnSchema>

const cellSchema = z.union([z.string(), z.number(), z.boolean(), z.null()])

export const pivotGroupSchema = z.object({
  /** One for each grouping of the level. */
  key: z.array(groupKeySchema),
  rowCount: z.int(),
  /** In the order of `columns`. Whole numbers beyond 53 bits and decimals are text, so that no digit is lost. */
  cells: z.array(cellSchema),
})
export type PivotGroup = z.infer<typeof pivotGroupSchema>

export const pivotPageSchema = z.object({
  heads: z.array(pivotHeadSchema),
  columns: z.array(pivotColumnSchema),
  /** Names of the groupings of the level, by which it can be sorted. */
  groupings: z.array(z.string()),
  groups: z.array(pivotGroupSchema),
  /** On this level, of which the page is a part. */
  groupCount: z.int(),
  /** Over all groups of this level, also of those on other pages. */
  total: pivotGroupSchema.omit({ key: true }),
})
export type PivotPage = z.infer<typeof pivotPageSchema>

/** Deepest groups at once: what a level answers for `levels` of them. */
export const MOST_LEVELS = 8

/** Measures that a column of this kind can have. */
export function pivotMeasures(column: Pick<Column, 'kind'> | null): Measure[] {
  if (column === null) return ['count']
  if (column.kind === 'number') return ['sum', 'mean', 'median', 'min', 'max', 'count', 'distinct']
  return column.kind === 'nested' || column.kind === 'binary' ? ['count', 'distinct'] : ['min', 'max', 'count', 'distinct']
}

/** Columns that groups ask for. */
export function pivotColumns({ rows, columns, values }: Pick<PivotSpec, 'rows' | 'columns' | 'values'>): string[] {
  return [...new Set([...rows, ...columns, ...values].flatMap(({ column }) => column ?? []))]
}

/** "day by month", "amount in steps of 10", or the column. */
export function groupingName({ column, bucket, width }: Grouping): string {
  if (width !== undefined) return `${column} in steps of ${width}`
  return bucket === 'none' ? column : `${column} by ${bucket}`
}

const MEASURE_NAMES: Readonly<Record<Measure, string>> = { count: 'count', distinct: 'distinct', sum: 'sum', mean: 'mean', median: 'median', min: 'min', max: 'max' }

/** "sum of amount", "rows". */
export function valueName({ of, column }: PivotMeasure): string {
  return column === null ? 'rows' : `${MEASURE_NAMES[of]} of ${column}`
}

/** What a group is called where it is read: bins say where they begin and end, stretches of time are named after the calendar. */
export function groupLabel({ bucket, width }: Grouping, key: GroupKey): string | null {
  if (key === null) return null
  if (width === undefined) return timeLabel(bucket, key)
  if (!Number.isFinite(Number(key))) return key
  return `${binEdge(Number(key), width)} to ${binEdge(Number(key) + 1, width)}`
}

function timeLabel(bucket: Grouping['bucket'], key: string): string {
  const [, year, month] = /^(\d{4})-(\d\d)-\d\d$/.exec(key) ?? []
  if (year === undefined || month === undefined) return key
  if (bucket === 'year') return year
  if (bucket === 'quarter') return `${year} Q${Math.ceil(Number(month) / 3)}`
  return bucket === 'month' ? `${year}-${month}` : key
}

/** "2024 / EU"; what has no value is called null, as in the grid. */
export function headLabel({ columns }: Pick<PivotSpec, 'columns'>, head: PivotHead | undefined): string {
  if (head === undefined || head.isOthers) return 'others'
  return columns.map((grouping, i) => groupLabel(grouping, head.key[i] ?? null) ?? 'null').join(' / ')
}

/** Whatever the columns are called that name the groups: an order by it is one by all of them. */
export const GROUP_COLUMN = 'group'

/** Names of groupings and columns to sort by, each on its own level. */
export function groupSort(sort: readonly Sort[], { rows }: Pick<PivotView, 'rows'>): Sort[] {
  return sort.flatMap((item) => (item.column === GROUP_COLUMN ? rows.map((grouping): Sort => ({ column: groupingName(grouping), direction: item.direction })) : [item])).slice(0, 8)
}

/** Whether there is anything to show instead of the rows. */
export function hasGroups({ rows, columns }: Pick<PivotView, 'rows' | 'columns'>): boolean {
  return rows.length + columns.length > 0
}

/** Where a bin begins, with no more decimals than the width has. */
export function binEdge(index: number, width: number): number {
  return Number((index * width).toFixed(decimalsOf(width)))
}

/** Decimals that a width is written with, at most 12. */
export function decimalsOf(width: number): number {
  const [mantissa = '', exponent = '0'] = String(width).split('e')
  return Math.min(12, Math.max(0, (mantissa.split('.')[1]?.length ?? 0) - Number(exponent)))
}

/** Why rows cannot be put together so; null when they can. */
export function pivotProblem({ rows, columns, values }: PivotSpec, known: readonly Column[]): string | null {
  const find = (name: string): Column | undefined => known.find((column) => column.name === name)
  const missing = [...rows, ...columns, ...values].map(({ column }) => column).find((name) => name !== null && find(name) === undefined)
  if (missing !== undefined) return `There is no column "${missing}"`
  const all = [...rows, ...columns]
  const twice = all.find((one, i) => all.findIndex((other) => groupingName(other) === groupingName(one)) !== i)
  if (twice !== undefined) return `The rows are grouped by ${groupingName(twice)} twice`
  return all.map((grouping) => groupingProblem(grouping, find(grouping.column))).find((problem) => problem !== null) ?? valuesProblem(values, find)
}

function groupingProblem({ bucket, width }: Grouping, column: Column | undefined): string | null {
  if (column === undefined) return null
  if (bucket !== 'none' && !isTemporal(column)) return `${column.name} has no dates to take the ${bucket} of`
  return width !== undefined && column.kind !== 'number' ? `${column.name} has no numbers to put into steps of ${width}` : null
}

function valuesProblem(values: PivotSpec['values'], find: (name: string) => Column | undefined): string | null {
  const wrong = values.find(({ of, column }) => !pivotMeasures(column === null ? null : (find(column) ?? null)).includes(of))
  if (wrong === undefined) return null
  return wrong.column === null ? `The ${wrong.of} needs a column` : `${wrong.column} (${find(wrong.column)?.type ?? ''}) has no ${wrong.of}`
}

import { isTemporal, type Measure, type TimeBucket } from '../../../../shared/domain/chart.ts'
import { GROUP_COLUMN, type Grouping, groupingName, type PivotMeasure, pivotMeasures, type PivotView, pivotViewSchema, valueName } from '../../../../shared/domain/pivot.ts'
import type { Column } from '../../../../shared/domain/table-query.ts'

/** What people do to the bar: columns are put into it, moved within it and taken out. */

/** Where a column can be dropped. */
export const PIVOT_ZONES = ['rows', 'columns', 'values'] as const
export type PivotZone = (typeof PIVOT_ZONES)[number]

export const EMPTY_PIVOT: PivotView = pivotViewSchema.parse({ rows: [] })

const MOST = { rows: 8, columns: 2, values: 16 } as const

/** Why no more columns can go there; null when they can. */
export function zoneFull(pivot: PivotView, zone: PivotZone): string | null {
  return pivot[zone].length < MOST[zone] ? null : `There is room for ${MOST[zone]}`
}

/** Dates begin by month: by day there are mostly too many groups to see anything. */
export function firstGrouping(column: Column): Grouping {
  return { column: column.name, bucket: isTemporal(column) ? 'month' : 'none' }
}

/** What is computed of a column at first. */
export function firstMeasure(column: Column): PivotMeasure {
  return { of: pivotMeasures(column)[0] ?? 'count', column: column.name }
}

/** With a column in a zone, at a place or at its end. What is there already stays as it is. */
export function withColumn(pivot: PivotView, column: Column, { zone, at, measure }: { zone: PivotZone; at?: number; measure?: Measure }): PivotView {
  if (zoneFull(pivot, zone) !== null) return pivot
  if (zone === 'values') return cleaned({ ...pivot, values: inserted(pivot.values, { ...firstMeasure(column), ...(measure === undefined ? {} : { of: measure }) }, { at, nameOf: valueName }) })
  return cleaned({ ...pivot, [zone]: inserted(pivot[zone], firstGrouping(column), { at, nameOf: groupingName }) })
}

function inserted<T>(items: readonly T[], item: T, { at, nameOf }: { at: number | undefined; nameOf: (item: T) => string }): T[] {
  if (items.some((other) => nameOf(other) === nameOf(item))) return [...items]
  return items.toSpliced(at ?? items.length, 0, item)
}

interface Place {
  zone: PivotZone
  at: number
}

/** A chip somewhere else: within its zone, or in another one, where a group stays the same and a value becomes a group of its column. */
export function withItemMoved(pivot: PivotView, { from, to, columns }: { from: Place; to: Place; columns: readonly Column[] }): PivotView {
  const name = pivot[from.zone][from.at]?.column
  const without = withoutItem(pivot, from)
  if (from.zone === to.zone) return cleaned({ ...pivot, ...reordered(pivot, from, to.at) })
  if (zoneFull(without, to.zone) !== null) return pivot
  const grouping = from.zone === 'values' ? undefined : pivot[from.zone][from.at]
  if (grouping !== undefined && to.zone !== 'values') return cleaned({ ...without, [to.zone]: inserted(without[to.zone], grouping, { at: to.at, nameOf: groupingName }) })
  const column = columns.find((candidate) => candidate.name === name)
  return column === undefined ? pivot : withColumn(without, column, to)
}

function reordered(pivot: PivotView, { zone, at: from }: Place, to: number): Partial<PivotView> {
  if (zone === 'values') return { values: moved(pivot.values, from, to) }
  return { [zone]: moved(pivot[zone], from, to) }
}

function moved<T>(items: readonly T[], from: number, to: number): T[] {
  const item = items[from]
  return item === undefined ? [...items] : items.toSpliced(from, 1).toSpliced(to, 0, item)
}

/** Without it; the last value leaves a count of rows behind, because something has to stand in the table. */
export function withoutItem(pivot: PivotView, { zone, at }: { zone: PivotZone; at: number }): PivotView {
  const next = { ...pivot, [zone]: pivot[zone].toSpliced(at, 1) }
  return cleaned(next.values.length > 0 ? next : { ...next, values: EMPTY_PIVOT.values })
}

export function withGrouping(pivot: PivotView, { zone, at }: { zone: 'rows' | 'columns'; at: number }, change: { bucket?: TimeBucket; width?: number | null }): PivotView {
  const next = pivot[zone].map((grouping, i): Grouping => {
    if (i !== at) return grouping
    const { width: before, ...rest } = grouping
    const width = change.width === undefined ? before : (change.width ?? undefined)
    return { ...rest, bucket: change.bucket ?? rest.bucket, ...(width === undefined ? {} : { width }) }
  })
  return cleaned({ ...pivot, [zone]: next })
}

export function withMeasure(pivot: PivotView, at: number, of: Measure): PivotView {
  return cleaned({ ...pivot, values: pivot.values.map((value, i) => (i === at ? { ...value, of } : value)) })
}

/** An order by columns that are there no more is none. With groups across, columns have other names after every change. */
function cleaned(pivot: PivotView): PivotView {
  const names = new Set([GROUP_COLUMN, ...pivot.rows.map(groupingName), ...(pivot.columns.length === 0 ? pivot.values.map(valueName) : [])])
  return { ...pivot, sort: pivot.sort.filter(({ column }) => names.has(column)) }
}

export const MEASURE_WORDS: Readonly<Record<Measure, string>> = { count: 'count', distinct: 'distinct count', sum: 'sum', mean: 'mean', median: 'median', min: 'min', max: 'max' }

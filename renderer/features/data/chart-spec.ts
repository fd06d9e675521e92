import { type ChartKind, type ChartSpec, isContinuous, isTemporal, type Measure, measuresOf, type TimeBucket } from '../../../shared/domain/chart.ts'
import type { Column } from '../../../shared/domain/table-query.ts'

/** Charts as a form has them: what is chosen stays, as far as another kind can use it. */

export interface ChartChoice {
  kind: ChartKind
  x: string
  bucket: TimeBucket
  measure: Measure
  /** Measured, or the other axis of a scatter chart; null: rows are counted. */
  y: string | null
  series: string | null
}

export const KIND_WORDS: Readonly<Record<ChartKind, string>> = { bar: 'Bars', line: 'Line', histogram: 'Histogram', scatter: 'Scatter', heat: 'Heat map' }
export const MEASURE_WORDS: Readonly<Record<Measure, string>> = { count: 'Count', distinct: 'Distinct', sum: 'Sum', mean: 'Mean', median: 'Median', min: 'Least', max: 'Most' }
export const BUCKET_WORDS: Readonly<Record<TimeBucket, string>> = { none: 'each', year: 'by year', quarter: 'by quarter', month: 'by month', week: 'by week', day: 'by day', hour: 'by hour' }

export function choiceOf(spec: ChartSpec): ChartChoice {
  const base = { kind: spec.kind, x: spec.x, bucket: 'bucket' in spec ? spec.bucket : 'none', measure: 'count', y: null, series: null } as const
  switch (spec.kind) {
    case 'bar':
    case 'line':
      return { ...base, measure: spec.y.of, y: spec.y.column, series: spec.series }
    case 'heat':
      return { ...base, measure: spec.y.of, y: spec.y.column, series: spec.across }
    case 'scatter':
      return { ...base, y: spec.y, series: spec.series }
    case 'histogram':
      return base
  }
}

/** The chart of a choice, with what cannot be replaced by what can. Null where no column can be drawn so. */
export function specOf(choice: ChartChoice, columns: readonly Column[]): ChartSpec | null {
  const x = axisOf(choice, columns)
  if (x === undefined) return null
  const bucket = isTemporal(x) ? choice.bucket : 'none'
  const measured = columns.find(({ name }) => name === choice.y)
  const measure = measuresOf(measured ?? null).includes(choice.measure) ? choice.measure : 'count'
  const y = { of: measure, column: measured?.name ?? null }
  switch (choice.kind) {
    case 'bar':
    case 'line':
      return { kind: choice.kind, x: x.name, bucket, y, series: choice.series }
    case 'histogram':
      return { kind: 'histogram', x: x.name, bins: 40 }
    case 'scatter':
      return { kind: 'scatter', x: x.name, y: (measured !== undefined && isContinuous(measured) ? measured : otherThan(x, columns.filter(isContinuous))).name, series: choice.series }
    case 'heat':
      return { kind: 'heat', x: x.name, bucket, across: choice.series ?? otherThan(x, columns).name, y }
  }
}

/** The chosen column, where the kind can take it. */
function axisOf({ kind, x }: ChartChoice, columns: readonly Column[]): Column | undefined {
  const able = kind === 'histogram' || kind === 'scatter' ? columns.filter((column) => !column.isProvenance && isContinuous(column)) : columns
  return able.find(({ name }) => name === x) ?? able[0]
}

function otherThan(x: Column, columns: readonly Column[]): Column {
  return columns.find((column) => column.name !== x.name && !column.isProvenance) ?? x
}

/** To begin with: rows over time where there are dates, else by a text that is no key. */
export function firstChart(columns: readonly Column[], keyColumns: readonly string[]): ChartSpec | null {
  const own = columns.filter((column) => !column.isProvenance && !keyColumns.includes(column.name))
  const time = own.find(isTemporal)
  if (time !== undefined) return { kind: 'line', x: time.name, bucket: 'month', y: { of: 'count', column: null }, series: null }
  const text = own.find(({ kind }) => kind === 'text' || kind === 'boolean')
  if (text !== undefined) return { kind: 'bar', x: text.name, bucket: 'none', y: { of: 'count', column: null }, series: null }
  const number = own.find(({ kind }) => kind === 'number')
  if (number !== undefined) return { kind: 'histogram', x: number.name, bins: 40 }
  const [any] = columns
  return any === undefined ? null : { kind: 'bar', x: any.name, bucket: 'none', y: { of: 'count', column: null }, series: null }
}

export function measureWords({ of, column }: { of: Measure; column: string | null }): string {
  return column === null ? 'Rows' : `${MEASURE_WORDS[of]} of ${column}`
}

import type { ColumnProfile, Histogram } from '../../../shared/contract/profile.contract.ts'
import { type Filter, filterColumn } from '../../../shared/domain/table-query.ts'
import { groupDigits } from '../../grid/cell-format.ts'
import { formatCount } from '../../ui/format.ts'
import type { BrushRange } from '../../ui/use-brush.ts'

/** What a profile says in words, and what brushing it means as filters. */

type Binned = Pick<ColumnProfile, 'column' | 'notFinite' | 'nulls' | 'min' | 'max'> & { histogram: Histogram }

/** Filters that leave exactly the rows of these bars: the outermost bars have no outer end. */
export function brushFilters({ column: { name }, histogram, notFinite, min, max }: Binned, { from, to }: BrushRange): Filter[] {
  const last = histogram.counts.length - 1
  // NaN and infinities stand in no bar, but beyond every edge.
  const low = from > 0 ? histogram.edges[from] : notFinite > 0 ? min : null
  const filters: Filter[] = low === null || low === undefined ? [] : [{ column: name, op: 'ge', value: low }]
  if (to < last) filters.push({ column: name, op: 'lt', value: histogram.edges[to + 1] ?? '' })
  else if (notFinite > 0 && max !== null) filters.push({ column: name, op: 'le', value: max })
  return filters.length === 0 ? [{ column: name, op: 'not_null' }] : filters
}

const RANGE_OPS = new Set<Filter['op']>(['ge', 'gt', 'le', 'lt', 'between', 'not_null'])

/** `filters` with these in place of the ranges of the column. */
export function withBrush(filters: readonly Filter[], column: string, brushed: readonly Filter[]): Filter[] {
  return [...filters.filter((filter) => filterColumn(filter) !== column || !RANGE_OPS.has(filter.op)), ...brushed]
}

/** The bars that the filters of the column leave, when they are such as brushing makes; null when nothing narrows it. */
export function brushedRange(binned: Binned, filters: readonly Filter[]): BrushRange | null {
  const own = filters.filter((filter) => filterColumn(filter) === binned.column.name && RANGE_OPS.has(filter.op))
  if (own.length === 0) return null
  const { edges, counts } = binned.histogram
  const low = own.find((filter) => filter.op === 'ge')
  const high = own.find((filter) => filter.op === 'lt')
  const from = low === undefined ? 0 : edges.findIndex((edge) => 'value' in low && edge === String(low.value))
  const to = high === undefined ? counts.length - 1 : edges.findIndex((edge) => 'value' in high && edge === String(high.value)) - 1
  const range = { from: Math.max(0, from), to: to < 0 ? counts.length - 1 : to }
  return JSON.stringify(brushFilters(binned, range)) === JSON.stringify(own) ? range : null
}

/** What a bar holds: "100 to 200", "2016-02". */
export function barLabel({ histogram, column }: Pick<Binned, 'histogram' | 'column'>, bar: number): string {
  const { edges, counts, isOpen, unit } = histogram
  const [from = '', to = ''] = [edges[bar], edges[bar + 1]].map((edge) => valueText(edge ?? '', column.kind))
  if (bar === 0 && isOpen.below) return `below ${to}`
  if (bar === counts.length - 1 && isOpen.above) return `${from} and more`
  if (unit === 'month') return from.slice(0, 7)
  if (unit === 'day') return from.slice(0, 10)
  if (unit === 'year') return from.slice(0, 4)
  // Where bars are one apart, a bar is one whole number.
  if (/INT/.test(column.type) && Number(edges[bar + 1]) - Number(edges[bar]) === 1) return from
  return `${from} to ${to}`
}

export function valueText(text: string, kind: ColumnProfile['column']['kind']): string {
  if (kind === 'number') return groupDigits(text)
  if (text === '') return '""'
  return kind === 'timestamp' ? text.replace(/(\.\d*?)0+(?=$|\+)/, '$1').replace(/\.(?=$|\+)/, '').replace(/ 00:00:00(\+00)?$/, '') : text
}

/** 0.0189 of all is "1.9%"; never 0% of some, never 100% of not all. */
export function nullText({ nulls }: Pick<ColumnProfile, 'nulls'>, rowCount: number): string {
  if (nulls === 0) return 'no nulls'
  if (nulls === rowCount) return 'all null'
  const percent = (100 * nulls) / rowCount
  return `${percent < 0.1 ? '< 0.1' : percent > 99.9 ? '> 99.9' : percent.toFixed(1)}% null`
}

export function distinctText({ distinct, isDistinctExact }: Pick<ColumnProfile, 'distinct' | 'isDistinctExact'>): string {
  return `${isDistinctExact ? '' : '≈ '}${formatCount(distinct)} distinct`
}

export function meanText(mean: number): string {
  return groupDigits(String(Number(mean.toPrecision(5))))
}

/** Everything that is known of a column, name and value. */
export function profileFacts(profile: ColumnProfile, rowCount: number): [string, string][] {
  const { column, nulls, quantiles, lengths, empty, notFinite, min, max, mean } = profile
  const value = (text: string | null): string | null => (text === null ? null : valueText(text, column.kind))
  const facts: [string, string | null][] = [
    ['Nulls', `${formatCount(nulls)} of ${formatCount(rowCount)}`],
    ['Distinct', distinctText(profile).replace(' distinct', '')],
    ['Lowest', value(min)],
    ...quantileFacts(quantiles, column.kind),
    ['Highest', value(max)],
    ['Mean', mean === null ? null : meanText(mean)],
    ['Length', lengths === null ? null : `${formatCount(lengths.min)} to ${formatCount(lengths.max)}, mean ${meanText(lengths.mean)}`],
    ['Empty', (empty ?? 0) === 0 ? null : formatCount(empty ?? 0)],
    ['Not finite', notFinite === 0 ? null : formatCount(notFinite)],
  ]
  return facts.flatMap(([name, text]): [string, string][] => (text === null ? [] : [[name, text]]))
}

function quantileFacts(quantiles: ColumnProfile['quantiles'], kind: ColumnProfile['column']['kind']): [string, string][] {
  if (quantiles === null) return []
  return quantiles.at.map((at, i) => [at === 0.5 ? 'Median' : `${at * 100}% below`, `${quantiles.isSampled ? '≈ ' : ''}${valueText(quantiles.values[i] ?? '', kind)}`])
}

/** Of a column without a histogram and without values that stand out. */
export function plainWords({ nulls, top, distinct, min, max, column }: ColumnProfile, rowCount: number): string {
  if (rowCount === 0) return 'There are no rows'
  if (nulls === rowCount) return 'No row has a value'
  if (column.isMasked === true) return 'Its values are masked: how many there are is all that is told'
  const ends = min === null ? '' : `, from ${valueText(min, column.kind)} to ${valueText(max ?? '', column.kind)}`
  return top === null && distinct > 1 ? `Nearly every value occurs once${ends}` : `Nothing stands out${ends}`
}

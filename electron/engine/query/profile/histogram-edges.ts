import type { Histogram } from '../../../../shared/contract/profile.contract.ts'
import type { Column } from '../../../../shared/domain/table-query.ts'

/** Where the bins of a histogram begin: at round numbers and at days, months and years, as people would choose them. */
export type HistogramEdges = Pick<Histogram, 'edges' | 'scale' | 'unit' | 'isOpen'>

export interface Spread {
  min: string
  max: string
  /** Values below which 5, 25, 50, 75 and 95 of a hundred lie. */
  quantiles: readonly string[]
}

const BINS = 24
const MOST_BINS = 40
const CLOSED = { below: false, above: false }

/** Null where the column has no such order, or all its values are one. */
export function histogramEdges({ kind, type }: Pick<Column, 'kind' | 'type'>, spread: Spread): HistogramEdges | null {
  if (kind === 'number') return numberEdges(spread, /INT/.test(type))
  if (kind === 'date' || kind === 'timestamp') return timeEdges(spread, kind === 'date')
  return null
}

function numberEdges({ min, max, quantiles }: Spread, isWhole: boolean): HistogramEdges | null {
  const [low, high] = [Number(min), Number(max)]
  if (!Number.isFinite(low) || !Number.isFinite(high) || low >= high) return null
  const [q05 = low, , median = low, , q95 = high] = quantiles.map(Number)
  if (low > 0 && high / low >= 1_000 && median < low + (high - low) * 0.02) return { edges: logEdges(low, high, isWhole), scale: 'log', unit: null, isOpen: CLOSED }
  const { from, to } = withoutFarOut({ low, high, q05, q95 })
  return { edges: linearEdges(from, to, isWhole), scale: 'linear', unit: null, isOpen: { below: from > low, above: to < high } }
}

/** A few values far out would leave all others in one bar. */
function withoutFarOut({ low, high, q05, q95 }: { low: number; high: number; q05: number; q95: number }): { from: number; to: number } {
  const middle = q95 - q05
  if (middle <= 0) return { from: low, to: high }
  return { from: q05 - low > 2 * middle ? q05 - middle / 2 : low, to: high - q95 > 2 * middle ? q95 + middle / 2 : high }
}

function linearEdges(from: number, to: number, isWhole: boolean): string[] {
  const { mantissa, exponent } = niceStep((to - from) / BINS, isWhole)
  const step = mantissa * 10 ** exponent
  const first = Math.floor(from / step)
  const last = Math.max(first + 1, Math.floor(to / step) + 1)
  return Array.from({ length: last - first + 1 }, (_, i) => decimalText((first + i) * mantissa, exponent))
}

/** The next of 1, 2 and 5 times a power of ten. */
function niceStep(least: number, isWhole: boolean): { mantissa: number; exponent: number } {
  if (isWhole && least <= 1) return { mantissa: 1, exponent: 0 }
  const exponent = Math.floor(Math.log10(least))
  const mantissa = [1, 2, 5].find((candidate) => candidate * 10 ** exponent >= least * (1 - 1e-9))
  return mantissa === undefined ? { mantissa: 1, exponent: exponent + 1 } : { mantissa, exponent }
}

/** `whole * 10 ** exponent`, with no digit that is not meant: 3 and -1 is 0.3. */
function decimalText(whole: number, exponent: number): string {
  if (exponent >= 0) return (BigInt(whole) * 10n ** BigInt(exponent)).toString()
  return (whole * 10 ** exponent).toFixed(-exponent)
}

function logEdges(low: number, high: number, isWhole: boolean): string[] {
  const edges: string[] = []
  for (let exponent = Math.floor(Math.log10(low)); ; exponent++) {
    for (const mantissa of [1, 2, 5]) {
      const edge = mantissa * 10 ** exponent
      if (isWhole && edge < 1) continue
      // The last edge below the lowest value begins the first bin.
      if (edge <= low * (1 + 1e-9)) edges.length = 0
      edges.push(decimalText(mantissa, exponent))
      if (edge > high && edges.length >= 2) return edges
    }
  }
}

const SECOND = 1_000
const DAY = 86_400 * SECOND

/** Steps of one length in milliseconds; months and years have none, and come after these. */
const STEPS: readonly { unit: string; ms: number }[] = [
  { unit: 'second', ms: SECOND }, { unit: '5 seconds', ms: 5 * SECOND }, { unit: '15 seconds', ms: 15 * SECOND }, { unit: 'minute', ms: 60 * SECOND }, { unit: '5 minutes', ms: 300 * SECOND },
  { unit: '15 minutes', ms: 900 * SECOND }, { unit: 'hour', ms: 3_600 * SECOND }, { unit: '3 hours', ms: 3 * 3_600 * SECOND }, { unit: '6 hours', ms: 6 * 3_600 * SECOND },
  { unit: 'day', ms: DAY }, { unit: 'week', ms: 7 * DAY },
]
const MONTHS: readonly { unit: string; months: number }[] = [
  { unit: 'month', months: 1 }, { unit: 'quarter', months: 3 }, { unit: 'year', months: 12 }, { unit: '2 years', months: 24 }, { unit: '5 years', months: 60 }, { unit: '10 years', months: 120 },
  { unit: '25 years', months: 300 }, { unit: '100 years', months: 1_200 }, { unit: '500 years', months: 6_000 },
]
/** A Monday, so that weeks begin with one. */
const MONDAY = Date.UTC(1970, 0, 5)

function timeEdges({ min, max }: Spread, isDate: boolean): HistogramEdges | null {
  const [low, high] = [readTime(min), readTime(max)]
  if (low === null || high === null || low >= high) return null
  const steps = isDate ? STEPS.filter(({ ms }) => ms >= DAY) : STEPS
  const step = steps.find(({ ms }) => (high - low) / ms < MOST_BINS - 1)
  const times = step === undefined ? monthTimes(low, high) : { unit: step.unit, at: stepTimes(low, high, step.ms) }
  return { edges: times.at.map((time) => writeTime(time, isDate)), scale: 'time', unit: times.unit, isOpen: CLOSED }
}

function stepTimes(low: number, high: number, ms: number): number[] {
  const origin = ms === 7 * DAY ? MONDAY : 0
  const first = Math.floor((low - origin) / ms)
  const last = Math.floor((high - origin) / ms) + 1
  return Array.from({ length: last - first + 1 }, (_, i) => origin + (first + i) * ms)
}

function monthTimes(low: number, high: number): { unit: string; at: number[] } {
  const [from, to] = [monthOf(low), monthOf(high)]
  const { unit, months } = MONTHS.find((candidate) => (to - from) / candidate.months < MOST_BINS - 1) ?? MONTHS.at(-1) ?? { unit: 'year', months: 12 }
  const first = Math.floor(from / months)
  const last = Math.floor(to / months) + 1
  return { unit, at: Array.from({ length: last - first + 1 }, (_, i) => startOfMonth((first + i) * months)) }
}

function monthOf(time: number): number {
  const date = new Date(time)
  return date.getUTCFullYear() * 12 + date.getUTCMonth()
}

function startOfMonth(month: number): number {
  const date = new Date(0)
  // Date.UTC takes the years up to 99 for those of the last century.
  date.setUTCFullYear(Math.floor(month / 12), month - Math.floor(month / 12) * 12, 1)
  return date.getTime()
}

/** `2024-03-18`, `2024-03-18 10:30:00.5`, with or without `+00`; null for years that are written otherwise. */
function readTime(text: string): number | null {
  const match = /^(\d{4}-\d{2}-\d{2})(?: (\d{2}:\d{2}:\d{2}(?:\.\d+)?))?(?:\+00)?$/.exec(text)
  if (match === null) return null
  const time = Date.parse(`${match[1] ?? ''}T${match[2] ?? '00:00:00'}Z`)
  return Number.isNaN(time) ? null : time
}

function writeTime(time: number, isDate: boolean): string {
  const text = new Date(time).toISOString()
  // Only outermost edges, which nothing is compared with, can lie beyond the years of four digits.
  if (/^[+-]/.test(text)) return `${text.startsWith('+') ? '9999-12-31' : '0001-01-01'}${isDate ? '' : ' 00:00:00'}`
  return isDate ? text.slice(0, 10) : text.slice(0, 19).replace('T', ' ')
}

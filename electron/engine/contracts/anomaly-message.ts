import { isShare, type Metric } from '../../../shared/domain/metric.ts'
import type { Standing } from './usual.ts'

interface Found {
  metric: Metric
  value: number
  /** Of shares: whose. */
  of: string | null
  standing: Standing
  count: number
  byDeviations: boolean
}

/** "41% fewer rows than the median of the last 10 (58,000, usually 98,305)". */
export function anomalyMessage({ metric, value, of, standing, count, byDeviations }: Found): string {
  const numbers = `${valueWords(metric, value)}, usually ${valueWords(metric, standing.usual)}`
  const last = `the last ${count}`
  if (byDeviations) {
    return `${subject(metric, of)} is ${figure(Math.abs(standing.deviation))} standard deviations ${standing.deviation < 0 ? 'below' : 'above'} the mean of ${last} (${numbers})`
  }
  if (standing.deviation === 0) return `${subject(metric, of)} is the median of ${last} (${valueWords(metric, value)})`
  const isLess = standing.deviation < 0
  if (metric.of === 'rows') return `${percent(Math.abs(standing.deviation))} ${isLess ? 'fewer' : 'more'} rows than the median of ${last} (${numbers})`
  const distance = isShare(metric) ? points(Math.abs(standing.deviation) * 100) : percent(Math.abs(standing.deviation))
  return `${subject(metric, of)} is ${distance} ${isLess ? 'below' : 'above'} the median of ${last} (${numbers})`
}

export function tooYoungMessage(metric: Metric, count: number, atLeast: number): string {
  return `Nothing is usual yet: ${metric.of === 'rows' ? 'there are' : 'it was measured in'} ${count} of the ${atLeast} earlier versions that it takes`
}

function subject(metric: Metric, of: string | null): string {
  switch (metric.of) {
    case 'rows':
      return 'The number of rows'
    case 'null_share':
      return `The share of rows without ${metric.column}`
    case 'distinct_share':
      return `The share of different values of ${metric.column}`
    case 'mean':
      return `The mean of ${metric.column}`
    case 'quantile':
      return `The ${figure(metric.at * 100)}% quantile of ${metric.column}`
    case 'shares':
      return `The share of ${of ?? 'a value'} in ${metric.column}`
  }
}

function valueWords(metric: Metric, value: number): string {
  return isShare(metric) ? percent(value) : Number(value.toPrecision(6)).toLocaleString('en-US')
}

function points(value: number): string {
  return `${figure(value)} ${figure(value) === '1' ? 'point' : 'points'}`
}

function percent(share: number): string {
  return `${figure(share * 100)}%`
}

/** One decimal where it matters. */
function figure(value: number): string {
  return Number(value.toFixed(value < 10 ? 1 : 0)).toLocaleString('en-US')
}

import type { Metric } from '../../../shared/domain/metric.ts'
import { quoteIdentifier } from '../../../shared/domain/naming.ts'
import { ProblemError } from '../../../shared/domain/problem.ts'
import type { Column } from '../../../shared/domain/table-query.ts'
import { textSql } from '../query/cell-sql.ts'

/** Metrics that are one aggregate of a column, so that any number of them shares one pass. */
export type PassMetric = Exclude<Metric, { of: 'rows' | 'shares' }>

export function isPassMetric(metric: Metric): metric is PassMetric {
  return metric.of !== 'rows' && metric.of !== 'shares'
}

/** Most frequent values whose shares are kept. */
const SHARES_KEPT = 50

/** Shares are counts still to be divided by the rows; see `metricValue`. Estimates of different values do not depend on the order of rows. */
export function metricSql(metric: PassMetric, column: Column): string {
  const ref = quoteIdentifier(column.name)
  if (metric.of === 'null_share') return `count(*) - count(${ref})`
  if (metric.of === 'distinct_share') return `approx_count_distinct(${ref})`
  if (column.kind !== 'number') throw new ProblemError('BAD_INPUT', `"${column.name}" is ${column.type}: only of numbers there is a ${metric.of}`, { hint: 'Name a column of numbers in anomalies' })
  return 'at' in metric ? `quantile_cont(${ref}::DOUBLE, ${metric.at})` : `avg(${ref}::DOUBLE)`
}

/** Two columns: `value` as text and `n`. Values that are equally frequent go by their text, so that the same ones are kept every time. */
export function sharesSql(relation: string, column: Column): string {
  return `SELECT ${textSql(column, quoteIdentifier(column.name))} AS value, count(*) AS n FROM (${relation}) WHERE ${quoteIdentifier(column.name)} IS NOT NULL GROUP BY 1 ORDER BY n DESC, value LIMIT ${SHARES_KEPT}`
}

const DIGITS = 12

/** Rounded, because sums of floating point numbers differ in their last digits with the order in which threads add. */
export function metricValue(metric: Metric, found: number, total: number): number {
  const value = metric.of === 'null_share' || metric.of === 'distinct_share' ? (total === 0 ? 0 : Math.min(1, found / total)) : found
  return Number(value.toPrecision(DIGITS))
}

/** Measures of a version that are kept, so that later ones can be held against what is usual. */
export type Metric =
  | { of: 'rows' }
  /** Shares of the rows, 0 to 1. */
  | { of: 'null_share' | 'distinct_share'; column: string }
  | { of: 'mean'; column: string }
  | { of: 'quantile'; column: string; at: number }
  /** The share of each value of a column, the most frequent ones. */
  | { of: 'shares'; column: string }

/** Its name in the ledger and in what people read: `quantile(amount, 0.9)`. */
export function metricName(metric: Metric): string {
  switch (metric.of) {
    case 'rows':
      return 'rows'
    case 'null_share':
      return `nulls(${metric.column})`
    case 'distinct_share':
      return `distinct(${metric.column})`
    case 'mean':
      return `mean(${metric.column})`
    case 'quantile':
      return `quantile(${metric.column}, ${metric.at})`
    case 'shares':
      return `shares(${metric.column})`
  }
}

/** Name of the share of one value. */
export function shareName(metric: Metric, value: string): string {
  return `${metricName(metric)} = ${value}`
}

/** Shares are held against each other by their difference in points, everything else by its ratio. */
export function isShare({ of }: Metric): boolean {
  return of === 'null_share' || of === 'distinct_share' || of === 'shares'
}

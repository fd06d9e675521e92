import type { Measure } from '../../../shared/domain/chart.ts'

/** What is computed of a group's values, over an expression. */
export const MEASURE_SQL: Readonly<Record<Measure, (ref: string) => string>> = {
  count: (ref) => `count(${ref})`,
  distinct: (ref) => `count(DISTINCT ${ref})`,
  sum: (ref) => `sum(${ref})`,
  mean: (ref) => `avg(${ref})`,
  median: (ref) => `median(${ref})`,
  min: (ref) => `min(${ref})`,
  max: (ref) => `max(${ref})`,
}

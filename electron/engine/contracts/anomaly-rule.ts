import type { Measure } from '../../../shared/contract/runs.contract.ts'
import { isShare, metricName, shareName } from '../../../shared/domain/metric.ts'
import type { Column } from '../../../shared/domain/table-query.ts'
import type { Duck } from '../query/duckdb.ts'
import { columnOf } from '../query/column-of.ts'
import type { CheckSpec } from '../workspace/model.ts'
import { anomalyMessage, tooYoungMessage } from './anomaly-message.ts'
import type { CheckFacts } from './check-facts.ts'
import { type CountedRules, isPassRule } from './count-row-rules.ts'
import { metricValue, sharesSql } from './metric-sql.ts'
import { type Standing, standingOf } from './usual.ts'

type AnomalyRule = Extract<CheckSpec, { kind: 'anomaly' }>

export interface MeasuredTable {
  duck: Duck
  relation: string
  columns: readonly Column[]
  counted: CountedRules
  facts: CheckFacts
  signal: AbortSignal
}

export interface AnomalyOutcome {
  passed: boolean
  message: string
  measure: Measure | null
  /** What was measured, by name, to be kept with the version. */
  metrics: Record<string, number>
}

/** Holds what a version measures against the versions before. Of shares, the value that is furthest from its usual share counts. */
export async function evaluateAnomaly(table: MeasuredTable, rule: AnomalyRule): Promise<AnomalyOutcome> {
  const metrics = await measure(table, rule)
  const { metric, window, atLeast, within, z } = rule
  const name = metricName(metric)
  const earlier = table.facts.history.slice(0, window).filter((measures) => measures[name] !== undefined)
  const own = metrics[name]
  if (own === undefined) return { passed: true, message: 'There are no values to measure', measure: null, metrics }
  if (earlier.length < atLeast) return { passed: true, message: tooYoungMessage(metric, earlier.length, atLeast), measure: measureOf(rule, own), metrics }
  const compared = namesOf(rule, [metrics, ...earlier]).map((key) => ({ key, value: metrics[key] ?? 0, standing: standingOf(metric, metrics[key] ?? 0, { before: earlier.map((measures) => measures[key] ?? 0), within, z }) }))
  const worst = compared.toSorted((a, b) => Math.abs(b.standing.deviation) - Math.abs(a.standing.deviation))[0]
  if (worst === undefined) return { passed: true, message: 'There are no values to measure', measure: null, metrics }
  const of = metric.of === 'shares' ? worst.key.slice(`${name} = `.length) : null
  return { passed: worst.standing.isUsual, message: anomalyMessage({ metric, ...shown(worst), of, count: earlier.length, byDeviations: z !== null }), measure: measureOf(rule, worst.value), metrics }
}

function shown({ value, standing }: { value: number; standing: Standing }): { value: number; standing: Standing } {
  return { value, standing }
}

function measureOf({ metric }: AnomalyRule, value: number): Measure {
  return { value, unit: metric.of === 'rows' ? 'rows' : isShare(metric) ? 'share' : 'number' }
}

/** The measure itself; of shares, those of every value that any of the versions has. */
function namesOf({ metric }: AnomalyRule, all: readonly Record<string, number>[]): string[] {
  const name = metricName(metric)
  if (metric.of !== 'shares') return [name]
  return [...new Set(all.flatMap((measures) => Object.keys(measures)))].filter((key) => key.startsWith(`${name} = `)).toSorted()
}

async function measure({ duck, relation, columns, counted, signal }: MeasuredTable, rule: AnomalyRule): Promise<Record<string, number>> {
  const { metric } = rule
  const name = metricName(metric)
  if (metric.of === 'rows') return { [name]: counted.total }
  if (metric.of === 'shares') {
    const rows = await duck.rows(sharesSql(relation, columnOf(columns, metric.column)), signal)
    const shares = rows.map((row): [string, number] => [shareName(metric, String(row['value'])), metricValue({ of: 'mean', column: metric.column }, Number(row['n']) / counted.total, counted.total)])
    return { [name]: rows.length, ...Object.fromEntries(shares) }
  }
  const found = isPassRule(rule) ? counted.value(rule) : null
  return found === null ? {} : { [name]: metricValue(metric, found, counted.total) }
}

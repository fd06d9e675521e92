import { metricName } from '../../../shared/domain/metric.ts'
import type { CheckSpec } from '../workspace/model.ts'
import { dayAt, readRelativeDay } from '../../../shared/domain/relative-day.ts'

/** What rules are held against besides the rows of the version and of other datasets. Made by the engine, read by its workers. */
export interface CheckFacts {
  /** Of the evaluation, ms since the epoch. */
  now: number
  /** The published version before; null for the first. */
  before: { version: number; rowCount: number } | null
  /** When the newest delivery came that the version was made from; null when none is known. */
  deliveredAt: number | null
  /** Measures of the published versions before, newest first; each by its name. */
  history: Record<string, number>[]
}

/** Rules with the days that they mean now in place of `today - 2 years`. */
export function datedChecks(checks: readonly CheckSpec[], now: number): CheckSpec[] {
  return checks.map((check) => (check.kind === 'range' ? { ...check, min: datedBound(check.min, now), max: datedBound(check.max, now) } : check))
}

function datedBound(bound: string | number | null, now: number): string | number | null {
  const day = typeof bound === 'string' ? readRelativeDay(bound) : null
  return day === null ? bound : dayAt(day, now)
}

/** Ages change all the time; results are as good as new for this long. */
const MOMENT_MS = 3_600_000

/** What the results of rules depend on besides rules and contents. Empty where they depend on nothing else. */
export function factsBehind(checks: readonly CheckSpec[], { now, before, deliveredAt, history }: CheckFacts): unknown[] {
  return checks.flatMap((check): unknown[] => {
    if (check.kind === 'growth') return [[check.rule, before?.rowCount ?? null]]
    if (check.kind === 'anomaly') return [[check.rule, history.slice(0, check.window).map((measures) => relevant(measures, metricName(check.metric)))]]
    return check.kind === 'freshness' ? [[check.rule, check.column === null ? deliveredAt : null, Math.floor(now / MOMENT_MS)]] : []
  })
}

/** A measure and, of shares, those of its values. */
function relevant(measures: Readonly<Record<string, number>>, name: string): [string, number][] {
  return Object.entries(measures).filter(([key]) => key === name || key.startsWith(`${name} = `)).toSorted(([a], [b]) => (a < b ? -1 : 1))
}

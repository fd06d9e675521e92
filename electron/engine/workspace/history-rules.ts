import { parseAgeMs, parseChange } from '../../../shared/domain/quantity.ts'
import { type Metric, metricName } from '../../../shared/domain/metric.ts'
import type { AnomaliesFile } from './anomalies-file.schema.ts'
import type { CheckList } from './check-list.ts'
import type { ContractDraft } from './data-type-draft.ts'
import type { FindingList } from './finding-list.ts'
import { listOf } from './source-spec.ts'

interface Context {
  contract: ContractDraft
  findings: FindingList
}

/** Rules about a version as a whole, held against the versions before it or the present. */
export function readHistoryRules(context: Context, checks: CheckList): void {
  readGrowth(context, checks)
  readFreshness(context, checks)
  readAnomalies(context, checks)
}

function readGrowth({ contract: { document, data }, findings }: Context, checks: CheckList): void {
  if (data.growth === undefined) return
  const { min: minText, max: maxText, severity = 'block' } = data.growth
  const [min, max] = [minText, maxText].map((text) => (text === undefined ? null : parseChange(text)))
  if (typeof min === 'number' && typeof max === 'number' && min > max) {
    findings.add({ code: 'invalid-value', file: document.file, at: document.place(['growth', 'min']), message: `"growth" allows nothing: min ${minText} is above max ${maxText}` })
  }
  checks.add({ kind: 'growth', min: min ?? null, max: max ?? null, rule: 'growth', severity }, ['growth'])
}

function readFreshness({ contract: { data } }: Context, checks: CheckList): void {
  if (data.freshness === undefined) return
  const { max_age: maxAge, column = null, severity = 'block' } = typeof data.freshness === 'string' ? { max_age: data.freshness } : data.freshness
  const rule = column === null ? 'freshness' : `freshness(${column})`
  checks.add({ kind: 'freshness', column, maxAgeMs: parseAgeMs(maxAge) ?? 0, rule, severity }, ['freshness'])
}

const DEFAULTS = { over: 10, atLeast: 3 }

type OfColumns = NonNullable<AnomaliesFile['mean']>

function readAnomalies({ contract: { data, document }, findings }: Context, checks: CheckList): void {
  const { anomalies } = data
  if (anomalies === undefined) return
  const { over = DEFAULTS.over, at_least: atLeast = DEFAULTS.atLeast } = anomalies
  if (atLeast > over) {
    findings.add({ code: 'invalid-value', file: document.file, at: document.place(['anomalies', 'at_least']), message: `"at_least" is ${atLeast}, but only ${over} versions are looked back at`, suggestion: 'Raise over, or lower at_least' })
  }
  for (const { metric, written, path } of metricsOf(anomalies)) {
    const { within, z = null, severity = 'warn' } = written
    checks.add({ kind: 'anomaly', metric, within: within === undefined ? null : parseChange(within), z, window: over, atLeast, rule: `anomaly(${metricName(metric)})`, severity }, ['anomalies', path])
  }
}

interface WrittenMetric {
  metric: Metric
  written: Omit<OfColumns, 'columns'>
  path: string
}

function metricsOf({ rows, nulls, distinct, mean, quantiles, shares }: AnomaliesFile): WrittenMetric[] {
  const each = (path: string, written: OfColumns | undefined, metricOf: (column: string) => Metric): WrittenMetric[] =>
    written === undefined ? [] : listOf(written.columns).map((column) => ({ metric: metricOf(column), written, path }))
  const at = quantiles?.at ?? [0.5]
  return [
    ...(rows === undefined ? [] : [{ metric: { of: 'rows' as const }, written: typeof rows === 'string' ? { within: rows } : rows, path: 'rows' }]),
    ...each('nulls', nulls, (column) => ({ of: 'null_share', column })),
    ...each('distinct', distinct, (column) => ({ of: 'distinct_share', column })),
    ...each('mean', mean, (column) => ({ of: 'mean', column })),
    ...at.flatMap((q) => each('quantiles', quantiles, (column) => ({ of: 'quantile', column, at: q }))),
    ...each('shares', shares, (column) => ({ of: 'shares', column })),
  ]
}

/** Columns that `anomalies` names, with their places. */
export function anomalyColumns(anomalies: AnomaliesFile | undefined): { name: string; path: readonly PropertyKey[] }[] {
  return (['nulls', 'distinct', 'mean', 'quantiles', 'shares'] as const).flatMap((metric) => {
    const written = anomalies?.[metric]?.columns ?? []
    const path = ['anomalies', metric, 'columns']
    return typeof written === 'string' ? [{ name: written, path }] : written.map((name, i) => ({ name, path: [...path, i] }))
  })
}

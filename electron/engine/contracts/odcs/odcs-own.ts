import { z } from 'zod'
import type { CheckSeverity } from '../../../../shared/domain/check-severity.ts'
import type { CheckSpec } from '../../workspace/model.ts'
import type { OdcsQuality } from './odcs-document.ts'

/**
 * What a contract of ours says and the standard has no words for: quality of the engine `strata`, with what would stand in the contract's
 * file, and a severity that takes rows out. Both are read again as they were written.
 */

const SEVERITY = 'strataSeverity'

/** Words of the standard, and usual ones besides, that say whether values may be seen by everybody. */
const SENSITIVE_WORDS = new Set(['confidential', 'restricted', 'sensitive', 'private', 'secret', 'pii', 'phi', 'personal'])

/** What a classification says of a column; null: nothing that a contract of ours has a word for. */
export function sensitiveOf(classification: string): boolean | null {
  const word = classification.trim().toLowerCase()
  return SENSITIVE_WORDS.has(word) ? true : word === 'public' ? false : null
}

export function classificationOf(sensitive: boolean): string {
  return sensitive ? 'confidential' : 'public'
}

/** The standard knows warnings and errors; that an error's rows go to quarantine is a property of ours. */
export function severityWords(severity: CheckSeverity): Pick<OdcsQuality, 'severity' | 'customProperties'> {
  if (severity === 'warn') return { severity: 'warning' }
  return { severity: 'error', ...(severity === 'quarantine' ? { customProperties: [{ property: SEVERITY, value: severity }] } : {}) }
}

export type FileSeverity = { severity?: 'warn' | 'quarantine' }

/** As a contract's file says it; block is not said. */
export function fileSeverity({ severity, customProperties = [] }: OdcsQuality): FileSeverity {
  if (severity === 'warning' || severity === 'info') return { severity: 'warn' }
  return customProperties.some(({ property, value }) => property === SEVERITY && value === 'quarantine') ? { severity: 'quarantine' } : {}
}

/** Quality that only this program reads. */
export function ownQuality({ rule, severity }: Pick<CheckSpec, 'rule' | 'severity'>, implementation: Record<string, unknown>): OdcsQuality {
  return { name: rule, ...severityWords(severity), type: 'custom', engine: 'strata', implementation }
}

const optionsSchema = z.record(z.string(), z.unknown())

/** A rule that `ownQuality` wrote: its name in the contract's file, and its options. */
export function ownRule({ engine, implementation }: OdcsQuality): { name: string; options: Record<string, unknown> } | null {
  const own = engine === 'strata' ? optionsSchema.safeParse(implementation) : null
  const [entry] = own?.success === true ? Object.entries(own.data) : []
  const options = optionsSchema.safeParse(entry?.[1])
  return entry === undefined || !options.success ? null : { name: entry[0], options: options.data }
}

/** A share as files write it, without the dust of floating point: 7%, not 7.000000000000001%. */
export function percent(share: number): string {
  return `${Number((share * 100).toPrecision(12))}%`
}

export function fileTolerance(value: { count: number } | { share: number }): number | string {
  return 'count' in value ? value.count : percent(value.share)
}

type AnomalyCheck = Extract<CheckSpec, { kind: 'anomaly' }>

/** `anomalies` of the file, a group of measures each. */
export function anomalyQuality(checks: readonly CheckSpec[]): OdcsQuality[] {
  const groups = Map.groupBy(checks.filter((check): check is AnomalyCheck => check.kind === 'anomaly'), ({ metric }) => GROUP_OF[metric.of])
  return [...groups].map(([group, members]) => {
    const [first] = members
    const within = first?.within ?? null
    const columns = [...new Set(members.flatMap(({ metric }) => ('column' in metric ? [metric.column] : [])))]
    const at = [...new Set(members.flatMap(({ metric }) => (metric.of === 'quantile' ? [metric.at] : [])))]
    return ownQuality(
      { rule: `anomalies(${group})`, severity: first?.severity ?? 'warn' },
      {
        anomalies: {
          of: group, over: first?.window, at_least: first?.atLeast,
          measure: { ...(columns.length === 0 ? {} : { columns }), ...(at.length === 0 ? {} : { at }), ...(within === null ? { z: first?.z } : { within: percent(within) }) },
        },
      },
    )
  })
}

const GROUP_OF: Readonly<Record<AnomalyCheck['metric']['of'], string>> = { rows: 'rows', null_share: 'nulls', distinct_share: 'distinct', mean: 'mean', quantile: 'quantiles', shares: 'shares' }

export const anomalyOptionsSchema = z.object({ of: z.enum(['rows', 'nulls', 'distinct', 'mean', 'quantiles', 'shares']), over: z.int(), at_least: z.int(), measure: optionsSchema })

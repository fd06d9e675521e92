import type { CheckResult } from '../../shared/contract/runs.contract.ts'
import { sentence } from './format.ts'
import type { StatusName } from './status.tsx'

type Found = Pick<CheckResult, 'passed' | 'severity' | 'override'>

/** What a broken rule does: the word beside its name. */
export const IF_BROKEN: Readonly<Record<CheckResult['severity'], string>> = { block: 'blocks', quarantine: 'takes rows out', warn: 'warns' }

export function checkStatus({ passed, severity, override }: Found): StatusName {
  if (passed) return 'succeeded'
  if (override !== null) return 'warning'
  return ({ block: 'failed', quarantine: 'quarantined', warn: 'warning' } as const)[severity]
}

export function checkWord({ passed, severity, override }: Found): string {
  if (passed) return 'Holds'
  return override === null ? sentence(IF_BROKEN[severity]) : 'Overridden'
}

/** What needs a look first: what blocks, what is broken otherwise, what holds. */
export function checkRank(check: Found): number {
  if (check.passed) return 2
  return checkStatus(check) === 'failed' ? 0 : 1
}

/** "22 of 22 checks", with the state of the worst. */
export function checksStatus(checks: readonly CheckResult[]): { status: StatusName; words: string } {
  const broken = checks.filter((check) => !check.passed).map(checkStatus)
  if (checks.length === 0) return { status: 'pending', words: 'No checks' }
  const words = `${checks.length - broken.length} of ${checks.length} ${checks.length === 1 ? 'check' : 'checks'}`
  return { status: (['failed', 'warning', 'quarantined'] as const).find((status) => broken.includes(status)) ?? 'succeeded', words }
}

import type { CheckResult } from '../../../shared/contract/runs.contract.ts'
import type { StatusName } from '../../ui/status.tsx'

/** "22 of 22 checks", with the state of the worst. */
export function checksStatus(checks: readonly CheckResult[]): { status: StatusName; words: string } {
  const failed = checks.filter((check) => !check.passed)
  if (checks.length === 0) return { status: 'pending', words: 'No checks' }
  const words = `${checks.length - failed.length} of ${checks.length} ${checks.length === 1 ? 'check' : 'checks'}`
  if (failed.length === 0) return { status: 'succeeded', words }
  return { status: failed.some((check) => check.severity === 'block') ? 'failed' : 'warning', words }
}

import type { CheckResult } from '../../../shared/contract/runs.contract.ts'
import type { StatusName } from '../../ui/status.tsx'

type Found = Pick<CheckResult, 'passed' | 'severity' | 'override'>

export function checkStatus({ passed, severity, override }: Found): StatusName {
  if (passed) return 'succeeded'
  return severity === 'block' && override === null ? 'failed' : 'warning'
}

export function checkWord({ passed, severity, override }: Found): string {
  if (passed) return 'Holds'
  if (override !== null) return 'Overridden'
  return severity === 'block' ? 'Blocks' : 'Warns'
}

import type { CheckPoint, CheckTrend } from '../../../shared/contract/checks.contract.ts'
import type { CheckResult } from '../../../shared/contract/runs.contract.ts'
import { measureText } from '../../../shared/domain/measure-text.ts'
import type { Cli } from '../cli-session.ts'
import { formatAge } from './figures.ts'
import type { Cell } from './table.ts'

/** Rules with what they found; the marks of their last runs where those are known. */
export function checkTable({ out }: Cli, checks: readonly (CheckResult | CheckTrend)[], isOfOne = true): void {
  const withTrend = checks.some((check) => 'points' in check)
  out.table(
    [{ header: 'state' }, ...(isOfOne ? [] : [{ header: 'dataset' }]), { header: 'rule', maxWidth: 48 }, { header: 'measured', align: 'right' }, ...(withTrend ? [{ header: 'last runs' }] : []), { header: 'what was found', maxWidth: 90 }],
    checks.map((check) => [
      stateCell(check),
      ...(isOfOne ? [] : [check.dataset]),
      { text: check.rule, style: 'bold' as const },
      check.measure === null ? '' : measureText(check.measure),
      ...(withTrend ? ['points' in check ? check.points.map(markOf).join('') : ''] : []),
      check.message,
    ]),
  )
}

/** Results of one rule, newest first. */
export function trendTable({ out }: Cli, points: readonly CheckPoint[]): void {
  const now = Date.now()
  out.table(
    [{ header: 'run', align: 'right' }, { header: 'version', align: 'right' }, { header: 'when' }, { header: 'state' }, { header: 'measured', align: 'right' }, { header: 'what was found', maxWidth: 100 }],
    points.map((point) => [`#${point.runNumber}`, `v${point.version}`, formatAge(point.at, now), stateCell(point), point.measure === null ? '' : measureText(point.measure), point.message]),
  )
}

function stateCell({ passed, severity, override }: CheckResult): Cell {
  if (passed) return { text: '✓ holds', style: 'green' }
  if (override !== null) return { text: '! overridden', style: 'yellow' }
  return severity === 'block' ? { text: '✗ blocks', style: 'red' } : { text: '! warns', style: 'yellow' }
}

function markOf({ passed, severity, override }: CheckResult): string {
  if (passed) return '✓'
  return severity === 'block' && override === null ? '✗' : '!'
}

import type { Run } from '../../../shared/contract/runs.contract.ts'
import { formatDuration } from '../../ui/format.ts'

/** How long a run took, or has been going on; empty while it only waits. */
export function runDurationText(run: Run, now: number): string {
  if (run.durationMs !== null) return formatDuration(run.durationMs)
  return run.startedAt === null ? '' : formatDuration(Math.max(0, now - Date.parse(run.startedAt)))
}

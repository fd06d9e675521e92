import type { Run } from '../../shared/contract/runs.contract.ts'
import { LEAST_WAIT_MS, waitedSoFarMs, workedMs } from '../../shared/domain/run-duration.ts'
import { formatDuration } from './format.ts'

/** How long a run worked, or has been working; empty while it only waits for its turn. */
export function runDurationText(run: Run, now: number): string {
  const ms = workedMs(run, now)
  return ms === null ? '' : formatDuration(ms)
}

/** "waited 3 h 05 min for a person"; null when it did not. */
export function runWaitText(run: Run, now: number): string | null {
  const ms = waitedSoFarMs(run, now)
  return ms < LEAST_WAIT_MS ? null : `waited ${formatDuration(ms)} for a person`
}

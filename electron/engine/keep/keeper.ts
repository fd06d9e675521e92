import type { Problem } from '../../../shared/domain/problem.ts'
import type { EngineParts } from '../parts.ts'
import { createUpkeepJobs, type UpkeepJobs } from './upkeep-jobs.ts'
import { checkAtOpening } from './verify.ts'

export interface Keeper {
  readonly jobs: UpkeepJobs
  /** Cuts off what runs and waits until it has stopped. */
  close(): Promise<void>
}

const ENGINE_DIED: Problem = { code: 'ENGINE_DOWN', message: 'Strata ended before this was done', details: {}, retryable: true, hint: 'Start it again: it goes on where it stopped' }

/**
 * Looks after the files of a workspace.
 * @param options.looks whether the files are looked at now, which a command that only wants one thing leaves out
 */
export function openKeeper(parts: EngineParts, options: { looks: boolean }): Keeper {
  const jobs = createUpkeepJobs(parts)
  const abort = new AbortController()
  if (!parts.ledger.isReadonly) parts.upkeep.failRunning(ENGINE_DIED, parts.clock())
  const look = options.looks && !parts.ledger.isReadonly ? checkAtOpening(parts, jobs, abort.signal) : Promise.resolve()
  return {
    jobs,
    async close() {
      abort.abort()
      await look
      await jobs.close()
    },
  }
}

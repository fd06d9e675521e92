import { setTimeout as wait } from 'node:timers/promises'
import type { Upkeep } from '../../shared/contract/storage.contract.ts'
import { ProblemError } from '../../shared/domain/problem.ts'
import type { Cli } from './cli-session.ts'
import type { StrataClient } from './client.ts'
import { formatShare } from './terminal/figures.ts'
import { createLiveBlock } from './terminal/live-block.ts'

const POLL_MS = 100

/** Shows a piece of upkeep until it is over; Ctrl+C cancels it. @throws what it failed with */
export async function followUpkeep({ cli, client, json, word }: { cli: Cli; client: StrataClient; json: boolean; word: string }, started: Upkeep): Promise<Upkeep> {
  const { id } = started
  const block = cli.out.isLive && !json ? createLiveBlock(cli.out) : null
  let state = started
  let isCancelled = false
  try {
    while (state.state === 'running') {
      block?.draw([`▸ ${word}  ${formatShare(state.share)}`])
      await wait(POLL_MS)
      if (cli.signal.aborted && !isCancelled) {
        isCancelled = true
        // It may have ended in the same moment, and that is no failure.
        await client.storage.cancel({ id }).catch(() => undefined)
      }
      state = await client.storage.get({ id })
    }
  } finally {
    block?.end()
  }
  if (state.state === 'cancelled') throw new ProblemError('CANCELLED', `Cancelled; what was done until then stays done`)
  if (state.problem !== null) throw ProblemError.from(state.problem)
  return state
}

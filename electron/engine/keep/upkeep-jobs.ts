import { randomUUID } from 'node:crypto'
import type { Upkeep } from '../../../shared/contract/storage.contract.ts'
import { type Actor, actorText } from '../../../shared/domain/actor.ts'
import { ProblemError, toProblem } from '../../../shared/domain/problem.ts'
import { NO_FIGURES, type UpkeepFigures } from '../ledger/upkeep.store.ts'
import type { EngineParts } from '../parts.ts'

type Parts = Pick<EngineParts, 'upkeep' | 'clock' | 'log'>

/** A piece of upkeep while it runs: what it came to so far is what it ends with, also when it is cancelled. */
export interface UpkeepJob {
  readonly signal: AbortSignal
  readonly figures: UpkeepFigures
  progress(share: number): void
}

export interface UpkeepJobs {
  /** Begins in the background; returns the id at once. @throws CONFLICT while another one runs */
  start(what: { kind: Upkeep['kind']; dataset: string | null; actor: Actor }, work: (job: UpkeepJob) => Promise<void>): string
  find(id: string): Upkeep | null
  list: Parts['upkeep']['list']
  cancel(id: string): void
  close(): Promise<void>
}

interface Running {
  id: string
  abort: AbortController
  figures: UpkeepFigures
  share: number
  done: Promise<void>
}

const NAMES: Readonly<Record<Upkeep['kind'], string>> = { gc: 'gc', verify: 'verify', check: 'the check at opening' }

export function createUpkeepJobs({ upkeep, clock, log }: Parts): UpkeepJobs {
  let running: Running | null = null
  const live = (entry: Upkeep): Upkeep => (running?.id === entry.id ? { ...entry, ...running.figures, share: running.share } : entry)
  const run = async (own: Running, work: (job: UpkeepJob) => Promise<void>): Promise<void> => {
    const { id, abort, figures } = own
    try {
      await work({ signal: abort.signal, figures, progress: (share) => (own.share = share) })
      upkeep.finish(id, { state: 'succeeded', figures, problem: null, at: clock() })
    } catch (error) {
      const problem = toProblem(error)
      const state = abort.signal.aborted ? 'cancelled' : 'failed'
      if (state === 'failed') log('warn', `Upkeep ${id} failed: ${problem.message}`)
      upkeep.finish(id, { state, figures, problem: state === 'failed' ? problem : null, at: clock() })
    } finally {
      running = null
    }
  }
  return {
    start({ kind, dataset, actor }, work) {
      if (running !== null) {
        const other = upkeep.find(running.id)
        throw new ProblemError('CONFLICT', `${other === null ? 'Upkeep' : NAMES[other.kind]} is running; only one at a time touches the files`, { hint: 'Wait for its end, or cancel it', details: { id: running.id } })
      }
      const id = randomUUID()
      upkeep.begin({ id, kind, dataset, actor: actorText(actor), at: clock() })
      const own: Running = { id, abort: new AbortController(), figures: { ...NO_FIGURES }, share: 0, done: Promise.resolve() }
      running = own
      // After the transaction of the command, in which this is called.
      own.done = Promise.resolve().then(() => run(own, work))
      return id
    },
    find(id) {
      const entry = upkeep.find(id)
      return entry === null ? null : live(entry)
    },
    list(filter) {
      const { total, upkeep: entries } = upkeep.list(filter)
      return { total, upkeep: entries.map(live) }
    },
    cancel(id) {
      if (running?.id !== id) throw new ProblemError('CONFLICT', `${id} is not running; there is nothing to cancel`)
      running.abort.abort()
    },
    async close() {
      running?.abort.abort()
      await running?.done
    },
  }
}

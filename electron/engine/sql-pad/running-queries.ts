import type { QueryResult, QueryText } from '../../../shared/contract/query.contract.ts'
import type { Actor } from '../../../shared/domain/actor.ts'
import { toProblem } from '../../../shared/domain/problem.ts'
import type { EngineParts } from '../parts.ts'
import type { QueriesStore } from '../ledger/queries.store.ts'

export interface QueryToStart extends QueryText {
  queryId: string
  limit: number | null
}

export interface RunsQuery {
  actor: Actor
  signal: AbortSignal
  onShare: (share: number | null) => void
}

/** Queries that run, by the ids that their clients chose. */
export interface RunningQueries {
  /** Runs it, or waits for the run of it that goes on. */
  join(query: QueryToStart, by: { actor: Actor; signal: AbortSignal | undefined }): Promise<QueryResult>
  progress(queryId: string): { share: number | null; elapsedMs: number } | null
  cancel(queryId: string): boolean
  /** Cancels all and waits until they have ended. */
  stop(): Promise<void>
}

interface Running {
  work: Promise<QueryResult>
  abort: AbortController
  share: number | null
  startedAt: number
}

type Parts = Pick<EngineParts, 'ledger' | 'queries' | 'clock' | 'log'>

export function createRunningQueries(parts: Parts, run: (query: QueryToStart, by: RunsQuery) => Promise<QueryResult>): RunningQueries {
  const running = new Map<string, Running>()
  const begin = (query: QueryToStart, actor: Actor): Running => {
    const startedAt = performance.now()
    const abort = new AbortController()
    const entry: Running = { abort, share: null, startedAt, work: run(query, { actor, signal: abort.signal, onShare: (share) => (entry.share = share) }) }
    running.set(query.queryId, entry)
    const ended = (outcome: Outcome): void => {
      running.delete(query.queryId)
      record(parts, query, { ...outcome, actor, tookMs: performance.now() - startedAt })
    }
    entry.work
      .then(
        ({ rowCount, isCut }) => ended({ state: 'succeeded', rowCount, isCut, problem: null }),
        (error: unknown) => ended(failureOf(error)),
      )
      .catch((error: unknown) => parts.log('warn', `The history of queries lacks one: ${toProblem(error).message}`))
    return entry
  }
  return {
    async join(query, { actor, signal }) {
      const entry = running.get(query.queryId) ?? begin(query, actor)
      const cancel = (): void => entry.abort.abort()
      signal?.addEventListener('abort', cancel, { once: true })
      try {
        if (signal?.aborted === true) cancel()
        return await entry.work
      } finally {
        signal?.removeEventListener('abort', cancel)
      }
    },
    progress(queryId) {
      const entry = running.get(queryId)
      return entry === undefined ? null : { share: entry.share, elapsedMs: performance.now() - entry.startedAt }
    },
    cancel(queryId) {
      const entry = running.get(queryId)
      entry?.abort.abort()
      return entry !== undefined
    },
    async stop() {
      for (const { abort } of running.values()) abort.abort()
      await Promise.allSettled([...running.values()].map(({ work }) => work))
    },
  }
}

type Outcome = Pick<Parameters<QueriesStore['add']>[0], 'state' | 'rowCount' | 'isCut' | 'problem'>

function failureOf(error: unknown): Outcome {
  const { code, message } = toProblem(error)
  return { state: code === 'CANCELLED' ? 'cancelled' : 'failed', rowCount: null, isCut: false, problem: message }
}

/** An engine that only reads keeps no history. */
function record({ ledger, queries, clock }: Parts, { sql, asOf, pins }: QueryToStart, outcome: Outcome & { actor: Actor; tookMs: number }): void {
  if (!ledger.isReadonly) queries.add({ sql, asOf: asOf ?? null, pins: pins ?? [], ...outcome }, clock())
}

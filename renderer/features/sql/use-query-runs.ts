import { useQuery } from '@tanstack/react-query'
import { useCallback } from 'react'
import type { QueryResult } from '../../../shared/contract/query.contract.ts'
import type { RunRef } from '../../../shared/contract/runs.contract.ts'
import type { Problem } from '../../../shared/domain/problem.ts'
import { useApi } from '../../api/api.tsx'
import { problemOf } from '../../api/problem-of.ts'
import { placeInText } from './place-in-text.ts'

/** One statement that was run. */
export interface QueryRun {
  queryId: string
  sql: string
  /** Where the statement stood in the text. */
  from: number
  limit: number | null
  state: 'waiting' | 'running' | 'done' | 'failed' | 'cancelled'
  result: QueryResult | null
  problem: Problem | null
}

export interface RunsRequest {
  /** All that is in the editor. */
  text: string
  statements: readonly { sql: string; from: number }[]
  limit: number | null
  asOf: RunRef | null
  pins: Readonly<Record<string, number>>
}

export interface QueryRuns {
  runs: readonly QueryRun[]
  isRunning: boolean
  /** Runs the statements one after the other, up to the first that fails; results of earlier ones go. */
  start: (request: RunsRequest) => Promise<void>
  cancel: () => void
}

/** At which versions a statement finds its datasets, as the engine is told it. */
export function momentOf({ asOf, pins }: Pick<RunsRequest, 'asOf' | 'pins'>): { asOf?: RunRef; pins: { dataset: string; version: number }[] } {
  return { ...(asOf === null ? {} : { asOf }), pins: Object.entries(pins).map(([dataset, version]) => ({ dataset, version })) }
}

const KEY = ['sql-pad', 'runs'] as const
const NONE: readonly QueryRun[] = []
const neverAsked = (): Promise<readonly QueryRun[]> => Promise.reject(new Error('Nobody asks for runs'))

/**
 * What was run last, and running more. Kept with what the window knows of the engine, not by the screen: a query goes on while somebody looks
 * elsewhere, and its rows are still there afterwards. Another workspace starts without any.
 */
export function useQueryRuns(): QueryRuns {
  const { client, queryClient } = useApi()
  const { data: runs } = useQuery({ queryKey: KEY, queryFn: neverAsked, initialData: NONE, enabled: false, gcTime: Number.POSITIVE_INFINITY, staleTime: Number.POSITIVE_INFINITY, meta: { immutable: true } })

  const current = useCallback((): readonly QueryRun[] => queryClient.getQueryData<readonly QueryRun[]>(KEY) ?? NONE, [queryClient])
  const change = useCallback(
    (queryId: string, part: Partial<QueryRun>): void => {
      queryClient.setQueryData<readonly QueryRun[]>(KEY, (all = NONE) => all.map((run) => (run.queryId === queryId ? { ...run, ...part } : run)))
    },
    [queryClient],
  )
  const cancel = useCallback(() => {
    for (const { queryId, state } of current()) {
      if (state === 'waiting') change(queryId, { state: 'cancelled' })
      // When it cannot be told, the query itself says what became of it.
      if (state === 'running') client.query.cancel({ queryId }).catch(() => undefined)
    }
  }, [client, current, change])
  const start = useCallback(
    async ({ text, statements, limit, asOf, pins }: RunsRequest): Promise<void> => {
      // What they hold goes by itself in time; this is only sooner.
      for (const { queryId } of current()) client.query.close({ queryId }).catch(() => undefined)
      const planned = statements.map(({ sql, from }): QueryRun => ({ queryId: crypto.randomUUID(), sql, from, limit, state: 'waiting', result: null, problem: null }))
      queryClient.setQueryData<readonly QueryRun[]>(KEY, planned)
      const moment = momentOf({ asOf, pins })
      for (const { queryId, sql, from } of planned) {
        if (current().find((run) => run.queryId === queryId)?.state !== 'waiting') break
        change(queryId, { state: 'running' })
        try {
          change(queryId, { state: 'done', result: await client.query.start({ queryId, sql, limit, ...moment }) })
        } catch (error) {
          const problem = placeInText(problemOf(error), text, from)
          change(queryId, { state: problem.code === 'CANCELLED' ? 'cancelled' : 'failed', problem })
          // Those after it were written to come after it.
          queryClient.setQueryData<readonly QueryRun[]>(KEY, (all = NONE) => all.filter(({ state }) => state !== 'waiting'))
          break
        }
      }
    },
    [client, queryClient, current, change],
  )
  return { runs, isRunning: runs.some(({ state }) => state === 'running' || state === 'waiting'), start, cancel }
}

import { useQueryClient } from '@tanstack/react-query'
import { useMemo } from 'react'
import type { StartedGroup } from '../../shared/contract/groups.contract.ts'
import type { Run, RunRef } from '../../shared/contract/runs.contract.ts'
import type { RunPriority } from '../../shared/domain/run-priority.ts'
import type { RunOptions } from '../../shared/domain/run-options.ts'
import type { Problem } from '../../shared/domain/problem.ts'
import { type Api, useApi } from './api.tsx'
import { problemOf } from './problem-of.ts'

export interface RunCommands {
  /** The run's name, or null when it could not be queued. */
  start(dataType: string, entities?: readonly string[], options?: RunOptions): Promise<RunRef | null>
  /** Every data type once, as one group that the engine keeps in order; null when it could not be started. */
  startAll(priority?: RunPriority): Promise<StartedGroup | null>
  cancel(run: RunRef): Promise<void>
  /** Goes on under the same number: what succeeded stays, failed entities run again. `from`: that step and all that reads it are done again. */
  resume(run: RunRef, from?: string): Promise<void>
}

/** What a person can tell runs to do. Problems go to `onProblem`, in words. */
export function useRunCommands(onProblem: (problem: Problem) => void): RunCommands {
  const api = useApi()
  const queryClient = useQueryClient()
  return useMemo(() => {
    const attempt = async <T>(work: () => Promise<T>): Promise<T | null> => {
      try {
        return await work()
      } catch (error) {
        onProblem(problemOf(error))
        return null
      } finally {
        void queryClient.invalidateQueries({ queryKey: api.queries.workspace.overview.key() })
        void queryClient.invalidateQueries({ queryKey: api.queries.runs.list.key() })
      }
    }
    return {
      start: (dataType, entities, options) =>
        attempt(() => api.client.runs.start({ commandId: crypto.randomUUID(), dataType, ...(entities === undefined ? {} : { entities: [...entities] }), ...(options === undefined ? {} : askedFor(options)) })),
      startAll: (priority) => attempt(() => api.client.runs.startAll({ commandId: crypto.randomUUID(), ...(priority === undefined ? {} : { priority }) })),
      cancel: async (run) => {
        const answer = await attempt(() => api.client.runs.cancel({ run: refOf(run) }))
        if (answer !== null) writeRun(api, answer)
      },
      resume: async (run, from) => {
        const answer = await attempt(() => api.client.runs.resume({ commandId: crypto.randomUUID(), run: refOf(run), ...(from === undefined ? {} : { from, force: true }) }))
        if (answer !== null) writeRun(api, answer)
      },
    }
  }, [api, onProblem, queryClient])
}

/** The choices of an earlier run, for another one; not the plan that it was started with. */
function askedFor({ steps, from, only, force, parameters }: RunOptions): Pick<RunOptions, 'steps' | 'from' | 'only' | 'force' | 'parameters'> {
  return { steps, from, only, force, parameters }
}

/** The name alone, whatever else the object carries: the contract is strict. */
export function refOf({ dataType, runNumber }: RunRef): RunRef {
  return { dataType, runNumber }
}

/** The answer of a command is news already: no need to wait for the event. */
function writeRun({ queries, queryClient }: Api, run: Run): void {
  const queryKey = queries.runs.get.queryKey({ input: { run: refOf(run) } })
  queryClient.setQueryData(queryKey, (detail) => (detail === undefined ? undefined : { ...detail, run }))
  void queryClient.invalidateQueries({ queryKey })
}

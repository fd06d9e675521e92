import { useQueryClient } from '@tanstack/react-query'
import { useMemo } from 'react'
import type { MarkKind, RunRef } from '../../shared/contract/runs.contract.ts'
import type { Problem } from '../../shared/domain/problem.ts'
import { useApi } from './api.tsx'
import { problemOf } from './problem-of.ts'
import { refOf } from './use-run-commands.ts'

export interface MarkRequest {
  run: RunRef
  dataset: string
  as: MarkKind
  reason: string
  resume: boolean
}

/** Each is true when it was done. */
export interface Decisions {
  approve(run: RunRef, gate: string, reason: string): Promise<boolean>
  reject(run: RunRef, gate: string, reason: string): Promise<boolean>
  override(run: RunRef, check: { dataset: string; rule: string }, reason: string): Promise<boolean>
  markStep(request: MarkRequest): Promise<boolean>
  markEntities(request: MarkRequest, entities: readonly string[]): Promise<boolean>
}

/** What a person decides in place of the machine. Problems go to `onProblem`, in words. */
export function useDecisions(onProblem: (problem: Problem) => void): Decisions {
  const { client, queries } = useApi()
  const queryClient = useQueryClient()
  return useMemo(() => {
    const attempt = async (work: () => Promise<unknown>): Promise<boolean> => {
      try {
        await work()
        return true
      } catch (error) {
        onProblem(problemOf(error))
        return false
      } finally {
        for (const queryKey of [queries.gates.key(), queries.runs.key(), queries.interventions.key(), queries.workspace.overview.key(), queries.audit.list.key()]) void queryClient.invalidateQueries({ queryKey })
      }
    }
    const commandId = (): string => crypto.randomUUID()
    return {
      approve: (run, gate, reason) => attempt(() => client.gates.approve({ commandId: commandId(), run: refOf(run), gate, ...(reason === '' ? {} : { reason }) })),
      reject: (run, gate, reason) => attempt(() => client.gates.reject({ commandId: commandId(), run: refOf(run), gate, reason })),
      override: (run, { dataset, rule }, reason) => attempt(() => client.interventions.override({ commandId: commandId(), run: refOf(run), dataset, rule, reason })),
      markStep: ({ run, ...request }) => attempt(() => client.interventions.markStep({ commandId: commandId(), run: refOf(run), ...request })),
      markEntities: ({ run, ...request }, entities) => attempt(() => client.interventions.markEntities({ commandId: commandId(), run: refOf(run), ...request, entities: [...entities] })),
    }
  }, [client, queries, queryClient, onProblem])
}

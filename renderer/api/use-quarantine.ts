import { useQueryClient } from '@tanstack/react-query'
import { useMemo } from 'react'
import type { QuarantineTarget } from '../../shared/contract/quarantine.contract.ts'
import type { RunRef } from '../../shared/contract/runs.contract.ts'
import type { Problem } from '../../shared/domain/problem.ts'
import { useApi } from './api.tsx'
import { problemOf } from './problem-of.ts'

/** Decisions about the quarantine. How many records changed, or null where it could not be done. */
export interface QuarantineCommands {
  /** `anyway`: in spite of rules that the values break. */
  correct(id: string, fields: Record<string, string | null>, of: { reason: string; anyway: boolean }): Promise<number | null>
  accept(target: QuarantineTarget, reason: string): Promise<number | null>
  ignore(target: QuarantineTarget, reason: string): Promise<number | null>
  undo(target: QuarantineTarget): Promise<number | null>
  rerun(dataType: string | undefined): Promise<RunRef[] | null>
}

export function useQuarantine(onProblem: (problem: Problem) => void): QuarantineCommands {
  const { client, queries } = useApi()
  const queryClient = useQueryClient()
  return useMemo(() => {
    const attempt = async <T>(work: () => Promise<T>): Promise<T | null> => {
      try {
        return await work()
      } catch (error) {
        onProblem(problemOf(error))
        return null
      } finally {
        for (const queryKey of [queries.quarantine.key(), queries.workspace.overview.key(), queries.audit.list.key()]) void queryClient.invalidateQueries({ queryKey })
      }
    }
    const changed = async (work: () => Promise<{ changed: number }>): Promise<number | null> => (await attempt(work))?.changed ?? null
    const commandId = (): string => crypto.randomUUID()
    return {
      correct: (id, fields, { reason, anyway }) => changed(() => client.quarantine.correct({ commandId: commandId(), id, fields, reason, anyway })),
      accept: (target, reason) => changed(() => client.quarantine.accept({ commandId: commandId(), target, reason })),
      ignore: (target, reason) => changed(() => client.quarantine.ignore({ commandId: commandId(), target, reason })),
      undo: (target) => changed(() => client.quarantine.undo({ commandId: commandId(), target })),
      async rerun(dataType) {
        const answer = await attempt(() => client.quarantine.rerun({ commandId: commandId(), ...(dataType === undefined ? {} : { dataType }) }))
        return answer === null ? null : answer.runs.map(({ run }) => run)
      },
    }
  }, [client, queries, queryClient, onProblem])
}

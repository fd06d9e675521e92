import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import type { Schedule } from '../../shared/contract/schedules.contract.ts'
import type { Problem } from '../../shared/domain/problem.ts'
import { useApi } from './api.tsx'
import { problemOf } from './problem-of.ts'

/** Files come and go without an event. */
const LOOK_EVERY_MS = 15_000

/** What runs by itself, the nearest first; data types without a time to come last. */
export function useSchedules() {
  const { queries } = useApi()
  const answer = useQuery({ ...queries.schedules.list.queryOptions({ input: {} }), refetchInterval: LOOK_EVERY_MS })
  const schedules = useMemo(() => (answer.data?.schedules ?? []).toSorted((a, b) => dueAt(a) - dueAt(b)), [answer.data])
  return { ...answer, schedules }
}

function dueAt({ next: [first] }: Schedule): number {
  return first === undefined ? Number.POSITIVE_INFINITY : Date.parse(first)
}

/** Pauses a data type that runs by itself, or lets it go on. */
export function useSchedulePause(onProblem: (problem: Problem) => void): (schedule: Pick<Schedule, 'dataType' | 'paused'>) => void {
  const { client, queries, queryClient } = useApi()
  return useMemo(
    () =>
      ({ dataType, paused }) => {
        const command = { commandId: crypto.randomUUID(), dataType }
        const change = paused === null ? client.schedules.pause(command) : client.schedules.resume(command)
        change.catch((error: unknown) => onProblem(problemOf(error))).finally(() => void queryClient.invalidateQueries({ queryKey: queries.schedules.key() }))
      },
    [client, onProblem, queries, queryClient],
  )
}

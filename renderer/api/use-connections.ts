import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import type { Problem } from '../../shared/domain/problem.ts'
import { useApi } from './api.tsx'
import { problemOf } from './problem-of.ts'

/** Names of secrets, never values, and how they are kept. */
export function useSecrets() {
  const { queries } = useApi()
  return useQuery(queries.secrets.list.queryOptions())
}

/** How far incremental sources were read. */
export function useCursors() {
  const { queries } = useApi()
  return useQuery(queries.cursors.list.queryOptions())
}

interface ConnectionCommands {
  setSecret(name: string, value: string): Promise<void>
  removeSecret(name: string): Promise<void>
  /** Null: the source begins anew. */
  setCursor(dataset: string, value: string | null, reason: string): Promise<void>
}

/** Changes to secrets and cursors; what goes wrong is told, and what is shown is asked for again. */
export function useConnectionCommands(onProblem: (problem: Problem) => void): ConnectionCommands {
  const { client, queries, queryClient } = useApi()
  return useMemo(() => {
    const run = async (change: Promise<unknown>, key: readonly unknown[]): Promise<void> => {
      try {
        await change
      } catch (error) {
        onProblem(problemOf(error))
      } finally {
        await queryClient.invalidateQueries({ queryKey: key })
      }
    }
    const commandId = (): string => crypto.randomUUID()
    return {
      setSecret: (name, value) => run(client.secrets.set({ commandId: commandId(), name, value }), queries.secrets.key()),
      removeSecret: (name) => run(client.secrets.remove({ commandId: commandId(), name }), queries.secrets.key()),
      setCursor: (dataset, value, reason) => run(client.cursors.set({ commandId: commandId(), dataset, value, reason }), queries.cursors.key()),
    }
  }, [client, onProblem, queries, queryClient])
}

import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useCallback } from 'react'
import type { Upkeep } from '../../../shared/contract/storage.contract.ts'
import { useApi } from '../../api/api.tsx'
import { problemOf } from '../../api/problem-of.ts'
import { useToast } from '../../ui/toast.tsx'

const POLL_MS = 300
const SHOWN = 20

export interface UpkeepState {
  entries: readonly Upkeep[]
  running: Upkeep | null
  gc(leftovers: boolean): Promise<void>
  verify(): Promise<void>
  cancel(id: string): Promise<void>
}

/** Work on the files: what runs, what ran, and the ways to start it. Problems are told as messages. */
export function useUpkeep(): UpkeepState {
  const { client, queries } = useApi()
  const queryClient = useQueryClient()
  const toast = useToast()
  const list = useQuery({
    ...queries.storage.list.queryOptions({ input: { limit: SHOWN } }),
    // How far it is, is only told when asked.
    refetchInterval: (query) => (query.state.data?.upkeep.some((entry) => entry.state === 'running') === true ? POLL_MS : false),
  })
  const attempt = useCallback(
    async (work: () => Promise<unknown>): Promise<void> => {
      try {
        await work()
      } catch (error) {
        const { message, hint } = problemOf(error)
        toast({ status: 'failed', title: message, ...(hint === null ? {} : { text: hint }) })
      } finally {
        void queryClient.invalidateQueries({ queryKey: queries.storage.key() })
      }
    },
    [queries, queryClient, toast],
  )
  return {
    entries: list.data?.upkeep ?? [],
    running: list.data?.upkeep.find((entry) => entry.state === 'running') ?? null,
    gc: (leftovers) => attempt(() => client.storage.gc({ commandId: crypto.randomUUID(), leftovers })),
    verify: () => attempt(() => client.storage.verify({ commandId: crypto.randomUUID() })),
    cancel: (id) => attempt(() => client.storage.cancel({ id })),
  }
}

import { type QueryClient, useQuery, useQueryClient } from '@tanstack/react-query'
import { useCallback, useEffect } from 'react'
import type { Reveal } from '../../shared/contract/masks.contract.ts'
import { useApi } from './api.tsx'

interface RevealRequest {
  dataset: string
  columns: string[]
  reason: string
  minutes: number
}

interface Reveals {
  /** What this window may see at the moment. */
  reveals: readonly Reveal[]
  reveal(request: RevealRequest): Promise<void>
  hide(dataset?: string): Promise<void>
}

const NONE: readonly Reveal[] = []

/** Sensitive values that are shown for a while, and how that begins and ends. */
export function useReveals(): Reveals {
  const { client, queries } = useApi()
  const queryClient = useQueryClient()
  const { data } = useQuery(queries.masks.reveals.queryOptions())
  const reveal = useCallback(async (request: RevealRequest) => {
    await client.masks.reveal({ commandId: crypto.randomUUID(), ...request })
    askAnew(queryClient)
  }, [client, queryClient])
  const hide = useCallback(async (dataset?: string) => {
    await client.masks.hide(dataset === undefined ? {} : { dataset })
    askAnew(queryClient)
  }, [client, queryClient])
  return { reveals: data?.reveals ?? NONE, reveal, hide }
}

/** Another text whenever rows may show something else than before. */
export function useRevealedNow(): string {
  const { reveals } = useReveals()
  return reveals.map(({ dataset, columns, since }) => `${dataset} ${columns.join(' ')} ${since}`).join('\n')
}

/** Forgets values when their time is over. Once in a window. */
export function useRevealEnd(): void {
  const queryClient = useQueryClient()
  const { reveals } = useReveals()
  const end = Math.min(...reveals.map(({ until }) => Date.parse(until)))
  useEffect(() => {
    if (!Number.isFinite(end)) return
    const timer = setTimeout(() => askAnew(queryClient), Math.max(0, end - Date.now()) + 250)
    return () => clearTimeout(timer)
  }, [end, queryClient])
}

/** Nothing that was remembered is sure to be what may be seen now. */
function askAnew(queryClient: QueryClient): void {
  queryClient.removeQueries({ type: 'inactive' })
  void queryClient.invalidateQueries()
}

import { useQuery } from '@tanstack/react-query'
import type { CopyStatus } from '../../../shared/contract/copies.contract.ts'
import type { RunRef } from '../../../shared/contract/runs.contract.ts'
import { useApi } from '../../api/api.tsx'
import type { GridQuery } from '../../grid/grid-query.ts'
import { formatShare } from '../../ui/format.ts'

const ASK_EVERY_MS = 1_000

/** Whether more can be hoped for by asking again. */
function isOnItsWay(status: CopyStatus | undefined): boolean {
  return status?.state === 'waiting' || status?.state === 'copying'
}

/** What to say of a copy that somebody waits for; null where there is nothing to say. */
export function copyWords(status: CopyStatus | null): { text: string; title: string } | null {
  if (status === null) return null
  if (status.state === 'waiting') return { text: 'Waiting to copy rows for quick look-ups', title: COPY_TITLE }
  if (status.state === 'copying') return { text: `Copying rows for quick look-ups, ${formatShare(status.share)}`, title: COPY_TITLE }
  if (status.state === 'refused' || status.state === 'failed') return { text: 'No copy for quick look-ups', title: status.note ?? '' }
  return null
}

const COPY_TITLE = 'Once it is there, pages of this version come at once in any order. It stops when nobody looks'

/** Indexes of keys, asked for as long as somebody looks at an entity. */
export function useEntityIndexes(asOf: RunRef | undefined): CopyStatus | null {
  const { queries } = useApi()
  const { data } = useQuery({
    ...queries.entities.prepare.queryOptions({ input: asOf === undefined ? {} : { asOf } }),
    refetchInterval: (query) => (isOnItsWay(query.state.data) ? ASK_EVERY_MS : false),
    staleTime: 0,
    gcTime: 0,
  })
  return data ?? null
}

/**
 * The copy that makes every page of a sorted or filtered view quick, asked for as long as the view is on screen: the engine stops making one
 * that nobody asks for.
 */
export function useVersionCopy(dataset: string, version: number, { sort, filter }: GridQuery): CopyStatus | null {
  const { queries } = useApi()
  const { data } = useQuery({
    ...queries.datasets.prepare.queryOptions({ input: { dataset, version } }),
    enabled: sort.length > 0 || filter.length > 0,
    refetchInterval: (query) => (isOnItsWay(query.state.data) ? ASK_EVERY_MS : false),
    staleTime: 0,
    gcTime: 0,
  })
  return data ?? null
}

import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useCallback } from 'react'
import type { Publication, PublishChange, PublishPreview } from '../../shared/contract/publish.contract.ts'
import type { Problem } from '../../shared/domain/problem.ts'
import { useApi } from './api.tsx'
import { problemOf } from './problem-of.ts'

export interface PublishAttempt {
  /** What would change; undefined while it is asked. */
  preview: PublishPreview | undefined
  /** Why it cannot be done. */
  refused: Problem | null
  /** One transaction. Throws what it failed with. */
  apply(reason: string): Promise<Publication>
}

/** A change of what is current: asked about first, then done. */
export function usePublishChange(change: PublishChange): PublishAttempt {
  const { client, queries } = useApi()
  const queryClient = useQueryClient()
  const preview = useQuery({ ...queries.publish.preview.queryOptions({ input: { change } }), staleTime: 0, gcTime: 0 })
  const apply = useCallback(
    async (reason: string): Promise<Publication> => {
      const done = await client.publish.apply({ commandId: crypto.randomUUID(), change, reason })
      for (const queryKey of [queries.datasets.key(), queries.publish.key(), queries.lineage.key(), queries.entities.key(), queries.workspace.overview.key(), queries.storage.key()]) void queryClient.invalidateQueries({ queryKey })
      return done
    },
    [client, queries, queryClient, change],
  )
  return { preview: preview.data, refused: preview.error === null ? null : problemOf(preview.error), apply }
}

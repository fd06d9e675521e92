import { keepPreviousData, skipToken, useQuery } from '@tanstack/react-query'
import type { EntitySearch } from '../../shared/contract/entities.contract.ts'
import { useApi } from './api.tsx'

/** Rest after the last key, before a field asks. */
export const SEARCH_REST_MS = 120
/** While names are listed for the first time, the answer grows. */
const ASK_AGAIN_MS = 600

export interface EntityFindings {
  /** Of the text that was asked last; undefined before the first answer. */
  found: EntitySearch | undefined
  error: Error | null
  /** The answer is not the one of the text that is in the field. */
  isBehind: boolean
}

/** Entities that are called like the text. What is typed on supersedes what was asked before, which is given up. */
export function useEntitySearch(text: string, limit: number): EntityFindings {
  const { queries } = useApi()
  const wanted = text.trim()
  const answer = useQuery({
    ...queries.entities.search.queryOptions({ input: wanted === '' ? skipToken : { text: wanted, limit } }),
    placeholderData: keepPreviousData,
    refetchInterval: ({ state }) => ((state.data?.preparing.length ?? 0) > 0 ? ASK_AGAIN_MS : false),
  })
  return { found: wanted === '' ? undefined : answer.data, error: answer.error, isBehind: answer.isPlaceholderData }
}

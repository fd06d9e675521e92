import { useCallback, useEffect, useRef, useState } from 'react'
import { useRevealedNow } from '../api/use-reveals.ts'
import { BLOCK_ROWS, type FetchGridPage, type GridPage, type GridQuery, sameQuery } from './grid-query.ts'

/** Rows that are on screen: the query they answer, its first page, and how to get the others. */
export interface ShownQuery {
  readonly source: string
  readonly query: GridQuery
  readonly page: GridPage
  readonly fetchPage: FetchGridPage
}

interface Wanted {
  readonly source: string
  readonly query: GridQuery
  readonly fetchPage: FetchGridPage
}

export interface QueryState {
  readonly shown: ShownQuery | null
  /** What is being fetched in place of what is shown. */
  readonly pending: GridQuery | null
  /** Why the wanted query has no rows. */
  readonly failure: unknown
  readonly retry: () => void
}

/**
 * Keeps the old rows until the first page of a new query is here, so that sorting ten million rows neither empties the grid
 * nor blinks. Whoever does not want to wait goes back to the old query, which aborts the fetch.
 */
export function useShownQuery({ source: of, query, fetchPage }: Wanted): QueryState {
  // Rows that show what may not be seen any more are of another source.
  const revealed = useRevealedNow()
  const source = `${of} ${revealed}`
  const [shown, setShown] = useState<ShownQuery | null>(null)
  const [failure, setFailure] = useState<unknown>(null)
  const [attempt, setAttempt] = useState(0)
  const shownRef = useRef<ShownQuery | null>(null)
  const queryKey = JSON.stringify([query.sort, query.filter])
  const wanted = useRef<Wanted>({ source, query, fetchPage })
  wanted.current = { source, query, fetchPage }

  useEffect(() => {
    const { current } = wanted
    setFailure(null)
    if (isShown(shownRef.current, current)) return
    const abort = new AbortController()
    const load = async (): Promise<void> => {
      try {
        const page = await current.fetchPage({ ...current.query, offset: 0, limit: BLOCK_ROWS, signal: abort.signal })
        if (abort.signal.aborted) return
        shownRef.current = { ...current, page }
        setShown(shownRef.current)
      } catch (error) {
        if (!abort.signal.aborted) setFailure(error)
      }
    }
    void load()
    return () => abort.abort()
  }, [source, queryKey, attempt])

  const retry = useCallback(() => setAttempt((count) => count + 1), [])
  const pending = isShown(shown, { source, query }) || failure !== null ? null : query
  const isHidden = failure !== null && shown !== null && !shown.source.endsWith(` ${revealed}`)
  return { shown: isHidden ? null : shown, pending, failure, retry }
}

function isShown(shown: ShownQuery | null, wanted: Pick<Wanted, 'source' | 'query'>): boolean {
  return shown !== null && shown.source === wanted.source && sameQuery(shown.query, wanted.query)
}

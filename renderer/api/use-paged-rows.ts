import { type QueryKey, useQueries, type UseQueryOptions } from '@tanstack/react-query'
import { useCallback, useMemo, useState } from 'react'

export interface Page<Row> {
  total: number
  rows: readonly Row[]
}

interface PagedRowsOptions<Answer, Row> {
  pageSize: number
  /** Query options for the page that begins at `offset`; from `queries.<topic>.<procedure>.queryOptions`. */
  page: (offset: number) => UseQueryOptions<Answer, Error, Answer, QueryKey>
  read: (answer: Answer) => Page<Row>
}

export interface PagedRows<Answer, Row> {
  total: number
  rowAt: (index: number) => Row | undefined
  /** Give to a VirtualTable. */
  onRange: (first: number, last: number) => void
  /** A whole answer, for what it says besides rows; the one before while the next is on its way, so that nothing jumps. */
  answer: Answer | undefined
  isPending: boolean
  error: Error | null
  retry: () => void
}

/** Rows of a list that may be very long: only pages that are looked at are asked for. */
export function usePagedRows<Answer, Row>({ pageSize, page, read }: PagedRowsOptions<Answer, Row>): PagedRows<Answer, Row> {
  const [range, setRange] = useState({ from: 0, to: 0 })
  const onRange = useCallback(
    (first: number, last: number) => {
      const next = { from: Math.floor(first / pageSize), to: Math.floor(last / pageSize) }
      setRange((now) => (now.from === next.from && now.to === next.to ? now : next))
    },
    [pageSize],
  )
  const numbers = useMemo(() => pageNumbers(range), [range])
  const results = useQueries({ queries: numbers.map((number) => page(number * pageSize)) })
  const pages = new Map(numbers.map((number, index) => [number, results[index]?.data]))
  const loaded = results.find((result) => result.data !== undefined)?.data
  const [last, setLast] = useState<Answer | undefined>(loaded)
  if (loaded !== undefined && loaded !== last) setLast(() => loaded)
  return {
    total: loaded === undefined ? 0 : read(loaded).total,
    rowAt: (index) => {
      const answer = pages.get(Math.floor(index / pageSize))
      return answer === undefined ? undefined : read(answer).rows[index % pageSize]
    },
    onRange,
    answer: loaded ?? last,
    isPending: loaded === undefined && results.every((result) => result.error === null),
    error: results.find((result) => result.error !== null)?.error ?? null,
    retry: () => {
      for (const result of results) void result.refetch()
    },
  }
}

/** The pages in sight, and always the first: it knows the total. */
function pageNumbers({ from, to }: { from: number; to: number }): number[] {
  const numbers = new Set([0])
  for (let number = from; number <= to; number++) numbers.add(number)
  return [...numbers]
}

import { useQuery } from '@tanstack/react-query'
import { useCallback, useState } from 'react'
import { z } from 'zod'
import type { Filter } from '../../../shared/domain/table-query.ts'
import { IMMUTABLE, useApi } from '../../api/api.tsx'
import type { FetchGridPage, GridPage, GridQuery } from '../../grid/grid-query.ts'

const rowsSchema = z.array(z.array(z.unknown()))

/** What the last page of a query cost. */
export interface PageCost {
  readonly tookMs: number
  readonly fromCache: boolean
}

interface DatasetRows {
  readonly fetchPage: FetchGridPage
  readonly onFirstPage: (page: GridPage, query: GridQuery) => void
  /** The query whose rows are on screen; the wanted one may still be on its way. */
  readonly shown: GridQuery | null
  /** Rows of the shown query: exact, or null while they are being counted. */
  readonly rowCount: number | null
  readonly totalRows: number | null
  readonly cost: PageCost | null
}

/** Pages of a version for the grid, and their number, which is counted only after the first page is on screen. */
export function useDatasetRows(dataset: string, version: number, wanted: GridQuery): DatasetRows {
  const { client } = useApi()
  const [cost, setCost] = useState<PageCost | null>(null)
  const [first, setFirst] = useState<{ query: GridQuery; totalRows: number } | null>(null)
  const fetchPage = useCallback<FetchGridPage>(
    async ({ sort, filter, offset, limit, signal }) => {
      const page = await client.datasets.page({ dataset, version, sort: [...sort], filter: [...filter], offset, limit }, { signal })
      setCost({ tookMs: page.tookMs, fromCache: page.fromCache })
      return { columns: page.columns, rows: rowsSchema.parse(JSON.parse(page.rowsJson)), totalRows: page.totalRows }
    },
    [client, dataset, version],
  )
  const onFirstPage = useCallback((page: GridPage, query: GridQuery) => setFirst({ query, totalRows: page.totalRows }), [])
  const filter = first?.query.filter ?? NO_FILTERS
  const matches = useMatches({ dataset, version, filter, wanted: wanted.filter })
  const totalRows = first?.totalRows ?? null
  return { fetchPage, onFirstPage, shown: first?.query ?? null, rowCount: filter.length > 0 ? matches : totalRows, totalRows, cost }
}

const NO_FILTERS: readonly Filter[] = []

interface MatchesRequest {
  dataset: string
  version: number
  /** Of the rows on screen. */
  filter: readonly Filter[]
  /** Of those that are to come. */
  wanted: readonly Filter[]
}

/** How many rows pass the filter; null without one, and until they are counted. Rows on their way out are counted no further: asking for others ends the question. */
function useMatches({ dataset, version, filter, wanted }: MatchesRequest): number | null {
  const { queries, queryClient } = useApi()
  const countOf = (of: readonly Filter[]) => queries.datasets.count.queryOptions({ input: { dataset, version, filter: [...of] } })
  const isAsked = sameFilters(filter, wanted) || queryClient.getQueryData(countOf(filter).queryKey) !== undefined
  const { data } = useQuery({ ...countOf(isAsked ? filter : wanted), ...IMMUTABLE, enabled: isAsked && filter.length > 0 })
  return isAsked && filter.length > 0 ? (data?.count ?? null) : null
}

function sameFilters(one: readonly Filter[], other: readonly Filter[]): boolean {
  return JSON.stringify(one) === JSON.stringify(other)
}

/** What each filter alone costs: how many rows there would be without it. */
export interface WithoutFilter {
  readonly filter: Filter
  readonly others: readonly Filter[]
}

export function withoutEach(filters: readonly Filter[]): WithoutFilter[] {
  return filters.map((filter) => ({ filter, others: filters.filter((other) => other !== filter) }))
}

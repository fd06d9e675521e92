import { useQuery } from '@tanstack/react-query'
import { useCallback, useState } from 'react'
import { z } from 'zod'
import type { Filter } from '../../../shared/domain/table-query.ts'
import { IMMUTABLE, useApi } from '../../api/api.tsx'
import { type FetchGridPage, type GridPage, type GridQuery, sameQuery } from '../../grid/grid-query.ts'

const rowsSchema = z.array(z.array(z.unknown()))

/** What the last page of a query cost. */
export interface PageCost {
  readonly tookMs: number
  readonly fromCache: boolean
}

interface DatasetRows {
  readonly fetchPage: FetchGridPage
  readonly onFirstPage: (page: GridPage, query: GridQuery) => void
  /** Rows that pass the filter: exact, or null while they are being counted. */
  readonly rowCount: number | null
  readonly totalRows: number | null
  readonly cost: PageCost | null
}

/** Pages of a version for the grid, and their number, which is counted only after the first page is on screen. */
export function useDatasetRows(dataset: string, version: number, query: GridQuery): DatasetRows {
  const { client, queries } = useApi()
  const [cost, setCost] = useState<PageCost | null>(null)
  const [first, setFirst] = useState<{ query: GridQuery; totalRows: number; rows: number } | null>(null)
  const fetchPage = useCallback<FetchGridPage>(
    async ({ sort, filter, offset, limit, signal }) => {
      const page = await client.datasets.page({ dataset, version, sort: [...sort], filter: [...filter], offset, limit }, { signal })
      setCost({ tookMs: page.tookMs, fromCache: page.fromCache })
      return { columns: page.columns, rows: rowsSchema.parse(JSON.parse(page.rowsJson)), totalRows: page.totalRows }
    },
    [client, dataset, version],
  )
  const onFirstPage = useCallback((page: GridPage, shown: GridQuery) => {
    setFirst({ query: shown, totalRows: page.totalRows, rows: page.rows.length })
  }, [])
  const isShown = first !== null && sameQuery(first.query, query)
  const filtered = query.filter.length > 0
  const count = useQuery({
    ...queries.datasets.count.queryOptions({ input: { dataset, version, filter: [...query.filter] } }),
    ...IMMUTABLE,
    enabled: filtered && isShown,
  })
  return {
    fetchPage,
    onFirstPage,
    rowCount: filtered ? (count.data?.count ?? null) : (first?.totalRows ?? null),
    totalRows: first?.totalRows ?? null,
    cost,
  }
}

/** What each filter alone costs: how many rows there would be without it. */
export interface WithoutFilter {
  readonly filter: Filter
  readonly others: readonly Filter[]
}

export function withoutEach(filters: readonly Filter[]): WithoutFilter[] {
  return filters.map((filter) => ({ filter, others: filters.filter((other) => other !== filter) }))
}

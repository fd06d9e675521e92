import { useMemo } from 'react'
import type { ColumnValues, FilterVerdict, FoundCell } from '../../shared/contract/look.contract.ts'
import { type Column, type Filter, filterColumn, type Sort } from '../../shared/domain/table-query.ts'
import { useApi } from './api.tsx'

interface LookUp {
  values(request: { column: Column; containing: string; signal: AbortSignal }): Promise<ColumnValues>
  judge(filter: Filter): Promise<FilterVerdict>
  find(request: FindRequest & { signal: AbortSignal }): Promise<FoundCell>
}

interface FindRequest {
  text: string
  columns: readonly string[]
  sort: readonly Sort[]
  filter: readonly Filter[]
  from: { row: number; column: string | null } | null
  backward: boolean
}

/** What a form of filters asks about the rows of a version; values are those of rows that pass the filters on other columns. */
export function useDatasetLookUp(dataset: string, version: number, filters: readonly Filter[] = NO_FILTERS): LookUp {
  const { client } = useApi()
  return useMemo(
    () => ({
      values: ({ column, containing, signal }) => client.datasets.values({ dataset, version, column: column.name, filter: onOthers(filters, column), containing }, { signal }),
      judge: (test) => client.datasets.judge({ dataset, version, test }),
      find: ({ signal, ...request }) => client.datasets.find({ dataset, version, ...copied(request) }, { signal }),
    }),
    [client, dataset, version, filters],
  )
}

/** The same about the rows of a query. */
export function useQueryLookUp(queryId: string, filters: readonly Filter[] = NO_FILTERS): LookUp {
  const { client } = useApi()
  return useMemo(
    () => ({
      values: ({ column, containing, signal }) => client.query.values({ queryId, column: column.name, filter: onOthers(filters, column), containing }, { signal }),
      judge: (test) => client.query.judge({ queryId, test }),
      find: ({ signal, ...request }) => client.query.find({ queryId, ...copied(request) }, { signal }),
    }),
    [client, queryId, filters],
  )
}

const NO_FILTERS: readonly Filter[] = []

function onOthers(filters: readonly Filter[], column: Column): Filter[] {
  return filters.filter((filter) => filterColumn(filter) !== column.name)
}

function copied({ columns, sort, filter, ...rest }: FindRequest) {
  return { ...rest, columns: [...columns], sort: [...sort], filter: [...filter] }
}

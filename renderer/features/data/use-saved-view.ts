import { useQuery } from '@tanstack/react-query'
import { useSearch } from '@tanstack/react-router'
import { useEffect, useRef } from 'react'
import { columnLayoutSchema } from '../../../shared/domain/column-layout.ts'
import type { ViewDefinition } from '../../../shared/contract/views.contract.ts'
import { useApi } from '../../api/api.tsx'
import { type DataSearch, dataAddress } from '../../ui/addresses.ts'
import { useToast } from '../../ui/toast.tsx'
import { useColumnLayout, useDataView } from './data-view.store.ts'

/** How the dataset is looked at now. */
export function useCurrentView(dataset: string): ViewDefinition {
  const search: DataSearch = useSearch({ strict: false })
  const layout = useColumnLayout(dataset)
  return { dataset, query: { sort: search.sort ?? [], filter: search.filter ?? [] }, layout: columnLayoutSchema.parse(layout), ...(search.chart === undefined ? {} : { chart: search.chart }), ...(search.pivot === undefined ? {} : { pivot: search.pivot }) }
}

/**
 * Arranges the columns as the view of the address says, once for each view that is opened; filters and order come from the view where the address
 * has none of its own.
 */
export function useOpenedView(dataset: string, search: DataSearch): void {
  const { queries } = useApi()
  const setLayout = useDataView((state) => state.setLayout)
  const toast = useToast()
  const name = search.view
  const { data } = useQuery({ ...queries.views.list.queryOptions(), enabled: name !== undefined })
  const opened = useRef<string | null>(null)
  useEffect(() => {
    if (name === undefined) opened.current = null
    if (name === undefined || data === undefined || opened.current === name) return
    opened.current = name
    const view = data.views.find((candidate) => candidate.name === name && candidate.dataset === dataset)
    if (view === undefined) {
      toast({ status: 'degraded', title: `There is no view “${name}” of ${dataset}`, text: 'It may have been renamed or deleted. All rows are shown.' })
      return
    }
    setLayout(dataset, view.layout)
    if (isBare(search) && (view.query.sort.length > 0 || view.query.filter.length > 0 || view.chart !== undefined || view.pivot !== undefined)) window.location.replace(dataAddress(dataset, { ...search, ...view.query, chart: view.chart, pivot: view.pivot }))
  }, [name, data, dataset, search, setLayout, toast])
}

function isBare({ sort, filter, chart, pivot }: DataSearch): boolean {
  return [sort, filter, chart, pivot].every((part) => part === undefined)
}

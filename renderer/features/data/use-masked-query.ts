import { useEffect } from 'react'
import { type Column, type Filter, filterColumn } from '../../../shared/domain/table-query.ts'
import type { GridQuery } from '../../grid/grid-query.ts'
import { useToast } from '../../ui/toast.tsx'

interface MaskedQuery {
  columns: readonly Column[]
  query: GridQuery
  setQuery: (query: GridQuery) => void
}

/** Takes out of a query what masked columns cannot do, so that its other rows come: it may be an address of a time when they were revealed. */
export function useMaskedQuery({ columns, query, setQuery }: MaskedQuery): void {
  const toast = useToast()
  useEffect(() => {
    const masked = new Set(columns.filter((column) => column.isMasked === true).map(({ name }) => name))
    const isOpen = (filter: Filter): boolean => filter.op === 'is_null' || filter.op === 'not_null' || !masked.has(filterColumn(filter) ?? '')
    const sort = query.sort.filter(({ column }) => !masked.has(column))
    const filter = query.filter.filter(isOpen)
    if (sort.length === query.sort.length && filter.length === query.filter.length) return
    setQuery({ sort, filter })
    toast({ status: 'degraded', title: 'Order and filters by masked columns are left out', text: 'Reveal the columns to have them again.' })
  }, [columns, query, setQuery, toast])
}

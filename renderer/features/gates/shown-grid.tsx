import { useCallback, useState } from 'react'
import { z } from 'zod'
import type { Sort } from '../../../shared/domain/table-query.ts'
import { useApi } from '../../api/api.tsx'
import { type ColumnLayout, EMPTY_LAYOUT } from '../../grid/column-layout.ts'
import { DataGrid } from '../../grid/data-grid.tsx'
import type { FetchGridPage, GridQuery } from '../../grid/grid-query.ts'
import { EmptyState } from '../../ui/empty-state.tsx'
import { useToast } from '../../ui/toast.tsx'

const rowsSchema = z.array(z.array(z.unknown()))
const NOTHING = (): void => undefined

/** Rows of a version that nobody else can see yet: to look at, sort and copy. */
export function ShownGrid({ dataset, version, keyColumns, rowCount }: { dataset: string; version: number; keyColumns: readonly string[]; rowCount: number }) {
  const { client } = useApi()
  const toast = useToast()
  const [query, setQuery] = useState<GridQuery>({ sort: [], filter: [] })
  const [layout, setLayout] = useState<ColumnLayout>(EMPTY_LAYOUT)
  const fetchPage = useCallback<FetchGridPage>(
    async ({ sort, filter, offset, limit, signal }) => {
      const page = await client.datasets.page({ dataset, version, sort: [...sort], filter: [...filter], offset, limit }, { signal })
      return { columns: page.columns, rows: rowsSchema.parse(JSON.parse(page.rowsJson)), totalRows: page.totalRows }
    },
    [client, dataset, version],
  )
  const copy = useCallback((text: string) => void navigator.clipboard.writeText(text).then(() => toast({ status: 'succeeded', title: 'Copied' })), [toast])
  return (
    <DataGrid
      label={`${dataset} v${version}`}
      source={`${dataset} ${version}`}
      query={query}
      fetchPage={fetchPage}
      keyColumns={keyColumns}
      rowCount={rowCount}
      layout={layout}
      onLayout={setLayout}
      onSort={(sort: Sort[]) => setQuery({ sort, filter: [] })}
      onStop={setQuery}
      onFilterColumn={NOTHING}
      onCell={NOTHING}
      onSelectionSize={NOTHING}
      onCellKey={NOTHING}
      cellMenu={() => []}
      onCopied={copy}
      empty={<EmptyState title='It has no rows'>The step ran and wrote an empty table.</EmptyState>}
      onFirstPage={NOTHING}
    />
  )
}

import { type ReactNode, useCallback, useState } from 'react'
import { type Column, filterColumn, type Sort } from '../../shared/domain/table-query.ts'
import { Button } from '../ui/button.tsx'
import { EmptyState } from '../ui/empty-state.tsx'
import { useToast } from '../ui/toast.tsx'
import { type ColumnLayout, EMPTY_LAYOUT } from './column-layout.ts'
import { DataGrid } from './data-grid.tsx'
import { FilterBar, type FilterRequest } from './filter-bar.tsx'
import { FilterForm } from './filter-form.tsx'
import type { FilterLookUp } from './filter-look-up.ts'
import { filterByCell, withFilter } from './filter-words.ts'
import type { FetchGridPage, GridCell, GridPage, GridQuery } from './grid-query.ts'

const NOTHING = (): void => undefined
const ALL: GridQuery = { sort: [], filter: [] }
const NO_COLUMNS: readonly Column[] = []

interface PlainGridProps {
  /** Names the table for those who hear it. */
  label: string
  /** What the rows are of. */
  source: string
  fetchPage: FetchGridPage
  keyColumns: readonly string[]
  /** Before filters. */
  rowCount: number | null
  /** Null where the engine knows no more of the rows than their pages. */
  lookUp: FilterLookUp | null
  /** In place of rows when there are none. */
  empty: ReactNode
}

/** Rows to look at, sort, filter and copy, beside something else: what is done to them lasts as long as they are shown. */
export function PlainGrid({ label, source, fetchPage, keyColumns, rowCount, lookUp, empty }: PlainGridProps) {
  const toast = useToast()
  const [query, setQuery] = useState<GridQuery>(ALL)
  const [layout, setLayout] = useState<ColumnLayout>(EMPTY_LAYOUT)
  const [columns, setColumns] = useState(NO_COLUMNS)
  const [editing, setEditing] = useState<FilterRequest | null>(null)
  const copy = useCallback((text: string) => void navigator.clipboard.writeText(text).then(() => toast({ status: 'succeeded', title: 'Copied' })), [toast])
  const onFirstPage = useCallback((page: GridPage) => setColumns(page.columns), [])
  const isFiltered = query.filter.length > 0
  const filterCell = ({ column, value }: GridCell): void => setQuery({ ...query, filter: withFilter(query.filter, filterByCell(column, value)) })
  return (
    <>
      {(isFiltered || query.sort.length > 0) && <FilterBar columns={columns} query={query} onQuery={setQuery} onEdit={setEditing} />}
      <DataGrid
        label={label}
        source={source}
        query={query}
        fetchPage={fetchPage}
        keyColumns={keyColumns}
        rowCount={isFiltered ? null : rowCount}
        layout={layout}
        onLayout={setLayout}
        onSort={(sort: Sort[]) => setQuery({ ...query, sort })}
        onStop={setQuery}
        onFilterColumn={(column, anchor) => setEditing({ anchor, column, initial: query.filter.find((item) => filterColumn(item) === column.name) ?? null })}
        onCell={NOTHING}
        onSelectionSize={NOTHING}
        onCellKey={(key, cell) => {
          if (key === 'cell.filter') filterCell(cell)
        }}
        cellMenu={(cell) => [[{ id: 'filter', label: cell.value === null ? `Only rows without ${cell.column.name}` : 'Only rows with this value', icon: 'filter', command: 'cell.filter', run: () => filterCell(cell) }]]}
        onCopied={copy}
        lookUp={lookUp}
        empty={isFiltered ? <EmptyState inline title='No row matches these filters' actions={<Button small onClick={() => setQuery({ ...query, filter: [] })}>Clear the filters</Button>} /> : empty}
        onFirstPage={onFirstPage}
      />
      {editing !== null && <FilterForm editing={editing} columns={columns} query={query} lookUp={lookUp} onQuery={setQuery} onClose={() => setEditing(null)} />}
    </>
  )
}

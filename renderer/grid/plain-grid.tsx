import { type ReactNode, useCallback, useState } from 'react'
import type { Sort } from '../../shared/domain/table-query.ts'
import { useToast } from '../ui/toast.tsx'
import { type ColumnLayout, EMPTY_LAYOUT } from './column-layout.ts'
import { DataGrid } from './data-grid.tsx'
import type { FetchGridPage, GridQuery } from './grid-query.ts'

const NOTHING = (): void => undefined

interface PlainGridProps {
  /** Names the table for those who hear it. */
  label: string
  /** What the rows are of. */
  source: string
  fetchPage: FetchGridPage
  keyColumns: readonly string[]
  rowCount: number | null
  /** In place of rows when there are none. */
  empty: ReactNode
}

/** Rows to look at, sort and copy, beside something else: sort and layout last as long as they are shown. */
export function PlainGrid({ label, source, fetchPage, keyColumns, rowCount, empty }: PlainGridProps) {
  const toast = useToast()
  const [query, setQuery] = useState<GridQuery>({ sort: [], filter: [] })
  const [layout, setLayout] = useState<ColumnLayout>(EMPTY_LAYOUT)
  const copy = useCallback((text: string) => void navigator.clipboard.writeText(text).then(() => toast({ status: 'succeeded', title: 'Copied' })), [toast])
  return (
    <DataGrid
      label={label}
      source={source}
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
      empty={empty}
      onFirstPage={NOTHING}
    />
  )
}

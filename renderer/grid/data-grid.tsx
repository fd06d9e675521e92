import type { GridApi } from 'ag-grid-community'
import { type RefObject, useEffect, useRef, useState } from 'react'
import type { Column, Sort } from '../../shared/domain/table-query.ts'
import { problemOf } from '../api/problem-of.ts'
import { ErrorState } from '../ui/error-state.tsx'
import { countOf } from '../ui/format.ts'
import { LoadingState } from '../ui/loading-state.tsx'
import type { Anchor, MenuGroups } from '../ui/popup-menu.tsx'
import { CellViewer } from './cell-viewer.tsx'
import type { ColumnLayout } from './column-layout.ts'
import { GridBars } from './grid-bars.tsx'
import { GridMenus } from './grid-menus.tsx'
import { busySentence, type FetchGridPage, type GridCell, type GridPage, type GridQuery, type GridRow, nextSort } from './grid-query.ts'
import { GridTable } from './grid-table.tsx'
import type { SchedulerState } from './page-scheduler.ts'
import { useShownQuery } from './use-shown-query.ts'
import './grid.css'

export interface DataGridProps {
  /** Names the table for those who hear it. */
  label: string
  /** What the rows are of; another source keeps the old rows until its first page is here. Use a React key to drop them. */
  source: string
  query: GridQuery
  fetchPage: FetchGridPage
  keyColumns: readonly string[]
  /** Rows of the query when somebody has counted them; null while that is open. */
  rowCount: number | null
  layout: ColumnLayout
  onLayout: (layout: ColumnLayout) => void
  onSort: (sort: Sort[]) => void
  /** The person does not wait any longer: the query that is shown is the one to keep. */
  onStop: (shown: GridQuery) => void
  onFilterColumn: (column: Column, anchor: Anchor) => void
  /** The cell under the cursor; null when its row is not here yet or nothing is focused. */
  onCell: (cell: GridCell | null) => void
  onSelectionSize: (rows: number) => void
  /** Single letters on a cell, for example f and l. */
  onCellKey: (key: string, cell: GridCell) => void
  /** What the menu of a cell offers besides copying and showing the value. */
  cellMenu: (cell: GridCell) => MenuGroups
  onCopied: (text: string) => void
  /** In place of rows when the query has none. */
  empty: React.ReactNode
  /** A page came that is on screen now, the first of its query. */
  onFirstPage: (page: GridPage, query: GridQuery) => void
}

export type OpenMenu = { kind: 'cell'; cell: GridCell; anchor: Anchor } | { kind: 'column'; column: Column; anchor: Anchor }

/** Rows of any number, a few screens at a time. The only door to the grid library. */
export function DataGrid(props: DataGridProps) {
  const { shown, pending, failure, retry } = useShownQuery(props)
  const [api, setApi] = useState<GridApi<GridRow> | null>(null)
  const [blocks, setBlocks] = useState<SchedulerState>({ loading: 0, failure: null })
  const [viewed, setViewed] = useState<GridCell | null>(null)
  const [menu, setMenu] = useState<OpenMenu | null>(null)
  const retryBlocks = useRef<() => void>(() => undefined)
  const { onFirstPage } = props

  useEffect(() => {
    if (shown !== null) onFirstPage(shown.page, shown.query)
  }, [shown, onFirstPage])
  useEffect(() => setViewed(null), [shown])

  if (shown === null) {
    if (failure !== null) return <ErrorState problem={problemOf(failure)} onRetry={retry} />
    return <LoadingState rows={14}>Reading the first rows</LoadingState>
  }
  const isEmpty = shown.page.rows.length === 0
  const toggleSort = (column: Column, add: boolean): void => props.onSort(nextSort(props.query.sort, column.name, add))
  return (
    <div className='data-grid'>
      {isEmpty && pending === null && props.empty}
      <GridTable
        {...props}
        hidden={isEmpty}
        shown={shown}
        busy={pending !== null}
        retryBlocks={retryBlocks}
        onApi={setApi}
        onBlocks={setBlocks}
        onView={setViewed}
        onMenu={setMenu}
        toggleSort={toggleSort}
      />
      {viewed !== null && <CellViewer cell={viewed} onCopy={props.onCopied} onClose={() => closeViewer(api, viewed, setViewed)} />}
      <GridBars
        busy={pending === null ? null : busySentence(pending, shown.query, countOf(shown.page.totalRows, 'row'))}
        onStop={() => props.onStop(shown.query)}
        failure={failure}
        onRetry={retry}
        onBack={() => props.onStop(shown.query)}
        blockFailure={blocks.failure}
        onRetryBlocks={() => retryBlocks.current()}
      />
      {menu !== null && (
        <GridMenus
          menu={menu}
          api={api}
          sort={props.query.sort}
          layout={props.layout}
          keyColumns={props.keyColumns}
          onLayout={props.onLayout}
          onSort={props.onSort}
          onFilterColumn={props.onFilterColumn}
          onView={setViewed}
          onCopied={props.onCopied}
          cellMenu={props.cellMenu}
          onClose={() => setMenu(null)}
        />
      )}
    </div>
  )
}

/** Closes the viewer and puts the focus back on its cell. */
function closeViewer(api: GridApi<GridRow> | null, cell: GridCell, setViewed: (cell: null) => void): void {
  setViewed(null)
  api?.setFocusedCell(cell.rowIndex, cell.column.name)
}

export type RetryRef = RefObject<() => void>

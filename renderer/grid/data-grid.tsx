import type { GridApi } from 'ag-grid-community'
import { useCallback, useEffect, useRef, useState } from 'react'
import type { Column } from '../../shared/domain/table-query.ts'
import { problemOf } from '../api/problem-of.ts'
import { ErrorState } from '../ui/error-state.tsx'
import { countOf } from '../ui/format.ts'
import { LoadingState } from '../ui/loading-state.tsx'
import { CellViewer } from './cell-viewer.tsx'
import { GridBars } from './grid-bars.tsx'
import { GridMenus } from './grid-menus.tsx'
import type { DataGridProps, OpenMenu } from './grid-props.ts'
import { busySentence, type GridCell, type GridRow, nextSort } from './grid-query.ts'
import { GridTable } from './grid-table.tsx'
import type { SchedulerState } from './page-scheduler.ts'
import { useShownQuery } from './use-shown-query.ts'
import './grid.css'

/** Rows of any number, a few screens at a time. The only door to the grid library. */
export function DataGrid(props: DataGridProps) {
  const { shown, pending, failure, retry } = useShownQuery(props)
  const [api, setApi] = useState<GridApi<GridRow> | null>(null)
  const [blocks, setBlocks] = useState<SchedulerState>({ loading: 0, failure: null })
  const [viewed, setViewed] = useState<GridCell | null>(null)
  const [menu, setMenu] = useState<OpenMenu | null>(null)
  const retryBlocks = useRef<() => void>(() => undefined)
  const { onFirstPage } = props
  const latest = useRef(props)
  latest.current = props
  const toggleSort = useCallback((column: Column, add: boolean): void => {
    const { query, onSort } = latest.current
    onSort(nextSort(query.sort, column.name, add))
  }, [])

  useEffect(() => {
    if (shown !== null) onFirstPage(shown.page, shown.query)
  }, [shown, onFirstPage])
  useEffect(() => setViewed(null), [shown])

  if (shown === null) {
    if (failure !== null) return <ErrorState problem={problemOf(failure)} onRetry={retry} />
    return <LoadingState rows={14}>Reading the first rows</LoadingState>
  }
  const isEmpty = shown.page.rows.length === 0
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
      {menu !== null && <GridMenus {...props} menu={menu} api={api} onView={setViewed} onClose={() => setMenu(null)} />}
    </div>
  )
}

/** Closes the viewer and puts the focus back on its cell. */
function closeViewer(api: GridApi<GridRow> | null, cell: GridCell, setViewed: (cell: null) => void): void {
  setViewed(null)
  api?.setFocusedCell(cell.rowIndex, cell.column.name)
}

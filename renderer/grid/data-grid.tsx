import type { GridApi } from 'ag-grid-community'
import { useCallback, useEffect, useRef, useState } from 'react'
import type { Column } from '../../shared/domain/table-query.ts'
import { problemOf } from '../api/problem-of.ts'
import { ErrorState } from '../ui/error-state.tsx'
import { countOf } from '../ui/format.ts'
import { LoadingState } from '../ui/loading-state.tsx'
import { ArrangePanel, type Arranging } from './arrange-panel.tsx'
import { CellViewer } from './cell-viewer.tsx'
import { dataColumnIds } from './grid-column-ids.ts'
import { GridBars } from './grid-bars.tsx'
import { GridFind } from './grid-find.tsx'
import type { GridMarks } from './grid-marks.ts'
import { GridMenus } from './grid-menus.tsx'
import type { DataGridProps, OpenMenu } from './grid-props.ts'
import { busySentence, type GridCell, type GridRow, nextSort } from './grid-query.ts'
import { GridTable } from './grid-table.tsx'
import type { SchedulerState } from './page-scheduler.ts'
import { useCopyCells } from './use-copy-cells.ts'
import { useShownQuery } from './use-shown-query.ts'
import './grid.css'

/** Rows of any number, a few screens at a time. The only door to the grid library. */
export function DataGrid(props: DataGridProps) {
  const { shown, pending, failure, retry } = useShownQuery(props)
  const [api, setApi] = useState<GridApi<GridRow> | null>(null)
  const [blocks, setBlocks] = useState<SchedulerState>({ loading: 0, failure: null })
  const [menu, setMenu] = useState<OpenMenu | null>(null)
  const [arranging, setArranging] = useState<Arranging | null>(null)
  const [marks] = useState<GridMarks>(() => ({ range: null, find: null }))
  const retryBlocks = useRef<() => void>(() => undefined)
  const viewer = useViewer(api, props.onCell)
  const copy = useCopyCells({ api, shown, marks, onCopied: props.onCopied })
  const { onFirstPage } = props
  const { close: closeViewer } = viewer
  const toggleSort = useSortToggle(props)

  useEffect(() => {
    if (shown !== null) onFirstPage(shown.page, shown.query)
  }, [shown, onFirstPage])
  useEffect(() => closeViewer(false), [shown, closeViewer])

  if (shown === null) {
    if (failure !== null) return <ErrorState problem={problemOf(failure)} onRetry={retry} />
    return <LoadingState rows={14}>Reading the first rows</LoadingState>
  }
  const isEmpty = shown.page.rows.length === 0
  return (
    <div className='data-grid'>
      {props.lookUp !== null && api !== null && <GridFind of={shown.page.columns} lookUp={props.lookUp} query={shown.query} api={api} marks={marks} />}
      {isEmpty && pending === null && props.empty}
      <GridTable
        {...props}
        hidden={isEmpty}
        shown={shown}
        busy={pending !== null}
        retryBlocks={retryBlocks}
        marks={marks}
        onApi={setApi}
        onBlocks={setBlocks}
        onCell={viewer.onCell}
        onView={viewer.open}
        onCopy={copy}
        onMenu={setMenu}
        toggleSort={toggleSort}
      />
      {viewer.cell !== null && <CellViewer cell={viewer.cell} takesFocus={viewer.takesFocus} onCopy={props.onCopied} onClose={() => closeViewer(true)} />}
      <GridBars
        busy={pending === null ? null : busySentence(pending, shown.query, countOf(shown.page.totalRows, 'row'))}
        onStop={() => props.onStop(shown.query)}
        failure={failure}
        onRetry={retry}
        onBack={() => props.onStop(shown.query)}
        blockFailure={blocks.failure}
        onRetryBlocks={() => retryBlocks.current()}
      />
      {menu !== null && <GridMenus {...props} menu={menu} api={api} isRange={marks.range !== null} onView={viewer.open} onCopy={copy} onArrange={setArranging} onClose={() => setMenu(null)} />}
      {arranging !== null && <ArrangePanel {...props} arranging={arranging} shown={api === null ? [] : dataColumnIds(api)} onClose={() => setArranging(null)} />}
    </div>
  )
}

function useSortToggle(props: DataGridProps): (column: Column, add: boolean) => void {
  const latest = useRef(props)
  latest.current = props
  return useCallback((column, add) => {
    const { query, onSort, onMasked } = latest.current
    if (column.isMasked === true) onMasked?.(column)
    else onSort(nextSort(query.sort, column.name, add))
  }, [])
}

interface Viewer {
  /** Null: it is closed. */
  readonly cell: GridCell | null
  readonly takesFocus: boolean
  /** `peek`: the focus stays on the cell. */
  readonly open: (cell: GridCell, peek: boolean) => void
  readonly close: (focusBack: boolean) => void
  readonly onCell: (cell: GridCell | null) => void
}

/** The open viewer shows the cell under the cursor, wherever that goes. */
function useViewer(api: GridApi<GridRow> | null, onCell: DataGridProps['onCell']): Viewer {
  const [viewed, setViewed] = useState<{ cell: GridCell; takesFocus: boolean } | null>(null)
  const open = useCallback((cell: GridCell, peek: boolean) => setViewed((before) => (before !== null && peek ? null : { cell, takesFocus: !peek })), [])
  const latest = useRef({ api, viewed })
  latest.current = { api, viewed }
  const close = useCallback((focusBack: boolean) => {
    const { api: grid, viewed: before } = latest.current
    setViewed(null)
    if (focusBack && before !== null) grid?.setFocusedCell(before.cell.rowIndex, before.cell.column.name)
  }, [])
  const follow = useCallback((cell: GridCell | null) => {
    if (cell !== null) setViewed((before) => (before === null ? null : { cell, takesFocus: false }))
    onCell(cell)
  }, [onCell])
  return { cell: viewed?.cell ?? null, takesFocus: viewed?.takesFocus ?? false, open, close, onCell: follow }
}

import type { CellContextMenuEvent, CellKeyDownEvent, ColDef, FullWidthCellKeyDownEvent, GridApi, SuppressHeaderKeyboardEventParams } from 'ag-grid-community'
import { AgGridReact } from 'ag-grid-react'
import { useCallback, useEffect, useMemo, useRef, useState } from 'react'
import { anchorAt, anchorOf } from '../ui/popup-menu.tsx'
import { styleNonce } from '../ui/theme/style-nonce.ts'
import { usePreferences } from '../ui/theme/preferences.tsx'
import type { ColumnLayout } from './column-layout.ts'
import type { DataGridProps, OpenMenu, RetryRef } from './data-grid.tsx'
import { gridColumns, ROW_NUMBER_ID } from './grid-columns.ts'
import { GridHeadContext } from './grid-context.ts'
import { copiedText } from './grid-copy.ts'
import { openGridSource } from './grid-datasource.ts'
import { GRID_MODULES } from './grid-modules.ts'
import { BLOCK_ROWS, type GridCell, type GridRow, lastRowOf, MAX_BLOCKS } from './grid-query.ts'
import { gridHeights, GRID_THEME } from './grid-theme.ts'
import type { SchedulerState } from './page-scheduler.ts'
import { cellAt, useCursor } from './use-cursor.ts'
import { useRowWheel } from './use-row-wheel.ts'
import type { ShownQuery } from './use-shown-query.ts'
import { SQUEEZED_PX } from './wheel-stepper.ts'

interface GridTableProps extends DataGridProps {
  shown: ShownQuery
  hidden: boolean
  busy: boolean
  retryBlocks: RetryRef
  onApi: (api: GridApi<GridRow>) => void
  onBlocks: (state: SchedulerState) => void
  onView: (cell: GridCell) => void
  onMenu: (menu: OpenMenu) => void
  toggleSort: (column: GridCell['column'], add: boolean) => void
}

/** Keys the grid would use otherwise: it opens editors with Enter, and takes Home and End as the ends of the table. */
const OWN_KEYS = new Set(['Enter', 'Home', 'End'])

/** Keeps the key from the grid and the browser; it reaches onCellKeyDown all the same, but later, when it could scroll already. */
function isOwnKey(event: KeyboardEvent): boolean {
  if (!OWN_KEYS.has(event.key)) return false
  event.preventDefault()
  return true
}

/** The grid library with our columns, rows and keys. */
export function GridTable(props: GridTableProps) {
  const { shown, hidden, busy, query, rowCount, keyColumns, layout, onMenu, toggleSort } = props
  const root = useRef<HTMLDivElement>(null)
  const [api, setApi] = useState<GridApi<GridRow> | null>(null)
  const nonce = useMemo(() => withNonce(styleNonce()), [])
  const heights = gridHeights(usePreferences((state) => state.density))
  const isSqueezed = (rowCount ?? shown.page.totalRows) * heights.rowHeight > SQUEEZED_PX
  const columns = useMemo(
    () => gridColumns({ page: shown.page, keyColumns, layout, rowCount: shown.page.totalRows }),
    [shown.source, shown.page.columns, keyColumns, layout],
  )
  const head = useMemo(
    () => ({ sort: query.sort, filter: query.filter, toggleSort, openMenu: (column: GridCell['column'], anchor: OpenMenu['anchor']) => onMenu({ kind: 'column', column, anchor }) }),
    [query, toggleSort, onMenu],
  )
  useGridSource({ ...props, api })
  useEffect(() => {
    if (api !== null && rowCount !== null && !busy) api.setRowCount(rowCount, true)
  }, [api, rowCount, busy, shown])
  useRowWheel({ root, api, rowHeight: heights.rowHeight })
  const cursor = useCursor({ api, shown, onCell: props.onCell, onSelectionSize: props.onSelectionSize })
  const headerKey = useHeaderKey(shown, head)
  const defaultColDef = useMemo<ColDef<GridRow>>(() => ({ suppressHeaderKeyboardEvent: headerKey, suppressKeyboardEvent: ({ event }) => isOwnKey(event) }), [headerKey])

  return (
    <GridHeadContext value={head}>
      <div ref={root} className={`grid-root${busy ? ' busy' : ''}${isSqueezed ? ' squeezed' : ''}`} hidden={hidden} onKeyDownCapture={cursor.onKeyDownCapture} onPointerDownCapture={cursor.onPointerDownCapture}>
        <AgGridReact<GridRow>
          modules={GRID_MODULES}
          theme={GRID_THEME}
          {...nonce}
          rowModelType='infinite'
          cacheBlockSize={BLOCK_ROWS}
          maxBlocksInCache={MAX_BLOCKS}
          maxConcurrentDatasourceRequests={-1}
          blockLoadDebounceMillis={30}
          cacheOverflowSize={100}
          infiniteInitialRowCount={Math.max(1, lastRowOf(shown.page, 0, shown.query) ?? shown.page.rows.length)}
          rowHeight={heights.rowHeight}
          headerHeight={heights.headerHeight}
          columnDefs={columns}
          defaultColDef={defaultColDef}
          animateRows={false}
          suppressRowTransform
          suppressOverlays={['loading', 'noRows']}
          suppressDragLeaveHidesColumns
          suppressContextMenu
          preventDefaultOnContextMenu
          tooltipShowMode='whenTruncated'
          tooltipShowDelay={600}
          rowSelection={{ mode: 'multiRow', checkboxes: false, headerCheckbox: false, enableClickSelection: true }}
          onGridReady={(event) => {
            setApi(event.api)
            props.onApi(event.api)
          }}
          onCellFocused={cursor.onCellFocused}
          onModelUpdated={cursor.onModelUpdated}
          onSelectionChanged={cursor.onSelectionChanged}
          onCellKeyDown={(event) => onCellKeyDown(event, props)}
          onCellDoubleClicked={(event) => withCell(event.api, event.rowIndex, event.column.getColId(), shown, props.onView)}
          onCellContextMenu={(event) => onContextMenu(event, shown, onMenu)}
          onColumnResized={(event) => {
            if (event.finished && event.source === 'uiColumnResized') props.onLayout(layoutOf(event.api, layout))
          }}
          onColumnMoved={(event) => {
            if (event.finished && event.source === 'uiColumnMoved') props.onLayout(layoutOf(event.api, layout))
          }}
        />
      </div>
    </GridHeadContext>
  )
}

function withNonce(nonce: string | undefined): { styleNonce?: string } {
  return nonce === undefined ? {} : { styleNonce: nonce }
}

/** Gives the grid the rows of each new query, closes the ones before, and starts at the top. */
function useGridSource({ api, shown, onBlocks, retryBlocks }: GridTableProps & { api: GridApi<GridRow> | null }): void {
  useEffect(() => {
    if (api === null) return
    const source = openGridSource(shown, api, onBlocks)
    retryBlocks.current = source.retry
    api.deselectAll()
    api.setGridOption('datasource', source.datasource)
    api.ensureIndexVisible(0, 'top')
    onBlocks({ loading: 0, failure: null })
    return () => source.close()
  }, [api, shown, onBlocks, retryBlocks])
}

type HeadActions = Pick<React.ContextType<typeof GridHeadContext> & object, 'toggleSort' | 'openMenu'>

/** Enter sorts, Shift Enter adds to the sort, Alt Down or the menu key opens the menu of a focused header. */
function useHeaderKey(shown: ShownQuery, head: HeadActions): (params: SuppressHeaderKeyboardEventParams<GridRow>) => boolean {
  const latest = useRef({ shown, head })
  latest.current = { shown, head }
  return useCallback((params) => {
    const { event, column } = params
    const dataColumn = column === null || !('getColId' in column) ? undefined : latest.current.shown.page.columns.find((item) => item.name === column.getColId())
    if (dataColumn === undefined) return false
    const opensMenu = event.key === 'ContextMenu' || (event.key === 'ArrowDown' && event.altKey)
    if (event.key !== 'Enter' && !opensMenu) return false
    event.preventDefault()
    const target = event.target instanceof Element ? event.target.closest('.ag-header-cell') : null
    if (event.key === 'Enter') latest.current.head.toggleSort(dataColumn, event.shiftKey)
    else if (target !== null) latest.current.head.openMenu(dataColumn, anchorOf(target))
    return true
  }, [])
}

function onCellKeyDown(event: CellKeyDownEvent<GridRow> | FullWidthCellKeyDownEvent<GridRow>, props: GridTableProps): void {
  if (!('column' in event) || !(event.event instanceof KeyboardEvent)) return
  const key = event.event
  const cell = cellAt(event.api, event.rowIndex, event.column.getColId(), props.shown)
  if (cell === null) return
  keyAction({ key, cell, api: event.api, props })
}

function keyAction({ key, cell, api, props }: { key: KeyboardEvent; cell: GridCell; api: GridApi<GridRow>; props: GridTableProps }): void {
  const command = key.ctrlKey || key.metaKey
  if (command && !key.shiftKey && key.key.toLowerCase() === 'c') props.onCopied(copiedText(api, cell))
  else if (key.key === 'Enter' && !command) props.onView(cell)
  else if (key.key === 'Home' || key.key === 'End') jumpTo({ key: key.key, wholeTable: command, cell, api })
  else if (key.key === 'Escape') api.deselectAll()
  else if (!command && !key.altKey && key.key.length === 1 && key.key !== ' ') props.onCellKey(key.key.toLowerCase(), cell)
}

/** Home and End lead to the ends of the row, with Ctrl to the ends of the table. */
function jumpTo({ key, wholeTable, cell, api }: { key: 'Home' | 'End'; wholeTable: boolean; cell: GridCell; api: GridApi<GridRow> }): void {
  const columns = api.getAllDisplayedColumns().filter((column) => column.getColId() !== ROW_NUMBER_ID)
  const column = wholeTable ? cell.column.name : (key === 'Home' ? columns[0] : columns.at(-1))?.getColId()
  const row = !wholeTable ? cell.rowIndex : key === 'Home' ? 0 : api.getDisplayedRowCount() - 1
  if (column === undefined) return
  if (wholeTable) api.ensureIndexVisible(row, key === 'Home' ? 'top' : 'bottom')
  api.ensureColumnVisible(column)
  api.setFocusedCell(row, column)
}

function onContextMenu(event: CellContextMenuEvent<GridRow>, shown: ShownQuery, onMenu: (menu: OpenMenu) => void): void {
  const mouse = event.event
  if (!(mouse instanceof MouseEvent)) return
  withCell(event.api, event.rowIndex, event.column.getColId(), shown, (cell) => {
    event.api.setFocusedCell(cell.rowIndex, cell.column.name)
    onMenu({ kind: 'cell', cell, anchor: anchorAt(mouse) })
  })
}

function withCell(api: GridApi<GridRow>, rowIndex: number | null, columnId: string, shown: ShownQuery, use: (cell: GridCell) => void): void {
  const cell = cellAt(api, rowIndex, columnId, shown)
  if (cell !== null) use(cell)
}

/** What the person made of the columns by dragging: order and widths; hidden and pinned come from menus. */
function layoutOf(api: GridApi<GridRow>, layout: ColumnLayout): ColumnLayout {
  const state = api.getColumnState().filter((item) => item.colId !== ROW_NUMBER_ID)
  return {
    ...layout,
    order: state.map((item) => item.colId),
    pinned: state.filter((item) => item.pinned === 'left').map((item) => item.colId),
    widths: { ...layout.widths, ...Object.fromEntries(state.flatMap((item): [string, number][] => (typeof item.width !== 'number' ? [] : [[item.colId, item.width]]))) },
  }
}

import type { CellContextMenuEvent, ColDef, GridApi, GridOptions, RowClassRules } from 'ag-grid-community'
import { AgGridReact } from 'ag-grid-react'
import { type RefObject, useEffect, useMemo, useRef, useState } from 'react'
import type { Column } from '../../shared/domain/table-query.ts'
import { type Anchor, anchorAt } from '../ui/popup-menu.tsx'
import { usePreferences } from '../ui/theme/preferences.tsx'
import { styleNonce } from '../ui/theme/style-nonce.ts'
import type { ColumnLayout } from './column-layout.ts'
import { gridColumns, ROW_NUMBER_ID } from './grid-columns.ts'
import { GridHeadContext, type GridHeadState } from './grid-context.ts'
import { openGridSource } from './grid-datasource.ts'
import { handleCellKey, isOwnKey, useHeaderKey } from './grid-keys.ts'
import { GRID_MODULES } from './grid-modules.ts'
import type { CopyWhat } from './copy-cells.ts'
import type { GridMarks } from './grid-marks.ts'
import type { DataGridProps, OpenMenu, RetryRef } from './grid-props.ts'
import type { GridTree } from './grid-tree.ts'
import type { HeadDrop } from './head-drop.ts'
import { BLOCK_ROWS, type GridCell, type GridPage, type GridRow, lastRowOf, MAX_BLOCKS } from './grid-query.ts'
import { gridHeights, GRID_THEME } from './grid-theme.ts'
import type { SchedulerState } from './page-scheduler.ts'
import { cellAt, type CellPlace, useCursor } from './use-cursor.ts'
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
  onView: (cell: GridCell, peek: boolean) => void
  onMenu: (menu: OpenMenu) => void
  toggleSort: (column: Column, add: boolean) => void
  marks: GridMarks
  onCopy: (request: CopyWhat) => void
}

/** What never changes while a grid lives. */
const FIXED_OPTIONS: GridOptions<GridRow> = {
  theme: GRID_THEME,
  rowModelType: 'infinite',
  cacheBlockSize: BLOCK_ROWS,
  maxBlocksInCache: MAX_BLOCKS,
  maxConcurrentDatasourceRequests: -1,
  blockLoadDebounceMillis: 30,
  cacheOverflowSize: 100,
  animateRows: false,
  // Positions by `top` are exact to the pixel for longer than those by transform.
  suppressRowTransform: true,
  suppressOverlays: ['loading', 'noRows'],
  suppressDragLeaveHidesColumns: true,
  suppressContextMenu: true,
  preventDefaultOnContextMenu: true,
  tooltipShowMode: 'whenTruncated',
  tooltipShowDelay: 600,
  rowSelection: { mode: 'singleRow', checkboxes: false, enableClickSelection: true },
}

/** The grid library with our columns, rows and keys. */
export function GridTable(props: GridTableProps) {
  const { shown, hidden, busy, rowCount, onMenu } = props
  const root = useRef<HTMLDivElement>(null)
  const [api, setApi] = useState<GridApi<GridRow> | null>(null)
  const heights = gridHeights(usePreferences((state) => state.density))
  const columns = useGridColumns(props)
  const { headDrop, wasDropped } = useHeadDrop(props.headDrop)
  const head = useHeadState({ ...props, ...(headDrop === undefined ? {} : { headDrop }) })
  useGridSource({ ...props, api })
  useRowCount({ ...props, api })
  const rowClassRules = useRowClasses(props.tree)
  useRowWheel({ root, api, rowHeight: heights.rowHeight })
  const cursor = useCursor({ api, shown, marks: props.marks, onCell: props.onCell, onSelectionSize: props.onSelectionSize })
  const headerKey = useHeaderKey(shown, head)
  const defaultColDef = useMemo<ColDef<GridRow>>(() => ({ suppressHeaderKeyboardEvent: headerKey, suppressKeyboardEvent: ({ event }) => isOwnKey(event) }), [headerKey])
  const [fixed] = useState(() => firstOptions(shown, props.marks))
  const isSqueezed = (rowCount ?? shown.page.totalRows) * heights.rowHeight > SQUEEZED_PX

  return (
    <GridHeadContext value={head}>
      <div
        ref={root}
        className={`grid-root${busy ? ' busy' : ''}${isSqueezed ? ' squeezed' : ''}`}
        hidden={hidden}
        role='group'
        aria-label={props.label}
        onKeyDownCapture={cursor.onKeyDownCapture}
        onPointerDownCapture={cursor.onPointerDownCapture}
      >
        <AgGridReact<GridRow>
          {...fixed}
          {...heights}
          modules={GRID_MODULES}
          columnDefs={columns}
          {...(rowClassRules === undefined ? {} : { rowClassRules })}
          defaultColDef={defaultColDef}
          onGridReady={(event) => {
            setApi(event.api)
            props.onApi(event.api)
          }}
          onCellFocused={cursor.onCellFocused}
          onModelUpdated={cursor.onModelUpdated}
          onCellMouseDown={cursor.onCellMouseDown}
          onCellMouseOver={cursor.onCellMouseOver}
          onCellKeyDown={(event) => handleCellKey(event, { ...props, choose: cursor.choose })}
          onCellDoubleClicked={(event) => {
            const cell = cellAt(placeOf(event), shown)
            if (cell !== null && props.onOpen?.(cell) !== true) props.onView(cell, false)
          }}
          onCellContextMenu={(event) => openCellMenu(event, shown, onMenu)}
          onColumnResized={(event) => {
            if (event.finished && event.source === 'uiColumnResized') props.onLayout(layoutOf(event.api, props.layout))
          }}
          onColumnMoved={(event) => {
            if (event.finished && event.source === 'uiColumnMoved') props.onLayout(wasDropped.current ? { ...props.layout } : layoutOf(event.api, props.layout))
          }}
        />
      </div>
    </GridHeadContext>
  )
}

function firstOptions(shown: ShownQuery, context: GridMarks): GridOptions<GridRow> {
  const nonce = styleNonce()
  const rows = lastRowOf(shown.page, 0, shown.query) ?? shown.page.rows.length
  return { ...FIXED_OPTIONS, context, infiniteInitialRowCount: Math.max(1, rows), ...(nonce === undefined ? {} : { styleNonce: nonce }) }
}

/** Definitions stay the same objects while columns and arrangement do: a new page of the same table must not rebuild the header. */
const NO_LABELS = {}

function useGridColumns({ shown, keyColumns, layout, labels = NO_LABELS, tree }: GridTableProps): ReturnType<typeof gridColumns> {
  const [basis, setBasis] = useState<GridPage>(shown.page)
  if (basis !== shown.page && JSON.stringify(basis.columns) !== JSON.stringify(shown.page.columns)) setBasis(shown.page)
  const rowCount = shown.page.totalRows
  const comfortable = usePreferences((state) => state.density) === 'comfortable'
  return useMemo(() => gridColumns({ page: basis, keyColumns, layout, rowCount, comfortable, labels, tree }), [basis, keyColumns, layout, rowCount, comfortable, labels, tree])
}

function useHeadState({ query, toggleSort, onMenu, headDrop }: GridTableProps): GridHeadState {
  return useMemo(
    () => ({
      sort: query.sort,
      filter: query.filter,
      toggleSort,
      openMenu: (column: Column, anchor: Anchor) => onMenu({ kind: 'column', column, anchor }),
      headDrop,
    }),
    [query, toggleSort, onMenu, headDrop],
  )
}

/** The line over all groups stands out. */
function useRowClasses(tree: GridTree | undefined): RowClassRules<GridRow> | undefined {
  return useMemo(() => (tree === undefined ? undefined : { 'grid-total-row': ({ data }) => data !== undefined && tree.isTotal(data) }), [tree])
}

/** How many rows there are, and those on screen anew when some came or went. */
function useRowCount({ api, rowCount, busy, shown, epoch = 0 }: GridTableProps & { api: GridApi<GridRow> | null }): void {
  useEffect(() => {
    if (api !== null && rowCount !== null && !busy) api.setRowCount(rowCount, true)
  }, [api, rowCount, busy, shown])
  useEffect(() => {
    if (epoch > 0) api?.refreshInfiniteCache()
  }, [api, epoch])
}

/** A header that was dropped somewhere else has passed over others on its way: they stay where they were. */
function useHeadDrop(given: HeadDrop | undefined): { headDrop: HeadDrop | undefined; wasDropped: RefObject<boolean> } {
  const wasDropped = useRef(false)
  const headDrop = useMemo<HeadDrop | undefined>(
    () =>
      given === undefined
        ? undefined
        : {
            over: (point) => {
              wasDropped.current = false
              given.over(point)
            },
            drop: (column, point) => {
              wasDropped.current = given.drop(column, point)
              return wasDropped.current
            },
          },
    [given],
  )
  return { headDrop, wasDropped }
}

/** Gives the grid the rows of each new query, closes the ones before, and starts at the top. */
function useGridSource({ api, shown, onBlocks, retryBlocks, epoch }: GridTableProps & { api: GridApi<GridRow> | null }): void {
  const latest = useRef(epoch)
  latest.current = epoch
  useEffect(() => {
    if (api === null) return
    const first = latest.current
    const source = openGridSource(shown, { api, onChange: onBlocks, isFirst: () => latest.current === first })
    retryBlocks.current = source.retry
    api.deselectAll()
    api.setGridOption('datasource', source.datasource)
    api.ensureIndexVisible(0, 'top')
    onBlocks({ loading: 0, failure: null })
    return () => source.close()
  }, [api, shown, onBlocks, retryBlocks])
}

function openCellMenu(event: CellContextMenuEvent<GridRow>, shown: ShownQuery, onMenu: (menu: OpenMenu) => void): void {
  const mouse = event.event
  const cell = cellAt(placeOf(event), shown)
  if (cell === null || !(mouse instanceof MouseEvent)) return
  event.api.setFocusedCell(cell.rowIndex, cell.column.name)
  onMenu({ kind: 'cell', cell, anchor: anchorAt(mouse) })
}

function placeOf({ api, rowIndex, column }: { api: GridApi<GridRow>; rowIndex: number | null; column: { getColId(): string } }): CellPlace {
  return { api, rowIndex, columnId: column.getColId() }
}

/** What the person made of the columns by dragging: order and widths; hidden and pinned come from menus. */
function layoutOf(api: GridApi<GridRow>, layout: ColumnLayout): ColumnLayout {
  const state = api.getColumnState().filter((item) => item.colId !== ROW_NUMBER_ID)
  const widths = state.flatMap((item): [string, number][] => (typeof item.width === 'number' ? [[item.colId, item.width]] : []))
  return {
    ...layout,
    order: state.map((item) => item.colId),
    pinned: state.filter((item) => item.pinned === 'left').map((item) => item.colId),
    widths: { ...layout.widths, ...Object.fromEntries(widths) },
  }
}

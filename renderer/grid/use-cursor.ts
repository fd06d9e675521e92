import type { CellFocusedEvent, GridApi } from 'ag-grid-community'
import { type KeyboardEvent, useCallback, useEffect, useRef } from 'react'
import { ROW_NUMBER_ID } from './grid-columns.ts'
import type { GridCell, GridRow } from './grid-query.ts'
import type { ShownQuery } from './use-shown-query.ts'

interface CursorRequest {
  readonly api: GridApi<GridRow> | null
  readonly shown: ShownQuery
  readonly onCell: (cell: GridCell | null) => void
  readonly onSelectionSize: (rows: number) => void
}

interface Cursor {
  readonly onKeyDownCapture: (event: KeyboardEvent) => void
  readonly onPointerDownCapture: () => void
  readonly onCellFocused: (event: CellFocusedEvent<GridRow>) => void
  readonly onModelUpdated: () => void
  readonly onSelectionChanged: () => void
}

/** Rows that Shift and the arrows may select at once; what is further away is not in memory. */
const MAX_RANGE = 2_000

const MOVES = new Set(['ArrowUp', 'ArrowDown', 'PageUp', 'PageDown', 'Home', 'End'])

/**
 * The row under the cursor is the selected row; Shift with the arrows selects from where the cursor was. The community grid
 * has neither, and tells nobody when the row under the cursor arrives from the engine.
 */
export function useCursor(request: CursorRequest): Cursor {
  const latest = useRef(request)
  latest.current = request
  const byKey = useRef<{ shift: boolean } | null>(null)
  const anchor = useRef<number | null>(null)
  const awaited = useRef(false)

  const report = useCallback((): void => {
    const { api, shown, onCell } = latest.current
    const focused = api?.getFocusedCell() ?? null
    const cell = api === null || focused === null ? null : cellAt({ api, rowIndex: focused.rowIndex, columnId: focused.column.getColId() }, shown)
    awaited.current = focused !== null && cell === null
    onCell(cell)
  }, [])

  useEffect(() => {
    anchor.current = null
    latest.current.onCell(null)
    latest.current.onSelectionSize(0)
  }, [request.shown])

  const onKeyDownCapture = useCallback((event: KeyboardEvent): void => {
    if (MOVES.has(event.key)) byKey.current = { shift: event.shiftKey }
  }, [])
  const onPointerDownCapture = useCallback((): void => {
    byKey.current = null
  }, [])

  /** After a move by keys the row under the cursor is selected; with Shift, every row from the anchor to it. */
  const followCursor = useCallback((api: GridApi<GridRow>, rowIndex: number): void => {
    const moved = byKey.current
    if (moved === null || !moved.shift || anchor.current === null) anchor.current = rowIndex
    if (moved !== null) selectRange(api, anchor.current, rowIndex)
  }, [])
  const onCellFocused = useCallback(
    (event: CellFocusedEvent<GridRow>): void => {
      if (event.rowIndex !== null) followCursor(event.api, event.rowIndex)
      report()
    },
    [followCursor, report],
  )
  // Rows that arrive replace the elements that stood for them, and the browser's focus goes with those.
  const onModelUpdated = useCallback((): void => {
    const { api } = latest.current
    if (!awaited.current || api === null) return
    report()
    const focused = api.getFocusedCell()
    if (awaited.current || focused === null) return
    followCursor(api, focused.rowIndex)
    setTimeout(() => {
      if (document.activeElement === document.body) api.setFocusedCell(focused.rowIndex, focused.column)
    }, 0)
  }, [followCursor, report])
  const onSelectionChanged = useCallback((): void => {
    latest.current.onSelectionSize(latest.current.api?.getSelectedNodes().length ?? 0)
  }, [])
  return { onKeyDownCapture, onPointerDownCapture, onCellFocused, onModelUpdated, onSelectionChanged }
}

function selectRange(api: GridApi<GridRow>, from: number, to: number): void {
  const first = Math.max(Math.min(from, to), to - MAX_RANGE)
  const last = Math.min(Math.max(from, to), to + MAX_RANGE)
  const wanted = new Set<number>()
  for (let index = first; index <= last; index++) wanted.add(index)
  const nodes = [...wanted].flatMap((index) => api.getDisplayedRowAtIndex(index) ?? []).filter((node) => node.data !== undefined)
  const extra = api.getSelectedNodes().filter((node) => node.rowIndex === null || !wanted.has(node.rowIndex))
  if (extra.length > 0) api.setNodesSelected({ nodes: extra, newValue: false })
  if (nodes.length > 0) api.setNodesSelected({ nodes, newValue: true })
}

export interface CellPlace {
  readonly api: GridApi<GridRow>
  readonly rowIndex: number | null
  readonly columnId: string
}

/** The cell of a row that is here; null on the row number and on rows that are still on their way. */
export function cellAt({ api, rowIndex, columnId }: CellPlace, shown: ShownQuery): GridCell | null {
  if (rowIndex === null || columnId === ROW_NUMBER_ID) return null
  const row = api.getDisplayedRowAtIndex(rowIndex)?.data
  const index = shown.page.columns.findIndex((column) => column.name === columnId)
  const column = shown.page.columns[index]
  return row === undefined || column === undefined ? null : { column, value: row[index], row, rowIndex }
}

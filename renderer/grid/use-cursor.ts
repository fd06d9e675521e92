import type { CellFocusedEvent, CellMouseDownEvent, CellMouseOverEvent, GridApi } from 'ag-grid-community'
import { type KeyboardEvent, type PointerEvent, type RefObject, useCallback, useEffect, useRef } from 'react'
import { boundsSize, type CellRange, type RangeBounds, rangeBounds } from './cell-range.ts'
import { dataColumnIds } from './grid-column-ids.ts'
import { ROW_NUMBER_ID } from './grid-columns.ts'
import type { GridMarks } from './grid-marks.ts'
import type { GridCell, GridRow } from './grid-query.ts'
import type { ShownQuery } from './use-shown-query.ts'

interface CursorRequest {
  readonly api: GridApi<GridRow> | null
  readonly shown: ShownQuery
  readonly marks: GridMarks
  readonly onCell: (cell: GridCell | null) => void
  readonly onSelectionSize: (size: SelectionSize | null) => void
}

/** What is chosen besides the cell of the cursor. */
export interface SelectionSize {
  readonly rows: number
  readonly columns: number
}

export interface Cursor {
  readonly onKeyDownCapture: (event: KeyboardEvent) => void
  readonly onPointerDownCapture: (event: PointerEvent) => void
  readonly onCellFocused: (event: CellFocusedEvent<GridRow>) => void
  readonly onCellMouseDown: (event: CellMouseDownEvent<GridRow>) => void
  readonly onCellMouseOver: (event: CellMouseOverEvent<GridRow>) => void
  readonly onModelUpdated: () => void
  /** Chooses a range, the cursor staying where it is. */
  readonly choose: (range: CellRange | null) => void
}

const MOVES = new Set(['ArrowUp', 'ArrowDown', 'ArrowLeft', 'ArrowRight', 'PageUp', 'PageDown', 'Home', 'End'])

/**
 * The row of the cursor is the selected row; Shift with arrows, Home, End or a click, and dragging, choose a range of cells as in a spreadsheet. The
 * community grid has neither, and tells nobody when the row under the cursor arrives from the engine.
 */
export function useCursor(request: CursorRequest): Cursor {
  const latest = useRef(request)
  latest.current = request
  const isExtending = useRef(false)
  const { range, choose } = useRange(latest)
  const awaited = useRef(false)

  const report = useCallback((): void => {
    const { api, shown, onCell } = latest.current
    const focused = api?.getFocusedCell() ?? null
    const cell = api === null || focused === null ? null : cellAt({ api, rowIndex: focused.rowIndex, columnId: focused.column.getColId() }, shown)
    awaited.current = focused !== null && cell === null
    onCell(cell)
  }, [])

  useEffect(() => {
    latest.current.onCell(null)
    choose(null)
  }, [request.shown, choose])

  const onKeyDownCapture = useCallback((event: KeyboardEvent): void => {
    if (MOVES.has(event.key)) isExtending.current = event.shiftKey
  }, [])
  const onPointerDownCapture = useCallback((event: PointerEvent): void => {
    isExtending.current = event.shiftKey
  }, [])

  /** The row under the cursor is selected; the range goes on from where it began, or begins here. */
  const follow = useCallback((api: GridApi<GridRow>, row: number, column: string): void => {
    const node = api.getDisplayedRowAtIndex(row)
    if (node?.data !== undefined && node.isSelected() !== true) node.setSelected(true, true)
    const place = { row, column }
    choose({ anchor: isExtending.current && range.current !== null ? range.current.anchor : place, focus: place })
  }, [choose, range])
  const onCellFocused = useCallback(
    ({ api, rowIndex, column }: CellFocusedEvent<GridRow>): void => {
      const id = typeof column === 'string' ? column : (column?.getColId() ?? null)
      if (rowIndex !== null && id !== null && id !== ROW_NUMBER_ID) follow(api, rowIndex, id)
      report()
    },
    [follow, report],
  )
  const onCellMouseDown = useCallback((event: CellMouseDownEvent<GridRow>): void => {
    if (event.column.getColId() === ROW_NUMBER_ID && event.rowIndex !== null) chooseRow(event.api, event.rowIndex, { range: range.current, extend: isExtending.current, choose })
  }, [choose, range])
  const onCellMouseOver = useCallback(({ api, rowIndex, column, event }: CellMouseOverEvent<GridRow>): void => {
    const isDragged = event instanceof MouseEvent && event.buttons === 1 && range.current !== null
    if (!isDragged || rowIndex === null || column.getColId() === ROW_NUMBER_ID) return
    isExtending.current = true
    api.setFocusedCell(rowIndex, column)
  }, [range])
  // Rows that arrive replace the elements that stood for them, and the browser's focus goes with those.
  const onModelUpdated = useCallback((): void => {
    const { api } = latest.current
    if (!awaited.current || api === null) return
    report()
    const focused = api.getFocusedCell()
    if (awaited.current || focused === null) return
    follow(api, focused.rowIndex, focused.column.getColId())
    setTimeout(() => {
      if (document.activeElement === document.body) api.setFocusedCell(focused.rowIndex, focused.column)
    }, 0)
  }, [follow, report])
  return { onKeyDownCapture, onPointerDownCapture, onCellFocused, onCellMouseDown, onCellMouseOver, onModelUpdated, choose }
}

/** The range that is chosen, marked in the grid and told when it has more than one cell. */
function useRange(request: RefObject<CursorRequest>): { range: RefObject<CellRange | null>; choose: Cursor['choose'] } {
  const range = useRef<CellRange | null>(null)
  const choose = useCallback((next: CellRange | null): void => {
    const { api, marks, onSelectionSize } = request.current
    range.current = next
    const bounds = next === null || api === null ? null : rangeBounds(next, dataColumnIds(api))
    const size = bounds === null ? null : boundsSize(bounds)
    const isMany = size !== null && size.rows * size.columns > 1
    const before = marks.range
    marks.range = isMany ? bounds : null
    if (!sameBounds(before, marks.range)) api?.refreshCells({ force: true, suppressFlash: true })
    onSelectionSize(isMany ? size : null)
  }, [request])
  return { range, choose }
}

function sameBounds(a: RangeBounds | null, b: RangeBounds | null): boolean {
  return JSON.stringify(a) === JSON.stringify(b)
}

interface RowChoice {
  range: CellRange | null
  extend: boolean
  choose: (range: CellRange) => void
}

/** A press on its number takes the whole row; with Shift, all rows from the anchor to it. */
function chooseRow(api: GridApi<GridRow>, row: number, { range, extend, choose }: RowChoice): void {
  const columns = dataColumnIds(api)
  const [first, last] = [columns[0], columns.at(-1)]
  if (first === undefined || last === undefined) return
  const from = extend && range !== null ? range.anchor.row : row
  api.setFocusedCell(row, first)
  choose({ anchor: { row: from, column: last }, focus: { row, column: first } })
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

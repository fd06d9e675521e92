import type { CellKeyDownEvent, FullWidthCellKeyDownEvent, GridApi, SuppressHeaderKeyboardEventParams } from 'ag-grid-community'
import { useCallback, useRef } from 'react'
import type { CommandId } from '../ui/keys/commands.ts'
import { isFor } from '../ui/keys/key-bindings.ts'
import { anchorOf } from '../ui/popup-menu.tsx'
import type { GridHeadState } from './grid-context.ts'
import type { CellRange } from './cell-range.ts'
import type { CopyWhat } from './copy-cells.ts'
import { dataColumnIds } from './grid-column-ids.ts'
import type { GridCell, GridRow } from './grid-query.ts'
import { cellAt } from './use-cursor.ts'
import type { ShownQuery } from './use-shown-query.ts'

/** Keys the grid would use otherwise: it opens editors with Enter, and takes Home and End as the ends of the table. */
const OWN_KEYS = new Set(['Enter', 'Home', 'End', ' '])

/** Keeps the key from the grid and the browser; it reaches onCellKeyDown all the same, but later, when it could scroll already. */
export function isOwnKey(event: KeyboardEvent): boolean {
  const takesAll = event.key.toLowerCase() === 'a' && (event.ctrlKey || event.metaKey)
  if (!OWN_KEYS.has(event.key) && !takesAll) return false
  event.preventDefault()
  return true
}

/** What is done with the cell that has the focus. */
const CELL_COMMANDS = ['cell.filter', 'cell.trace', 'cell.lineage'] as const satisfies readonly CommandId[]
export type CellCommand = (typeof CELL_COMMANDS)[number]

interface KeyHandlers {
  readonly shown: ShownQuery
  readonly onCopy: (what: CopyWhat) => void
  /** `peek`: the focus stays on the cell. */
  readonly onView: (cell: GridCell, peek: boolean) => void
  readonly onOpen?: ((cell: GridCell) => boolean) | undefined
  readonly choose: (range: CellRange | null) => void
  readonly onCellKey: (command: CellCommand, cell: GridCell) => void
}

type CellKeyEvent = CellKeyDownEvent<GridRow> | FullWidthCellKeyDownEvent<GridRow>

/** Copy, show whole, jump, let go; every other single letter is the screen's. */
export function handleCellKey(event: CellKeyEvent, handlers: KeyHandlers): void {
  if (!('column' in event) || !(event.event instanceof KeyboardEvent)) return
  const key = event.event
  const { api } = event
  const cell = cellAt({ api, rowIndex: event.rowIndex, columnId: event.column.getColId() }, handlers.shown)
  if (cell === null) return
  const command = key.ctrlKey || key.metaKey
  switch (key.key) {
    case 'Enter':
      if (!command && handlers.onOpen?.(cell) !== true) handlers.onView(cell, false)
      break
    case ' ':
      if (key.shiftKey || command) handlers.choose(wholeOf(api, cell, { rows: key.shiftKey, columns: command }))
      else handlers.onView(cell, true)
      break
    case 'Home':
    case 'End':
      jumpTo({ key: key.key, wholeTable: command, cell, api })
      break
    case 'Escape':
      handlers.choose(null)
      break
    default:
      handleLetter(key, cell, { ...handlers, api })
  }
}

function handleLetter(key: KeyboardEvent, cell: GridCell, { api, onCopy, onCellKey, choose }: KeyHandlers & { api: GridApi<GridRow> }): void {
  const letter = key.key.toLowerCase()
  if (key.ctrlKey || key.metaKey) {
    if (letter === 'c' && !key.shiftKey) onCopy({ cell, format: 'tsv', header: false })
    if (letter === 'a' && !key.shiftKey) choose(wholeOf(api, cell, { rows: true, columns: true }))
  }
  const command = CELL_COMMANDS.find((id) => isFor(key, id))
  if (command !== undefined) onCellKey(command, cell)
}

/** Rows from the first to the last column, columns from the first to the last row, or all there is. */
function wholeOf(api: GridApi<GridRow>, { rowIndex, column }: GridCell, { rows, columns }: { rows: boolean; columns: boolean }): CellRange {
  const ids = dataColumnIds(api)
  const last = Math.max(0, api.getDisplayedRowCount() - 1)
  return {
    anchor: { row: columns ? last : rowIndex, column: rows ? (ids.at(-1) ?? column.name) : column.name },
    focus: { row: columns ? 0 : rowIndex, column: rows ? (ids[0] ?? column.name) : column.name },
  }
}

interface Jump {
  readonly key: 'Home' | 'End'
  readonly wholeTable: boolean
  readonly cell: GridCell
  readonly api: GridApi<GridRow>
}

/** Home and End lead to the ends of the row, with Ctrl to the ends of the table. */
function jumpTo({ key, wholeTable, cell, api }: Jump): void {
  const columns = dataColumnIds(api)
  const column = wholeTable ? cell.column.name : key === 'Home' ? columns[0] : columns.at(-1)
  if (column === undefined) return
  const row = !wholeTable ? cell.rowIndex : key === 'Home' ? 0 : api.getDisplayedRowCount() - 1
  if (wholeTable) api.ensureIndexVisible(row, key === 'Home' ? 'top' : 'bottom')
  api.ensureColumnVisible(column)
  api.setFocusedCell(row, column)
}

type HeaderKeyHandler = (params: SuppressHeaderKeyboardEventParams<GridRow>) => boolean

/** Enter sorts, Shift Enter adds to the sort, Alt Down or the menu key opens the menu of a focused header. */
export function useHeaderKey(shown: ShownQuery, head: Pick<GridHeadState, 'toggleSort' | 'openMenu'>): HeaderKeyHandler {
  const latest = useRef({ shown, head })
  latest.current = { shown, head }
  return useCallback(({ event, column }) => {
    const id = column !== null && 'getColId' in column ? column.getColId() : null
    const dataColumn = latest.current.shown.page.columns.find((item) => item.name === id)
    const opensMenu = event.key === 'ContextMenu' || (event.key === 'ArrowDown' && event.altKey)
    if (dataColumn === undefined || (event.key !== 'Enter' && !opensMenu)) return false
    event.preventDefault()
    const header = event.target instanceof Element ? event.target.closest('.ag-header-cell') : null
    if (!opensMenu) latest.current.head.toggleSort(dataColumn, event.shiftKey)
    else if (header !== null) latest.current.head.openMenu(dataColumn, anchorOf(header))
    return true
  }, [])
}

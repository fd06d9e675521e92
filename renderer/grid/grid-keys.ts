import type { CellKeyDownEvent, FullWidthCellKeyDownEvent, GridApi, SuppressHeaderKeyboardEventParams } from 'ag-grid-community'
import { useCallback, useRef } from 'react'
import { anchorOf } from '../ui/popup-menu.tsx'
import { ROW_NUMBER_ID } from './grid-columns.ts'
import type { GridHeadState } from './grid-context.ts'
import { copiedText } from './grid-copy.ts'
import type { GridCell, GridRow } from './grid-query.ts'
import { cellAt } from './use-cursor.ts'
import type { ShownQuery } from './use-shown-query.ts'

/** Keys the grid would use otherwise: it opens editors with Enter, and takes Home and End as the ends of the table. */
const OWN_KEYS = new Set(['Enter', 'Home', 'End'])

/** Keeps the key from the grid and the browser; it reaches onCellKeyDown all the same, but later, when it could scroll already. */
export function isOwnKey(event: KeyboardEvent): boolean {
  if (!OWN_KEYS.has(event.key)) return false
  event.preventDefault()
  return true
}

interface KeyHandlers {
  readonly shown: ShownQuery
  readonly onCopied: (text: string) => void
  readonly onView: (cell: GridCell) => void
  readonly onCellKey: (key: string, cell: GridCell) => void
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
      if (!command) handlers.onView(cell)
      break
    case 'Home':
    case 'End':
      jumpTo({ key: key.key, wholeTable: command, cell, api })
      break
    case 'Escape':
      api.deselectAll()
      break
    default:
      handleLetter(key, cell, { ...handlers, api })
  }
}

function handleLetter(key: KeyboardEvent, cell: GridCell, { api, onCopied, onCellKey }: KeyHandlers & { api: GridApi<GridRow> }): void {
  const letter = key.key.toLowerCase()
  if (key.ctrlKey || key.metaKey) {
    if (letter === 'c' && !key.shiftKey) onCopied(copiedText(api, cell))
  } else if (!key.altKey && letter.length === 1 && letter !== ' ') onCellKey(letter, cell)
}

interface Jump {
  readonly key: 'Home' | 'End'
  readonly wholeTable: boolean
  readonly cell: GridCell
  readonly api: GridApi<GridRow>
}

/** Home and End lead to the ends of the row, with Ctrl to the ends of the table. */
function jumpTo({ key, wholeTable, cell, api }: Jump): void {
  const columns = api.getAllDisplayedColumns().filter((column) => column.getColId() !== ROW_NUMBER_ID)
  const column = wholeTable ? cell.column.name : (key === 'Home' ? columns[0] : columns.at(-1))?.getColId()
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

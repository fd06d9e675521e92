import type { GridApi } from 'ag-grid-community'
import { countOf, formatCount } from '../ui/format.ts'
import type { Cell } from './cell-format.ts'
import { boundsSize, type RangeBounds } from './cell-range.ts'
import type { GridCell, GridRow } from './grid-query.ts'
import { type TableFormat, tableText } from './table-text.ts'
import type { ShownQuery } from './use-shown-query.ts'

/** What a clipboard is asked to hold at most; more is for an export. */
const MOST_CELLS = 1_000_000
const MOST_CHARACTERS = 30_000_000
/** Rows that the engine gives at once. */
const PAGE_ROWS = 5_000

/** The range that is chosen is copied, or else the cell. */
export interface CopyWhat {
  readonly cell: GridCell
  readonly format: TableFormat
  readonly header: boolean
}

interface CopyRequest {
  readonly api: GridApi<GridRow>
  readonly shown: ShownQuery
  readonly bounds: RangeBounds
  readonly format: TableFormat
  readonly header: boolean
  readonly signal: AbortSignal
}

interface CopiedCells {
  readonly text: string
  readonly rows: number
  readonly columns: number
  /** Why it is less than what was asked for, in words; null when it is all. */
  readonly limit: string | null
}

/** The cells of a range as text. Rows that are not here any more, or not yet, come from the engine. */
export async function copyCells({ api, shown, bounds, format, header, signal }: CopyRequest): Promise<CopiedCells> {
  const columns = bounds.columns.flatMap((name) => shown.page.columns.find((column) => column.name === name) ?? [])
  const places = columns.map((column) => shown.page.columns.indexOf(column))
  const wanted = boundsSize(bounds).rows
  const most = Math.max(1, Math.floor(MOST_CELLS / Math.max(1, columns.length)))
  const rows: Cell[][] = []
  let characters = 0
  let isCut = wanted > most
  const last = Math.min(bounds.to, bounds.from + most - 1)
  for (let at = bounds.from; at <= last && !isFull(characters); at += PAGE_ROWS) {
    for (const row of await rowsOf({ api, shown, signal }, at, Math.min(last, at + PAGE_ROWS - 1))) {
      if (isFull(characters)) {
        isCut = true
        break
      }
      const cells = places.map((place) => row[place])
      characters += cells.reduce((sum: number, cell) => sum + (typeof cell === 'object' && cell !== null ? JSON.stringify(cell).length : String(cell).length), 0)
      rows.push(cells)
    }
  }
  const limit = isCut ? `Only the first ${formatCount(rows.length)} of ${countOf(wanted, 'row')} are copied: a copy holds at most ${formatCount(MOST_CELLS)} cells or ${formatCount(MOST_CHARACTERS)} characters. An export takes all of them` : null
  return { text: tableText({ columns, rows, format, header }), rows: rows.length, columns: columns.length, limit }
}

function isFull(characters: number): boolean {
  return characters > MOST_CHARACTERS
}

async function rowsOf({ api, shown, signal }: Pick<CopyRequest, 'api' | 'shown' | 'signal'>, from: number, to: number): Promise<readonly GridRow[]> {
  const here: GridRow[] = []
  for (let index = from; index <= to; index++) {
    const row = api.getDisplayedRowAtIndex(index)?.data
    if (row === undefined) break
    here.push(row)
  }
  if (here.length === to - from + 1) return here
  const page = await shown.fetchPage({ ...shown.query, offset: from, limit: to - from + 1, signal })
  return page.rows
}

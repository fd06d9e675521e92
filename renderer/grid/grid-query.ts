import type { Column, Filter, Sort } from '../../shared/domain/table-query.ts'
import type { Cell } from './cell-format.ts'

/** What the rows are asked in: an order and what to leave out. */
export interface GridQuery {
  readonly sort: readonly Sort[]
  readonly filter: readonly Filter[]
}

export type GridRow = readonly Cell[]

export interface GridPage {
  readonly columns: readonly Column[]
  readonly rows: readonly GridRow[]
  /** Rows of the table before filters. */
  readonly totalRows: number
}

export interface GridPageRequest extends GridQuery {
  readonly offset: number
  readonly limit: number
  readonly signal: AbortSignal
}

export type FetchGridPage = (request: GridPageRequest) => Promise<GridPage>

/** A cell as the menus, the viewer and the row panel see it. */
export interface GridCell {
  readonly column: Column
  readonly value: Cell
  readonly row: GridRow
  readonly rowIndex: number
}

/** How many rows a block holds; and the renderer never keeps more than MAX_BLOCKS of them. */
export const BLOCK_ROWS = 400
export const MAX_BLOCKS = 5

export function sameQuery(a: GridQuery, b: GridQuery): boolean {
  return JSON.stringify([a.sort, a.filter]) === JSON.stringify([b.sort, b.filter])
}

/** The number of the last row when a page or the caller knows it; undefined while it is open. */
export function lastRowOf(page: GridPage, offset: number, query: GridQuery): number | undefined {
  if (query.filter.length === 0) return page.totalRows
  return page.rows.length < BLOCK_ROWS ? offset + page.rows.length : undefined
}

/** The sort after a click on a header: ascending, descending, none; `add` keeps the other columns. */
export function nextSort(sort: readonly Sort[], column: string, add: boolean): Sort[] {
  const at = sort.findIndex((item) => item.column === column)
  const current = sort[at]
  if (current === undefined) return add ? [...sort, { column, direction: 'asc' }] : [{ column, direction: 'asc' }]
  const next: Sort | null = current.direction === 'asc' ? { column, direction: 'desc' } : null
  if (!add) return next === null ? [] : [next]
  return sort.flatMap((item, i) => (i === at ? (next === null ? [] : [next]) : [item]))
}

/** What the wait for a new order or filter is called: "Sorting 10,204,118 rows by enrollment". */
export function busySentence(query: GridQuery, shown: GridQuery, rows: string): string {
  const [first, ...more] = query.sort
  const sorted = JSON.stringify(query.sort) !== JSON.stringify(shown.sort) && first !== undefined
  const filtered = JSON.stringify(query.filter) !== JSON.stringify(shown.filter) && query.filter.length > 0
  if (sorted) return `Sorting ${rows} by ${[first, ...more].map((item) => item.column).join(', ')}`
  return filtered ? `Filtering ${rows}` : `Reading ${rows}`
}

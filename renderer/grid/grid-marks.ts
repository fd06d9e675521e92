import { type Cell, rawText } from './cell-format.ts'
import type { RangeBounds } from './cell-range.ts'

/** What cells are marked for; the grid's context, which its cells read when they are refreshed. */
export interface GridMarks {
  /** More than one cell that is chosen. */
  range: RangeBounds | null
  /** Lower case; null: nothing is looked for. */
  find: { readonly text: string; readonly columns: readonly string[] } | null
}

export function isFound(marks: GridMarks, column: string, cell: Cell): boolean {
  const { find } = marks
  return find !== null && find.text !== '' && find.columns.includes(column) && rawText(cell).toLowerCase().includes(find.text)
}

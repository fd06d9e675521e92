/** A cell by its row among those shown, from 0, and the name of its column. */
export interface RangeEnd {
  readonly row: number
  readonly column: string
}

/** Cells between two corners: where it began, and where the cursor is. */
export interface CellRange {
  readonly anchor: RangeEnd
  readonly focus: RangeEnd
}

export interface RangeBounds {
  readonly from: number
  /** The last row, itself included. */
  readonly to: number
  /** From left to right. */
  readonly columns: readonly string[]
}

/** What a range covers when the columns are shown in this order; null when its columns are not among them. */
export function rangeBounds({ anchor, focus }: CellRange, shown: readonly string[]): RangeBounds | null {
  const [a, b] = [shown.indexOf(anchor.column), shown.indexOf(focus.column)]
  if (a < 0 || b < 0) return null
  return { from: Math.min(anchor.row, focus.row), to: Math.max(anchor.row, focus.row), columns: shown.slice(Math.min(a, b), Math.max(a, b) + 1) }
}

export function boundsSize({ from, to, columns }: RangeBounds): { rows: number; columns: number } {
  return { rows: to - from + 1, columns: columns.length }
}

export function isInBounds({ from, to, columns }: RangeBounds, { row, column }: RangeEnd): boolean {
  return row >= from && row <= to && columns.includes(column)
}

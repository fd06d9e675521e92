import { z } from 'zod'

const rowsSchema = z.array(z.array(z.unknown()))

/** The rows of a page or query, each an array of cells in column order. */
export function parseRows(rowsJson: string): unknown[][] {
  return rowsSchema.parse(JSON.parse(rowsJson))
}

/** A cell as text; null is told apart by the caller. */
export function cellText(cell: unknown): string {
  if (typeof cell === 'string') return cell
  return cell === null || cell === undefined ? '' : typeof cell === 'object' ? JSON.stringify(cell) : String(cell)
}

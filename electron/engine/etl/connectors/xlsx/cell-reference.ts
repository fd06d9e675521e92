/** Sheet positions: rows and columns count from 1, as people write them: C17 is column 3, row 17. */

export const MAX_ROWS = 1_048_576
export const MAX_COLUMNS = 16_384

export interface CellRange {
  firstRow: number
  lastRow: number
  firstColumn: number
  lastColumn: number
}

export const WHOLE_SHEET: CellRange = { firstRow: 1, lastRow: MAX_ROWS, firstColumn: 1, lastColumn: MAX_COLUMNS }

const A = 64
const LETTERS = 26

/** 3 is C, 28 is AB. */
export function columnLetters(column: number): string {
  let letters = ''
  for (let rest = column; rest > 0; rest = Math.floor((rest - 1) / LETTERS)) letters = String.fromCharCode(A + 1 + ((rest - 1) % LETTERS)) + letters
  return letters
}

/** Column of the letters that a reference begins with; 0 where it begins with none. */
export function columnOf(reference: string): number {
  let column = 0
  for (let at = 0; at < reference.length; at++) {
    const letter = (reference.charCodeAt(at) & ~32) - A
    if (letter < 1 || letter > LETTERS) break
    column = column * LETTERS + letter
  }
  return column
}

const RANGE = /^\$?([a-z]{1,3})?\$?(\d{1,7})?(?::\$?([a-z]{1,3})?\$?(\d{1,7})?)?$/i

/**
 * `A5:F100`; open at any side: `A5:F` (down to the end), `B:D` (whole columns), `5:100` (whole rows), `C7` (everything from there).
 * Null where the text is no range.
 */
export function parseRange(text: string): CellRange | null {
  const match = RANGE.exec(text.trim())
  if (match === null || text.trim() === '') return null
  const [, fromLetters, fromRow, toLetters, toRow] = match
  const range = {
    firstColumn: fromLetters === undefined ? 1 : columnOf(fromLetters),
    firstRow: fromRow === undefined ? 1 : Number(fromRow),
    lastColumn: toLetters === undefined ? MAX_COLUMNS : columnOf(toLetters),
    lastRow: toRow === undefined ? MAX_ROWS : Number(toRow),
  }
  const isInside = range.firstRow >= 1 && range.lastRow <= MAX_ROWS && range.lastColumn <= MAX_COLUMNS
  return isInside && range.firstRow <= range.lastRow && range.firstColumn <= range.lastColumn ? range : null
}

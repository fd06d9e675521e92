import type { Paint, Style } from './paint.ts'
import { plainText } from './plain-text.ts'

export interface TableColumn {
  header: string
  align?: 'left' | 'right'
  /** Longer cells are cut with an ellipsis. */
  maxWidth?: number
}

export type Cell = string | { text: string; style: Style }

/** Lines of an aligned table, header first. Cells are made safe for a terminal. */
export function formatTable(columns: readonly TableColumn[], rows: readonly (readonly Cell[])[], paint: Paint): string[] {
  const texts = rows.map((row) => columns.map(({ maxWidth }, i) => cut(plainText(cellText(row[i] ?? '')), maxWidth ?? Infinity)))
  const widths = columns.map(({ header }, i) => Math.max(textWidth(header), ...texts.map((row) => textWidth(row[i] ?? ''))))
  const line = (cells: readonly string[], styleOf: (i: number) => Style): string =>
    columns
      .map(({ align }, i) => {
        const text = cells[i] ?? ''
        const space = ' '.repeat(Math.max(0, (widths[i] ?? 0) - textWidth(text)))
        const painted = paint(text, styleOf(i))
        return align === 'right' ? space + painted : painted + space
      })
      .join('  ')
      .trimEnd()
  const header = columns.map((column) => column.header)
  return [line(header, () => 'dim'), ...texts.map((row, r) => line(row, (i) => cellStyle(rows[r]?.[i] ?? '')))]
}

function cellText(cell: Cell): string {
  return typeof cell === 'string' ? cell : cell.text
}

function cellStyle(cell: Cell): Style {
  return typeof cell === 'string' ? 'plain' : cell.style
}

/** Columns a text takes in a terminal: code points, two for the wide scripts of East Asia, none for combining marks. */
export function textWidth(text: string): number {
  let width = 0
  for (const char of text) width += /\p{M}/u.test(char) ? 0 : /[\p{Script=Han}\p{Script=Hangul}\p{Script=Hiragana}\p{Script=Katakana}\uff01-\uff60]/u.test(char) ? 2 : 1
  return width
}

/** The text, cut to `max` columns with an ellipsis. */
export function cut(text: string, max: number): string {
  if (textWidth(text) <= max) return text
  let out = ''
  let width = 0
  for (const char of text) {
    width += textWidth(char)
    if (width > max - 1) break
    out += char
  }
  return `${out}…`
}

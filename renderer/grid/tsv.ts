import { type Cell, rawText } from './cell-format.ts'

/** Cells as tab-separated text that spreadsheets take: a cell with a tab, a quote or a line break is quoted. */
export function toTsv(rows: readonly (readonly Cell[])[]): string {
  return rows.map((row) => row.map((cell) => quoteCell(rawText(cell))).join('\t')).join('\n')
}

function quoteCell(text: string): string {
  return /[\t\n\r"]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

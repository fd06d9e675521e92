import type { Column } from '../../../shared/domain/table-query.ts'
import { cellText } from '../rows-json.ts'
import type { Cell, TableColumn } from './table.ts'

/** Longest cell of a table for people; csv and json are never cut. */
const MAX_CELL = 60

export function tableColumns(columns: readonly Column[]): TableColumn[] {
  return columns.map(({ name, kind }) => ({ header: name, align: kind === 'number' ? 'right' : 'left', maxWidth: MAX_CELL }))
}

/** Cells for people: null is a dim word, so that it cannot be taken for the text "null". */
export function tableCells(rows: readonly (readonly unknown[])[]): Cell[][] {
  return rows.map((row) => row.map((cell) => (cell === null ? { text: 'null', style: 'dim' as const } : cellText(cell))))
}

/** RFC 4180 with \n line ends: null is an empty field, empty text is "". */
export function csvLines(columns: readonly Column[], rows: readonly (readonly unknown[])[]): string[] {
  const header = columns.map(({ name }) => csvField(name)).join(',')
  return [header, ...rows.map((row) => row.map((cell) => (cell === null ? '' : csvField(cellText(cell)))).join(','))]
}

/** One object a row, keys as the columns. */
export function rowObjects(columns: readonly Column[], rows: readonly (readonly unknown[])[]): Record<string, unknown>[] {
  return rows.map((row) => Object.fromEntries(columns.map(({ name }, i) => [name, row[i]])))
}

function csvField(text: string): string {
  return text === '' || /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

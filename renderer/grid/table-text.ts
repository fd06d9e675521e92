import type { Column } from '../../shared/domain/table-query.ts'
import { type Cell, rawText } from './cell-format.ts'
import { toTsv } from './tsv.ts'

export type TableFormat = 'tsv' | 'markdown' | 'json'

export interface TableText {
  readonly columns: readonly Column[]
  readonly rows: readonly (readonly Cell[])[]
  readonly format: TableFormat
  /** Names above the values; JSON has them in any case. */
  readonly header: boolean
}

/** Cells as text for somewhere else, every digit kept. */
export function tableText({ columns, rows, format, header }: TableText): string {
  if (format === 'json') return toJson(columns, rows)
  if (format === 'markdown') return toMarkdown(columns, rows)
  return toTsv(header ? [columns.map(({ name }) => name), ...rows] : rows)
}

/** Objects by column, a line each. Numbers that came as text, to keep their digits, are numbers here. */
function toJson(columns: readonly Column[], rows: TableText['rows']): string {
  const objects = rows.map((row) => `  {${columns.map((column, index) => `${JSON.stringify(column.name)}: ${jsonValue(row[index], column)}`).join(', ')}}`)
  return objects.length === 0 ? '[]' : `[\n${objects.join(',\n')}\n]`
}

const JSON_NUMBER = /^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?$/

function jsonValue(cell: Cell, { kind }: Column): string {
  if (cell === null || cell === undefined) return 'null'
  return kind === 'number' && typeof cell === 'string' && JSON_NUMBER.test(cell) ? cell : JSON.stringify(cell)
}

function toMarkdown(columns: readonly Column[], rows: TableText['rows']): string {
  const line = (texts: readonly string[]): string => `| ${texts.join(' | ')} |`
  const rule = columns.map(({ kind }) => (kind === 'number' ? '---:' : '---'))
  return [line(columns.map(({ name }) => markdownText(name))), line(rule), ...rows.map((row) => line(row.map((cell) => markdownText(rawText(cell)))))].join('\n')
}

function markdownText(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('|', '\\|').replaceAll(/\r\n|\r|\n/g, '<br>')
}

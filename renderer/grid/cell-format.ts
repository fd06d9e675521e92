import type { Column } from '../../shared/domain/table-query.ts'

/** What a page carries in a cell: text, number, boolean, null, or nested JSON. */
export type Cell = unknown

/** How a cell is dressed; the word is also the key of its class. */
export type CellTone = 'plain' | 'null' | 'empty' | 'nested'

export const NUMBER_TEXT = /^([+-]?)(\d+)(\.\d+)?$/

/** Names of numbers that are labels: grouping their digits would make 2024 look like a quantity. */
const LABEL_NUMBER = /(^|_)(id|year|code|no|number|num|zip|pmid|record)$/i

const IDENTIFIER_TEXT = /(^|_)(id|code|key|sha256|hash|uuid|atc|nct|orpha|file|path)$/i

/** True for text columns whose values are identifiers and are set in mono. */
export function isIdentifierColumn(column: Column, key: readonly string[]): boolean {
  if (column.kind !== 'text' && column.kind !== 'other') return false
  return key.includes(column.name) || column.isProvenance || IDENTIFIER_TEXT.test(column.name)
}

/** True for number columns whose digits are grouped: quantities, not years and ids. */
export function groupsDigits(column: Column, key: readonly string[]): boolean {
  return column.kind === 'number' && !key.includes(column.name) && !LABEL_NUMBER.test(column.name)
}

/** Groups the whole part by thousands without going through a double: a BIGINT or DECIMAL keeps every digit. */
export function groupDigits(text: string): string {
  const match = NUMBER_TEXT.exec(text)
  if (match === null) return text
  const [, sign = '', whole = '', fraction = ''] = match
  return `${sign === '-' ? '−' : ''}${whole.replace(/\B(?=(\d{3})+$)/g, ',')}${fraction}`
}

export function cellTone(cell: Cell): CellTone {
  if (cell === null || cell === undefined) return 'null'
  if (cell === '') return 'empty'
  return typeof cell === 'object' ? 'nested' : 'plain'
}

/** What the grid shows in one line. */
export function formatCell(cell: Cell, column: Column, grouped: boolean): string {
  if (cell === null || cell === undefined) return 'null'
  if (cell === '') return '""'
  if (typeof cell === 'object') return JSON.stringify(cell)
  const text = String(cell)
  if (column.kind === 'number') return grouped ? groupDigits(text) : text.replace(/^-/, '−')
  if (column.kind === 'timestamp') return text.replace('T', ' ').replace(/(\.\d*?)0+(?=$|Z|[+-])/, '$1').replace(/\.(?=$|Z|[+-])/, '')
  return text
}

/** What is copied or shown in full: every digit, no grouping, null as nothing. */
export function rawText(cell: Cell): string {
  if (cell === null || cell === undefined) return ''
  return typeof cell === 'object' ? JSON.stringify(cell) : String(cell)
}

/** The whole value on several lines: JSON is indented, also JSON that was kept as text. */
export function prettyText(cell: Cell): string {
  if (cell === null || cell === undefined) return 'null'
  if (typeof cell === 'object') return JSON.stringify(cell, null, 2)
  const text = String(cell)
  if (!/^\s*[[{]/.test(text)) return text
  try {
    return JSON.stringify(JSON.parse(text), null, 2)
  } catch {
    return text
  }
}

import type { TestTable } from '../../../shared/contract/step-tests.contract.ts'

/** Changes of a table of test rows. An empty field is null; empty text is written `""`, as in SQL results. */

export const EMPTY_TEXT = '""'

export function shownCell(cell: string | null): string {
  return cell === null ? '' : cell === '' ? EMPTY_TEXT : cell
}

export function typedCell(text: string): string | null {
  return text === '' ? null : text === EMPTY_TEXT ? '' : text
}

export function setCell(table: TestTable, at: { row: number; column: number }, text: string): TestTable {
  return { ...table, rows: table.rows.map((row, r) => (r === at.row ? row.map((cell, c) => (c === at.column ? typedCell(text) : cell)) : row)) }
}

export function addRow({ columns, rows }: TestTable): TestTable {
  return { columns, rows: [...rows, columns.map(() => null)] }
}

export function removeRow({ columns, rows }: TestTable, row: number): TestTable {
  return { columns, rows: rows.filter((_, r) => r !== row) }
}

/** With a first row, where there is none that could hold its values. */
export function addColumn({ columns, rows }: TestTable, name: string): TestTable {
  const longer = rows.map((row) => [...row, null])
  return { columns: [...columns, name], rows: longer.length === 0 ? [[...columns.map(() => null), null]] : longer }
}

export function removeColumn({ columns, rows }: TestTable, column: number): TestTable {
  const kept = <T>(list: readonly T[]): T[] => list.filter((_, c) => c !== column)
  const left = kept(columns)
  return { columns: left, rows: left.length === 0 ? [] : rows.map(kept) }
}

/** Cells as spreadsheets put them on the clipboard, from a cell on to the right and down; rows are added as far as they are needed. */
export function pasteCells(table: TestTable, at: { row: number; column: number }, text: string): TestTable {
  const lines = text.replace(/\r?\n$/, '').split(/\r?\n/).map((line) => line.split('\t'))
  const rows = [...table.rows]
  for (const [i, cells] of lines.entries()) {
    const row = rows[at.row + i] ?? table.columns.map(() => null)
    rows[at.row + i] = row.map((cell, c) => {
      const pasted = cells[c - at.column]
      return pasted === undefined ? cell : typedCell(pasted)
    })
  }
  return { columns: table.columns, rows }
}

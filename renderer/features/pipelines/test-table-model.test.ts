import { expect, it } from 'vitest'
import { addColumn, addRow, pasteCells, removeColumn, removeRow, setCell, shownCell, typedCell } from './test-table-model.ts'

const TABLE = { columns: ['a', 'b'], rows: [['1', null], ['', 'x']] }

it('null and empty text can both be typed, and are told apart', () => {
  for (const cell of [null, '', '0', ' ', '"x"']) expect(typedCell(shownCell(cell))).toBe(cell)
  expect(setCell(TABLE, { row: 1, column: 0 }, '').rows).toEqual([['1', null], [null, 'x']])
})

it('cells of a spreadsheet go in from the cell on, with the rows that they need', () => {
  expect(pasteCells(TABLE, { row: 1, column: 1 }, 'p\tlost\r\nq\r\n')).toEqual({ columns: ['a', 'b'], rows: [['1', null], ['', 'p'], [null, 'q']] })
})

it('rows and columns come and go', () => {
  expect(addRow(TABLE).rows).toHaveLength(3)
  expect(removeRow(TABLE, 0).rows).toEqual([['', 'x']])
  expect(addColumn({ columns: [], rows: [] }, 'a')).toEqual({ columns: ['a'], rows: [[null]] })
  expect(removeColumn(TABLE, 0)).toEqual({ columns: ['b'], rows: [[null], ['x']] })
  expect(removeColumn({ columns: ['a'], rows: [['1']] }, 0)).toEqual({ columns: [], rows: [] })
})

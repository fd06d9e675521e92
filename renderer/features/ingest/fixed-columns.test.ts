import { describe, expect, it } from 'vitest'
import { fixedColumns, joinColumn, placesOf, renameColumn, resizeColumn, toggleEdge } from './fixed-columns.ts'

const DECLARED = { id: { width: 5 }, name: { width: 10 }, n: { start: 20, width: 4, type: 'BIGINT' } }
const COLUMNS = fixedColumns(DECLARED)

describe('columns of fixed width', () => {
  it('stand behind one another, or where they say', () => {
    expect(COLUMNS.map(({ start, width }) => [start, width])).toEqual([[1, 5], [6, 10], [20, 4]])
    expect(placesOf(COLUMNS, DECLARED)).toEqual(DECLARED)
  })

  it('are cut in two at an edge, and put together again where it was', () => {
    const cut = toggleEdge(COLUMNS, 8)
    expect(cut.map(({ name, start, width }) => [name, start, width])).toEqual([['id', 1, 5], ['name', 6, 3], ['column_4', 9, 7], ['n', 20, 4]])
    expect(toggleEdge(cut, 8)).toEqual(COLUMNS)
    expect(toggleEdge(COLUMNS, 17)).toEqual(COLUMNS)
  })

  it('give and take from the next when one is resized', () => {
    expect(resizeColumn(COLUMNS, 0, 7).map(({ start, width }) => [start, width])).toEqual([[1, 7], [8, 8], [20, 4]])
    expect(resizeColumn(COLUMNS, 0, 99).map(({ width }) => width)).toEqual([14, 1, 4])
    expect(resizeColumn(COLUMNS, 2, 9).at(-1)).toEqual({ name: 'n', start: 20, width: 9 })
  })

  it('keep their own names', () => {
    expect(renameColumn(COLUMNS, 1, 'ID')).toEqual(COLUMNS)
    expect(renameColumn(COLUMNS, 1, 'label')[1]?.name).toBe('label')
    expect(joinColumn(COLUMNS, 1)).toEqual([{ name: 'id', start: 1, width: 15 }, { name: 'n', start: 20, width: 4 }])
  })
})

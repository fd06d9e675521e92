import { describe, expect, it } from 'vitest'
import { BLOCK_ROWS, busySentence, lastRowOf, nextSort } from './grid-query.ts'

describe('nextSort', () => {
  it('walks ascending, descending, none', () => {
    const asc = nextSort([], 'a', false)
    const desc = nextSort(asc, 'a', false)
    expect([asc, desc, nextSort(desc, 'a', false)]).toEqual([[{ column: 'a', direction: 'asc' }], [{ column: 'a', direction: 'desc' }], []])
  })

  it('replaces other columns, or keeps them and their order when adding', () => {
    const both = nextSort([{ column: 'a', direction: 'asc' }], 'b', true)
    expect(both.map((item) => item.column)).toEqual(['a', 'b'])
    expect(nextSort(both, 'a', true)).toEqual([{ column: 'a', direction: 'desc' }, { column: 'b', direction: 'asc' }])
    expect(nextSort(both, 'c', false)).toEqual([{ column: 'c', direction: 'asc' }])
    expect(nextSort(nextSort(both, 'a', true), 'a', true)).toEqual([{ column: 'b', direction: 'asc' }])
  })
})

describe('lastRowOf', () => {
  const page = (rows: number) => ({ columns: [], totalRows: 1_000, rows: Array.from({ length: rows }, () => []) })
  const filtered = { sort: [], filter: [{ column: 'a', op: 'is_null' as const }] }
  it('knows the end of an unfiltered table at once, and of a filtered one from its last block', () => {
    expect(lastRowOf(page(BLOCK_ROWS), 0, { sort: [], filter: [] })).toBe(1_000)
    expect(lastRowOf(page(BLOCK_ROWS), 0, filtered)).toBeUndefined()
    expect(lastRowOf(page(17), BLOCK_ROWS, filtered)).toBe(BLOCK_ROWS + 17)
  })
})

describe('busySentence', () => {
  const plain = { sort: [], filter: [] }
  it('says what the wait is for', () => {
    const sorted = { ...plain, sort: [{ column: 'enrollment', direction: 'desc' as const }] }
    expect(busySentence(sorted, plain, '10,204,118 rows')).toBe('Sorting 10,204,118 rows by enrollment')
    expect(busySentence({ ...sorted, filter: [{ column: 'a', op: 'is_null' }] }, sorted, '5 rows')).toBe('Filtering 5 rows')
    expect(busySentence(plain, sorted, '5 rows')).toBe('Reading 5 rows')
  })
})

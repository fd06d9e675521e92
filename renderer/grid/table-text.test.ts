import { describe, expect, it } from 'vitest'
import { toColumn } from '../../shared/domain/table-query.ts'
import { boundsSize, rangeBounds } from './cell-range.ts'
import { tableText } from './table-text.ts'

const columns = [toColumn('id', 'BIGINT'), toColumn('a|b', 'VARCHAR'), toColumn('tags', 'VARCHAR[]')]
const rows = [['9007199254740993', 'x|y\nz', ['a']], [null, '', null]]

describe('copied cells', () => {
  it('are tab-separated with or without names', () => {
    expect(tableText({ columns, rows, format: 'tsv', header: true })).toBe('id\ta|b\ttags\n9007199254740993\t"x|y\nz"\t"[""a""]"\n\t\t')
    expect(tableText({ columns, rows: [['1', 'x', null]], format: 'tsv', header: false })).toBe('1\tx\t')
  })

  it('are a table in Markdown, whatever they contain', () => {
    expect(tableText({ columns, rows, format: 'markdown', header: true })).toBe('| id | a\\|b | tags |\n| ---: | --- | --- |\n| 9007199254740993 | x\\|y<br>z | ["a"] |\n|  |  |  |')
  })

  it('are objects in JSON, with all digits of a number', () => {
    const text = tableText({ columns, rows, format: 'json', header: true })
    expect(text).toContain('"id": 9007199254740993,')
    expect(JSON.parse(text)).toEqual([{ id: 9007199254740992, 'a|b': 'x|y\nz', tags: ['a'] }, { id: null, 'a|b': '', tags: null }])
    expect(tableText({ columns: [toColumn('n', 'DOUBLE')], rows: [['NaN']], format: 'json', header: true })).toContain('"NaN"')
    expect(tableText({ columns, rows: [], format: 'json', header: true })).toBe('[]')
  })
})

describe('a range of cells', () => {
  it('covers what lies between its corners, in the order in which columns are shown', () => {
    const range = { anchor: { row: 5, column: 'c' }, focus: { row: 2, column: 'a' } }
    expect(rangeBounds(range, ['b', 'a', 'x', 'c'])).toEqual({ from: 2, to: 5, columns: ['a', 'x', 'c'] })
    expect(rangeBounds(range, ['a', 'b'])).toBeNull()
    expect(boundsSize({ from: 2, to: 5, columns: ['a', 'c'] })).toEqual({ rows: 4, columns: 2 })
  })
})

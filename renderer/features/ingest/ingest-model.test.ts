import { describe, expect, it } from 'vitest'
import type { SourceGuess } from '../../../shared/contract/ingest.contract.ts'
import { changed, columnsOf, declarationOf, firstEdit, headText, previewLines, proposedDataType, withType } from './ingest-model.ts'

const COLUMN = { name: 'n', renamedFrom: null, type: 'BIGINT', declared: 'BIGINT', becomes: 'BIGINT', sql: '"n"', choices: [], seen: 'whole numbers', values: 40, nulls: 3, fits: 37, counterExample: null, samples: ['1'], isUnique: false, doubt: null }
const GUESS: SourceGuess = {
  name: 'things', files: ['/d/things.csv'], sizeBytes: 10, format: 'csv', cannot: null, declaration: { format: 'csv', delimiter: 'comma', columns: { n: 'BIGINT' } },
  found: [], doubts: [], columns: [COLUMN], rows: { count: 40, isExact: true }, quarantined: 0, lookedAt: 'the whole file', isWhole: true, recordPaths: [], parts: null, nested: null, head: [],
}

describe('the reading of a source', () => {
  it('is the guess, with the types that were chosen', () => {
    const edit = firstEdit(GUESS)
    expect(declarationOf(GUESS, edit)).toEqual(GUESS.declaration)
    expect(declarationOf(GUESS, { ...edit, columns: { n: 'DOUBLE' } })).toEqual({ format: 'csv', delimiter: 'comma', columns: { n: 'DOUBLE' } })
    expect(declarationOf(GUESS, { ...edit, columns: { n: { type: 'DOUBLE', decimal: ',' } } })).toEqual({ format: 'csv', delimiter: 'comma', columns: { n: { type: 'DOUBLE', decimal: ',' } } })
    expect(declarationOf(GUESS, { ...edit, columns: { n: null } })).toEqual({ format: 'csv', delimiter: 'comma' })
    expect(declarationOf(GUESS, { ...edit, columns: { gone: 'DATE' } })).toEqual(GUESS.declaration)
  })

  it('takes a chosen column into the step as its source says it', () => {
    expect(columnsOf(GUESS, { columns: { n: { format: '%d.%m.%Y' } } })).toMatchObject([{ type: 'DATE', becomes: 'DATE', sql: '"n"' }])
    expect(columnsOf(GUESS, { columns: { n: null } })).toMatchObject([{ type: 'VARCHAR', becomes: 'VARCHAR', sql: '"n"' }])
  })

  it('keeps how values are written where another type can be written so', () => {
    expect(withType({ type: 'DOUBLE', decimal: ',' }, 'DECIMAL(18,2)', 'csv')).toEqual({ type: 'DECIMAL(18,2)', decimal: ',' })
    expect(withType({ type: 'DOUBLE', decimal: ',' }, 'DATE', 'csv')).toBe('DATE')
    expect(withType('DATE', 'VARCHAR', 'csv')).toBeNull()
    expect(withType('DATE', 'VARCHAR', 'json')).toBe('VARCHAR')
  })

  it('loses a key that a choice takes away', () => {
    expect(changed({ format: 'json', record: '$.a[*]' }, { record: null })).toEqual({ format: 'json' })
  })

  it('says what a type rests on', () => {
    expect(headText(COLUMN)).toBe('all fit, 3 empty')
    expect(headText({ ...COLUMN, fits: 30, nulls: 0 })).toBe('30 of 40 fit')
    expect(headText({ ...COLUMN, values: 4, nulls: 4, fits: 0 })).toBe('no values')
    expect(headText({ ...COLUMN, type: 'VARCHAR', declared: null, becomes: 'DATE' })).toBe('date in the step')
    expect(headText({ ...COLUMN, type: 'DATE', declared: { type: 'DATE', format: '%d.%m.%Y' }, becomes: 'DATE' })).toBe('%d.%m.%Y')
  })

  it('names the data type by the file, or by what holds several', () => {
    const at = (name: string, file: string): SourceGuess => ({ ...GUESS, name, files: [file] })
    expect(proposedDataType([at('things', '/d/things.csv')], ['/d/things.csv'])).toBe('things')
    expect(proposedDataType([at('book_a', '/d/book.xlsx'), at('book_b', '/d/book.xlsx')], ['/d/book.xlsx'])).toBe('book')
    expect(proposedDataType([at('a', '/d/May 2026/a.csv'), at('b', '/d/May 2026/b.json')], ['/d/May 2026'])).toBe('may_2026')
    expect(proposedDataType([at('a', '/d/a.csv'), at('b', '/d/b.csv')], ['/d/a.csv', '/d/b.csv'])).toBe('a')
  })

  it('shows rejected records where they stand in the file', () => {
    const lines = previewLines([['1', 'f.csv', '1'], ['3', 'f.csv', '3']], [{ file: 'f.csv', record: 2, line: 3, column: 'n', reason: 'no number', raw: 'x' }])
    expect(lines.map(({ kind, record }) => [kind, record])).toEqual([['row', 1], ['reject', 2], ['row', 3]])
  })
})

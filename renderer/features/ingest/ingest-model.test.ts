import { describe, expect, it } from 'vitest'
import type { SourceGuess } from '../../../shared/contract/ingest.contract.ts'
import { changed, columnsOf, declarationOf, headText, firstEdit, previewLines } from './ingest-model.ts'

const COLUMN = { name: 'n', renamedFrom: null, type: 'BIGINT', becomes: 'BIGINT', sql: 'CAST("n" AS BIGINT)', seen: 'whole numbers', values: 40, nulls: 3, fits: 37, counterExample: null, samples: ['1'], isUnique: false, doubt: null }
const GUESS: SourceGuess = {
  name: 'things', files: ['/d/things.csv'], sizeBytes: 10, format: 'csv', cannot: null, declaration: { format: 'csv', delimiter: 'comma', columns: { n: 'BIGINT' } },
  found: [], doubts: [], columns: [COLUMN], rows: { count: 40, isExact: true }, quarantined: 0, lookedAt: 'the whole file', isWhole: true, recordPaths: [],
}

describe('the reading of a source', () => {
  it('is the guess, with the types that were chosen', () => {
    const edit = firstEdit(GUESS)
    expect(declarationOf(GUESS, edit)).toEqual(GUESS.declaration)
    expect(declarationOf(GUESS, { ...edit, types: { n: 'DOUBLE' } })).toEqual({ format: 'csv', delimiter: 'comma', columns: { n: 'DOUBLE' } })
    expect(declarationOf(GUESS, { ...edit, types: { n: 'VARCHAR' } })).toEqual({ format: 'csv', delimiter: 'comma' })
  })

  it('casts to a chosen type in the step', () => {
    expect(columnsOf(GUESS, { ...firstEdit(GUESS), types: { n: 'DOUBLE' } })).toMatchObject([{ type: 'DOUBLE', becomes: 'DOUBLE', sql: 'CAST("n" AS DOUBLE)' }])
    expect(columnsOf(GUESS, { ...firstEdit(GUESS), types: { n: 'VARCHAR' } })).toMatchObject([{ becomes: 'VARCHAR', sql: '"n"' }])
  })

  it('loses a key that a choice takes away', () => {
    expect(changed({ format: 'json', record: '$.a[*]' }, { record: null })).toEqual({ format: 'json' })
  })

  it('says what a type rests on', () => {
    expect(headText(COLUMN)).toBe('all fit, 3 empty')
    expect(headText({ ...COLUMN, fits: 30, nulls: 0 })).toBe('30 of 40 fit')
    expect(headText({ ...COLUMN, values: 4, nulls: 4, fits: 0 })).toBe('no values')
    expect(headText({ ...COLUMN, type: 'VARCHAR', becomes: 'DATE' })).toBe('date in the step')
  })

  it('shows rejected records where they stand in the file', () => {
    const lines = previewLines([['1', 'f.csv', '1'], ['3', 'f.csv', '3']], [{ file: 'f.csv', record: 2, line: 3, column: 'n', reason: 'no number', raw: 'x' }])
    expect(lines.map(({ kind, record }) => [kind, record])).toEqual([['row', 1], ['reject', 2], ['row', 3]])
  })
})

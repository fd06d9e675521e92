import { describe, expect, it } from 'vitest'
import { marksOf, offsetOf } from './marks.ts'

const TEXT = 'SELECT id\nFROM raw.peple\n'

describe('marks in a text', () => {
  it.each([[1, 1, 0], [1, 8, 7], [2, 6, 15], [3, 1, 25], [9, 1, 25], [2, 99, 25]])('line %i, column %i is at %i', (line, column, at) => {
    expect(offsetOf(TEXT, line, column)).toBe(at)
  })

  it('are over the word that is wrong, of the file alone', () => {
    const finding = { severity: 'error' as const, code: 'unknown-dataset', file: 'a.sql', line: 2, column: 6, message: 'No such dataset', suggestion: 'Did you mean people?' }
    expect(marksOf([finding, { ...finding, file: 'b.sql' }], 'a.sql', TEXT)).toEqual([{ from: 15, to: 24, severity: 'error', message: 'No such dataset\nDid you mean people?' }])
    expect(marksOf([{ ...finding, line: null, column: null, suggestion: null }], 'a.sql', '')).toEqual([{ from: 0, to: 1, severity: 'error', message: 'No such dataset' }])
  })
})

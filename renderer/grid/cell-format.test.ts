import { describe, expect, it } from 'vitest'
import { toColumn } from '../../shared/domain/table-query.ts'
import { cellTone, formatCell, groupDigits, groupsDigits, isIdentifierColumn, prettyText, rawText } from './cell-format.ts'

const bigint = toColumn('enrollment', 'BIGINT')
const text = toColumn('sponsor', 'VARCHAR')

describe('groupDigits', () => {
  it('keeps every digit of numbers wider than a double', () => {
    expect(groupDigits('9007199254740993')).toBe('9,007,199,254,740,993')
    expect(groupDigits('-12345678901234567890.123456789012345678')).toBe('−12,345,678,901,234,567,890.123456789012345678')
  })

  it('leaves short numbers, fractions and exponents alone', () => {
    expect(groupDigits('999')).toBe('999')
    expect(groupDigits('0.00012345')).toBe('0.00012345')
    expect(groupDigits('1e+22')).toBe('1e+22')
    expect(groupDigits('NaN')).toBe('NaN')
  })
})

describe('formatCell', () => {
  it('tells null, the empty string and the word null apart', () => {
    expect([formatCell(null, text, false), cellTone(null)]).toEqual(['null', 'null'])
    expect([formatCell('', text, false), cellTone('')]).toEqual(['""', 'empty'])
    expect([formatCell('null', text, false), cellTone('null')]).toEqual(['null', 'plain'])
  })

  it('groups numbers that came as numbers or as text, and not when they are labels', () => {
    expect(formatCell(61204, bigint, true)).toBe('61,204')
    expect(formatCell('61204', bigint, true)).toBe('61,204')
    expect(formatCell(2024, toColumn('year', 'INTEGER'), false)).toBe('2024')
  })

  it('shows a nested value as compact JSON and a timestamp without its T and trailing zeros', () => {
    expect(formatCell({ a: [1, null] }, toColumn('s', 'STRUCT(a INTEGER[])'), false)).toBe('{"a":[1,null]}')
    expect(formatCell('2024-03-18T10:00:00.500000', toColumn('t', 'TIMESTAMP'), false)).toBe('2024-03-18 10:00:00.5')
    expect(formatCell('2024-03-18 10:00:00.000', toColumn('t', 'TIMESTAMP'), false)).toBe('2024-03-18 10:00:00')
  })
})

describe('what a column is', () => {
  it('finds identifiers by key, provenance and name', () => {
    expect(isIdentifierColumn(toColumn('orpha_code', 'VARCHAR'), [])).toBe(true)
    expect(isIdentifierColumn(toColumn('disease', 'VARCHAR'), ['disease'])).toBe(true)
    expect(isIdentifierColumn(toColumn('_file', 'VARCHAR'), [])).toBe(true)
    expect(isIdentifierColumn(text, [])).toBe(false)
  })

  it('groups quantities only', () => {
    expect(groupsDigits(bigint, [])).toBe(true)
    expect(groupsDigits(toColumn('start_year', 'INTEGER'), [])).toBe(false)
    expect(groupsDigits(toColumn('order', 'INTEGER'), ['order'])).toBe(false)
  })
})

describe('the whole value', () => {
  it('copies digits as they are and nothing for null', () => {
    expect(rawText('9007199254740993')).toBe('9007199254740993')
    expect(rawText(null)).toBe('')
    expect(rawText({ a: 1 })).toBe('{"a":1}')
  })

  it('indents JSON, also JSON kept as text, and leaves other text alone', () => {
    expect(prettyText('{"a":[1]}')).toBe('{\n  "a": [\n    1\n  ]\n}')
    expect(prettyText('{not json')).toBe('{not json')
    expect(prettyText('plain')).toBe('plain')
  })
})

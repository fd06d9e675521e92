import { describe, expect, it } from 'vitest'
import { toColumn } from '../../shared/domain/table-query.ts'
import { formatCellAs } from './column-format.ts'

describe('a format that somebody chose', () => {
  const number = (style: 'digits' | 'grouped' | 'percent' | 'bytes', decimals: number | null) => ({ kind: 'number' as const, style, decimals })
  it.each([
    ['9007199254740993.125', number('grouped', 2), '9,007,199,254,740,993.13'],
    ['-1234.5', number('grouped', 0), '−1,235'],
    ['-1234.5', number('digits', 3), '−1234.500'],
    ['1234567', number('digits', null), '1234567'],
    [0.1234, number('percent', 1), '12.3%'],
    ['0.5', number('percent', null), '50%'],
    [1900000, number('bytes', null), '1.9 MB'],
    ['NaN', number('grouped', 2), 'NaN'],
    [null, number('percent', 1), 'null'],
  ])('writes %s', (value, format, text) => {
    expect(formatCellAs(value, toColumn('n', 'DOUBLE'), format)).toBe(text)
  })

  it('cuts dates, and says them in words', () => {
    const day = toColumn('day', 'DATE')
    expect(formatCellAs('2026-11-28', day, { kind: 'date', style: 'month' })).toBe('2026-11')
    expect(formatCellAs('2026-11-28T10:30:00', toColumn('at', 'TIMESTAMP'), { kind: 'date', style: 'day' })).toBe('2026-11-28')
    expect(formatCellAs('2026-11-28', day, { kind: 'date', style: 'words' })).toMatch(/Nov.*2026|2026.*Nov/)
    expect(formatCellAs('infinity', day, { kind: 'date', style: 'year' })).toBe('infinity')
  })
})

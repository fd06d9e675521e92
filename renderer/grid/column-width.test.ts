import { describe, expect, it } from 'vitest'
import { toColumn } from '../../shared/domain/table-query.ts'
import { estimateColumnWidth } from './column-width.ts'

const column = toColumn('name', 'VARCHAR')

describe('estimateColumnWidth', () => {
  it('widens for usual values, not for a single long one', () => {
    const usual = Array.from({ length: 40 }, () => 'Sickle cell disease')
    const width = estimateColumnWidth({ column, cells: usual, grouped: false, mono: false, comfortable: false })
    expect(estimateColumnWidth({ column, cells: [...usual, 'x'.repeat(400)], grouped: false, mono: false, comfortable: false })).toBe(width)
    expect(width).toBeGreaterThan(120)
  })

  it('leaves more room for digits and capitals than for as many small letters', () => {
    const width = (cell: string): number => estimateColumnWidth({ column, cells: [cell], grouped: false, mono: false, comfortable: false })
    expect(width('SKU00000-AB')).toBeGreaterThan(width('skuooooo-ab'))
    expect(width('東京都千代田区丸の内')).toBeGreaterThan(width('marunouchi'))
  })

  it('leaves more room for larger type', () => {
    const request = { column, cells: ['2024-03-18'], grouped: false, mono: false }
    expect(estimateColumnWidth({ ...request, comfortable: true })).toBeGreaterThan(estimateColumnWidth({ ...request, comfortable: false }) + 8)
  })

  it('leaves room for the header and stays within its limits', () => {
    const long = toColumn('prevalence_validation_status', 'VARCHAR')
    expect(estimateColumnWidth({ column: long, cells: [1, 2], grouped: false, mono: false, comfortable: false })).toBeGreaterThan(200)
    expect(estimateColumnWidth({ column, cells: ['x'.repeat(999)], grouped: false, mono: true, comfortable: false })).toBe(240)
    expect(estimateColumnWidth({ column: toColumn('n', 'INTEGER'), cells: [], grouped: true, mono: false, comfortable: false })).toBeGreaterThanOrEqual(56)
  })
})

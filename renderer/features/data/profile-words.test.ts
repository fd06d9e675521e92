import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { ColumnProfile } from '../../../shared/contract/profile.contract.ts'
import { toColumn, type Filter } from '../../../shared/domain/table-query.ts'
import { barLabel, brushedRange, brushFilters, nullText, valueText, withBrush } from './profile-words.ts'

const histogram = { edges: ['0', '100', '200', '300'], counts: [5, 4, 3], scale: 'linear' as const, unit: null, isOpen: { below: false, above: true } }
const amount = { column: toColumn('amount', 'INTEGER'), notFinite: 0, nulls: 2, min: '3', max: '999', histogram }

describe('brushing a histogram', () => {
  it('filters by the edges, with no end where the outermost bars have none', () => {
    expect(brushFilters(amount, { from: 1, to: 1 })).toEqual([{ column: 'amount', op: 'ge', value: '100' }, { column: 'amount', op: 'lt', value: '200' }])
    expect(brushFilters(amount, { from: 0, to: 0 })).toEqual([{ column: 'amount', op: 'lt', value: '100' }])
    expect(brushFilters(amount, { from: 2, to: 2 })).toEqual([{ column: 'amount', op: 'ge', value: '200' }])
    expect(brushFilters(amount, { from: 0, to: 2 })).toEqual([{ column: 'amount', op: 'not_null' }])
  })

  it('leaves out NaN and infinities, which stand in no bar', () => {
    expect(brushFilters({ ...amount, notFinite: 1 }, { from: 0, to: 2 })).toEqual([{ column: 'amount', op: 'ge', value: '3' }, { column: 'amount', op: 'le', value: '999' }])
  })

  it('is read back from the filters that it made, and from no others', () => {
    fc.assert(
      fc.property(fc.nat(2), fc.nat(2), fc.boolean(), (a, b, endless) => {
        const range = { from: Math.min(a, b), to: Math.max(a, b) }
        const binned = { ...amount, notFinite: endless ? 1 : 0 }
        expect(brushedRange(binned, brushFilters(binned, range))).toEqual(range)
      }),
    )
    expect(brushedRange(amount, [])).toBeNull()
    expect(brushedRange(amount, [{ column: 'amount', op: 'ge', value: '150' }])).toBeNull()
    expect(brushedRange(amount, [{ column: 'other', op: 'ge', value: '100' }])).toBeNull()
  })

  it('takes the place of earlier ranges of the column, and of nothing else', () => {
    const filters: Filter[] = [{ column: 'amount', op: 'between', from: 1, to: 2 }, { column: 'amount', op: 'ne', value: 7 }, { column: 'other', op: 'ge', value: 1 }]
    expect(withBrush(filters, 'amount', [{ column: 'amount', op: 'ge', value: '100' }])).toEqual([filters[1], filters[2], { column: 'amount', op: 'ge', value: '100' }])
  })
})

describe('the words of a profile', () => {
  it('say what a bar holds', () => {
    expect([0, 1, 2].map((bar) => barLabel(amount, bar))).toEqual(['0 to 100', '100 to 200', '200 and more'])
    const day = { column: toColumn('day', 'DATE'), histogram: { ...histogram, edges: ['2016-02-01', '2016-03-01', '2016-04-01'], counts: [1, 2], scale: 'time' as const, unit: 'month', isOpen: { below: false, above: false } } }
    expect(barLabel(day, 1)).toBe('2016-03')
    expect(barLabel({ column: toColumn('n', 'INTEGER'), histogram: { ...histogram, edges: ['3', '4', '5'], counts: [1, 1], isOpen: { below: false, above: false } } }, 0)).toBe('3')
  })

  it('never round some to none, nor most to all', () => {
    const profile = (nulls: number): Pick<ColumnProfile, 'nulls'> => ({ nulls })
    expect([0, 1, 19, 999, 1_000].map((nulls) => nullText(profile(nulls), 1_000))).toEqual(['no nulls', '0.1% null', '1.9% null', '99.9% null', 'all null'])
    expect(nullText(profile(1), 1_000_000)).toBe('< 0.1% null')
    expect(nullText(profile(999_999), 1_000_000)).toBe('> 99.9% null')
    expect(valueText('2024-01-01 00:00:00', 'timestamp')).toBe('2024-01-01')
    expect(valueText('-1234567.5', 'number')).toBe('−1,234,567.5')
  })
})

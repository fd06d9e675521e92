import { describe, expect, it } from 'vitest'
import { type Filter, toColumn } from '../../shared/domain/table-query.ts'
import { buildFilter, describeFilter, filterByCell, filterOps, filterSentence, valueProblem, withFilter } from './filter-words.ts'

const prevalence = toColumn('prevalence', 'DECIMAL(18,3)')
const phase = toColumn('phase', 'VARCHAR')
const started = toColumn('start_date', 'DATE')

describe('describeFilter', () => {
  it('speaks as the chips do', () => {
    expect(describeFilter({ column: 'prevalence', op: 'le', value: '10' }, 'number')).toEqual({ before: 'prevalence ≤', value: '10' })
    expect(describeFilter({ column: 'phase', op: 'in', values: ['Phase 2', 'Phase 3'] }, 'text')).toEqual({ before: 'phase is', value: 'Phase 2, Phase 3' })
    expect(describeFilter({ column: 'atc_code', op: 'is_null' }, 'text')).toEqual({ before: 'atc_code is null', value: null })
    expect(filterSentence({ column: 'start_date', op: 'lt', value: '2024-01-01' }, 'date')).toBe('start_date before 2024-01-01')
    expect(filterSentence({ column: 'n', op: 'between', from: '1', to: '5' }, 'number')).toBe('n from 1 to 5')
  })

  it('shortens long lists and shows the empty string', () => {
    expect(describeFilter({ column: 'a', op: 'in', values: ['1', '2', '3', '4', '5'] }, 'text').value).toBe('1, 2, 3 and 2 more')
    expect(describeFilter({ column: 'a', op: 'eq', value: '' }, 'text').value).toBe('""')
  })
})

describe('buildFilter', () => {
  it('keeps the digits of a number and takes it as the grid shows it', () => {
    expect(buildFilter({ column: prevalence, op: 'le', values: ['9,007,199,254,740,993.5'] })).toEqual({
      filter: { column: 'prevalence', op: 'le', value: '9007199254740993.5' },
    })
  })

  it('says what to give when a value does not fit the type', () => {
    expect(buildFilter({ column: prevalence, op: 'le', values: ['many'] })).toEqual({ problem: 'Give a number, for example 10 or 0.5' })
    expect(buildFilter({ column: started, op: 'between', values: ['2024-01-01', '2024-02-31'] })).toEqual({ problem: 'Give a day as 2024-03-18' })
    expect(buildFilter({ column: phase, op: 'in', values: ['', ''] })).toEqual({ problem: 'Give at least one value' })
  })

  it('lets a text test on any column hold any text', () => {
    expect(buildFilter({ column: prevalence, op: 'contains', values: ['x'] })).toEqual({ filter: { column: 'prevalence', op: 'contains', value: 'x' } })
  })

  it('needs no value for null tests', () => {
    expect(buildFilter({ column: phase, op: 'not_null', values: [] })).toEqual({ filter: { column: 'phase', op: 'not_null' } })
  })
})

describe('filterByCell', () => {
  it('keeps rows with exactly this cell', () => {
    expect(filterByCell(phase, 'Phase 3')).toEqual({ column: 'phase', op: 'eq', value: 'Phase 3' })
    expect(filterByCell(phase, null)).toEqual({ column: 'phase', op: 'is_null' })
    expect(filterByCell(prevalence, '0.10')).toEqual({ column: 'prevalence', op: 'eq', value: '0.10' })
  })
})

describe('withFilter', () => {
  const old: Filter = { column: 'phase', op: 'eq', value: 'Phase 2' }
  it('replaces the same test, or the one named, and else appends', () => {
    expect(withFilter([old], { column: 'phase', op: 'eq', value: 'Phase 3' })).toEqual([{ column: 'phase', op: 'eq', value: 'Phase 3' }])
    expect(withFilter([old], { column: 'phase', op: 'is_null' }, old)).toEqual([{ column: 'phase', op: 'is_null' }])
    expect(withFilter([old], { column: 'status', op: 'not_null' })).toHaveLength(2)
  })
})

describe('the tests a column offers', () => {
  it('offers every kind a null test and no ordering of binary', () => {
    for (const kind of ['text', 'number', 'boolean', 'date', 'timestamp', 'time', 'nested', 'binary', 'other'] as const) expect(filterOps(kind)).toContain('is_null')
    expect(filterOps('binary')).not.toContain('lt')
    expect(valueProblem('true', 'boolean')).toBeNull()
  })
})

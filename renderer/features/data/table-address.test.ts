import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Filter, Sort } from '../../../shared/domain/table-query.ts'
import { parseFilter, parseSort, readTableAddress, writeTableAddress } from './table-address.ts'

const name = fc.string({ minLength: 1 })
const value = fc.string()
const sort: fc.Arbitrary<Sort> = fc.record({ column: name, direction: fc.constantFrom('asc' as const, 'desc' as const) })
const filter: fc.Arbitrary<Filter> = fc.oneof(
  fc.record({ column: name, op: fc.constantFrom('eq', 'ne', 'lt', 'le', 'gt', 'ge', 'contains', 'not_contains', 'starts_with', 'ends_with'), value }),
  fc.record({ column: name, op: fc.constant('between' as const), from: value, to: value }),
  fc.record({ column: name, op: fc.constant('in' as const), values: fc.array(value) }),
  fc.record({ column: name, op: fc.constantFrom('is_null' as const, 'not_null' as const) }),
) as fc.Arbitrary<Filter>

describe('the address of a table', () => {
  it('comes back as it was written, whatever names and values hold', () => {
    fc.assert(
      fc.property(fc.array(sort, { maxLength: 8 }), fc.array(filter, { maxLength: 6 }), fc.option(fc.integer({ min: 1 })), (s, f, version) => {
        const address = { version, sort: s, filter: f }
        expect(readTableAddress(writeTableAddress(address))).toEqual(address)
      }),
    )
  })

  it('reads like a sentence', () => {
    expect(
      writeTableAddress({
        version: 4,
        sort: [{ column: 'enrollment', direction: 'desc' }, { column: 'phase', direction: 'asc' }],
        filter: [{ column: 'phase', op: 'in', values: ['Phase 2', 'Phase 3'] }, { column: 'atc_code', op: 'is_null' }],
      }),
    ).toEqual({ v: 4, sort: 'enrollment:desc;phase', filter: 'phase:in:Phase 2:Phase 3;atc_code:is_null' })
  })

  it('says nothing about what is not set', () => {
    expect(writeTableAddress({ version: null, sort: [], filter: [] })).toEqual({})
    expect(readTableAddress({})).toEqual({ version: null, sort: [], filter: [] })
  })

  it('leaves out what cannot be read and keeps the rest', () => {
    expect(parseFilter('a:nonsense:1;b:eq:2;:eq:3;c:between:1')).toEqual([{ column: 'b', op: 'eq', value: '2' }])
    expect(parseSort(';a:desc;')).toEqual([{ column: 'a', direction: 'desc' }])
    expect(readTableAddress({ v: 'x', sort: 5, filter: {} })).toEqual({ version: null, sort: [{ column: '5', direction: 'asc' }], filter: [] })
  })
})

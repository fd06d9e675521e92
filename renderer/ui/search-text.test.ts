import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Filter, Sort } from '../../shared/domain/table-query.ts'
import { readSearch, writeSearch } from './search-text.ts'

const text = fc.string({ unit: 'grapheme' })
const name = fc.string({ minLength: 1, unit: 'grapheme' })
const sort: fc.Arbitrary<Sort> = fc.record({ column: name, direction: fc.constantFrom('asc', 'desc') })
const filter: fc.Arbitrary<Filter> = fc.oneof(
  fc.record({ column: name, op: fc.constantFrom('eq' as const, 'le' as const), value: text }),
  fc.record({ column: name, op: fc.constantFrom('contains' as const, 'starts_with' as const), value: text }),
  fc.record({ column: name, op: fc.constant('between' as const), from: text, to: text }),
  fc.record({ column: name, op: fc.constant('in' as const), values: fc.array(text) }),
  fc.record({ column: name, op: fc.constantFrom('is_null' as const, 'not_null' as const) }),
)

describe('the search part of an address', () => {
  it('comes back as it was written, whatever names and values hold', () => {
    fc.assert(
      fc.property(fc.array(sort, { minLength: 1 }), fc.array(filter, { minLength: 1 }), fc.integer({ min: 1 }), name, (s, f, v, t) => {
        const search = { v, sort: s, filter: f, text: t }
        expect(readSearch(writeSearch(search))).toEqual(search)
      }),
    )
  })

  it('reads like a sentence', () => {
    const search = {
      v: 4,
      sort: [{ column: 'enrollment', direction: 'desc' }, { column: 'phase', direction: 'asc' }],
      filter: [{ column: 'phase', op: 'in', values: ['Phase 2', 'Phase 3'] }, { column: 'atc_code', op: 'is_null' }],
    }
    expect(writeSearch(search)).toBe('?v=4&sort=enrollment:desc;phase&filter=phase:in:Phase%202:Phase%203;atc_code:is_null')
  })

  it('says nothing about what is not set', () => {
    expect(writeSearch({ v: undefined, sort: [], filter: [], text: '' })).toBe('')
    expect(readSearch('')).toEqual({})
  })

  it('leaves out what cannot be read and keeps the rest', () => {
    expect(readSearch('?filter=a:nonsense:1;b:eq:2;:eq:3;c:between:1&sort=;a:desc;')).toEqual({
      filter: [{ column: 'b', op: 'eq', value: '2' }],
      sort: [{ column: 'a', direction: 'desc' }],
    })
  })
})

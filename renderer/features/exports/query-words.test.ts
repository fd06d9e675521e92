import { describe, expect, it } from 'vitest'
import { queryWords } from './query-words.ts'

describe('queryWords', () => {
  it('says which rows an export holds, and in which order', () => {
    expect(queryWords({ filter: [], sort: [] })).toEqual(['All rows of the version'])
    expect(
      queryWords({
        filter: [{ column: 'phase', op: 'in', values: ['2', '3'] }, { column: 'atc', op: 'is_null' }, { column: 'n', op: 'between', from: 1, to: 5 }],
        sort: [{ column: 'n', direction: 'desc' }, { column: 'phase', direction: 'asc' }],
      }),
    ).toEqual(['phase is one of 2, 3', 'atc is null', 'n between 1 and 5', 'Sorted by n descending, then phase'])
  })
})

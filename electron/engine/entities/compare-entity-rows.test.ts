import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { toColumn } from '../../../shared/domain/table-query.ts'
import { compareEntityRows, type EntityRows } from './compare-entity-rows.ts'

const table = (names: string[], ...rows: unknown[][]): EntityRows => ({ columns: names.map((name) => toColumn(name, 'VARCHAR')), rows })

describe('what became of the rows of an entity', () => {
  it('says which columns of a row changed, from what to what, by the key', () => {
    const before = table(['id', 'year', 'cases', 'source'], ['586', 2020, 10, 'a'], ['586', 2021, null, 'a'])
    const after = table(['id', 'year', 'cases', 'source'], ['586', 2021, 12, 'b'], ['586', 2020, 10, 'a'])
    expect(compareEntityRows(before, after, ['id', 'year'])).toEqual([
      { kind: 'changed', key: [{ column: 'id', value: '586' }, { column: 'year', value: '2021' }], cells: [{ column: 'cases', from: null, to: '12' }, { column: 'source', from: 'a', to: 'b' }] },
    ])
  })

  it('names rows that came and went', () => {
    const found = compareEntityRows(table(['id', 'n'], ['1', 1]), table(['id', 'n'], ['1', 2], ['1', 3]), ['id', 'n'])
    expect(found.map(({ kind, key }) => [kind, key[1]?.value])).toEqual([['added', '2'], ['added', '3'], ['removed', '1']])
  })

  it('takes the one row that is left on either side for the one that changed, where nothing names rows', () => {
    const found = compareEntityRows(table(['n', 'x'], [1, 'a'], [1, 'b']), table(['n', 'x'], [1, 'b'], [1, 'c']), [])
    expect(found).toEqual([{ kind: 'changed', key: [], cells: [{ column: 'x', from: 'a', to: 'c' }] }])
    expect(compareEntityRows(table(['k', 'x'], [1, 'a'], [1, 'a']), table(['k', 'x'], [1, 'a']), ['k']).map(({ kind }) => kind)).toEqual(['removed'])
  })

  it('goes by the names of columns: one that came holds nothing before, the place of a row in its file is no value of it', () => {
    expect(compareEntityRows(table(['id', '_record'], ['1', 7]), table(['_record', 'note', 'id'], [9, null, '1']), ['id'])).toEqual([])
    expect(compareEntityRows(table(['id'], ['1']), table(['id', 'note'], ['1', 'new']), ['id'])).toEqual([{ kind: 'changed', key: [{ column: 'id', value: '1' }], cells: [{ column: 'note', from: null, to: 'new' }] }])
  })

  it('finds nothing where rows are the same in another order', () => {
    const rows = fc.array(fc.tuple(fc.integer({ min: 0, max: 3 }), fc.option(fc.string({ maxLength: 2 }))), { maxLength: 8 })
    fc.assert(fc.property(rows, fc.constantFrom([], ['a'], ['a', 'b']), (given, key) => {
      expect(compareEntityRows(table(['a', 'b'], ...given), table(['a', 'b'], ...given.toReversed()), key)).toEqual([])
    }))
  })
})

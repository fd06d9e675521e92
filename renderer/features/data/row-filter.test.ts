import { describe, expect, it } from 'vitest'
import { type Column, toColumn } from '../../../shared/domain/table-query.ts'
import { rowFilter } from './row-filter.ts'

const columns: Column[] = [toColumn('id', 'BIGINT'), toColumn('name', 'VARCHAR'), toColumn('tags', 'VARCHAR[]'), toColumn('note', 'VARCHAR')]
const row = ['9007199254740993', 'a', ['x'], null]

describe('what finds a row again', () => {
  it('is its key', () => {
    expect(rowFilter({ columns, keyColumns: ['id'], row })).toEqual([{ column: 'id', op: 'eq', value: '9007199254740993' }])
  })

  it('is its values where there is no key, or the key is not whole; lists and long texts are left out', () => {
    const values = [{ column: 'id', op: 'eq', value: '9007199254740993' }, { column: 'name', op: 'eq', value: 'a' }, { column: 'note', op: 'is_null' }]
    expect(rowFilter({ columns, keyColumns: [], row })).toEqual(values)
    expect(rowFilter({ columns, keyColumns: ['id', 'note'], row })).toEqual(values)
    expect(rowFilter({ columns, keyColumns: [], row: ['1', 'x'.repeat(500), [], 'n'] }).map(({ column }) => column)).toEqual(['id', 'note'])
  })

  it('is file and record in the raw zone', () => {
    const raw = [...columns, toColumn('_file', 'VARCHAR'), toColumn('_record', 'BIGINT')]
    expect(rowFilter({ columns: raw, keyColumns: [], row: [...row, 'a.csv', '7'] })).toEqual([{ column: '_file', op: 'eq', value: 'a.csv' }, { column: '_record', op: 'eq', value: '7' }])
  })
})

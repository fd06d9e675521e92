import { describe, expect, it } from 'vitest'
import { toColumn } from '../../shared/domain/table-query.ts'
import { arrangeColumns, EMPTY_LAYOUT, pinnedColumns, shownColumns, withFormat, withGroup, withHidden, withPinned } from './column-layout.ts'

const columns = ['a', 'b', 'c', 'd'].map((name) => toColumn(name, 'VARCHAR'))
const names = (list: readonly { name: string }[]) => list.map((column) => column.name).join('')

const NO_KEY: readonly string[] = []

describe('the arrangement of columns', () => {
  it('follows the data until someone arranges them, and appends columns that came later', () => {
    expect(names(arrangeColumns(columns, EMPTY_LAYOUT, NO_KEY))).toBe('abcd')
    expect(names(arrangeColumns(columns, { ...EMPTY_LAYOUT, order: ['c', 'a', 'gone'] }, NO_KEY))).toBe('cabd')
  })

  it('puts pinned columns first and leaves hidden ones out', () => {
    const layout = withHidden(withPinned(EMPTY_LAYOUT, 'd', { pinned: true, keyColumns: NO_KEY }), 'b', true)
    expect(names(shownColumns(columns, layout, NO_KEY))).toBe('dac')
    expect(names(shownColumns(columns, withHidden(layout, 'b', false), NO_KEY))).toBe('dabc')
    expect(names(shownColumns(columns, withPinned(layout, 'd', { pinned: false, keyColumns: NO_KEY }), NO_KEY))).toBe('acd')
  })

  it('puts a column beside the others under its heading, and takes it out again', () => {
    const shown = ['a', 'b', 'c', 'd']
    const one = withGroup(EMPTY_LAYOUT, 'a', { group: 'Who', shown })
    const two = withGroup(one, 'd', { group: 'Who', shown })
    expect(names(arrangeColumns(columns, two, NO_KEY))).toBe('adbc')
    expect(withGroup(two, 'a', { group: null, shown }).groups).toEqual({ d: 'Who' })
  })

  it('keeps a format until it is taken back', () => {
    const layout = withFormat(EMPTY_LAYOUT, 'a', { kind: 'date', style: 'year' })
    expect(layout.formats).toEqual({ a: { kind: 'date', style: 'year' } })
    expect(withFormat(layout, 'a', null).formats).toEqual({})
  })

  it('pins a short row key until someone decides otherwise', () => {
    expect(pinnedColumns(EMPTY_LAYOUT, ['c'])).toEqual(['c'])
    expect(pinnedColumns(EMPTY_LAYOUT, ['a', 'b', 'c'])).toEqual([])
    const unpinned = withPinned(EMPTY_LAYOUT, 'c', { pinned: false, keyColumns: ['c'] })
    expect(names(arrangeColumns(columns, unpinned, ['c']))).toBe('abcd')
  })
})

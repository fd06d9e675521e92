import { describe, expect, it } from 'vitest'
import { toColumn } from '../../shared/domain/table-query.ts'
import { arrangeColumns, EMPTY_LAYOUT, shownColumns, withHidden, withPinned } from './column-layout.ts'

const columns = ['a', 'b', 'c', 'd'].map((name) => toColumn(name, 'VARCHAR'))
const names = (list: readonly { name: string }[]) => list.map((column) => column.name).join('')

describe('the arrangement of columns', () => {
  it('follows the data until someone arranges them, and appends columns that came later', () => {
    expect(names(arrangeColumns(columns, EMPTY_LAYOUT))).toBe('abcd')
    expect(names(arrangeColumns(columns, { ...EMPTY_LAYOUT, order: ['c', 'a', 'gone'] }))).toBe('cabd')
  })

  it('puts pinned columns first and leaves hidden ones out', () => {
    const layout = withHidden(withPinned(EMPTY_LAYOUT, 'd', true), 'b', true)
    expect(names(shownColumns(columns, layout))).toBe('dac')
    expect(names(shownColumns(columns, withHidden(layout, 'b', false)))).toBe('dabc')
    expect(names(shownColumns(columns, withPinned(layout, 'd', false)))).toBe('acd')
  })
})

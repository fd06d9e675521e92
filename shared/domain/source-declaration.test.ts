import { describe, expect, it } from 'vitest'
import { contentOf, frameOf, withColumns, writtenText } from './source-declaration.ts'

describe('a declaration of a source', () => {
  const fixed = { format: 'fixed', columns: { id: { width: 5, type: 'BIGINT' }, day: { start: 8, width: 10, type: 'DATE', format: '%d.%m.%Y' }, note: { width: 20 } } }

  it('keeps the places of columns in its frame, and nothing else of them', () => {
    expect(frameOf(fixed)).toEqual({ format: 'fixed', columns: { id: { width: 5 }, day: { start: 8, width: 10 }, note: { width: 20 } } })
    expect(frameOf({ format: 'csv', columns: { id: 'BIGINT' } })).toEqual({ format: 'csv' })
  })

  it('is put together again as it was', () => {
    expect(withColumns(frameOf(fixed), { id: 'BIGINT', day: { type: 'DATE', format: '%d.%m.%Y' } })).toEqual(fixed)
    expect(withColumns({ format: 'csv' }, { id: 'BIGINT' })).toEqual({ format: 'csv', columns: { id: 'BIGINT' } })
    expect(withColumns({ format: 'csv' }, {})).toEqual({ format: 'csv' })
  })

  it('says of a column what it holds, and how that is written', () => {
    expect(contentOf({ width: 5, type: 'BIGINT' })).toBe('BIGINT')
    expect(contentOf({ width: 5 })).toBeNull()
    expect(writtenText({ type: 'DOUBLE', decimal: ',', thousands: ' ' })).toBe('decimal , thousands blank')
    expect(writtenText({ type: 'DATE', format: ['%d.%m.%Y', '%d.%m.%y'], width: 8 })).toBe('%d.%m.%Y or %d.%m.%y')
    expect(writtenText('DATE')).toBe('')
  })
})

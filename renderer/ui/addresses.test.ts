import { describe, expect, it } from 'vitest'
import { dataAddress, entityAddress, runAddress, runListAddress } from './addresses.ts'
import { readSearch } from './search-text.ts'

/** What the router reads from an address. */
function searchOf(address: string): Record<string, unknown> {
  return readSearch(address.slice(address.indexOf('?')))
}

describe('addresses', () => {
  it('name a run by data type and number, and leave out what is not asked for', () => {
    expect(runAddress({ dataType: 'drugs', runNumber: 12 })).toBe('#/runs/drugs/12')
    expect(runAddress({ dataType: 'drugs', runNumber: 12 }, 'log')).toBe('#/runs/drugs/12?tab=log')
    expect(runListAddress({ dataType: 'drugs', text: '' })).toBe('#/runs?dataType=drugs')
  })

  it('carry sort and filter so that the router reads them back unchanged', () => {
    const sort = [{ column: 'a b', direction: 'desc' as const }]
    const filter = [{ column: 'x', op: 'eq' as const, value: 'a&b=c#d' }]
    expect(searchOf(dataAddress('drugs.curated.products', { v: 3, sort, filter }))).toEqual({ v: 3, sort, filter })
  })

  it('keep a text that looks like a number a text', () => {
    expect(searchOf(runListAddress({ text: '42' }))).toEqual({ text: '42' })
  })

  it('escape what would end a path', () => {
    expect(entityAddress('ORPHA:586/a?b')).toBe('#/data/entity/ORPHA%3A586%2Fa%3Fb')
  })
})

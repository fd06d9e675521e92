import { describe, expect, it } from 'vitest'
import { crumbsOf } from './crumbs.ts'

const texts = (pathname: string): string[] => crumbsOf(pathname).map(({ text }) => text)

describe('the address as crumbs', () => {
  it('names a screen as its title does', () => {
    expect(texts('/ingest')).toEqual(['Add data'])
    expect(texts('/audit')).toEqual(['Audit trail'])
    expect(texts('/storage')).toEqual(['Storage'])
    expect(texts('/')).toEqual(['Overview'])
  })

  it('names what the screen shows', () => {
    expect(texts('/runs/drugs/12')).toEqual(['Runs', 'drugs #12'])
    expect(texts('/quality/checks')).toEqual(['Quality', 'Checks'])
    expect(texts('/lineage/drugs.curated.products/trace')).toEqual(['Lineage', 'drugs.curated.products', 'Trace'])
  })
})

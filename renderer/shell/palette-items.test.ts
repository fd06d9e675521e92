import { describe, expect, it } from 'vitest'
import type { WorkspaceSummary } from '../../shared/contract/workspace.contract.ts'
import { paletteItems, type PaletteSources } from './palette-items.ts'

const WORKSPACE: WorkspaceSummary = {
  name: 'w', label: 'w', description: null, path: '/w', findings: [], resume: 'automatic', checkedAt: '2026-11-23T10:00:00Z',
  dataTypes: [
    { name: 'drugs', label: 'drugs', description: null, entityKey: null, entityNames: { labels: [], identifiers: [] }, parameters: [], gates: [], steps: [], runnable: true },
    { name: 'broken', label: 'broken', description: null, entityKey: null, entityNames: { labels: [], identifiers: [] }, parameters: [], gates: [], steps: [], runnable: false },
  ],
}
const SOURCES: PaletteSources = {
  workspace: WORKSPACE,
  datasets: [{ dataset: 'drugs.curated.products', dataType: 'drugs', zone: 'curated', name: 'products', rowCount: 8412, sizeBytes: 1, version: 2, publishedAt: null, damagedFiles: 0 }],
  runs: [],
  groups: [],
  entities: [],
  names: [{ dataset: 'drugs.curated.products', columns: [{ name: 'trade_name', type: 'VARCHAR' }] }],
}
const textsFor = (typed: string): string[] => paletteItems(typed, SOURCES).map((item) => item.text)

describe('the palette', () => {
  it('offers commands and screens before anything is typed, and no run of what cannot run', () => {
    expect(textsFor('')).toEqual(expect.arrayContaining(['Run drugs', 'Overview', 'drugs.curated.products']))
    expect(textsFor('')).not.toContain('Run broken')
  })

  it('finds words in any order and any case', () => {
    expect(textsFor('PRODUCTS curated')).toEqual(['drugs.curated.products', 'drugs.curated.products.trade_name', 'PRODUCTS curated'])
  })

  it('always offers to look the text up as an entity, except among commands', () => {
    expect(paletteItems('ORPHA:586', SOURCES).at(-1)).toMatchObject({ group: 'Entities', does: { goTo: '#/data/entity/ORPHA%3A586' } })
    expect(textsFor('>drugs')).toEqual(['Run drugs'])
  })

  it('shows entities that are called so by their label, and looks nothing up twice', () => {
    const found = { entityId: '324', label: 'Fabry disease', by: { column: 'synonyms', kind: 'label' as const, value: 'Anderson-Fabry disease', dataset: 'd.curated.x' }, datasets: [], dataTypes: ['diseases'] }
    expect(paletteItems('anderson', { ...SOURCES, entities: [found] }).filter(({ group }) => group === 'Entities').map(({ text, meta }) => `${text}: ${meta}`)).toEqual([
      'Fabry disease: 324 · synonyms Anderson-Fabry disease', 'anderson: look this entity up in every data type',
    ])
    expect(paletteItems('324', { ...SOURCES, entities: [found] }).filter(({ group }) => group === 'Entities')).toHaveLength(1)
  })

  it('finds columns once something is typed, and leads to their lineage', () => {
    expect(paletteItems('trade_name', SOURCES)[0]).toMatchObject({ group: 'Columns', text: 'drugs.curated.products.trade_name', does: { goTo: '#/lineage/drugs.curated.products?column=trade_name' } })
    expect(paletteItems('', SOURCES).some(({ group }) => group === 'Columns')).toBe(false)
  })

  it('changes how the window looks, also as a command', () => {
    expect(paletteItems('>theme dark', SOURCES).map(({ does }) => does)).toEqual([{ look: { theme: 'dark' } }])
    expect(paletteItems('secrets', SOURCES)[0]).toMatchObject({ group: 'Settings', does: { goTo: '#/settings' } })
  })
})

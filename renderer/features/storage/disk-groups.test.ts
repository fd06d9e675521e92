import { describe, expect, it } from 'vitest'
import { diskGroups } from './disk-groups.ts'

const version = (zone: 'raw' | 'curated', number: number, sizeBytes: number, isCurrent = false) => ({
  dataset: `drugs.${zone}.items`, dataType: 'drugs', zone, version: number, runNumber: number, sizeBytes, files: 1, isCurrent, isPinned: false,
})
const VERSIONS = [version('curated', 1, 5), version('raw', 1, 20), version('curated', 2, 30, true), version('raw', 2, 25, true)]

describe('disk use', () => {
  it('keeps zones in the order of refinement, with the share of what is current', () => {
    expect(diskGroups(VERSIONS, 'zone')).toEqual([
      { name: 'raw', versions: 2, sizeBytes: 45, currentBytes: 25 },
      { name: 'curated', versions: 2, sizeBytes: 35, currentBytes: 30 },
    ])
  })

  it('puts the largest first everywhere else, and adds up to the same', () => {
    for (const by of ['data type', 'dataset', 'run'] as const) {
      const sizes = diskGroups(VERSIONS, by).map(({ sizeBytes }) => sizeBytes)
      expect(sizes).toEqual(sizes.toSorted((a, b) => b - a))
      expect(sizes.reduce((sum, bytes) => sum + bytes, 0)).toBe(80)
    }
    expect(diskGroups(VERSIONS, 'run').map(({ name }) => name)).toEqual(['drugs #2', 'drugs #1'])
  })
})

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { standingOf } from './usual.ts'

const ROWS = { of: 'rows' } as const
const NULLS = { of: 'null_share', column: 'a' } as const

describe('what is usual', () => {
  it('is the median of the values before, give or take a share of it', () => {
    const before = [100, 90, 110]
    expect(standingOf(ROWS, 59, { before, within: 0.4, z: null })).toEqual({ isUsual: false, usual: 100, deviation: -0.41 })
    expect(standingOf(ROWS, 60, { before, within: 0.4, z: null }).isUsual).toBe(true)
    expect(standingOf(ROWS, 1, { before: [0, 0], within: 0.4, z: null })).toMatchObject({ isUsual: false, deviation: 1 })
  })

  it('is told in points where the metric is a share itself', () => {
    expect(standingOf(NULLS, 0.06, { before: [0.01, 0.01], within: 0.05, z: null }).isUsual).toBe(true)
    expect(standingOf(NULLS, 0.07, { before: [0.01, 0.01], within: 0.05, z: null })).toMatchObject({ isUsual: false, usual: 0.01 })
  })

  it('is counted in standard deviations, of which there are some even where every value was the same', () => {
    expect(standingOf(ROWS, 130, { before: [90, 100, 110], within: null, z: 2.5 })).toEqual({ isUsual: false, usual: 100, deviation: 3 })
    expect(standingOf(ROWS, 1001, { before: [1000, 1000, 1000], within: null, z: 3 }).isUsual).toBe(true)
    expect(standingOf(ROWS, 1100, { before: [1000, 1000, 1000], within: null, z: 3 }).isUsual).toBe(false)
  })

  it('never finds a value unusual that was always there', () => {
    fc.assert(fc.property(fc.double({ noNaN: true, min: -1e9, max: 1e9 }), fc.integer({ min: 1, max: 20 }), fc.boolean(), (value, count, byDeviations) => {
      const before = Array.from({ length: count }, () => value)
      expect(standingOf(ROWS, value, { before, within: byDeviations ? null : 0, z: byDeviations ? 0.1 : null }).isUsual).toBe(true)
    }))
  })
})

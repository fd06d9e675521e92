import { describe, expect, it } from 'vitest'
import { countDifference, durationDifference } from './compare-words.ts'

describe('differences in words', () => {
  it('say how much faster or slower, and leave out what nobody would notice', () => {
    expect(durationDifference(51_600, 48_200)).toBe('3.4 s faster (−7 %)')
    expect(durationDifference(1_000, 3_100)).toBe('2.1 s slower (+210 %)')
    expect(durationDifference(10_000, 10_300)).toBe('same')
    expect(durationDifference(10, 40)).toBe('same')
    expect(durationDifference(null, 40)).toBe('')
  })

  it('count rows with their sign', () => {
    expect([countDifference(16_240, 16_482), countDifference(14, 11), countDifference(7, 7), countDifference(null, 1)]).toEqual(['+242', '−3', 'same', ''])
  })
})

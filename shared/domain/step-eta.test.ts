import { describe, expect, it } from 'vitest'
import { perSecond, runEtaMs, stepEtaMs } from './step-eta.ts'

describe('how long a step will go on', () => {
  it('is what earlier runs took at first, and its own pace towards the end', () => {
    expect(stepEtaMs(1_000, null, 10_000)).toBe(9_000)
    expect(stepEtaMs(1_000, 0.01, 10_000)).toBe(9_000)
    expect(stepEtaMs(5_000, 0.5, 10_000)).toBe(5_000)
    expect(stepEtaMs(18_000, 0.9, 20_000)).toBeCloseTo(2_000)
    expect(stepEtaMs(9_000, 0.3, 10_000)).toBeCloseTo(0.3 * 21_000 + 0.7 * 1_000)
  })

  it('is not guessed: a step that takes longer than ever has only its own pace, or nothing', () => {
    expect(stepEtaMs(20_000, 0.5, 10_000)).toBe(20_000)
    expect(stepEtaMs(20_000, null, 10_000)).toBeNull()
    expect(stepEtaMs(20_000, null, null)).toBeNull()
    expect(stepEtaMs(4_000, 0.8, null)).toBeCloseTo(1_000)
  })
})

describe('how long a run will go on', () => {
  it('adds up what is known', () => {
    expect(runEtaMs([2_000], [3_000, null])).toBe(5_000)
    expect(runEtaMs([null], [null])).toBeNull()
    expect(runEtaMs([], [])).toBeNull()
  })
})

describe('a pace', () => {
  it('is an amount a second, once there is a time to divide by', () => {
    expect([perSecond(500, 2_000), perSecond(500, 50), perSecond(null, 2_000)]).toEqual([250, null, null])
  })
})

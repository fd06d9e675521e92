import { describe, expect, it } from 'vitest'
import { flagText, median, type MeasuredStep, runFlags, stepFlags } from './run-flags.ts'

const earlier = (durationMs: number, rows: number, count = 10): MeasuredStep['earlier'] => Array.from({ length: count }, () => ({ durationMs, rows }))
const step = (durationMs: number | null, rows: number | null, before = earlier(10_000, 1_000)): MeasuredStep => ({ dataset: 'shop.curated.orders', durationMs, rows, earlier: before })

describe('flags of a step', () => {
  it('say how much slower it was than the median of the last ten', () => {
    const [flag] = stepFlags(step(31_000, 1_000))
    expect(flag).toMatchObject({ kind: 'slower', ratio: 3.1, of: 10 })
    expect(flag === undefined ? '' : flagText(flag)).toBe('3.1 times slower than the median of the last 10')
  })

  it('say how many rows are missing, or too many', () => {
    expect(stepFlags(step(10_000, 590)).map(flagText)).toEqual(['41 % fewer rows than the median of the last 10'])
    expect(stepFlags(step(10_000, 0)).map(flagText)).toEqual(['100 % fewer rows than the median of the last 10'])
    expect(stepFlags(step(10_000, 1_800)).map(flagText)).toEqual(['80 % more rows than the median of the last 10'])
  })

  it('are silent about what is usual, small, or has too little history', () => {
    expect(stepFlags(step(19_000, 900))).toEqual([])
    expect(stepFlags(step(900, 1_000, earlier(100, 1_000)))).toEqual([])
    expect(stepFlags(step(90_000, 1, earlier(1_000, 1_000, 2)))).toEqual([])
    expect(stepFlags(step(null, null))).toEqual([])
    expect(stepFlags(step(10_000, 5, earlier(10_000, 0)))).toEqual([])
  })

  it('look at the last ten only', () => {
    expect(stepFlags(step(10_000, 1_000, [...earlier(10_000, 1_000), ...earlier(10, 1)]))).toEqual([])
  })
})

describe('flags of a run', () => {
  it('add its steps up, so that one slow step among slow ones is no news', () => {
    const [whole, ...others] = runFlags([step(30_000, 1_000), step(30_000, 1_000)])
    expect(whole).toMatchObject({ kind: 'slower', dataset: null, ratio: 3 })
    expect(others).toHaveLength(2)
    expect(runFlags([step(3_000, 1_000, earlier(1_000, 1_000)), step(60_000, 1_000, earlier(60_000, 1_000))]).map((flag) => flag.dataset)).toEqual(['shop.curated.orders'])
  })
})

describe('the median', () => {
  it('is the middle, or the mean of the two in the middle', () => {
    expect([median([5, 1, 3]), median([4, 1, 2, 3]), median([])]).toEqual([3, 2.5, 0])
  })
})

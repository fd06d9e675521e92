import { describe, expect, it } from 'vitest'
import { groupBars } from './group-bars.ts'

const at = (second: number): string => new Date(second * 1_000).toISOString()

describe('the bars of a group', () => {
  it('lie on one axis from the first start to the last end', () => {
    const runs = [{ startedAt: at(10), finishedAt: at(20) }, { startedAt: at(20), finishedAt: at(30) }, { startedAt: null, finishedAt: at(31) }]
    expect(groupBars({ runs: runs.slice(0, 2), finishedAt: at(30) }, 99_000)).toEqual([{ from: 0, to: 0.5 }, { from: 0.5, to: 1 }])
    expect(groupBars({ runs, finishedAt: at(31) }, 99_000)[2]).toBeNull()
  })

  it('reach to now while something goes on', () => {
    expect(groupBars({ runs: [{ startedAt: at(0), finishedAt: at(10) }, { startedAt: at(10), finishedAt: null }], finishedAt: null }, 40_000)).toEqual([{ from: 0, to: 0.25 }, { from: 0.25, to: 1 }])
  })
})

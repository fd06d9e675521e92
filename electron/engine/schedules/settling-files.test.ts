import { describe, expect, it } from 'vitest'
import { createSettling, type SeenFile } from './settling-files.ts'

const make = () => createSettling({ settleMs: 10, patienceMs: 100 })
const file = (path: string, sizeBytes: number): SeenFile => ({ path, sizeBytes, modifiedAt: 1 })

describe('a delivered file', () => {
  it('is complete when nothing was written to it for a while', () => {
    const settling = make()
    expect(settling.look([file('a', 5)], 0)).toEqual([])
    expect(settling.look([file('a', 9)], 9)).toEqual([])
    expect(settling.look([file('a', 9)], 18)).toEqual([])
    expect(settling.look([file('a', 9)], 19)).toEqual([file('a', 9)])
  })

  it('waits for the others of its delivery', () => {
    const settling = make()
    settling.look([file('a', 5)], 0)
    expect(settling.look([file('a', 5), file('b', 1)], 10)).toEqual([])
    expect(settling.pending()).toBe(2)
    expect(settling.look([file('a', 5), file('b', 1)], 20)).toEqual([file('a', 5), file('b', 1)])
  })

  it('does not wait for ever for one that is written to all the time', () => {
    const settling = make()
    for (let now = 0; now < 100; now += 5) expect(settling.look([file('a', 5), file('log', now)], now)).toEqual([])
    expect(settling.look([file('a', 5), file('log', 100)], 100)).toEqual([file('a', 5)])
  })

  it('that is taken away again starts nothing', () => {
    const settling = make()
    settling.look([file('a', 5)], 0)
    expect(settling.look([], 20)).toEqual([])
    expect(settling.look([file('a', 5)], 25)).toEqual([])
  })
})

import { describe, expect, it } from 'vitest'
import { countOf, formatAge, formatAgo, formatBytes, formatClock, formatCount, formatDuration, formatLeft, formatShare, shortHash } from './format.ts'

describe('numbers', () => {
  it('are written in full, with separators', () => {
    expect(formatCount(61204)).toBe('61,204')
    expect(countOf(1, 'row')).toBe('1 row')
    expect(countOf(2, 'entity', 'entities')).toBe('2 entities')
  })

  it('show no share as finished or unstarted that is not', () => {
    expect(formatShare(0.999)).toBe('99%')
    expect(formatShare(0.001)).toBe('1%')
    expect(formatShare(1)).toBe('100%')
    expect(formatShare(0)).toBe('0%')
  })

  it('give sizes in decimal units', () => {
    expect(formatBytes(999)).toBe('999 B')
    expect(formatBytes(1_900_000_000)).toBe('1.9 GB')
    expect(formatBytes(214_000_000)).toBe('214 MB')
  })
})

describe('times', () => {
  it('give durations at the precision that matters', () => {
    expect(formatDuration(26)).toBe('26 ms')
    expect(formatDuration(48_200)).toBe('48.2 s')
    expect(formatDuration(59_960)).toBe('1 min 00 s')
    expect(formatDuration(341_000)).toBe('5 min 41 s')
    expect(formatDuration(5_400_000)).toBe('1 h 30 min')
    expect(formatClock(3_729_000)).toBe('1:02:09')
  })

  it('give the time left as roughly as it is known', () => {
    expect(formatLeft(2_000)).toBe('a few seconds left')
    expect(formatLeft(23_000)).toBe('about 25 s left')
    expect(formatLeft(251_000)).toBe('about 4 min left')
  })

  it('give ages in one unit, and never a negative one', () => {
    const now = Date.parse('2026-11-23T12:00:00Z')
    expect(formatAge('2026-11-23T12:00:30Z', now)).toBe('now')
    expect(formatAgo('2026-11-23T11:08:00Z', now)).toBe('52 min ago')
    expect(formatAge('2026-11-15T12:00:00Z', now)).toBe('8 d')
  })
})

it('a hash is cut to its first and last characters', () => {
  expect(shortHash('9f2c41aa0b07e2d1')).toBe('9f2c41…e2d1')
})

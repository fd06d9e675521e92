import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseDurationMs, parseSizeMb, parseTolerance } from './quantity.ts'

describe('durations', () => {
  it('mean the same in every unit', () => {
    fc.assert(
      fc.property(fc.nat(100_000), fc.constantFrom('', ' '), (n, gap) => {
        expect(parseDurationMs(n)).toBe(n)
        expect(parseDurationMs(`${n}${gap}ms`)).toBe(n)
        expect(parseDurationMs(`${n}${gap}s`)).toBe(n * 1_000)
        expect(parseDurationMs(`${n}${gap}m`)).toBe(parseDurationMs(`${n * 60}s`))
        expect(parseDurationMs(`${n}${gap}h`)).toBe(parseDurationMs(`${n * 60}m`))
      }),
    )
  })

  it('may have decimals and come out in whole milliseconds', () => {
    expect(parseDurationMs('1.5s')).toBe(1_500)
    expect(parseDurationMs('0.0004s')).toBe(0)
  })

  it.each(['', '5', 's', '5 days', '-5s', '1e3s', '5ss', '5s 3ms'])('are not %j', (text) => {
    expect(parseDurationMs(text)).toBeNull()
  })

  it('are not negative or endless numbers', () => {
    expect([-1, Number.NaN, Number.POSITIVE_INFINITY].map(parseDurationMs)).toEqual([null, null, null])
  })
})

describe('sizes', () => {
  it('count in powers of two, in any case, with and without i', () => {
    fc.assert(
      fc.property(fc.nat(10_000), (n) => {
        expect(parseSizeMb(`${n}MB`)).toBe(n)
        expect(parseSizeMb(`${n} mib`)).toBe(n)
        expect(parseSizeMb(`${n}GB`)).toBe(n * 1_024)
        expect(parseSizeMb(`${n}TiB`)).toBe(n * 1_048_576)
      }),
    )
    expect(parseSizeMb('1.5GB')).toBe(1_536)
  })

  it.each(['4', 'GB', '4 KB', '4G', '-4GB', 'lots'])('are not %j', (text) => {
    expect(parseSizeMb(text)).toBeNull()
  })
})

describe('tolerances', () => {
  it('are counts or shares', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 100 }), (n) => {
        expect(parseTolerance(n)).toEqual({ count: n })
        expect(parseTolerance(`${n}%`)).toEqual({ share: n / 100 })
      }),
    )
    expect(parseTolerance('0.5 %')).toEqual({ share: 0.005 })
  })

  it.each(['101%', '5', '%', '-1%', -1, 1.5])('are not %j', (value) => {
    expect(parseTolerance(value)).toBeNull()
  })
})

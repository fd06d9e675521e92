import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isTimeZone, offsetSpans } from './zoned-time.ts'

const HOUR = 3_600_000

describe('offsets of a time zone', () => {
  it('change at the second at which the clocks are changed', () => {
    const spans = offsetSpans('Europe/Berlin', Date.parse('2026-01-01T00:00Z'), Date.parse('2026-12-31T00:00Z'))
    expect(spans.map(({ from, offsetMs }) => [new Date(from).toISOString(), offsetMs / HOUR])).toEqual([
      ['2026-01-01T00:00:00.000Z', 1],
      ['2026-03-29T01:00:00.000Z', 2],
      ['2026-10-25T01:00:00.000Z', 1],
    ])
    expect(offsetSpans('Asia/Kathmandu', 0, HOUR)).toEqual([{ from: 0, to: HOUR, offsetMs: 5.5 * HOUR }])
  })

  it('cover the time without a gap, and neighbours differ', () => {
    const moment = fc.integer({ min: Date.parse('1990-01-01'), max: Date.parse('2030-01-01') })
    const zone = fc.constantFrom('UTC', 'Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe', 'America/Sao_Paulo', 'Pacific/Apia', 'Africa/Casablanca')
    fc.assert(
      fc.property(zone, moment, fc.integer({ min: 1, max: 400 * 24 * HOUR }), (timeZone, from, length) => {
        const spans = offsetSpans(timeZone, from, from + length)
        expect(spans[0]?.from).toBe(from)
        expect(spans.at(-1)?.to).toBe(from + length)
        for (const span of spans) expect(span.to).toBeGreaterThan(span.from)
        for (const [i, span] of spans.slice(1).entries()) {
          expect(span.from).toBe(spans[i]?.to)
          expect(span.offsetMs).not.toBe(spans[i]?.offsetMs)
        }
      }),
      { numRuns: 60 },
    )
  })

  it('are known for zones with a name', () => {
    expect(['Europe/Berlin', 'UTC', 'Mars/Olympus', ''].map(isTimeZone)).toEqual([true, true, false, false])
  })
})

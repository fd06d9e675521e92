import { describe, expect, it } from 'vitest'
import { cronProblem, nextSlots, slotsBetween } from './cron-times.ts'

const iso = (slots: number[]): string[] => slots.map((at) => new Date(at).toISOString())
const berlin = (cron: string) => ({ cron, timeZone: 'Europe/Berlin' })

describe('a schedule', () => {
  it('keeps to the clocks on the wall when they change', () => {
    expect(iso(nextSlots(berlin('0 6 * * *'), Date.parse('2026-03-27T12:00:00Z'), 3))).toEqual([
      '2026-03-28T05:00:00.000Z', '2026-03-29T04:00:00.000Z', '2026-03-30T04:00:00.000Z',
    ])
    expect(iso(nextSlots(berlin('0 6 * * *'), Date.parse('2026-10-24T12:00:00Z'), 2))).toEqual(['2026-10-25T05:00:00.000Z', '2026-10-26T05:00:00.000Z'])
  })

  it('is due once on the day whose clocks leave its time out, and once when they show it twice', () => {
    const spring = slotsBetween(berlin('30 2 * * *'), { after: Date.parse('2026-03-28T12:00:00Z'), until: Date.parse('2026-03-29T22:00:00Z'), most: 10 })
    expect(spring).toHaveLength(1)
    expect(iso(spring)[0]).toMatch(/^2026-03-29T01:/)
    const autumn = slotsBetween(berlin('30 2 * * *'), { after: Date.parse('2026-10-24T12:00:00Z'), until: Date.parse('2026-10-25T22:00:00Z'), most: 10 })
    expect(autumn).toHaveLength(1)
  })

  it('goes by elapsed time when it is due every few minutes', () => {
    const slots = slotsBetween(berlin('*/30 * * * *'), { after: Date.parse('2026-10-24T23:00:00Z'), until: Date.parse('2026-10-25T03:00:00Z'), most: 100 })
    expect(slots).toHaveLength(8)
    expect(new Set(slots.slice(1).map((at, i) => at - (slots[i] ?? 0)))).toEqual(new Set([30 * 60_000]))
  })

  it('is never due in the moment after which it is asked for', () => {
    const at = Date.parse('2026-06-01T04:00:00Z')
    expect(nextSlots(berlin('0 6 * * *'), at, 1)).toEqual([at + 86_400_000])
    expect(slotsBetween(berlin('0 6 * * *'), { after: at - 1, until: at, most: 5 })).toEqual([at])
  })

  it('says what is wrong with it', () => {
    expect(cronProblem('0 6 * * 1')).toBeNull()
    expect(cronProblem('0 6 * *')).toMatch(/^is no cron expression/)
    expect(cronProblem('61 6 * * *')).toMatch(/^is no cron expression/)
    expect(cronProblem('0 6 30 2 *')).toBe('names a time that never comes')
  })
})

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { dayAt, isRelativeDay, readRelativeDay } from './relative-day.ts'

const at = (text: string, now: Date): string => {
  const day = readRelativeDay(text)
  if (day === null) throw new Error(`${text} is no day`)
  return dayAt(day, now.getTime())
}

describe('days that move with the calendar', () => {
  const march31 = new Date(2026, 2, 31, 23, 59)

  it.each([
    ['today', '2026-03-31'],
    ['TODAY + 1 day', '2026-04-01'],
    ['today - 30 days', '2026-03-01'],
    ['today-2weeks', '2026-03-17'],
    ['today - 1 month', '2026-02-28'],
    ['today - 2 years', '2024-03-31'],
    ['today + 25 months', '2028-04-30'],
  ])('%s', (text, day) => {
    expect(at(text, march31)).toBe(day)
  })

  it('are nothing else', () => {
    for (const text of ['tomorrow', 'today - ', 'today 3 days', 'today - 3 hours', '2026-01-01', 'todays']) expect(isRelativeDay(text)).toBe(false)
    expect(isRelativeDay(7)).toBe(false)
  })

  it('go forth and back by the same number of days to the same day', () => {
    fc.assert(fc.property(fc.date({ min: new Date(1990, 0, 1), max: new Date(2090, 0, 1), noInvalidDate: true }), fc.integer({ min: 0, max: 9_999 }), (now, days) => {
      const [y = 0, m = 1, d = 1] = at(`today + ${days} days`, now).split('-').map(Number)
      expect(at(`today - ${days} days`, new Date(y, m - 1, d, 12))).toBe(at('today', now))
    }))
  })
})

import { describe, expect, it } from 'vitest'
import { calendarWeeks, dayRange, localDay } from './run-calendar-model.ts'

const day = (name: string, runs: number) => ({ day: name, runs, failed: 0, degraded: 0, durationMs: 0 })

describe('the calendar', () => {
  it('has whole weeks from Monday on, up to today', () => {
    // 24 November 2026 is a Tuesday.
    const weeks = calendarWeeks([], '2026-11-24', 3)
    expect(weeks.map((week) => week.cells.length)).toEqual([7, 7, 2])
    expect(weeks[0]?.cells[0]?.day).toBe('2026-11-09')
    expect(weeks.at(-1)?.cells.at(-1)?.day).toBe('2026-11-24')
  })

  it('names a month at the week in which it begins', () => {
    expect(calendarWeeks([], '2026-11-24', 6).map((week) => week.month)).toEqual(['Oct', 'Nov', null, null, null, null])
  })

  it('fills a day by its share of the busiest', () => {
    const [week] = calendarWeeks([day('2026-11-23', 8), day('2026-11-24', 1)], '2026-11-24', 1)
    expect(week?.cells.map((cell) => cell.level)).toEqual([4, 1])
  })
})

describe('days of the reader', () => {
  it('go from midnight to midnight', () => {
    const { from, to } = dayRange('2026-11-24', '2026-11-24')
    expect(Date.parse(to ?? '') - Date.parse(from ?? '')).toBe(86_400_000)
    expect(localDay(Date.parse(from ?? ''))).toBe('2026-11-24')
    expect(dayRange(undefined, undefined)).toEqual({})
  })
})

import type { CalendarDay } from '../../../shared/contract/history.contract.ts'

export interface CalendarCell {
  /** 2026-11-24 */
  day: string
  facts: CalendarDay | null
  /** 0: no run; 1 to 4: by the number of runs. */
  level: number
}

export interface CalendarWeek {
  /** "Nov", at the first week of a month. */
  month: string | null
  /** Monday to Sunday; days to come are left out of the last week. */
  cells: CalendarCell[]
}

const DAY_MS = 86_400_000
const MONTH = new Intl.DateTimeFormat('en', { month: 'short', timeZone: 'UTC' })
const LEVELS = 4

/** Whole weeks up to today, oldest first. `today` is a day in the reader's time zone. */
export function calendarWeeks(days: readonly CalendarDay[], today: string, weekCount: number): CalendarWeek[] {
  const facts = new Map(days.map((day) => [day.day, day]))
  const most = Math.max(1, ...days.map((day) => day.runs))
  const end = Date.parse(`${today}T00:00:00Z`)
  const monday = end - ((new Date(end).getUTCDay() + 6) % 7) * DAY_MS
  return Array.from({ length: weekCount }, (_, index) => {
    const start = monday - (weekCount - 1 - index) * 7 * DAY_MS
    const cells = Array.from({ length: 7 }, (_unused, weekday) => start + weekday * DAY_MS)
      .filter((at) => at <= end)
      .map((at): CalendarCell => {
        const day = dayOf(at)
        const known = facts.get(day) ?? null
        return { day, facts: known, level: known === null ? 0 : Math.max(1, Math.ceil((known.runs / most) * LEVELS)) }
      })
    const isFirst = cells.some((cell) => cell.day.endsWith('-01')) || (index === 0 && Number(cells[0]?.day.slice(8)) <= 21)
    return { month: isFirst ? MONTH.format(Date.parse(cells.at(-1)?.day ?? today)) : null, cells }
  })
}

/** The reader's own day of a moment. */
export function localDay(at: number): string {
  return dayOf(at - new Date(at).getTimezoneOffset() * 60_000)
}

function dayOf(utcMs: number): string {
  return new Date(utcMs).toISOString().slice(0, 10)
}

/** The moments at which a span of the reader's days begins and ends, for the engine. */
export function dayRange(from: string | undefined, to: string | undefined): { from?: string; to?: string } {
  const start = from === undefined ? null : new Date(`${from}T00:00:00`)
  const end = to === undefined ? null : new Date(`${to}T00:00:00`)
  if (end !== null) end.setDate(end.getDate() + 1)
  return { ...(start === null ? {} : { from: start.toISOString() }), ...(end === null ? {} : { to: end.toISOString() }) }
}

/** Days that move with the calendar, as contracts write them: `today`, `today - 2 years`, `today + 30 days`. */

export interface RelativeDay {
  /** How many units after today; before it when negative. */
  offset: number
  unit: 'day' | 'week' | 'month' | 'year'
}

const PATTERN = /^today(?:\s*([+-])\s*(\d{1,5})\s*(day|week|month|year)s?)?$/i

/** Null when it is no such day. */
export function readRelativeDay(text: string): RelativeDay | null {
  const match = PATTERN.exec(text.trim())
  if (match === null) return null
  const [, sign, count = '0', unit = 'day'] = match
  return { offset: Number(count) * (sign === '-' ? -1 : 1), unit: unitOf(unit) }
}

export function isRelativeDay(bound: unknown): boolean {
  return typeof bound === 'string' && readRelativeDay(bound) !== null
}

function unitOf(word: string): RelativeDay['unit'] {
  const lower = word.toLowerCase()
  return lower === 'week' || lower === 'month' || lower === 'year' ? lower : 'day'
}

/**
 * The day as ISO text, by the calendar of the machine. A month or year from a day that the other month does not have ends on its last one:
 * `today - 1 month` of March 31 is February 28.
 * @param now ms since the epoch
 */
export function dayAt({ offset, unit }: RelativeDay, now: number): string {
  const today = new Date(now)
  const [year, month, day] = [today.getFullYear(), today.getMonth(), today.getDate()]
  if (unit === 'day' || unit === 'week') return isoDay(year, month, day + offset * (unit === 'week' ? 7 : 1))
  const months = month + offset * (unit === 'year' ? 12 : 1)
  const lastDay = new Date(Date.UTC(year, months + 1, 0)).getUTCDate()
  return isoDay(year, months, Math.min(day, lastDay))
}

function isoDay(year: number, month: number, day: number): string {
  return new Date(Date.UTC(year, month, day)).toISOString().slice(0, 10)
}

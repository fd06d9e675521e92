const TIME = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' })
const WEEKDAY = new Intl.DateTimeFormat('en-GB', { weekday: 'short' })
const DAY = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short' })
const SOON_MS = 60 * 60_000

/** A time to come, in the reader's time zone: "in 12 min", "today 18:00", "tomorrow 06:00", "Mon 30 Nov, 06:00". */
export function formatDue(iso: string, now: number): string {
  const at = new Date(iso)
  const left = at.getTime() - now
  if (left <= 0) return 'now'
  if (left < SOON_MS) return `in ${Math.max(1, Math.round(left / 60_000))} min`
  const days = dayNumber(at) - dayNumber(new Date(now))
  if (days === 0) return `today ${TIME.format(at)}`
  if (days === 1) return `tomorrow ${TIME.format(at)}`
  return `${WEEKDAY.format(at)} ${DAY.format(at)}, ${TIME.format(at)}`
}

/** Days of the reader's calendar, whose lengths differ when clocks change. */
function dayNumber(at: Date): number {
  return Math.round(Date.UTC(at.getFullYear(), at.getMonth(), at.getDate()) / 86_400_000)
}

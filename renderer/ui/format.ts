/** Numbers and times as people read them: full figures, exact units, relative only where the absolute is a hover away. */

const INTEGER = new Intl.NumberFormat('en', { maximumFractionDigits: 0 })
const DECIMAL = new Intl.NumberFormat('en', { maximumFractionDigits: 1, minimumFractionDigits: 1 })

/** 61204 → "61,204". */
export function formatCount(value: number): string {
  return INTEGER.format(value)
}

/** "1 row", "61,204 rows". The plural adds an s unless it is given. */
export function countOf(value: number, singular: string, plural = `${singular}s`): string {
  return `${formatCount(value)} ${value === 1 ? singular : plural}`
}

/** 0.6139 → "61%"; never 100% before the end, never 0% after the start. */
export function formatShare(share: number): string {
  if (share >= 1) return '100%'
  if (share <= 0) return '0%'
  return `${Math.min(99, Math.max(1, Math.round(share * 100)))}%`
}

const BYTE_UNITS = ['B', 'kB', 'MB', 'GB', 'TB'] as const

/** Decimal units, as file managers count: 1900000000 → "1.9 GB". */
export function formatBytes(bytes: number): string {
  let value = bytes
  let unit = 0
  while (value >= 1000 && unit < BYTE_UNITS.length - 1) {
    value /= 1000
    unit += 1
  }
  const text = unit === 0 || value >= 100 ? INTEGER.format(value) : DECIMAL.format(value)
  return `${text} ${BYTE_UNITS[unit] ?? 'B'}`
}

/** 48200 → "48.2 s", 341000 → "5 min 41 s", 26 → "26 ms". */
export function formatDuration(ms: number): string {
  if (ms < 1) return '0 ms'
  if (ms < 950) return `${Math.round(ms)} ms`
  if (ms < 59_950) return `${DECIMAL.format(ms / 1000)} s`
  const seconds = Math.round(ms / 1000)
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${String(seconds % 60).padStart(2, '0')} s`
  return `${INTEGER.format(Math.floor(seconds / 3600))} h ${String(Math.floor((seconds % 3600) / 60)).padStart(2, '0')} min`
}

/** A running clock: "5:41", "1:02:09". */
export function formatClock(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000))
  const minutes = Math.floor(seconds / 60)
  const tail = String(seconds % 60).padStart(2, '0')
  if (minutes < 60) return `${minutes}:${tail}`
  return `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, '0')}:${tail}`
}

/** Left time, as rough as it is known: "about 4 min left". */
export function formatLeft(ms: number): string {
  if (ms < 5_000) return 'a few seconds left'
  if (ms < 55_000) return `about ${Math.round(ms / 5_000) * 5} s left`
  if (ms < 5_400_000) return `about ${Math.max(1, Math.round(ms / 60_000))} min left`
  return `about ${Math.round(ms / 3_600_000)} h left`
}

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

/** Age without "ago": "now", "52 min", "3 h", "8 d". */
export function formatAge(iso: string, now: number): string {
  const age = Math.max(0, now - Date.parse(iso))
  if (age < 45_000) return 'now'
  if (age < HOUR) return `${Math.max(1, Math.round(age / MINUTE))} min`
  if (age < 36 * HOUR) return `${Math.round(age / HOUR)} h`
  return `${Math.round(age / DAY)} d`
}

/** "just now", "52 min ago". */
export function formatAgo(iso: string, now: number): string {
  const age = formatAge(iso, now)
  return age === 'now' ? 'just now' : `${age} ago`
}

const ABSOLUTE = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', year: 'numeric', hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' })
const TIME = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' })

/** "23 Nov 2026, 10:21:07" in the reader's time zone. */
export function formatAbsolute(iso: string): string {
  return ABSOLUTE.format(new Date(iso))
}

/** "10:21:07" in the reader's time zone. */
export function formatTime(iso: string): string {
  return TIME.format(new Date(iso))
}

/** First and last of a hash: "9f2c41…b07e". */
export function shortHash(hash: string): string {
  return hash.length <= 12 ? hash : `${hash.slice(0, 6)}…${hash.slice(-4)}`
}

/** "Succeeded" from "succeeded". */
export function sentence(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1)
}

/** How long a run worked, and how long it waited for people: two figures, never one. */

/** A wait that nobody notices is not worth a word. */
export const LEAST_WAIT_MS = 1_000

interface RunTimes {
  startedAt: string | null
  durationMs: number | null
  waitedMs: number
  waitingSince: string | null
}

/** What it worked for so far, in ms; null before it has begun. */
export function workedMs({ startedAt, durationMs, waitedMs, waitingSince }: RunTimes, now: number): number | null {
  if (durationMs !== null) return durationMs
  if (startedAt === null) return null
  const until = waitingSince === null ? now : Date.parse(waitingSince)
  return Math.max(0, until - Date.parse(startedAt) - waitedMs)
}

/** What it waited for people so far, in ms. */
export function waitedSoFarMs({ waitedMs, waitingSince }: RunTimes, now: number): number {
  return waitedMs + (waitingSince === null ? 0 : Math.max(0, now - Date.parse(waitingSince)))
}

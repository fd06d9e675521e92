/** Days as a clock on the wall has them: a time zone's distance from UTC changes within a year, and so does the length of its days. */

export interface OffsetSpan {
  /** ms since the epoch; `to` is not part of it. */
  from: number
  to: number
  /** How far the zone's clocks are ahead of UTC throughout. */
  offsetMs: number
}

const SECOND_MS = 1_000
const DAY_MS = 86_400_000

/** True for an IANA name that this machine knows: "Europe/Berlin". */
export function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== ''
  } catch {
    return false
  }
}

/**
 * The time from `from` to `to`, cut where the zone's clocks are changed.
 * @throws RangeError for a zone that is not known
 */
export function offsetSpans(timeZone: string, from: number, to: number): OffsetSpan[] {
  const offsetAt = offsetReader(timeZone)
  const spans: OffsetSpan[] = []
  for (let start = from; start < to; start = spans.at(-1)?.to ?? to) spans.push({ from: start, to: firstChange(offsetAt, start, to), offsetMs: offsetAt(start) })
  return spans
}

/** The first moment, to the second, at which the offset is another than at `from`; `to` when there is none before it. */
function firstChange(offsetAt: (at: number) => number, from: number, to: number): number {
  const offset = offsetAt(from)
  let [low, high] = [from, Math.min(to, from + DAY_MS)]
  while (offsetAt(high) === offset) {
    if (high === to) return to
    ;[low, high] = [high, Math.min(to, high + DAY_MS)]
  }
  while (high - low > SECOND_MS) {
    const middle = Math.floor((low + high) / 2)
    if (offsetAt(middle) === offset) low = middle
    else high = middle
  }
  return Math.max(low + 1, Math.floor(high / SECOND_MS) * SECOND_MS)
}

function offsetReader(timeZone: string): (at: number) => number {
  const format = new Intl.DateTimeFormat('en', { timeZone, hourCycle: 'h23', year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric', second: 'numeric' })
  return (at) => {
    const parts = new Map(format.formatToParts(at).map(({ type, value }) => [type, Number(value)]))
    const of = (name: Intl.DateTimeFormatPartTypes): number => parts.get(name) ?? 0
    return Date.UTC(of('year'), of('month') - 1, of('day'), of('hour'), of('minute'), of('second')) - Math.floor(at / SECOND_MS) * SECOND_MS
  }
}

import { UNSURE } from './json-scalars.ts'

const [ZERO, NINE, DASH, COLON, DOT, SPACE, LETTER_T] = [0x30, 0x39, 0x2d, 0x3a, 0x2e, 0x20, 0x54]
const DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
const LEAP_DAYS = 29
const DAY_LENGTH = 10
const TIME_LENGTH = 8
const MICROSECOND_DIGITS = 6

/** Two digits, or NaN. */
function pair(bytes: Uint8Array, at: number): number {
  const [high, low] = [bytes[at] ?? 0, bytes[at + 1] ?? 0]
  return high >= ZERO && high <= NINE && low >= ZERO && low <= NINE ? 10 * (high - ZERO) + low - ZERO : Number.NaN
}

/** A day such as 2024-01-31, of the calendar. @returns behind it, or UNSURE */
export function dayEnd(bytes: Uint8Array, at: number): number {
  if (bytes[at + 4] !== DASH || bytes[at + 7] !== DASH) return UNSURE
  const year = 100 * pair(bytes, at) + pair(bytes, at + 2)
  const month = pair(bytes, at + 5)
  const day = pair(bytes, at + 8)
  if (!(year >= 1 && month >= 1 && month <= 12 && day >= 1)) return UNSURE
  return day <= (month === 2 && isLeap(year) ? LEAP_DAYS : (DAYS[month - 1] ?? 0)) ? at + DAY_LENGTH : UNSURE
}

function isLeap(year: number): boolean {
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0)
}

/** A day, or a day and a time with at most microseconds. @returns behind it, or UNSURE */
export function momentEnd(bytes: Uint8Array, at: number): number {
  const day = dayEnd(bytes, at)
  if (day === UNSURE || (bytes[day] !== SPACE && bytes[day] !== LETTER_T)) return day
  const time = day + 1
  if (bytes[time + 2] !== COLON || bytes[time + 5] !== COLON) return UNSURE
  if (!(pair(bytes, time) <= 23 && pair(bytes, time + 3) <= 59 && pair(bytes, time + 6) <= 59)) return UNSURE
  return fractionEnd(bytes, time + TIME_LENGTH)
}

function fractionEnd(bytes: Uint8Array, at: number): number {
  if (bytes[at] !== DOT) return at
  let next = at + 1
  for (let byte = bytes[next] ?? 0; byte >= ZERO && byte <= NINE; byte = bytes[next] ?? 0) next++
  const digits = next - at - 1
  return digits >= 1 && digits <= MICROSECOND_DIGITS ? next : UNSURE
}

import { KIND, type Kind } from '../table/value-kinds.ts'
import type { NumberMeaning } from './number-format.ts'

/** Days and parts of a day since the workbook's epoch, as text; or why it is none. */
export type SerialReading = { text: string; kind: Kind } | { reason: string }

const DAY_MS = 86_400_000
const LAST_SERIAL_1900 = 2_958_465
const DAYS_BETWEEN_EPOCHS = 1_462
/** The day that 1900 never had; Lotus 1-2-3 thought it had, and Excel agrees. */
const LEAP_BUG = 60
const EPOCH_1900 = Date.UTC(1899, 11, 30)

/**
 * A number in a cell with a date or time format. 1900: serial 1 is 1900-01-01, and everything from 61 on is a day late because serial 60
 * is 29 February 1900. 1904: serial 0 is 1904-01-01. A whole number is a date, one with a fraction a moment, to the millisecond.
 */
export function readSerial(value: number, meaning: Exclude<NumberMeaning, 'number'>, is1904: boolean): SerialReading {
  if (meaning === 'elapsed') return { text: elapsed(value), kind: KIND.text }
  if (isTimeOfDay(value, meaning, is1904)) return timeOfDay(value)
  const reason = noDate(value, is1904)
  if (reason !== null) return { reason }
  const serial = is1904 ? value + DAYS_BETWEEN_EPOCHS : value
  const ms = Math.round(serial * DAY_MS) + (serial < LEAP_BUG ? DAY_MS : 0)
  const iso = new Date(EPOCH_1900 + ms).toISOString()
  const [date = '', time = ''] = iso.slice(0, -1).split('T')
  return ms % DAY_MS === 0 ? { text: date, kind: KIND.date } : { text: `${date} ${shortTime(time)}`, kind: KIND.timestamp }
}

/** A part of the first day. In 1904 that day is a date, so there the format decides. */
function isTimeOfDay(value: number, meaning: NumberMeaning, is1904: boolean): boolean {
  if (value < 0 || value >= 1) return false
  return meaning === 'time' || (!is1904 && value > 0)
}

function noDate(value: number, is1904: boolean): string | null {
  if (value < 0) return `${value} is before the first day of the calendar`
  if (!is1904 && value < 1) return `${value} is no date; a date begins with 1`
  if (value + (is1904 ? DAYS_BETWEEN_EPOCHS : 0) >= LAST_SERIAL_1900 + 1) return `${value} is after 9999-12-31`
  return !is1904 && Math.floor(value) === LEAP_BUG ? `${value} is 29 February 1900, a day that never was` : null
}

function timeOfDay(value: number): SerialReading {
  const ms = Math.round(value * DAY_MS)
  return { text: shortTime(new Date(Math.min(ms, DAY_MS - 1)).toISOString().slice(11, -1)), kind: KIND.time }
}

function shortTime(time: string): string {
  return time.endsWith('.000') ? time.slice(0, -4) : time
}

/** Hours may be more than 24: `27:30:00`. */
function elapsed(value: number): string {
  const seconds = Math.round(Math.abs(value) * 86_400)
  const two = (part: number): string => String(part).padStart(2, '0')
  return `${value < 0 ? '-' : ''}${two(Math.floor(seconds / 3_600))}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`
}

import { compareNumbers, exactNumber, type ExactNumber, scaled } from './exact-number.ts'

/** A text as a value of a column, the way `exactCast` reads it in SQL. */
export type ExactValue =
  /** `shown`: as DuckDB writes the value. */
  | { kind: 'text' | 'day' | 'boolean'; shown: string }
  | { kind: 'exact'; number: ExactNumber; shown: string }
  | { kind: 'floating'; number: number }

/** `misfit`: no value of the type. `unknown`: only DuckDB can tell. */
export type ExactReading = ExactValue | 'misfit' | 'unknown'

const WHOLE_BITS: Readonly<Record<string, number>> = { TINYINT: 8, SMALLINT: 16, INTEGER: 32, BIGINT: 64, HUGEINT: 128 }
const DECIMAL = /^DECIMAL\((\d+),\s*(\d+)\)$/
const WHOLE = /^[+-]?[0-9]+(\.0*)?$/
const REAL = /^[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)(e[+-]?[0-9]{1,4})?$/i

/** @param type as DuckDB describes a column */
export function exactValue(text: string, type: string): ExactReading {
  const decimal = DECIMAL.exec(type)
  if (decimal !== null) return decimalValue(text, { width: Number(decimal[1]), scale: Number(decimal[2]) })
  const bits = WHOLE_BITS[type.replace(/^U(?!UID)/, '')]
  if (bits !== undefined) return wholeValue(text, type.startsWith('U') ? { least: 0n, most: 2n ** BigInt(bits) - 1n } : { least: -(2n ** BigInt(bits - 1)), most: 2n ** BigInt(bits - 1) - 1n })
  switch (type) {
    case 'VARCHAR':
      return { kind: 'text', shown: text }
    case 'DOUBLE':
    case 'FLOAT':
      return floatingValue(text, type)
    case 'DATE':
      return dayValue(text)
    case 'BOOLEAN':
      return booleanValue(text)
    default:
      return 'unknown'
  }
}

function wholeValue(text: string, { least, most }: { least: bigint; most: bigint }): ExactReading {
  if (!WHOLE.test(text)) return 'misfit'
  const value = BigInt(text.replace(/^\+/, '').replace(/\.0*$/, ''))
  return value < least || value > most ? 'misfit' : { kind: 'exact', number: { digits: value, scale: 0 }, shown: String(value) }
}

function decimalValue(text: string, { width, scale }: { width: number; scale: number }): ExactReading {
  if (!new RegExp(`^[+-]?([0-9]+(\\.[0-9]{0,${scale}}0*)?|\\.[0-9]{0,${scale}}0*)$`).test(text)) return 'misfit'
  const trimmed = text.includes('.') ? text.replace(/0+$/, '') : text
  const number = exactNumber(trimmed)
  // A point alone, which DuckDB may take for a zero.
  if (number === null) return /\d/.test(text) ? { kind: 'exact', number: { digits: 0n, scale: 0 }, shown: decimalText(0n, scale) } : 'unknown'
  const digits = scaled(number, scale)
  if ((digits < 0n ? -digits : digits) >= 10n ** BigInt(width)) return 'misfit'
  return { kind: 'exact', number: { digits, scale }, shown: decimalText(digits, scale) }
}

function decimalText(digits: bigint, scale: number): string {
  const text = String(digits < 0n ? -digits : digits).padStart(scale + 1, '0')
  const sign = digits < 0n ? '-' : ''
  return scale === 0 ? `${sign}${text}` : `${sign}${text.slice(0, -scale)}.${text.slice(-scale)}`
}

function floatingValue(text: string, type: 'DOUBLE' | 'FLOAT'): ExactReading {
  if (!REAL.test(text)) return /^[+-]?(inf|infinity|nan)$/i.test(text) ? 'unknown' : 'misfit'
  const number = type === 'FLOAT' ? Math.fround(Number(text)) : Number(text)
  const written = exactNumber(text)
  if (!Number.isFinite(number) || (number === 0 && written?.digits !== 0n)) return 'misfit'
  return { kind: 'floating', number }
}

/** Other ways to write a day that DuckDB takes are left to it. */
function dayValue(text: string): ExactReading {
  const [, year, month = '', day = ''] = /^(\d{4})-(\d{1,2})-(\d{1,2})$/.exec(text) ?? []
  if (year === undefined) return /\d{4}|inf/i.test(text) ? 'unknown' : 'misfit'
  const time = new Date(0)
  time.setUTCFullYear(Number(year), Number(month) - 1, Number(day))
  const isDay = time.getUTCMonth() === Number(month) - 1 && time.getUTCDate() === Number(day)
  if (!isDay) return 'misfit'
  return Number(year) === 0 ? 'unknown' : { kind: 'day', shown: `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}` }
}

function booleanValue(text: string): ExactReading {
  const lower = text.toLowerCase()
  if (lower === 'true' || lower === 'false') return { kind: 'boolean', shown: lower }
  return /^\s*(t|f|y|n|yes|no|on|off|true|false)\s*$/i.test(text) ? 'unknown' : 'misfit'
}

/** Below zero: `a` is the lesser; null where the two do not compare. */
export function compareValues(a: ExactValue, b: ExactValue): number | null {
  if (a.kind === 'exact' && b.kind === 'exact') return compareNumbers(a.number, b.number)
  if (a.kind === 'floating' && b.kind === 'floating') return a.number - b.number
  if ('shown' in a && 'shown' in b && a.kind === b.kind) return Buffer.compare(Buffer.from(a.shown), Buffer.from(b.shown))
  return null
}

/** What the values of a column were seen to be, as bits. */
export const KIND = { text: 1, boolean: 2, safeInteger: 4, int64: 8, wideInteger: 16, double: 32, date: 64, timestamp: 128, time: 256, blob: 512 } as const
export type Kind = (typeof KIND)[keyof typeof KIND]

const WIDE_INTEGER = 'DECIMAL(38,0)'
const MAX_WIDE_DIGITS = 38
const [MIN_INT64, MAX_INT64] = [-(2n ** 63n), 2n ** 63n - 1n]
const WHOLE = KIND.safeInteger | KIND.int64 | KIND.wideInteger

const SINGLE: readonly [number, string][] = [
  [KIND.text, 'VARCHAR'],
  [KIND.boolean, 'BOOLEAN'],
  [KIND.time, 'TIME'],
  [KIND.blob, 'BLOB'],
  [KIND.date, 'DATE'],
  [KIND.date | KIND.timestamp, 'TIMESTAMP'],
  [KIND.safeInteger | KIND.double, 'DOUBLE'],
  [KIND.safeInteger | KIND.int64, 'BIGINT'],
  [WHOLE, WIDE_INTEGER],
]

/** The narrowest type that keeps all values as they are: text where kinds are mixed, or where a number would be rounded. */
export function typeOfKinds(seen: number): string {
  if (seen === 0) return 'VARCHAR'
  if (seen === KIND.safeInteger) return 'BIGINT'
  return SINGLE.find(([kinds]) => (seen & ~kinds) === 0)?.[1] ?? 'VARCHAR'
}

export function kindOfBigInt(value: bigint): Kind {
  if (value >= -9007199254740991n && value <= 9007199254740991n) return KIND.safeInteger
  if (value >= MIN_INT64 && value <= MAX_INT64) return KIND.int64
  return value.toString().replace('-', '').length <= MAX_WIDE_DIGITS ? KIND.wideInteger : KIND.text
}

/** A number as DuckDB reads it back to the same bits; whole ones without a fraction. */
export function numberText(value: number): { text: string; kind: Kind } {
  if (Number.isSafeInteger(value) && !Object.is(value, -0)) return { text: String(value), kind: KIND.safeInteger }
  if (Object.is(value, -0)) return { text: '-0.0', kind: KIND.double }
  if (!Number.isFinite(value)) return { text: Number.isNaN(value) ? 'nan' : value > 0 ? 'inf' : '-inf', kind: KIND.double }
  return { text: String(value), kind: KIND.double }
}

import { quoteLiteral } from '../../../../shared/domain/naming.ts'
import { nestedFits, nestedOf, type NestedType } from './nested-cast.ts'

/**
 * How a text becomes a value of a declared type, for all connectors alike. DuckDB's own casts give more than was asked for: 12.7 as the integer 13, 1.005
 * as 1.01, a moment as its day, a time with an offset as one without. Here a text fits a type only if it is written as exactly one value of it;
 * anything else is for the quarantine, and a declared format says how else values are written.
 */
export interface ExactCast {
  /** SQL of the value; NULL where there is none. */
  value(text: string): string
  /** SQL, never NULL: whether the text, which is not NULL, is exactly `value`. */
  fits(text: string, value: string): string
}

const WHOLE = '[+-]?[0-9]+(\\.0*)?'
const REAL = '[+-]?([0-9]+\\.?[0-9]*|\\.[0-9]+)([eE][+-]?[0-9]+)?'
const NO_NUMBER = '[+-]?(inf|infinity|nan)'
const DAY = '-?[0-9]{4,}[-/][0-9]{1,2}[-/][0-9]{1,2}( \\(BC\\))?'
const ENDLESS = '-?infinity'
const MIDNIGHT = '([ T]00:00(:00(\\.0+)?)?)?'
const OFFSET = ' ?([zZ]|UTC|[+-][0-9]{1,2}(:?[0-9]{2}(:?[0-9]{2})?)?| [A-Za-z]+(/[A-Za-z0-9_+-]+)*)'

/** Digits behind the seconds that a type keeps. */
const SECOND_DIGITS: Readonly<Record<string, number>> = { TIMESTAMP_S: 0, TIMESTAMP_MS: 3, TIMESTAMP_NS: 9 }
const MICROSECONDS = 6

/** @param type as `readColumnType` gives it */
export function exactCast(type: string): ExactCast {
  const nested = nestedOf(type)
  if (nested !== null) return nestedCast(type, nested)
  return { value: (text) => `TRY_CAST(${text} AS ${type})`, fits: fitsOf(type) }
}

function fitsOf(type: string): Check {
  if (/^U?(TINY|SMALL|BIG|HUGE)?INT(EGER)?$/.test(type)) return usually(isSame, WHOLE)
  const decimal = /^DECIMAL\(\d+,\s*(\d+)\)$/.exec(type)
  if (decimal !== null) return usually(isSame, `[+-]?([0-9]+(\\.[0-9]{0,${decimal[1]}}0*)?|\\.[0-9]{0,${decimal[1]}}0*)`)
  if (type.startsWith('TI')) return momentFits(type)
  switch (type) {
    case 'DOUBLE':
    case 'FLOAT':
      return realFits
    case 'BOOLEAN':
      return (text, own) => `(${own} IS NOT NULL AND ${text} NOT IN ('0', '1'))`
    case 'DATE':
      return usually(isSame, `${DAY}${MIDNIGHT}`, ENDLESS)
    default:
      return (_text, own) => `(${own} IS NOT NULL)`
  }
}

function momentFits(type: string): Check {
  const time = timePattern(SECOND_DIGITS[type] ?? MICROSECONDS)
  if (type === 'TIME') return usually(isSame, time)
  if (type === 'TIME WITH TIME ZONE') return usually(isSame, `${time}${OFFSET}`)
  if (type === 'TIMESTAMP WITH TIME ZONE') return usually(null, `${DAY}[ T]${time}${OFFSET}`, ENDLESS)
  return usually(isPlainMoment, `${DAY}([ T]${time})?`, ENDLESS)
}

/** Of a value that does not fit, in the reason. */
const SHOWN_LENGTH = 80

/** SQL of what is told of a value that does not fit. */
export function misfitReason(text: string, type: string): string {
  return `'"' || left(${text}, ${SHOWN_LENGTH}) || ${quoteLiteral(`" does not fit ${type}`)}`
}

/** The text is JSON. */
function nestedCast(type: string, nested: NestedType): ExactCast {
  const json = (text: string): string => `TRY_CAST(${text} AS JSON)`
  const single = (text: string, of: string): string => {
    const cast = exactCast(of)
    return cast.fits(text, cast.value(text))
  }
  return {
    value: (text) => (type === 'JSON' ? json(text) : `TRY(CAST(${json(text)} AS ${type}))`),
    fits: (text, value) => `(${value} IS NOT NULL AND coalesce(${nestedFits(nested, json(text), { single, depth: 0 })}, false))`,
  }
}

/** At most so many digits behind the seconds, and zeros. */
function timePattern(digits: number): string {
  return `[0-9]{1,2}:[0-9]{2}(:[0-9]{2}(\\.[0-9]{0,${digits}}0*)?)?`
}

type Check = (text: string, value: string) => string

/**
 * Nearly every value is written as DuckDB writes it, which is cheaper to see than whether it is of a pattern. Outside of a WHERE, DuckDB reckons all of
 * an OR for every row; of a CASE, only what is needed.
 */
function usually(first: Check | null, ...patterns: readonly string[]): Check {
  const matches = (text: string): string => `regexp_full_match(${text}, ${quoteLiteral(`(?i:${patterns.join('|')})`)})`
  return (text, value) => `CASE ${first === null ? '' : `WHEN ${first(text, value)} THEN ${value} IS NOT NULL `}WHEN ${value} IS NULL THEN false ELSE ${matches(text)} END`
}

const isSame: Check = (text, value) => `CAST(${value} AS VARCHAR) = ${text}`

/** Of 19 characters of this form, only one that ends in Z has an offset. */
const isPlainMoment: Check = (text) => `(${text} >= '0' AND ${text} LIKE '____-__-__ __:__:__' AND NOT suffix(${text}, 'Z') AND NOT suffix(${text}, 'z'))`

/** The nearest floating-point number is what such a type means; but a number that is written out is neither endless nor, unless it is written so, zero. */
const realFits: Check = (text, value) => {
  // DuckDB passes over blanks at both ends and over _ between digits.
  const isPlain = `isfinite(${value}) AND ${value} <> 0 AND ${text} >= '+' AND NOT contains(${text}, '_') AND ${BLANKS.map((blank) => `NOT suffix(${text}, ${blank})`).join(' AND ')}`
  const written = `CASE WHEN regexp_full_match(${text}, ${quoteLiteral(REAL)}) THEN isfinite(${value}) AND (${value} <> 0 OR regexp_matches(${text}, '^[^1-9eE]*([eE]|$)')) ELSE regexp_full_match(${text}, ${quoteLiteral(`(?i:${NO_NUMBER})`)}) END`
  return `CASE WHEN ${isPlain} THEN true WHEN ${value} IS NULL THEN false ELSE ${written} END`
}

const BLANKS = ["' '", "E'\\t'", "E'\\n'", "E'\\r'", 'chr(11)', 'chr(12)']

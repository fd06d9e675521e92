import { quoteLiteral } from '../../../shared/domain/naming.ts'
import type { ColumnFormat } from '../workspace/model.ts'
import { exactCast } from './casts/exact-cast.ts'

/** A declared way to write values of a column, as SQL: the value, NULL where the text is not written so, and how it should have been written. */
export interface FormattedColumn {
  name: string
  type: string
  /** @param text expression of the column's text */
  value(text: string): string
  expected: string
}

export function formattedColumn(name: string, type: string, format: ColumnFormat): FormattedColumn {
  if (format.dates.length > 0) return { name, type, value: (text) => dateSql(text, type, format.dates), expected: `written like ${format.dates.join(' or ')}` }
  if (format.trueText.length + format.falseText.length > 0) {
    return { name, type, value: (text) => booleanSql(text, format), expected: `one of ${[...format.trueText, ...format.falseText].join(', ')}` }
  }
  return { name, type, value: (text) => numberSql(text, type, format), expected: `a number ${type} written like ${exampleOf(type, format)}` }
}

/** A format may tell more than the type keeps: a day is no time of day, and the other way round. */
function dateSql(text: string, type: string, formats: readonly string[]): string {
  const moment = `try_strptime(trim(${text}), [${formats.map(quoteLiteral).join(', ')}])`
  const value = exactMoment(moment, type)
  return formats.every((format) => LONE_YEAR.test(format)) ? `CASE WHEN regexp_matches(${text}, ${quoteLiteral(FOUR_DIGITS)}) THEN ${value} END` : value
}

function exactMoment(moment: string, type: string): string {
  const value = `TRY_CAST(${moment} AS ${type})`
  if (type === 'DATE') return `CASE WHEN ${moment} = date_trunc('day', ${moment}) THEN ${value} END`
  return type === 'TIMESTAMP_S' || type === 'TIMESTAMP_MS' ? `CASE WHEN CAST(${value} AS TIMESTAMP) = ${moment} THEN ${value} END` : value
}

/** `%Y` takes two digits for a year of the first century; where it stands apart, four can be asked for. */
const LONE_YEAR = /(^|[^a-zA-Z%])%Y([^%a-zA-Z0-9]|$)/
const FOUR_DIGITS = '(^|[^0-9])[0-9]{4}([^0-9]|$)'

function booleanSql(text: string, { trueText, falseText }: ColumnFormat): string {
  const oneOf = (texts: readonly string[]): string => (texts.length === 0 ? 'false' : `lower(trim(${text})) IN (${texts.map((word) => quoteLiteral(word.toLowerCase())).join(', ')})`)
  return `CASE WHEN ${oneOf(trueText)} THEN true WHEN ${oneOf(falseText)} THEN false END`
}

/** Marks of thousands count only between groups of three, so that 1.5 does not become 15 where a dot is declared to be such a mark. */
function numberSql(text: string, type: string, { decimal, thousands, strip, percent }: ColumnFormat): string {
  // What looks like a blank between groups is often one that does not break.
  let bare = thousands === ' ' ? `translate(${text}, chr(160) || chr(8239), '  ')` : text
  for (const mark of strip) bare = `replace(${bare}, ${quoteLiteral(mark)}, '')`
  bare = `trim(${bare})`
  if (percent) bare = `rtrim(regexp_replace(${bare}, '%$', ''))`
  const groups = thousands === null ? '\\d+' : `(?:\\d{1,3}(?:${escaped(thousands)}\\d{3})+|\\d+)`
  const pattern = `[+-]?(?:${groups}(?:${escaped(decimal)}\\d*)?|${escaped(decimal)}\\d+)(?:[eE][+-]?\\d+)?`
  const plain = `replace(${thousands === null ? bare : `replace(${bare}, ${quoteLiteral(thousands)}, '')`}, ${quoteLiteral(decimal)}, '.')`
  return `CASE WHEN regexp_full_match(${bare}, ${quoteLiteral(pattern)}) THEN ${percent ? shareSql(plain, type) : exactSql(plain, type)} END`
}

function exactSql(text: string, type: string): string {
  const { value, fits } = exactCast(type)
  return `CASE WHEN ${fits(text, value(text))} THEN ${value(text)} END`
}

/** Only decimals keep every digit of a hundredth. */
function shareSql(text: string, type: string): string {
  if (type === 'DOUBLE' || type === 'FLOAT') return `TRY_CAST(${exactSql(text, 'DOUBLE')} / 100 AS ${type})`
  return exactSql(`CAST(${exactSql(text, 'DECIMAL(32,10)')} * CAST(0.01 AS DECIMAL(3,2)) AS VARCHAR)`, type)
}

function isInteger(type: string): boolean {
  return /^U?(TINY|SMALL|BIG|HUGE)?INT(EGER)?$/i.test(type)
}

function escaped(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')
}

function exampleOf(type: string, { decimal, thousands, strip, percent }: ColumnFormat): string {
  return `${strip[0] ?? ''}1${thousands ?? ''}234${isInteger(type) ? '' : `${decimal}5`}${percent ? '%' : ''}`
}

import { quoteIdentifier, quoteLiteral } from '../../../../../shared/domain/naming.ts'

/** A column as it is written. */
export interface StoredColumn {
  /** Position in the staged rows. */
  position: number
  name: string
  /** DuckDB type. */
  type: string
  /** Declared, or given by the file: values may not fit. */
  isChecked: boolean
}

const INTEGERS = /^U?(TINY|SMALL|BIG|HUGE)?INT(EGER)?$/
const WHOLE_NUMBER = String.raw`'\s*[+-]?[0-9]+(\.0*)?\s*'`
const MIDNIGHT = String.raw`'[ T]00:00(:00(\.0+)?)?$'`

/** The staged value of a column, as text. */
export function valueSql(position: number): string {
  return `v[${position + 2}]`
}

/** The value as its type; NULL where it does not fit. */
function castSql(value: string, type: string): string {
  if (type === 'VARCHAR') return value
  if (type === 'BLOB') return `TRY(unhex(${value}))`
  if (isNested(type)) return `TRY(CAST(CAST(${value} AS JSON) AS ${type}))`
  return `TRY_CAST(${value} AS ${type})`
}

/** DuckDB casts more than is wanted here: 12.7 to the integer 13, a moment to its day. */
function guardSql(value: string, type: string): string | null {
  if (INTEGERS.test(type)) return `NOT regexp_full_match(${value}, ${WHOLE_NUMBER})`
  if (type === 'DATE') return `(contains(${value}, ':') AND NOT regexp_matches(${value}, ${MIDNIGHT}))`
  return null
}

export function isNested(type: string): boolean {
  return /\]$|^(STRUCT|MAP|UNION|JSON)\b/i.test(type)
}

/** SELECT list of the columns as they are stored. */
export function selectSql(columns: readonly StoredColumn[]): string {
  return columns
    .map(({ position, type, name, isChecked }) => {
      const value = valueSql(position)
      const cast = isChecked || type === 'BLOB' || isNested(type) ? castSql(value, type) : `CAST(${value} AS ${type})`
      return `${cast} AS ${quoteIdentifier(name)}`
    })
    .join(', ')
}

/** Position of the first column whose value does not fit, or NULL; null where nothing can fail. */
export function misfitSql(columns: readonly StoredColumn[]): string | null {
  const cases = columns.flatMap(({ position, type, isChecked }) => {
    if (!isChecked || type === 'VARCHAR') return []
    const value = valueSql(position)
    const guard = guardSql(value, type)
    return [`WHEN ${value} IS NOT NULL AND (${castSql(value, type)} IS NULL${guard === null ? '' : ` OR ${guard}`}) THEN ${position}`]
  })
  return cases.length === 0 ? null : `CASE ${cases.join(' ')} END`
}

/** The record as a JSON object, for the quarantine. */
export function rawSql(columns: readonly StoredColumn[]): string {
  return `json_object(${columns.flatMap(({ position, name }) => [quoteLiteral(name), valueSql(position)]).join(', ')})::VARCHAR`
}

/** Type by position, as SQL over a column `bad` that holds a position. */
export function typeNameSql(columns: readonly StoredColumn[]): string {
  return `CASE bad ${columns.map(({ position, type }) => `WHEN ${position} THEN ${quoteLiteral(type)}`).join(' ')} END`
}

export function columnNameSql(columns: readonly StoredColumn[]): string {
  return `CASE bad ${columns.map(({ position, name }) => `WHEN ${position} THEN ${quoteLiteral(name)}`).join(' ')} END`
}

import { quoteIdentifier, quoteLiteral } from '../../../../../shared/domain/naming.ts'
import { type ExactCast, exactCast, misfitReason } from '../../casts/exact-cast.ts'

/** A column as it is written. */
export interface StoredColumn {
  /** Position in the staged rows. */
  position: number
  name: string
  /** DuckDB type. */
  type: string
  /** Declared, or given by the file: values may not fit. */
  isChecked: boolean
  /** Its values are bytes in the file, not text that stands for bytes. */
  areBytes: boolean
}

/** The staged value of a column, as text. */
export function valueSql(position: number): string {
  return `v[${position + 2}]`
}

/** Bytes are staged as hexadecimal digits. */
const BYTES: ExactCast = { value: (text) => `TRY(unhex(${text}))`, fits: (_text, value) => `(${value} IS NOT NULL)` }

function castOf({ type, areBytes }: StoredColumn): ExactCast {
  return areBytes ? BYTES : exactCast(type)
}

/** SELECT list of the columns as they are stored. */
export function selectSql(columns: readonly StoredColumn[]): string {
  return columns
    .map((column) => {
      const value = valueSql(column.position)
      const cast = column.type === 'VARCHAR' ? value : column.isChecked || column.areBytes ? castOf(column).value(value) : `CAST(${value} AS ${column.type})`
      return `${cast} AS ${quoteIdentifier(column.name)}`
    })
    .join(', ')
}

/** Position of the first column whose value does not fit, or NULL; null where nothing can fail. */
export function misfitSql(columns: readonly StoredColumn[]): string | null {
  const cases = columns.flatMap((column) => {
    if (!column.isChecked || column.type === 'VARCHAR') return []
    const value = valueSql(column.position)
    const cast = castOf(column)
    return [`WHEN ${value} IS NOT NULL AND NOT ${cast.fits(value, cast.value(value))} THEN ${column.position}`]
  })
  return cases.length === 0 ? null : `CASE ${cases.join(' ')} END`
}

/** The record as a JSON object, for the quarantine. */
export function rawSql(columns: readonly StoredColumn[]): string {
  return `json_object(${columns.flatMap(({ position, name }) => [quoteLiteral(name), valueSql(position)]).join(', ')})::VARCHAR`
}

/** What is told of the value of the column at position `bad`. */
export function misfitReasonSql(columns: readonly StoredColumn[]): string {
  return `CASE bad ${columns.map(({ position, type }) => `WHEN ${position} THEN ${misfitReason(valueSql(position), type)}`).join(' ')} END`
}

export function columnNameSql(columns: readonly StoredColumn[]): string {
  return `CASE bad ${columns.map(({ position, name }) => `WHEN ${position} THEN ${quoteLiteral(name)}`).join(' ')} END`
}

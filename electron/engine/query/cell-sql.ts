import { quoteIdentifier } from '../../../shared/domain/naming.ts'
import type { Column } from '../../../shared/domain/table-query.ts'

/** How values become cells of a page: JSON that JavaScript reads without losing anything. */

const WIDE_NUMBER = /^(U?BIGINT|U?HUGEINT|BIGNUM|DECIMAL|NUMERIC)/
const FLOATS = /^(DOUBLE|FLOAT|REAL)$/
/** Nested types that can hold a NaN, which DuckDB's JSON writes bare and JSON.parse refuses. */
const MAY_HOLD_NAN = /DOUBLE|FLOAT|REAL|JSON/
const NAN_IN_JSON = String.raw`(^|[:\[,])\s*-?(NaN|Infinity)`

/** One row as JSON text: an array of cells in column order. */
export function rowJsonSql(columns: readonly Column[]): string {
  if (columns.length === 0) return `'[]'`
  return `json_array(${columns.map((column) => cellSql(column, quoteIdentifier(column.name))).join(', ')})::VARCHAR`
}

/**
 * A value as JSON cell. Numbers beyond 53 bits and decimals are text, so that no digit is lost; times are ISO 8601, NaN and infinities
 * text, binary values hexadecimal text.
 */
export function cellSql({ type, kind }: Column, ref: string): string {
  if (FLOATS.test(type)) return floatCell(type, ref)
  if (kind === 'number') return WIDE_NUMBER.test(type) ? `${ref}::VARCHAR` : ref
  if (kind === 'boolean') return ref
  if (kind === 'timestamp') return isoTimestamp(type, ref)
  if (kind === 'nested') return nestedCell(type, ref)
  return textSql({ type, kind }, ref)
}

/** A value as people see it, for text filters. */
export function textSql({ type, kind }: Pick<Column, 'type' | 'kind'>, ref: string): string {
  if (type === 'VARCHAR') return ref
  if (type === 'BLOB') return `hex(${ref})`
  if (kind === 'nested' && type !== 'JSON') return `to_json(${ref})::VARCHAR`
  return `${ref}::VARCHAR`
}

function floatCell(type: string, ref: string): string {
  // By way of text, a FLOAT keeps the digits it was written with: 0.1, not 0.10000000149011612.
  const number = type === 'DOUBLE' ? ref : `${ref}::VARCHAR::DOUBLE`
  const word = `CASE WHEN isnan(${ref}) THEN 'NaN' WHEN ${ref} > 0 THEN 'Infinity' ELSE '-Infinity' END`
  return `CASE WHEN ${ref} IS NULL THEN NULL WHEN isfinite(${ref}) THEN to_json(${number}) ELSE to_json(${word}) END`
}

/** Instances run in UTC, so that a zoned value always ends in +00. */
function isoTimestamp(type: string, ref: string): string {
  const text = `replace(${ref}::VARCHAR, ' ', 'T')`
  return type === 'TIMESTAMP WITH TIME ZONE' ? `replace(${text}, '+00', 'Z')` : text
}

/** A nested value with a NaN in it, which JSON cannot say, becomes its DuckDB text. */
function nestedCell(type: string, ref: string): string {
  const json = `to_json(${ref})`
  if (!MAY_HOLD_NAN.test(type)) return json
  return `CASE WHEN regexp_matches(${json}::VARCHAR, '${NAN_IN_JSON}') THEN to_json(${ref}::VARCHAR) ELSE ${json} END`
}

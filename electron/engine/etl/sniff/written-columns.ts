import type { DeclaredColumn } from '../../../../shared/contract/ingest.contract.ts'
import { quoteLiteral } from '../../../../shared/domain/naming.ts'
import { readFormat } from '../../workspace/source-columns.ts'
import { formattedColumn } from '../column-format.ts'
import type { WayToWrite, WrittenKeys } from './column-kinds.ts'

/** How pipeline.yaml says it: `{ type: DATE, format: "%d.%m.%Y" }`. */
export function declaredAs({ type, keys }: WayToWrite): DeclaredColumn {
  return { type, ...keys, ...(keys.strip === undefined ? {} : { strip: keys.strip.length === 1 ? (keys.strip[0] ?? '') : keys.strip }) }
}

/** For people: the format, or the marks. */
export function wayText({ keys, meaning }: WayToWrite): string {
  if (keys.format === undefined) return meaning
  return typeof keys.format === 'string' ? keys.format : keys.format.join(' or ')
}

/** The value of a text by a declared way as SQL; NULL where it is not written so. The same as in a run. */
export function valueSql(text: string, { type, keys }: WayToWrite): string {
  const format = readFormat(keys)
  if (format === null) return `TRY_CAST(${text} AS ${type})`
  const value = formattedColumn('column', type, format).value(text)
  // A column with decimals is none of whole numbers, even where they are all zero.
  return type === 'BIGINT' ? `CASE WHEN NOT contains(${text}, ${quoteLiteral(format.decimal)}) THEN ${value} END` : value
}

/**
 * The value of a column as a step would make it of its text, for files whose columns cannot be declared. It fails where a text is not written so,
 * instead of making nothing of it.
 * @param column quoted name
 */
export function conversionSql(column: string, { type, keys }: WayToWrite): string {
  if (keys.format !== undefined) return `CAST(strptime(${column}, ${typeof keys.format === 'string' ? quoteLiteral(keys.format) : `[${keys.format.map(quoteLiteral).join(', ')}]`}) AS ${type})`
  const plain = marksOf(keys).reduce((text, [mark, by]) => `replace(${text}, ${quoteLiteral(mark)}, ${quoteLiteral(by)})`, column)
  return keys.percent === true ? `CAST(trim(${plain}) AS DOUBLE) / 100` : plain === column ? `CAST(${column} AS ${type})` : `CAST(trim(${plain}) AS ${type})`
}

/** What goes, and what it becomes, in the order in which it must. */
function marksOf({ strip = [], percent = false, thousands, decimal = '.' }: WrittenKeys): [string, string][] {
  return [...strip.map((mark): [string, string] => [mark, '']), ...(percent ? [['%', ''] as [string, string]] : []), ...(thousands === undefined ? [] : [[thousands, ''] as [string, string]]), ...(decimal === ',' ? [[',', '.'] as [string, string]] : [])]
}

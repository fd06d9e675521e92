import { parseRange } from '../etl/connectors/xlsx/cell-reference.ts'
import { XLSX_DEFAULTS } from '../etl/connectors/xlsx/xlsx-options.ts'
import type { XlsxOptions } from './model.ts'
import { complain, type SourceContext } from './source-context.ts'

/** What a source says of its workbooks. */
export function readXlsxOptions(context: SourceContext): XlsxOptions {
  const { source } = context
  return {
    sheet: source.sheet ?? null,
    range: readRange(context),
    headerRows: readHeaderRows(context),
    merged: source.merged ?? XLSX_DEFAULTS.merged,
    errors: source.errors ?? XLSX_DEFAULTS.errors,
    nullText: source.null === undefined ? [] : [source.null].flat(),
  }
}

function readRange(context: SourceContext): string | null {
  const { range } = context.source
  if (range === undefined) return null
  if (parseRange(range) === null) complain(context, 'range', { code: 'invalid-value', message: `"${range}" is no range of cells`, suggestion: 'Write it like A5:F100, A5:F (down to the end) or B:D' })
  return range
}

function readHeaderRows(context: SourceContext): XlsxOptions['headerRows'] {
  const { header, header_rows: rows } = context.source
  if (rows === undefined) return header === false ? 'none' : 'first'
  if (header === false) complain(context, 'header_rows', { code: 'invalid-value', part: 'key', message: 'There are header rows, or header: false, but not both', suggestion: 'Remove one of the two' })
  const sorted = [rows].flat().toSorted((a, b) => a - b)
  const range = context.source.range === undefined ? null : parseRange(context.source.range)
  const outside = range === null ? undefined : sorted.find((row) => row > range.lastRow)
  if (outside !== undefined) complain(context, 'header_rows', { code: 'invalid-value', message: `Header row ${outside} lies below the range`, suggestion: 'Rows count from the top of the sheet' })
  return [...new Set(sorted)]
}

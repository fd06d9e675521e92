import { quoteLiteral } from '../../../../shared/domain/naming.ts'
import { globLiteral } from '../../query/glob-literal.ts'
import type { SourceSpec } from '../../workspace/model.ts'
import type { CsvHead } from './csv-head.ts'
import { storedType } from './infer-columns.ts'
import type { PlainText } from './plain-text.ts'

/** Column that tells the file of a row apart while many are read at once. */
export const PATH_COLUMN = '__strata_path'

/** Longest record that DuckDB reads unless told otherwise; longer ones need `longestBytes`. */
export const DEFAULT_RECORD_BYTES = 2_000_000
/** DuckDB drops a record that is longer than its buffer without a word. */
export const DEFAULT_BUFFER_BYTES = 32_000_000

export interface CsvScan {
  source: SourceSpec
  texts: readonly PlainText[]
  head: CsvHead
  /** Longest record in bytes, where the defaults do not do. */
  longestBytes: number | null
  /** Number that keeps the rejects of this scan apart: DuckDB's own tables grow with every scan of an instance. */
  scanId: number
}

export function rejectTables({ scanId }: CsvScan): { errors: string; scans: string } {
  return { errors: `csv_errors_${scanId}`, scans: `csv_scans_${scanId}` }
}

/** Type of a column of delimited text as declared, else text. */
function csvType(column: string, { columns }: SourceSpec): string {
  const declared = Object.entries(columns).find(([name]) => name.toLowerCase() === column.toLowerCase())?.[1]
  return storedType(declared ?? 'VARCHAR')
}

/** `read_csv` with nothing left to guess, all columns text; records of another form go to tables of this scan. */
export function csvRelation(scan: CsvScan): string {
  const { source, texts, head } = scan
  const { csv } = source
  const columns = head.columns.map((name) => `${quoteLiteral(name)}: 'VARCHAR'`)
  const tables = rejectTables(scan)
  const options = [
    `columns = {${columns.join(', ')}}, auto_detect = false, header = false, skip = ${head.readerSkip}`,
    `delim = ${quoteLiteral(head.dialect.delimiter)}, quote = ${quoteLiteral(head.dialect.quote)}, escape = ${quoteLiteral(head.dialect.escape)}`,
    `nullstr = [${['', ...csv.nullText].map(quoteLiteral).join(', ')}], allow_quoted_nulls = false`,
    `store_rejects = true, rejects_limit = 0, rejects_table = ${quoteLiteral(tables.errors)}, rejects_scan = ${quoteLiteral(tables.scans)}`,
  ]
  if (csv.comment !== null) options.push(`comment = ${quoteLiteral(csv.comment)}`)
  if (texts.length > 1) options.push(`filename = ${quoteLiteral(PATH_COLUMN)}`)
  // In parallel, DuckDB takes lines inside a long quoted field for records.
  if (scan.longestBytes !== null) options.push(`parallel = false, max_line_size = ${scan.longestBytes + 1_024}, buffer_size = ${Math.max(DEFAULT_BUFFER_BYTES, 2 * scan.longestBytes)}`)
  return `read_csv([${texts.map(({ path }) => quoteLiteral(globLiteral(path))).join(', ')}], ${options.join(', ')})`
}

/** Columns of all files by name, in the order of their first appearance; names that differ in case alone are one. */
export function unionColumns(heads: readonly (CsvHead | null)[], source: SourceSpec): { name: string; type: string }[] {
  const columns = new Map<string, string>()
  for (const name of heads.flatMap((head) => head?.columns ?? [])) {
    if (!columns.has(name.toLowerCase())) columns.set(name.toLowerCase(), name)
  }
  return [...columns.values()].map((name) => ({ name, type: csvType(name, source) }))
}

import { quoteLiteral } from '../../../../../shared/domain/naming.ts'
import { globLiteral } from '../../../query/glob-literal.ts'
import { bytesAt } from '../../small-file.ts'
import type { SourceFile } from '../connector.ts'
import { UNKNOWN_RECORD } from '../record-analysis.ts'

const CR = 13
const HEAD_BYTES = 64 << 10
/** Nearly always they have every key of the file. */
const HEAD_RECORDS = 2_000

/** Whether DuckDB may read the lines of a file as it lies there, as far as its beginning tells. */
export function isLines({ path, packing, encoding, hasZeroByte }: SourceFile): boolean {
  return packing === 'plain' && encoding === 'utf-8' && !hasZeroByte && !bytesAt(path, 0, HEAD_BYTES).includes(CR)
}

/** Lines without the blanks around them; a blank line is NULL. */
export function linesOf({ path }: SourceFile): string {
  const options = `columns = {'json': 'VARCHAR'}, auto_detect = false, header = false, delim = E'\\x01\\x02\\x03', quote = '', escape = '', new_line = '\\n'`
  return `(SELECT CASE WHEN starts_with(json, '{') THEN json ELSE nullif(trim(json, E' \\t'), '') END AS json FROM read_csv([${quoteLiteral(globLiteral(path))}], ${options}))`
}

export function recordsOf(file: SourceFile): string {
  return `(SELECT ${file.index} AS file, ${UNKNOWN_RECORD} AS record, NULL::VARCHAR AS reason, json FROM ${linesOf(file)} WHERE json IS NOT NULL)`
}

export function headOf(file: SourceFile): string {
  return `(SELECT ${file.index} AS file, row_number() OVER () AS record, reason, json FROM (SELECT * FROM ${recordsOf(file)} LIMIT ${HEAD_RECORDS}))`
}

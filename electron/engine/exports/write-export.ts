import { rm, stat } from 'node:fs/promises'
import { quoteIdentifier, quoteLiteral } from '../../../shared/domain/naming.ts'
import type { Column } from '../../../shared/domain/table-query.ts'
import { hashFile } from '../etl/hash-file.ts'
import { watchProgress } from '../etl/watch-progress.ts'
import { textSql } from '../query/cell-sql.ts'
import { checkCasts } from '../query/check-casts.ts'
import { type Duck, openDuck } from '../query/duckdb.ts'
import { compileFilter, orderSql } from '../query/filter-sql.ts'
import { chosenColumns } from '../query/read-page.ts'
import { numberedRelation, versionRelation } from '../query/version-relation.ts'
import type { OpContext } from '../workers/worker-server.ts'
import type { OpInput, OpOutput } from '../workers/wire.ts'

type ExportInput = OpInput<'export', 'write'>

/** Of the whole; the rest is hashing. */
const COPY_SHARE = 0.95

/** COPY options by format. CSV as RFC 4180 has it: CRLF, quotes doubled; NULL is an empty field, empty text a quoted one. */
const FORMATS: Record<ExportInput['format'], string> = {
  csv: String.raw`FORMAT csv, HEADER true, DELIMITER ',', QUOTE '"', ESCAPE '"', NULLSTR '', NEW_LINE '\r\n'`,
  parquet: 'FORMAT parquet, COMPRESSION zstd',
}

/** Writes what a table shows into a file, in the order it shows; a version's own order when unsorted. Leaves no file when it fails. */
export async function writeExport(input: ExportInput, context: OpContext<never>): Promise<OpOutput<'export', 'write'>> {
  const { signal } = context
  using duck = await openDuck(context.init)
  try {
    const rowCount = await copy(duck, input, context)
    context.progress({ share: COPY_SHARE, note: 'Hashing' })
    const [{ size }, sha256] = await Promise.all([stat(input.path), hashFile(input.path, { signal })])
    context.progress({ share: 1, note: null })
    return { rowCount, sizeBytes: size, sha256 }
  } catch (error) {
    await rm(input.path, { force: true })
    throw error
  }
}

async function copy(duck: Duck, input: ExportInput, { signal, progress }: OpContext<never>): Promise<number> {
  const { where, casts } = compileFilter(input.filter, input.source.columns)
  await checkCasts(duck, casts, signal)
  using _progress = watchProgress(duck, (share) => progress({ share: share * COPY_SHARE, note: 'Writing' }))
  const [row] = await duck.rows(`COPY (${selectSql(input, where)}) TO ${quoteLiteral(input.path)} (${FORMATS[input.format]})`, signal)
  return Number(row?.['Count'])
}

function selectSql({ source, columns, sort, format }: ExportInput, where: string): string {
  const chosen = chosenColumns(source, columns).map((column) => (format === 'csv' ? csvColumn(column) : quoteIdentifier(column.name)))
  const [relation, order] = sort.length === 0 ? [versionRelation(source), ''] : [numberedRelation(source), ` ORDER BY ${orderSql(sort, source.columns)}`]
  return `SELECT ${chosen.join(', ')} FROM (${relation}) WHERE ${where}${order}`
}

/** Nested and binary values as the window shows them, JSON and hexadecimal, which other tools read too. */
function csvColumn(column: Column): string {
  const ref = quoteIdentifier(column.name)
  return column.kind === 'nested' || column.type === 'BLOB' ? `${textSql(column, ref)} AS ${ref}` : ref
}

import { open, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { quoteIdentifier, quoteLiteral } from '../../../../shared/domain/naming.ts'
import { ProblemError } from '../../../../shared/domain/problem.ts'
import { truncated, unreadable } from '../source-problem.ts'
import { watchProgress } from '../watch-progress.ts'
import { copyParquetOptions } from '../write-version.ts'
import type { Connector, ExtractJob, SourceFile } from './connector.ts'
import { refuseTooWide } from './column-limit.ts'
import { exportQuery } from './duckdb-query.ts'
import { parquetValue } from './duckdb-types.ts'
import { missingTable } from './missing-table.ts'
import { extractParquet } from './parquet.connector.ts'

const MAGIC = 'DUCK'
const MAGIC_AT = 8

/** A table or query of DuckDB databases, attached to read only; the rows of a table in the order in which they are kept. */
export const duckdbConnector: Connector = {
  format: 'duckdb',
  async extract(job) {
    const files: SourceFile[] = []
    for (const file of job.files) files.push({ ...file, path: await exportTable(job, file) })
    return extractParquet({ ...job, files })
  },
}

/** The table as Parquet on the way; where versions are made of many files, their columns are united there. */
async function exportTable(job: ExtractJob, file: SourceFile): Promise<string> {
  const path = file.path
  await refuseOthers(path, file)
  const { duck, signal, scratchDir, report, files, source } = job
  const target = join(scratchDir, `table-${file.index}.parquet`)
  const share = (of: number): void => report((file.index + of) / files.length / 2, 'Reading')
  const query = source.database?.query ?? null
  if (query !== null) {
    await exportQuery({ query, path, fileName: file.name, target, duck, signal, report: share }).catch((error: unknown) => {
      throw attachProblem(error, file.name)
    })
    return target
  }
  const database = `delivered_${file.index}`
  await duck.run(`ATTACH ${quoteLiteral(path)} AS ${database} (READ_ONLY, TYPE duckdb)`, signal).catch((error: unknown) => {
    throw attachProblem(error, file.name)
  })
  try {
    const table = await findTable(job, database, file.name)
    const columns = await duck.describe(`SELECT * FROM ${table}`)
    refuseTooWide(columns.length, file.name)
    const select = columns.map(({ name, type }) => `${parquetValue(quoteIdentifier(name), type)} AS ${quoteIdentifier(name)}`)
    using _progress = watchProgress(duck, share)
    await duck.run(`COPY (SELECT ${select.join(', ')} FROM ${table}) TO ${quoteLiteral(target)} (${copyParquetOptions})`, signal)
    return target
  } catch (error) {
    if (error instanceof ProblemError && error.problem.code === 'SQL_FAILED') throw unreadable(`the database cannot be read: ${error.message}`, { file: file.name, cause: error, hint: 'Deliver it again, whole' })
    throw error
  } finally {
    await duck.run(`DETACH ${database}`)
  }
}

async function refuseOthers(path: string, file: SourceFile): Promise<void> {
  await using handle = await open(path, 'r')
  const { bytesRead, buffer } = await handle.read(Buffer.alloc(MAGIC_AT + MAGIC.length), 0, MAGIC_AT + MAGIC.length, 0)
  if (bytesRead < MAGIC_AT + MAGIC.length) throw truncated(bytesRead === 0 ? 'the file is empty' : 'the database ends in its header', { file: file.name })
  if (buffer.toString('latin1', MAGIC_AT) !== MAGIC) throw unreadable('this is no DuckDB database', { file: file.name, hint: 'Check the file, or set its format' })
  const wal = await stat(`${file.path}.wal`).then(({ size }) => size, (error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return 0
    throw error
  })
  if (wal === 0) return
  throw unreadable(`changes to this database lie in ${file.name}.wal beside it, so the file alone is not all of it`, { file: file.name, hint: 'Close the program that writes to it, or run CHECKPOINT there, and deliver it again' })
}

/** Tables only: a view may read whatever it likes. */
async function findTable({ duck, source, signal }: ExtractJob, database: string, file: string): Promise<string> {
  const rows = await duck.rows(`SELECT schema_name, table_name FROM duckdb_tables() WHERE database_name = ${quoteLiteral(database)} AND NOT internal ORDER BY schema_name, table_name`, signal)
  const tables = rows.map((row) => ({ schema: String(row['schema_name']), name: String(row['table_name']) }))
  const fullName = ({ schema, name }: (typeof tables)[number]): string => (schema === 'main' ? name : `${schema}.${name}`)
  const wanted = source.database?.table ?? null
  const found = wanted === null ? (tables.length === 1 ? tables[0] : undefined) : tables.find((table) => fullName(table).toLowerCase() === wanted.toLowerCase())
  if (found !== undefined) return `${database}.${quoteIdentifier(found.schema)}.${quoteIdentifier(found.name)}`
  throw missingTable({ wanted, names: tables.map(fullName), file })
}

function attachProblem(error: unknown, file: string): Error {
  if (!(error instanceof ProblemError) || error.problem.code !== 'SQL_FAILED') return error instanceof Error ? error : new Error(String(error))
  if (/version|newer|storage/i.test(error.message) && !/checksum/i.test(error.message)) {
    return unreadable('the database was written by a version of DuckDB that is not read here', { file, cause: error, hint: 'In the program that wrote it, export the table as Parquet, or attach with STORAGE_VERSION of an older release' })
  }
  if (/encrypt/i.test(error.message)) return unreadable('the database is encrypted', { file, cause: error, hint: 'Deliver it without encryption' })
  return unreadable(`the database is damaged or cut off (${error.message})`, { file, cause: error, hint: 'Deliver it again, whole' })
}

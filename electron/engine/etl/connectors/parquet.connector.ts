import { join } from 'node:path'
import { quoteIdentifier, quoteLiteral } from '../../../../shared/domain/naming.ts'
import { ProblemError } from '../../../../shared/domain/problem.ts'
import { globLiteral } from '../../query/glob-literal.ts'
import { unreadable } from '../source-problem.ts'
import { watchProgress } from '../watch-progress.ts'
import { copyParquetOptions } from '../write-version.ts'
import { uniqueColumnNames } from './column-names.ts'
import { type Connector, type ExtractJob, type Extracted, fileNameSql, partName } from './connector.ts'
import { storedType } from './infer-columns.ts'

interface ParquetColumn {
  source: string
  name: string
  type: string
}

/** Parquet as it is: columns united by name, declared types cast. A file that cannot be read whole stops the extract. */
export const parquetConnector: Connector = { format: 'parquet', extract: extractParquet }

export async function extractParquet(job: ExtractJob): Promise<Extracted> {
  for (const file of job.files) await readShape(job, [file.path], file.name)
  const columns = await readShape(job, job.files.map(({ path }) => path), job.source.name)
  const groups = job.layout === 'per_file' ? job.files.map((file) => [file]) : [job.files]
  const parts: Extracted['parts'] = []
  for (const [index, group] of groups.entries()) {
    const name = partName(index)
    using _progress = watchProgress(job.duck, (share) => job.report((index + share) / groups.length, 'Reading'))
    await copyPart(job, { columns, group, path: join(job.outDir, name) })
    parts.push({ name, file: job.layout === 'per_file' ? (group[0]?.name ?? null) : null })
  }
  return { parts }
}

async function copyPart(job: ExtractJob, { columns, group, path }: { columns: ParquetColumn[]; group: ExtractJob['files']; path: string }): Promise<void> {
  const { duck, signal, files, layout } = job
  // The union of all files gives the types; the filter on the file keeps the rows of this part.
  const own = relationOf(group.map((file) => file.path))
  const present = new Set((await duck.describe(`SELECT * FROM ${own}`)).map(({ name }) => name))
  const select = columns.map(({ source, name, type }) => `CAST(${present.has(source) ? quoteIdentifier(source) : 'NULL'} AS ${type}) AS ${quoteIdentifier(name)}`)
  const provenance = layout === 'stored' ? [`${fileNameSql(files, 'file_index')} AS _file`, 'file_row_number + 1 AS _record'] : []
  try {
    await duck.run(`COPY (SELECT ${[...select, ...provenance].join(', ')} FROM ${own}) TO ${quoteLiteral(path)} (${copyParquetOptions})`, signal)
  } catch (error) {
    throw parquetProblem(error, group[0]?.name ?? job.source.name)
  }
}

async function readShape(job: ExtractJob, paths: string[], name: string): Promise<ParquetColumn[]> {
  try {
    const described = await job.duck.describe(`SELECT * FROM ${relationOf(paths)}`)
    const names = uniqueColumnNames(described.map((column) => column.name))
    return described.map((column, index) => ({
      source: column.name,
      name: names[index] ?? column.name,
      type: storedType(job.source.columns[column.name] ?? column.type),
    }))
  } catch (error) {
    throw parquetProblem(error, name)
  }
}

function relationOf(paths: readonly string[]): string {
  return `read_parquet([${paths.map((path) => quoteLiteral(globLiteral(path))).join(', ')}], union_by_name = true, hive_partitioning = false)`
}

function parquetProblem(error: unknown, file: string): Error {
  if (!(error instanceof ProblemError) || error.problem.code !== 'SQL_FAILED') return error instanceof Error ? error : new Error(String(error))
  return unreadable(`not readable as Parquet: ${error.message}`, { file, cause: error, hint: 'The file may be cut off, or still being written. Deliver it again, whole' })
}

import { join } from 'node:path'
import { quoteIdentifier, quoteLiteral } from '../../../../shared/domain/naming.ts'
import { ProblemError } from '../../../../shared/domain/problem.ts'
import type { Column } from '../../../../shared/domain/table-query.ts'
import { globLiteral } from '../../query/glob-literal.ts'
import { unreadable } from '../source-problem.ts'
import { watchProgress } from '../watch-progress.ts'
import { copyParquetOptions } from '../write-version.ts'
import { refuseTooWide } from './column-limit.ts'
import { uniqueColumnNames } from './column-names.ts'
import { differences, refuseNoParquet } from './parquet-files.ts'
import { type Connector, type ExtractJob, type Extracted, fileNameSql, partName } from './connector.ts'
import { storedType } from './infer-columns.ts'

interface ParquetColumn {
  source: string
  name: string
  type: string
}

interface Shape {
  name: string
  columns: Column[]
}

/** Parquet as it is: columns united by name, declared types cast. A file that cannot be read whole stops the extract. */
export const parquetConnector: Connector = { format: 'parquet', extract: extractParquet }

export async function extractParquet(job: ExtractJob): Promise<Extracted> {
  const shapes: Shape[] = []
  for (const file of job.files) {
    await refuseNoParquet(file.path, file.name)
    const columns = await describeFiles(job, [file.path], file.name)
    refuseTooWide(columns.length, file.name)
    shapes.push({ name: file.name, columns })
  }
  const differing = differences(shapes)
  for (const { text, isType } of differing) job.log(isType ? 'warn' : 'info', `${job.source.name}: ${text}`)
  const columns = await unitedColumns(job, differing)
  await refuseRounding(job, shapes, columns).catch((error: unknown) => {
    throw notUnited(error, differing, job.source.name) ?? error
  })
  const groups = job.layout === 'per_file' ? job.files.map((file) => [file]) : [job.files]
  const parts: Extracted['parts'] = []
  for (const [index, group] of groups.entries()) {
    const name = partName(index)
    using _progress = watchProgress(job.duck, (share) => job.report((index + share) / groups.length, 'Reading'))
    await copyPart(job, { columns, group, path: join(job.outDir, name) }).catch((error: unknown) => {
      throw notUnited(error, differing, job.source.name) ?? error
    })
    parts.push({ name, file: job.layout === 'per_file' ? (group[0]?.name ?? null) : null })
  }
  return { parts }
}

async function copyPart(job: ExtractJob, { columns, group, path }: { columns: ParquetColumn[]; group: ExtractJob['files']; path: string }): Promise<void> {
  const { duck, signal, files, layout } = job
  // The union of all files gives the types; the filter on the file keeps the rows of this part.
  const own = relationOf(group.map((file) => file.path))
  // A file may write a name in another case; it is the same column.
  const present = new Set((await duck.describe(`SELECT * FROM ${own}`)).map(({ name }) => name.toLowerCase()))
  const select = columns.map(({ source, name, type }) => `CAST(${present.has(source.toLowerCase()) ? quoteIdentifier(source) : 'NULL'} AS ${type}) AS ${quoteIdentifier(name)}`)
  const provenance = layout === 'stored' ? [`${fileNameSql(files, 'file_index')} AS _file`, 'file_row_number + 1 AS _record'] : []
  try {
    await duck.run(`COPY (SELECT ${[...select, ...provenance].join(', ')} FROM ${own}) TO ${quoteLiteral(path)} (${copyParquetOptions})`, signal)
  } catch (error) {
    throw parquetProblem(error, group[0]?.name ?? job.source.name)
  }
}

/** A type for whole numbers and for fractions of other files holds no long whole numbers; a declared one may hold less than a file has. */
async function refuseRounding({ duck, files, signal, source }: ExtractJob, shapes: readonly Shape[], columns: readonly ParquetColumn[]): Promise<void> {
  const united = new Map(columns.map(({ source, type }) => [source.toLowerCase(), type]))
  for (const [index, { name: file, columns: own }] of shapes.entries()) {
    for (const column of own) {
      const [ref, type] = [quoteIdentifier(column.name), united.get(column.name.toLowerCase())]
      if (type === undefined || type === column.type) continue
      const isDeclared = Object.hasOwn(source.columns, column.name)
      const [row] = await duck.rows(`SELECT ${ref}::VARCHAR AS v FROM ${relationOf([files[index]?.path ?? ''])} WHERE ${ref} IS DISTINCT FROM TRY_CAST(${isDeclared ? 'TRY_CAST' : 'CAST'}(${ref} AS ${type}) AS ${column.type}) LIMIT 1`, signal)
      if (row === undefined) continue
      if (isDeclared) {
        throw unreadable(`"${column.name}" is ${column.type} here, and the declared ${type} does not hold ${String(row['v'])}`, { file, hint: 'Declare a type that does, or none, and cast in the SQL step' })
      }
      throw unreadable(`the files do not go together: "${column.name}" is ${column.type} here, with the other files ${type}, which would change ${String(row['v'])}`, { file, hint: 'Make sources of their own of the files that differ' })
    }
  }
}

async function describeFiles({ duck }: ExtractJob, paths: string[], name: string): Promise<Column[]> {
  try {
    return await duck.describe(`SELECT * FROM ${relationOf(paths)}`)
  } catch (error) {
    throw parquetProblem(error, name)
  }
}

/** Columns of all files, united by name, each with a type that holds the values of all. */
async function unitedColumns({ duck, source, files }: ExtractJob, differing: readonly { text: string; isType: boolean }[]): Promise<ParquetColumn[]> {
  const described = await duck.describe(`SELECT * FROM ${relationOf(files.map(({ path }) => path))}`).catch((error: unknown) => {
    throw notUnited(error, differing, source.name) ?? parquetProblem(error, source.name)
  })
  const names = uniqueColumnNames(described.map(({ name }) => name))
  return described.map((column, index) => ({ source: column.name, name: names[index] ?? column.name, type: storedType((Object.hasOwn(source.columns, column.name) ? source.columns[column.name] : undefined) ?? column.type) }))
}

/** Files that are whole, but whose columns no type holds together; null where that is not what is wrong. */
function notUnited(error: unknown, differing: readonly { text: string; isType: boolean }[], file: string): Error | null {
  const types = differing.filter(({ isType }) => isType).map(({ text }) => text)
  if (types.length === 0 || !(error instanceof ProblemError) || !/cast|conversion|convert|combine/i.test(error.message)) return null
  return unreadable(`the files do not go together: ${types.join('; ')}`, { file, cause: error, hint: 'Make sources of their own of the files that differ' })
}

function relationOf(paths: readonly string[]): string {
  return `read_parquet([${paths.map((path) => quoteLiteral(globLiteral(path))).join(', ')}], union_by_name = true, hive_partitioning = false)`
}

function parquetProblem(error: unknown, file: string): Error {
  if (!(error instanceof ProblemError) || error.problem.code !== 'SQL_FAILED') return error instanceof Error ? error : new Error(String(error))
  if (/encrypt|decrypt/i.test(error.message)) return unreadable('columns of the file are encrypted', { file, cause: error, hint: 'Deliver it without encryption' })
  return unreadable(`not readable as Parquet: ${error.message}`, { file, cause: error, hint: 'The file may be cut off, or still being written. Deliver it again, whole' })
}

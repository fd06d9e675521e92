import { join } from 'node:path'
import { quoteIdentifier, quoteLiteral } from '../../../../shared/domain/naming.ts'
import { globLiteral } from '../../query/glob-literal.ts'
import { watchProgress } from '../watch-progress.ts'
import { copyParquetOptions } from '../write-version.ts'
import { type ExtractJob, type Extracted, fileNameSql, partName } from './connector.ts'
import type { CsvHead } from './csv-head.ts'
import { type CsvScan, PATH_COLUMN } from './csv-scan.ts'
import type { CsvColumns, CsvFile } from './csv-scan-texts.ts'
import { copyTyped } from './csv-typed.ts'

const BATCH_BYTES = 256 * 1024 * 1024
const MAX_PARTS = 64
const READING_SHARE = 0.8
/** Columns of the Parquet in between; the data's own are c0, c1 ... */
const FILE_COLUMN = 'file'
const NUMBER_COLUMN = 'number'

interface Batch {
  head: CsvHead
  files: CsvFile[]
  sizeBytes: number
}

/** Many files into few parts that store `_file` and `_record`: one statement reads all files of one shape. */
export async function mergeCsv(job: ExtractJob, { files, columns }: { files: CsvFile[] } & CsvColumns): Promise<Extracted> {
  const batches = batchesOf(files)
  const between: string[] = []
  for (const [index, batch] of batches.entries()) {
    using _progress = watchProgress(job.duck, (share) => job.report((READING_SHARE * (index + share)) / batches.length, 'Reading'))
    const path = join(job.scratchDir, `batch-${index}.parquet`)
    await readBatch(job, { batch, columns, path })
    between.push(path)
  }
  const perPart = Math.max(1, Math.ceil(between.length / MAX_PARTS))
  const parts: Extracted['parts'] = []
  for (let at = 0; at < Math.max(1, between.length); at += perPart) {
    const name = partName(parts.length)
    await numberRecords(job, { paths: between.slice(at, at + perPart), columns, path: join(job.outDir, name) })
    parts.push({ name, file: null })
    job.report(READING_SHARE + ((1 - READING_SHARE) * at) / Math.max(1, between.length), 'Writing')
  }
  return { parts }
}

/** Files of one shape together, in order, none in two batches. */
function batchesOf(files: readonly CsvFile[]): Batch[] {
  const batches: Batch[] = []
  const open = new Map<string, Batch>()
  for (const file of files) {
    if (file.head === null) continue
    const shape = JSON.stringify(file.head)
    let batch = open.get(shape)
    if (batch === undefined || batch.sizeBytes >= BATCH_BYTES) {
      batch = { head: file.head, files: [], sizeBytes: 0 }
      batches.push(batch)
      open.set(shape, batch)
    }
    batch.files.push(file)
    batch.sizeBytes += file.text.sizeBytes
  }
  return batches
}

function readBatch(job: ExtractJob, { batch, columns, path }: { batch: Batch; path: string } & CsvColumns): Promise<void> {
  const texts = batch.files.map(({ text }) => text)
  return copyTyped(job, { texts, head: batch.head, columns, path, names: columns.map((_, index) => columnAt(index)), fileColumn: { name: FILE_COLUMN, sql: (scan) => fileSql(job, scan) } })
}

/** The index of a row's file, looked up in an enum of the paths: a join might change the order of the rows. */
async function fileSql({ duck, signal }: ExtractJob, { texts, scanId }: CsvScan): Promise<string> {
  const [first, ...others] = texts
  if (others.length === 0) return `${first?.index ?? 0}`
  const type = `csv_paths_${scanId}`
  await duck.run(`CREATE TYPE ${type} AS ENUM (${texts.map(({ path }) => quoteLiteral(path)).join(', ')})`, signal)
  return `list_extract([${texts.map(({ index }) => index).join(', ')}], enum_code(CAST(${PATH_COLUMN} AS ${type})) + 1)`
}

interface Numbering extends CsvColumns {
  paths: string[]
  path: string
}

/** Ordinals from the position in the Parquet in between, where the rows of a file lie together, and from the rejects before each. */
async function numberRecords(job: ExtractJob, { paths, columns, path }: Numbering): Promise<void> {
  const { duck, files, signal } = job
  const to = `TO ${quoteLiteral(path)} (${copyParquetOptions})`
  if (paths.length === 0) {
    const nothing = columns.map(({ name, type }) => `NULL::${type} AS ${quoteIdentifier(name)}`)
    return duck.run(`COPY (SELECT ${nothing.join(', ')}, NULL::VARCHAR AS _file, NULL::BIGINT AS _record WHERE false) ${to}`, signal)
  }
  const names = columns.map(({ name }, index) => `${columnAt(index)} AS ${quoteIdentifier(name)}`).join(', ')
  let rows = `(SELECT * REPLACE (${NUMBER_COLUMN} - ${await startsSql(job, paths)} AS ${NUMBER_COLUMN}) FROM ${numbered(paths)})`
  const [rejects] = await duck.rows('SELECT count(*)::INTEGER AS n FROM rejects', signal)
  if (rejects?.['n'] === 0) {
    return duck.run(`COPY (SELECT ${names}, ${fileNameSql(files, FILE_COLUMN)} AS _file, ${NUMBER_COLUMN} + 1 AS _record FROM ${rows}) ${to}`, signal)
  }
  // A reject of rank k at record c has c - k rows before it.
  rows = `${rows} r ASOF LEFT JOIN (
    SELECT file AS reject_file, record - rank AS before, max(rank) AS rank
    FROM (SELECT file, record, row_number() OVER (PARTITION BY file ORDER BY record) AS rank FROM rejects) GROUP BY ALL
  ) q ON r.${FILE_COLUMN} = q.reject_file AND r.${NUMBER_COLUMN} >= q.before`
  await duck.run(
    `COPY (
      SELECT ${names}, ${fileNameSql(files, FILE_COLUMN)} AS _file, ${NUMBER_COLUMN} + 1 + coalesce(rank, 0) AS _record
      FROM ${rows} ORDER BY ${FILE_COLUMN}, _record
    ) ${to}`,
    signal,
  )
}

/** Position of each file's first row, as a list to be looked up by file index. */
async function startsSql({ duck, files, signal }: ExtractJob, paths: readonly string[]): Promise<string> {
  const rows = await duck.rows(`SELECT ${FILE_COLUMN} AS file, min(${NUMBER_COLUMN})::DOUBLE AS start FROM ${numbered(paths)} GROUP BY ALL`, signal)
  const starts = new Map(rows.map((row) => [Number(row['file']), Number(row['start'])]))
  return `list_extract([${files.map(({ index }) => starts.get(index) ?? 0).join(', ')}]::BIGINT[], ${FILE_COLUMN} + 1)`
}

function numbered(paths: readonly string[]): string {
  const list = paths.map((path) => quoteLiteral(globLiteral(path))).join(', ')
  return `(SELECT *, file_row_number AS ${NUMBER_COLUMN} FROM read_parquet([${list}], hive_partitioning = false))`
}

function columnAt(index: number): string {
  return `c${index}`
}

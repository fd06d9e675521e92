import { join } from 'node:path'
import { quoteLiteral } from '../../../../shared/domain/naming.ts'
import { ProblemError } from '../../../../shared/domain/problem.ts'
import { globLiteral } from '../../query/glob-literal.ts'
import { bytesAt } from '../small-file.ts'
import { watchProgress } from '../watch-progress.ts'
import { copyParquetOptions } from '../write-version.ts'
import type { ExtractJob, Extracted, SourceFile } from './connector.ts'
import { DEFAULT_RECORD_BYTES } from './csv-scan.ts'
import { noColumns, refuseNothing } from './extract-records.ts'
import { columnsSql, type ColumnsSql } from './infer-columns.ts'
import { RecordAnalysis, UNKNOWN_RECORD } from './record-analysis.ts'
import { goodRecords, IS_RECORD, rejectMisfits, rejectNonRecords } from './record-rejects.ts'
import type { RecordFormat } from './record-splitter.ts'
import { writeRecords } from './write-records.ts'

const CR = 13
const LF = 10
const HEAD_BYTES = 64 << 10
/** Nearly always they have every key of the file. */
const HEAD_RECORDS = 2_000
const ANALYSED_SHARE = 0.4
const BAD_LINES = 'bad_lines'

/**
 * Files of a record a line, read by DuckDB as they lie there: in parallel, and without another copy. The ordinals of rejected records are
 * looked up afterwards, and only where there are any.
 * @returns null where the files have to be cut into records by ourselves
 */
export async function extractLines(job: ExtractJob, format: RecordFormat): Promise<Extracted | null> {
  const { source, layout, files, skips, rejects, signal, deliveredLines } = job
  if (layout !== 'per_file' || source.mapping !== undefined || skips.needsText || !files.every(isLines)) return null
  try {
    const extracted = await readLines(job, format)
    const gauges = await Promise.all(files.map(({ path }) => deliveredLines(path)))
    // What cannot be known before the whole was read, and DuckDB would get wrong without a word.
    if (gauges.every((gauge) => gauge !== null && !gauge.hasZeroByte && !gauge.hasCarriageReturn && gauge.longestBytes < DEFAULT_RECORD_BYTES)) return extracted
  } catch (error) {
    signal.throwIfAborted()
    if (!(error instanceof ProblemError) || error.problem.code !== 'SQL_FAILED') throw error
    job.log('info', `read again, record by record: ${error.message.split('\n', 1).join('')}`)
  }
  await rejects.clear()
  return null
}

function isLines({ path, packing, encoding, hasZeroByte }: SourceFile): boolean {
  return packing === 'plain' && encoding === 'utf-8' && !hasZeroByte && !bytesAt(path, 0, HEAD_BYTES).includes(CR)
}

async function readLines(job: ExtractJob, format: RecordFormat): Promise<Extracted> {
  const { duck, files, report } = job
  const analysis = new RecordAnalysis(job)
  for (const [index, file] of files.entries()) {
    using _progress = watchProgress(duck, (share) => report((ANALYSED_SHARE * (index + share)) / files.length, 'Finding columns'))
    await analyse(analysis, file)
  }
  if (analysis.records === 0) refuseNothing(job)
  const sql = columnsSql(analysis.columns(), { areTexts: false })
  const parts: Extracted['parts'] = []
  let rowCount = 0
  if (sql.select.length > 0) {
    for (const [index, file] of files.entries()) {
      const onProgress = (share: number): void => report(ANALYSED_SHARE + ((1 - ANALYSED_SHARE) * (index + share)) / files.length, 'Writing')
      const { name, rows } = await writeRecords(job, { relation: goodRecords(recordsOf(file), analysis.bad === 0), sql, index, onProgress })
      parts.push({ name, file: file.name })
      rowCount += rows
    }
  }
  const haveMisfits = rowCount < analysis.records - analysis.bad
  if (analysis.bad > 0 || haveMisfits) await rejectLines(job, format, haveMisfits ? sql : null)
  if (sql.select.length === 0) throw await noColumns(job)
  return { parts }
}

async function analyse(analysis: RecordAnalysis, file: SourceFile): Promise<void> {
  await analysis.place(`(SELECT ${file.index} AS file, row_number() OVER () AS record, reason, json FROM (SELECT * FROM ${recordsOf(file)} LIMIT ${HEAD_RECORDS}))`)
  await analysis.add(recordsOf(file))
  if (analysis.hasUnplaced) await analysis.place(`(SELECT file, row_number() OVER () AS record, reason, json FROM ${recordsOf(file)})`)
}

/** Lines without the blanks around them; a blank line is NULL. */
function linesOf({ path }: SourceFile): string {
  const options = `columns = {'json': 'VARCHAR'}, auto_detect = false, header = false, delim = E'\\x01\\x02\\x03', quote = '', escape = '', new_line = '\\n'`
  return `(SELECT CASE WHEN starts_with(json, '{') THEN json ELSE nullif(trim(json, E' \\t'), '') END AS json FROM read_csv([${quoteLiteral(globLiteral(path))}], ${options}))`
}

function recordsOf(file: SourceFile): string {
  return `(SELECT ${file.index} AS file, ${UNKNOWN_RECORD} AS record, NULL::VARCHAR AS reason, json FROM ${linesOf(file)} WHERE json IS NOT NULL)`
}

/** What a line is, in the file that tells the bad ones apart. */
const [BLANK, GOOD, BAD] = [0, 1, 2]

/** Writing is what DuckDB does in parallel and in order, and rows of a Parquet file have their number for nothing. */
async function rejectLines(job: ExtractJob, format: RecordFormat, misfits: ColumnsSql | null): Promise<void> {
  const { duck, signal, scratchDir, files } = job
  await duck.run(`CREATE TEMP TABLE ${BAD_LINES} (file INTEGER, record BIGINT, line BIGINT, reason VARCHAR, json VARCHAR)`, signal)
  for (const file of files) {
    const path = quoteLiteral(join(scratchDir, `kinds-${file.index}.parquet`))
    const read = misfits === null ? `CASE WHEN ${IS_RECORD} THEN ${GOOD} ELSE ${BAD} END` : `CASE WHEN t IS NOT NULL AND (${misfits.bad ?? 'NULL'}) IS NULL THEN ${GOOD} ELSE ${BAD} END`
    const lines = `(SELECT *, NULL::VARCHAR AS reason FROM ${linesOf(file)})`
    const typed = misfits === null ? lines : `(SELECT *, CASE WHEN ${IS_RECORD} THEN ${misfits.transform} END AS t FROM ${lines})`
    await duck.run(
      `COPY (SELECT kind, CASE WHEN kind = ${BAD} THEN json END AS json FROM (SELECT json, (CASE WHEN json IS NULL THEN ${BLANK} ELSE ${read} END)::UTINYINT AS kind FROM ${typed}))
       TO ${path} (${copyParquetOptions})`,
      signal,
    )
    const isCut = bytesAt(file.path, Math.max(0, file.sizeBytes - 1), 1)[0] !== LF
    const cut = isCut ? `CASE WHEN line = (SELECT count(*) FROM read_parquet(${path})) AND NOT json_valid(json) THEN 'the file ends in the middle of this line' END` : 'NULL'
    await duck.run(
      `INSERT INTO ${BAD_LINES} SELECT ${file.index}, record, line, ${cut}, json FROM (
        SELECT *, line - count(*) FILTER (kind = ${BLANK}) OVER (ORDER BY line) AS record
        FROM (SELECT file_row_number + 1 AS line, kind, json FROM read_parquet(${path}, file_row_number = true) WHERE kind <> ${GOOD})) WHERE kind = ${BAD}`,
      signal,
    )
  }
  await rejectNonRecords(job, BAD_LINES, format)
  if (misfits?.bad != null) await rejectMisfits(job, `(SELECT *, ${misfits.transform} AS t FROM ${BAD_LINES} WHERE ${IS_RECORD})`, misfits)
  await duck.run(`DROP TABLE ${BAD_LINES}`, signal)
}

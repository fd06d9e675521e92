import { join } from 'node:path'
import { quoteLiteral } from '../../../../shared/domain/naming.ts'
import { ProblemError } from '../../../../shared/domain/problem.ts'
import { bytesAt } from '../small-file.ts'
import { watchProgress } from '../watch-progress.ts'
import { copyParquetOptions } from '../write-version.ts'
import type { ExtractJob, Extracted, SourceFile } from './connector.ts'
import { DEFAULT_RECORD_BYTES } from './csv-scan.ts'
import { noColumns, refuseNothing } from './extract-records.ts'
import { columnsSql, type ColumnsSql } from './infer-columns.ts'
import { BAD_LINES, makeBadLines, rejectBadLines } from './ndjson/bad-lines.ts'
import { headOf, isLines, linesOf, recordsOf } from './ndjson/line-relations.ts'
import { RecordAnalysis } from './record-analysis.ts'
import { goodRecords, IS_RECORD } from './record-rejects.ts'
import { CONTROL_CHARACTER, CUT_LINE, isCutLine } from './ndjson-splitter.ts'
import type { RecordFormat } from './record-splitter.ts'
import { writeRecords } from './write-records.ts'

const LF = 10
const ANALYSED_SHARE = 0.4
const FIRST_TAIL_BYTES = 64 << 10

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

async function readLines(job: ExtractJob, format: RecordFormat): Promise<Extracted> {
  return (await readDeclared(job, format)) ?? readAnalysed(job, format)
}

/**
 * Where all keys are declared, and records have all of them, the file is read once: a record that has others ends it with an error.
 * @returns null where that is not so
 */
async function readDeclared(job: ExtractJob, format: RecordFormat): Promise<Extracted | null> {
  const { files, source, signal, report, deliveredLines } = job
  const analysis = new RecordAnalysis(job)
  for (const file of files) await analysis.place(headOf(file))
  if (!(await areAlike(job, Object.keys(source.columns)))) return null
  const sql = columnsSql(analysis.columns(), { areTexts: false, areStrict: true })
  try {
    const { parts, rowCount } = await writeLines(job, { sql, areClean: false, report: (share) => report(share, 'Writing') })
    const gauges = await Promise.all(files.map(({ path }) => deliveredLines(path)))
    if (rowCount !== gauges.reduce((sum, gauge) => sum + (gauge?.lineCount ?? 0), 0)) await rejectUnread(job, format, { sql, rowCount })
    return { parts }
  } catch (error) {
    signal.throwIfAborted()
    if (!(error instanceof ProblemError) || error.problem.code !== 'SQL_FAILED') throw error
    return null
  }
}

/** Whether the first records of all files have just these keys. */
async function areAlike({ duck, files, signal }: ExtractJob, declared: readonly string[]): Promise<boolean> {
  if (declared.length === 0 || new Set(declared.map((key) => key.toLowerCase())).size < declared.length) return false
  const heads = files.map((file) => `SELECT json FROM ${headOf(file)} WHERE ${IS_RECORD}`)
  const rows = await duck.rows(`SELECT DISTINCT list_sort(json_keys(json)) AS keys FROM (${heads.join(' UNION ALL ')})`, signal)
  return rows.length === 1 && JSON.stringify(rows[0]?.['keys']) === JSON.stringify(declared.toSorted())
}

/** Rejects what was not written: lines that are no records, or have a value that does not fit. */
async function rejectUnread(job: ExtractJob, format: RecordFormat, { sql, rowCount }: { sql: ColumnsSql; rowCount: number }): Promise<void> {
  const { records, bad } = await findLines(job, null)
  if (rowCount + bad < records) await findLines(job, sql)
  await rejectBadLines(job, format, sql)
}

async function readAnalysed(job: ExtractJob, format: RecordFormat): Promise<Extracted> {
  const { duck, files, report } = job
  const analysis = new RecordAnalysis(job)
  for (const [index, file] of files.entries()) {
    using _progress = watchProgress(duck, (share) => report((ANALYSED_SHARE * (index + share)) / files.length, 'Finding columns'))
    await analyse(analysis, file)
  }
  if (analysis.records === 0) refuseNothing(job)
  const sql = columnsSql(analysis.columns(), { areTexts: false })
  const areClean = analysis.bad === 0
  const { parts, rowCount } = sql.select.length === 0 ? { parts: [], rowCount: 0 } : await writeLines(job, { sql, areClean, report: (share) => report(ANALYSED_SHARE + (1 - ANALYSED_SHARE) * share, 'Writing') })
  const haveMisfits = rowCount < analysis.records - analysis.bad
  if (!areClean || haveMisfits) {
    await findLines(job, haveMisfits ? sql : null)
    await rejectBadLines(job, format, sql)
  }
  if (sql.select.length === 0) throw await noColumns(job)
  return { parts }
}

interface Writing {
  sql: ColumnsSql
  /** Every line is a record. */
  areClean: boolean
  report(share: number): void
}

async function writeLines(job: ExtractJob, { sql, areClean, report }: Writing): Promise<{ parts: Extracted['parts']; rowCount: number }> {
  const parts: Extracted['parts'] = []
  let rowCount = 0
  for (const [index, file] of job.files.entries()) {
    const onProgress = (share: number): void => report((index + share) / job.files.length)
    const { name, rows } = await writeRecords(job, { relation: goodRecords(recordsOf(file), areClean), sql, index, onProgress })
    parts.push({ name, file: file.name })
    rowCount += rows
  }
  return { parts, rowCount }
}

async function analyse(analysis: RecordAnalysis, file: SourceFile): Promise<void> {
  await analysis.place(headOf(file))
  await analysis.add(recordsOf(file))
  if (analysis.hasUnplaced) await analysis.place(`(SELECT file, row_number() OVER () AS record, reason, json FROM ${recordsOf(file)})`)
}

/** What a line is, in the file that tells the bad ones apart. */
const [BLANK, GOOD, BAD] = [0, 1, 2]

/**
 * Finds the lines that are no records or, with the columns, have a value that does not fit. Writing is what DuckDB does in parallel and in order, and
 * rows of a Parquet file have their number for nothing.
 */
async function findLines(job: ExtractJob, misfits: ColumnsSql | null): Promise<{ records: number; bad: number }> {
  const { duck, signal, scratchDir, files } = job
  await makeBadLines(job)
  let records = 0
  for (const file of files) {
    const path = quoteLiteral(join(scratchDir, `kinds-${file.index}.parquet`))
    const lines = `(SELECT json AS text, CASE WHEN ${IS_RECORD} THEN json END AS json FROM (SELECT *, NULL::VARCHAR AS reason FROM ${linesOf(file)}))`
    const isGood = misfits === null ? 'json IS NOT NULL' : `json IS NOT NULL AND (${misfits.bad ?? 'NULL'}) IS NULL`
    await duck.run(
      `COPY (SELECT kind, CASE WHEN kind = ${BAD} THEN rtrim(text, E' \\t') END AS json
        FROM (SELECT text, (CASE WHEN text IS NULL THEN ${BLANK} WHEN ${isGood} THEN ${GOOD} ELSE ${BAD} END)::UTINYINT AS kind FROM ${misfits === null ? lines : misfits.typed(lines)}))
       TO ${path} (${copyParquetOptions})`,
      signal,
    )
    const cut = isCutLine(lastLine(file)) ? `CASE WHEN line = (SELECT count(*) FROM read_parquet(${path})) THEN ${quoteLiteral(CUT_LINE)} END` : 'NULL'
    await duck.run(
      `INSERT INTO ${BAD_LINES} SELECT ${file.index}, record, line, CASE WHEN contains(json, chr(1)) THEN ${quoteLiteral(CONTROL_CHARACTER)} ELSE ${cut} END, replace(json, chr(1), '\\x01') FROM (
        SELECT *, line - count(*) FILTER (kind = ${BLANK}) OVER (ORDER BY line) AS record
        FROM (SELECT file_row_number + 1 AS line, kind, json FROM read_parquet(${path}, file_row_number = true) WHERE kind <> ${GOOD})) WHERE kind = ${BAD}`,
      signal,
    )
    const [count] = await duck.rows(`SELECT count(*)::DOUBLE AS n FROM read_parquet(${path}) WHERE kind <> ${BLANK}`, signal)
    records += Number(count?.['n'])
  }
  const [bad] = await duck.rows(`SELECT count(*)::DOUBLE AS n FROM ${BAD_LINES}`, signal)
  return { records, bad: Number(bad?.['n']) }
}

/** What comes behind the last line end. */
function lastLine({ path, sizeBytes }: SourceFile): Buffer {
  for (let length = Math.min(sizeBytes, FIRST_TAIL_BYTES); ; length = Math.min(sizeBytes, 8 * length)) {
    const tail = bytesAt(path, sizeBytes - length, length)
    const end = tail.lastIndexOf(LF)
    if (end !== -1 || length === sizeBytes) return tail.subarray(end + 1)
  }
}

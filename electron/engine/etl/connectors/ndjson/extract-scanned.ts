import { open, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { quoteIdentifier, quoteLiteral } from '../../../../../shared/domain/naming.ts'
import { ProblemError } from '../../../../../shared/domain/problem.ts'
import { globLiteral } from '../../../query/glob-literal.ts'
import { bytesAt } from '../../small-file.ts'
import { readChunks } from '../../read-chunks.ts'
import type { ExtractJob, Extracted, SourceFile } from '../connector.ts'
import { refuseNothing } from '../extract-records.ts'
import { type ColumnsSql, columnsSql, type RecordColumn } from '../infer-columns.ts'
import { RecordAnalysis } from '../record-analysis.ts'
import { IS_RECORD } from '../record-rejects.ts'
import type { RecordFormat } from '../record-splitter.ts'
import { writeRecords } from '../write-records.ts'
import { BAD_LINES, makeBadLines, rejectBadLines } from './bad-lines.ts'
import { isPlainKey, LineScanner, type ScannedColumn } from './line-scanner.ts'
import { type ScannedLines, scanLines, type UnsureLine } from './scan-lines.ts'
import { valueForm } from './value-form.ts'

const SCANNED_SHARE = 0.3
const SPACE = 32
/** Of an object that DuckDB's reader takes; its memory is a multiple of it for each thread. */
const MIN_OBJECT_BYTES = 4 << 20
const OBJECT_MARGIN_BYTES = 1_024
/** Of a character of a JavaScript string. */
const MAX_UTF8_BYTES = 3
const HEAD_BYTES = 64 << 10

interface Scanned extends ScannedLines {
  file: SourceFile
}

/**
 * Where all columns are declared, with types that are plainly written: the lines are scanned for what DuckDB's own reader of NDJSON would take otherwise
 * than it is meant, and the rest is left to that reader, which makes typed values in one parse. What the scan is not sure of, the statements for
 * all records look at; as long as they reject it, the reader gets a copy in which those lines are blank.
 * @returns null where another way has to be gone
 */
export async function extractScanned(job: ExtractJob, format: RecordFormat): Promise<Extracted | null> {
  const { layout, source, skips, files, signal } = job
  if (layout !== 'per_file' || source.mapping !== undefined || skips.needsText) return null
  if (!files.every(({ packing, encoding }) => packing === 'plain' && encoding === 'utf-8')) return null
  const columns = scannable(source.columns)
  if (columns === null) return null
  try {
    const scanned = await scanAll(job, new LineScanner(inOrderOf(firstKeys(files[0]), columns)))
    return scanned === null ? null : await readScanned(job, format, scanned)
  } catch (error) {
    signal.throwIfAborted()
    if (!(error instanceof ProblemError) || !['SQL_FAILED', 'OUT_OF_MEMORY'].includes(error.problem.code)) throw error
    job.log('info', `read again in another way: ${error.message.split('\n', 1).join('')}`)
    return null
  }
}

/** The declared columns, if every one can be scanned for and DuckDB keeps their keys apart. */
function scannable(declared: Readonly<Record<string, string>>): ScannedColumn[] | null {
  const columns = Object.entries(declared)
  const scanned = columns.flatMap(([key, type]): ScannedColumn[] => {
    const form = valueForm(type)
    return form === null || key === '' || !isPlainKey(key) ? [] : [{ key, form }]
  })
  const isWhole = scanned.length === columns.length && new Set(scanned.map(({ key }) => key.toLowerCase())).size === scanned.length
  return isWhole && scanned.length > 0 ? scanned : null
}

/** Of the first record, as far as they are told at once: what is in order is scanned faster. */
function firstKeys(file: SourceFile | undefined): string[] {
  const head = file === undefined ? '' : bytesAt(file.path, 0, HEAD_BYTES).toString('utf8').trimStart()
  return [...(head.split('\n', 1)[0] ?? '').matchAll(/"([^"\\]*)"\s*:/g)].map(([, key = '']) => key)
}

function inOrderOf(keys: readonly string[], columns: readonly ScannedColumn[]): ScannedColumn[] {
  const place = ({ key }: ScannedColumn): number => (keys.includes(key) ? keys.indexOf(key) : keys.length)
  return columns.toSorted((a, b) => place(a) - place(b))
}

async function scanAll({ files, signal, report }: ExtractJob, scanner: LineScanner): Promise<Scanned[] | null> {
  const all: Scanned[] = []
  for (const [index, file] of files.entries()) {
    const onBytes = (bytes: number): void => report((SCANNED_SHARE * (index + bytes / file.sizeBytes)) / files.length, 'Scanning')
    const scanned = await scanLines(file.path, scanner, { signal, onBytes })
    if (scanned === null) return null
    all.push({ ...scanned, file })
  }
  return all
}

async function readScanned(job: ExtractJob, format: RecordFormat, scanned: readonly Scanned[]): Promise<Extracted | null> {
  const analysis = new RecordAnalysis(job)
  for (const { file, firstSeen } of scanned) for (const [nth, { key, record }] of firstSeen.entries()) analysis.placeAt(key, { file: file.index, record, nth })
  if (scanned.every(({ recordCount }) => recordCount === 0)) refuseNothing(job)
  await stageUnsure(job, scanned)
  await analysis.place(BAD_LINES)
  const columns = analysis.columns()
  const sql = columnsSql(columns, { areTexts: false })
  // Of the lines that were looked into, some have further columns, or are good after all.
  if (columns.length > Object.keys(job.source.columns).length || (await fittingLines(job, sql)) > 0) return null
  const parts: Extracted['parts'] = []
  for (const [index, { file, recordCount, unsure, longestBytes }] of scanned.entries()) {
    const path = unsure.length === 0 ? file.path : await withoutLines(job, file, unsure)
    const onProgress = (share: number): void => job.report(SCANNED_SHARE + ((1 - SCANNED_SHARE) * (index + share)) / scanned.length, 'Writing')
    const { name, rows } = await writeRecords(job, { relation: typedRelation(path, columns, longestBytes), sql: plainColumns(columns), index, onProgress })
    if (rows !== recordCount - unsure.filter(({ json }) => json !== null).length) return null
    parts.push({ name, file: file.name })
  }
  await rejectBadLines(job, format, sql)
  const total = (count: (scan: Scanned) => number): string => scanned.reduce((sum, scan) => sum + count(scan), 0).toLocaleString('en')
  job.log('info', `scanned ${total(({ recordCount }) => recordCount)} records, looked into ${total(({ unsure }) => unsure.length)}`)
  return { parts }
}

function typedRelation(path: string, columns: readonly RecordColumn[], longestBytes: number): string {
  const types = columns.map(({ key, type }) => `${quoteLiteral(key)}: ${quoteLiteral(type)}`)
  return `read_json([${quoteLiteral(globLiteral(path))}], format = 'newline_delimited', records = true, auto_detect = false, columns = {${types.join(', ')}}, maximum_object_size = ${Math.max(MIN_OBJECT_BYTES, longestBytes + OBJECT_MARGIN_BYTES)})`
}

function plainColumns(columns: readonly RecordColumn[]): ColumnsSql {
  return { typed: (relation) => relation, select: columns.map(({ key, name }) => `${quoteIdentifier(key)} AS ${quoteIdentifier(name)}`), bad: null, reason: 'NULL' }
}

/** The lines that the scan was not sure of, in the table of bad lines. */
async function stageUnsure(job: ExtractJob, scanned: readonly Scanned[]): Promise<void> {
  const { duck, scratchDir, signal } = job
  await makeBadLines(job)
  const lines = scanned.flatMap(({ file, unsure }) => unsure.flatMap(({ json, reason, line, record }) => (json === null ? [] : [JSON.stringify({ file: file.index, record, line, reason, json })])))
  if (lines.length === 0) return
  const path = join(scratchDir, 'unsure.ndjson')
  await writeFile(path, lines.join('\n'), { signal })
  const longest = lines.reduce((most, { length }) => Math.max(most, length), 0)
  const types = `{file: 'INTEGER', record: 'BIGINT', line: 'BIGINT', reason: 'VARCHAR', json: 'VARCHAR'}`
  await duck.run(
    `INSERT INTO ${BAD_LINES} SELECT * FROM read_json([${quoteLiteral(globLiteral(path))}], format = 'newline_delimited', records = true, auto_detect = false, columns = ${types}, maximum_object_size = ${Math.max(MIN_OBJECT_BYTES, MAX_UTF8_BYTES * longest)})`,
    signal,
  )
}

async function fittingLines({ duck, signal }: ExtractJob, sql: ColumnsSql): Promise<number> {
  const [found] = await duck.rows(`SELECT count(*)::INTEGER AS n FROM ${sql.typed(`(SELECT * FROM ${BAD_LINES} WHERE ${IS_RECORD})`)} WHERE (${sql.bad ?? 'NULL'}) IS NULL`, signal)
  return Number(found?.['n'])
}

/** A copy of the file in which lines are blank. */
async function withoutLines({ scratchDir, signal }: ExtractJob, file: SourceFile, lines: readonly UnsureLine[]): Promise<string> {
  const path = join(scratchDir, `sure-${file.index}.ndjson`)
  await using copy = await open(path, 'wx')
  let offset = 0
  let next = 0
  for await (const chunk of readChunks(file.path, signal)) {
    const end = offset + chunk.length
    for (let line = lines[next]; line !== undefined && line.start < end; line = lines[next]) {
      chunk.fill(SPACE, Math.max(0, line.start - offset), Math.min(chunk.length, line.end - offset))
      if (line.end > end) break
      next++
    }
    await copy.writeFile(chunk)
    offset = end
  }
  return path
}

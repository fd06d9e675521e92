import type { SourceSpec } from '../../workspace/model.ts'
import { unreadable } from '../source-problem.ts'
import { uniqueColumnNames } from './column-names.ts'
import type { ExtractJob } from './connector.ts'
import { type CsvShape, readShape } from './csv-shape.ts'
import type { CsvDialect } from './csv-text.ts'
import { openSource, type SourceBytes } from './open-source.ts'

/** What the beginning of a file says: how to cut it, what its columns are called, and where its records begin. */
export interface CsvHead {
  dialect: CsvDialect
  columns: string[]
  /** Lines before the first record. */
  skip: number
  /** The same as DuckDB counts: without comment lines. */
  readerSkip: number
}

const HEADS_AT_ONCE = 8
const HEAD_BYTES = 256 * 1024
const MAX_HEAD_BYTES = 8 * 1024 * 1024

/**
 * Reads the head of every file; heads that begin alike are looked at once.
 * @returns null for a file without any line
 */
export async function readHeads(job: ExtractJob, texts: readonly SourceBytes[]): Promise<(CsvHead | null)[]> {
  const known = new Map<string, CsvHead>()
  const heads: (CsvHead | null)[] = []
  let beginnings: Beginning[] = []
  for (const [index, text] of texts.entries()) {
    if (index % HEADS_AT_ONCE === 0) beginnings = await Promise.all(texts.slice(index, index + HEADS_AT_ONCE).map((next) => readHead(next, HEAD_BYTES, job.signal)))
    const first = beginnings[index % HEADS_AT_ONCE] ?? { head: '', isWhole: true }
    const firstLines = first.head.split('\n', job.source.csv.skipLines + 1).join('\n')
    const head = known.get(firstLines) ?? (await headOf(job, text, first))
    if (head !== null && isOneLineHeader(job.source, firstLines, head)) known.set(firstLines, head)
    heads.push(head)
  }
  return heads
}

/** The last of the first lines is the whole header, so another file with the same lines has the same head. */
function isOneLineHeader({ csv }: SourceSpec, firstLines: string, { skip, dialect }: CsvHead): boolean {
  return csv.header && skip === csv.skipLines + 1 && (dialect.quote === '' || !firstLines.includes(dialect.quote))
}

interface Beginning {
  head: string
  isWhole: boolean
}

/** At least `limit` bytes of a text, or all of it. */
async function readHead(text: SourceBytes, limit: number, signal: AbortSignal): Promise<Beginning> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of openSource(text, signal)) {
    chunks.push(chunk)
    bytes += chunk.length
    if (bytes >= limit) break
  }
  return { head: Buffer.concat(chunks).toString('utf8'), isWhole: bytes < limit }
}

async function headOf(job: ExtractJob, text: SourceBytes, { head, isWhole }: Beginning): Promise<CsvHead | null> {
  const { source, log } = job
  const shape = readShape(head, isWhole, source.csv)
  if (shape === null) return null
  if (shape.fields === null) return longHeadOf(job, text, isWhole)
  if (source.csv.delimiter === null) logDelimiter(job, text, shape)
  const names = source.csv.header ? shape.fields : positionalNames(shape.fields.length, source)
  const columns = uniqueColumnNames(names)
  const renamed = columns.flatMap((column, index) => (column === names[index] ? [] : [`${JSON.stringify(names[index])} is ${column}`]))
  if (renamed.length > 0) log('warn', `${text.name}: columns renamed: ${renamed.join(', ')}`)
  return { dialect: shape.dialect, columns, skip: shape.skip, readerSkip: shape.readerSkip }
}

function logDelimiter({ log }: ExtractJob, { name }: SourceBytes, { dialect, isClear }: CsvShape): void {
  const found = `${name}: delimiter ${JSON.stringify(dialect.delimiter)}`
  if (isClear) log('info', found)
  else log('warn', `${found}, though another would fit as well; declare it in pipeline.yaml`)
}

async function longHeadOf(job: ExtractJob, text: SourceBytes, isWhole: boolean): Promise<CsvHead | null> {
  if (isWhole) throw unreadable('the header cannot be read', { file: text.name, line: 1 })
  const longer = await readHead(text, MAX_HEAD_BYTES, job.signal)
  const shape = readShape(longer.head, longer.isWhole, job.source.csv)
  if (shape?.fields === null) throw unreadable('the first line is longer than 8 MB', { file: text.name, line: 1, hint: 'Check format and quote of the source' })
  return headOf(job, text, longer)
}

/** Without a header, declared columns name the fields in their order. */
function positionalNames(count: number, { columns }: SourceSpec): string[] {
  const declared = Object.keys(columns)
  return Array.from({ length: count }, (_, index) => declared[index] ?? `column_${index + 1}`)
}

import { createHash } from 'node:crypto'
import { open, readFile, rename, stat, writeFile, mkdir, rm } from 'node:fs/promises'
import { closeSync, openSync, readSync } from 'node:fs'
import path from 'node:path'
import { z } from 'zod'
import { quoteLiteral } from '../../../../shared/domain/naming.ts'
import { ProblemError } from '../../../../shared/domain/problem.ts'
import { whenAbsent } from '../../zones/when-absent.ts'
import type { VersionSource } from '../../workers/wire.ts'
import { rowJsonSql } from '../cell-sql.ts'
import type { Duck } from '../duckdb.ts'
import { numberedRelation } from '../version-relation.ts'

/**
 * The rows of a version as the JSON text that pages show, one a line, with an index of where they begin. Rows scattered over Parquet cost
 * the decoding of nearly all of it, half a second and more for ten million; here each of them is one short read, in whatever order.
 */

export interface RowCopy {
  readonly rowCount: number
  /** Bytes that the index takes. */
  readonly sizeInMemory: number
  /** Its file is still there and whole: copies are removed where room is needed. */
  isThere(): Promise<boolean>
  /** Rows by their number in the version, from 0, in the order in which they are asked for. */
  read(positions: readonly number[]): string[]
  /** Rows that follow each other. */
  range(offset: number, limit: number): string[]
}

const ROWS = 'rows.ndjson'
const STARTS = 'rows.starts'
const FACTS = 'copy.json'
/** Of what is written: a copy of another form is made anew. */
const FORM = 1
/** Every so many rows the index says where one begins; the others are found by counting lines. */
const STRIDE = 16
const NUMBER_BYTES = 8
const CHUNK_BYTES = 4 * 1024 * 1024
const LINE_END = 10

const factsSchema = z.object({
  form: z.literal(FORM),
  /** Of the source with all that is told of it, so that what is masked for one reader is never shown to another. */
  source: z.string(),
  rowCount: z.int(),
  rowsBytes: z.int(),
  /** Of the parts when they were read. */
  parts: z.array(z.object({ sizeBytes: z.number(), modifiedMs: z.number() })),
})

/** Names everything that decides what a copy holds: the parts, their columns, and what readers may see of them. */
export function sourceHash(source: VersionSource): string {
  return createHash('sha256').update(JSON.stringify(source)).digest('hex')
}

/** Writes the copy aside and gives it its name when it is whole. */
export async function writeRowCopy(duck: Duck, source: VersionSource, { dir, signal }: { dir: string; signal: AbortSignal }): Promise<{ sizeBytes: number }> {
  const half = `${dir}.${process.pid}.half`
  await rm(half, { recursive: true, force: true })
  await mkdir(half, { recursive: true })
  try {
    const parts = await partFacts(source)
    const rows = path.join(half, ROWS)
    // JSON text holds neither line ends nor other control characters, so nothing needs quotes.
    await duck.run(`COPY (SELECT ${rowJsonSql(source.columns)} AS r FROM (${numberedRelation(source)})) TO ${quoteLiteral(rows)} (FORMAT csv, HEADER false, QUOTE '', ESCAPE '', DELIMITER '\x01')`, signal)
    const { starts, rowCount, rowsBytes } = await indexLines(rows, source.rowCount, signal)
    if (rowCount !== source.rowCount) throw new ProblemError('INTERNAL', `The copy has ${rowCount} rows instead of ${source.rowCount}`)
    await writeFile(path.join(half, STARTS), starts)
    await writeFile(path.join(half, FACTS), JSON.stringify({ form: FORM, source: sourceHash(source), rowCount, rowsBytes, parts } satisfies z.input<typeof factsSchema>))
    await rm(dir, { recursive: true, force: true })
    await rename(half, dir)
    return { sizeBytes: rowsBytes + starts.length }
  } catch (error) {
    await rm(half, { recursive: true, force: true })
    throw error
  }
}

async function partFacts({ parts }: VersionSource): Promise<{ sizeBytes: number; modifiedMs: number }[]> {
  return Promise.all(parts.map(async (part) => {
    const { size, mtimeMs } = await stat(part.path)
    return { sizeBytes: size, modifiedMs: mtimeMs }
  }))
}

async function indexLines(file: string, expected: number, signal: AbortSignal): Promise<{ starts: Buffer; rowCount: number; rowsBytes: number }> {
  await using handle = await open(file)
  const starts = Buffer.alloc(NUMBER_BYTES * Math.ceil(expected / STRIDE))
  const chunk = Buffer.allocUnsafe(CHUNK_BYTES)
  let rowCount = 0
  let at = 0
  let begin = 0
  for (;;) {
    signal.throwIfAborted()
    const { bytesRead } = await handle.read(chunk, 0, CHUNK_BYTES, at)
    if (bytesRead === 0) return { starts, rowCount, rowsBytes: at }
    const text = chunk.subarray(0, bytesRead)
    for (let end = text.indexOf(LINE_END); end >= 0; end = text.indexOf(LINE_END, end + 1)) {
      if (rowCount % STRIDE === 0 && rowCount < expected) starts.writeDoubleLE(begin, (rowCount / STRIDE) * NUMBER_BYTES)
      rowCount += 1
      begin = at + end + 1
    }
    at += bytesRead
  }
}

/** The copy of a source in this folder; null where there is none that can be trusted. */
export async function openRowCopy(dir: string, source: VersionSource): Promise<RowCopy | null> {
  const facts = await trustedFacts(dir, source)
  const starts = facts === null ? null : await readFile(path.join(dir, STARTS)).catch(whenAbsent(null))
  return facts === null || starts === null ? null : readableCopy(path.join(dir, ROWS), { ...facts, starts })
}

/** Whether there is one that can be trusted. */
export async function isRowCopy(dir: string, source: VersionSource): Promise<boolean> {
  return (await trustedFacts(dir, source)) !== null
}

/** A copy is a cache: it may be gone, cut or of something else. */
async function trustedFacts(dir: string, source: VersionSource): Promise<z.infer<typeof factsSchema> | null> {
  const text = await readFile(path.join(dir, FACTS), 'utf8').catch(whenAbsent(null))
  if (text === null) return null
  const parsed = factsSchema.safeParse(parseJson(text))
  if (!parsed.success || parsed.data.source !== sourceHash(source)) return null
  const { rowCount, rowsBytes, parts } = parsed.data
  const [rows, starts] = await Promise.all([ROWS, STARTS].map((name) => stat(path.join(dir, name)).catch(whenAbsent(null))))
  if (rows?.size !== rowsBytes || starts?.size !== NUMBER_BYTES * Math.ceil(rowCount / STRIDE)) return null
  const now = await partFacts(source).catch(whenAbsent(null))
  return JSON.stringify(now) === JSON.stringify(parts) ? parsed.data : null
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

interface Lines {
  rowCount: number
  rowsBytes: number
  starts: Buffer
}

function readableCopy(file: string, { rowCount, rowsBytes, starts }: Lines): RowCopy {
  const startOf = (block: number): number => (block * NUMBER_BYTES < starts.length ? starts.readDoubleLE(block * NUMBER_BYTES) : rowsBytes)
  let room = Buffer.allocUnsafe(64 * 1024)
  /** Good until the next is read. */
  const bytesOf = (descriptor: number, first: number, last: number): Buffer => {
    const [from, to] = [startOf(first), startOf(last + 1)]
    if (to - from > room.length) room = Buffer.allocUnsafe(to - from)
    if (readSync(descriptor, room, 0, to - from, from) !== to - from) throw new ProblemError('FILE_CHANGED', `${file} was cut while it was read`, { retryable: true })
    return room.subarray(0, to - from)
  }
  // One line of sixteen is made a text, and no more.
  const lineOf = (descriptor: number, position: number): string => {
    const block = Math.floor(position / STRIDE)
    const bytes = bytesOf(descriptor, block, block)
    let begin = 0
    for (let skipped = 0; skipped < position % STRIDE; skipped += 1) begin = bytes.indexOf(LINE_END, begin) + 1
    const end = bytes.indexOf(LINE_END, begin)
    return end < 0 ? missing(file, position) : bytes.toString('utf8', begin, end)
  }
  // Read at once: in turns with long queries, which hold the threads that other reads wait for, 200 of them would take as long as a query.
  const withFile = (read: (descriptor: number) => string[]): string[] => {
    const descriptor = openSync(file, 'r')
    try {
      return read(descriptor)
    } finally {
      closeSync(descriptor)
    }
  }
  return {
    rowCount,
    sizeInMemory: starts.length,
    isThere: async () => (await stat(file).catch(whenAbsent(null)))?.size === rowsBytes,
    read: (positions) =>
      withFile((descriptor) => positions.map((position) => lineOf(descriptor, position))),
    range(offset, limit) {
      const end = Math.min(offset + limit, rowCount)
      if (offset >= end) return []
      const first = Math.floor(offset / STRIDE)
      return withFile((descriptor) => bytesOf(descriptor, first, Math.floor((end - 1) / STRIDE)).toString('utf8').split('\n')).slice(offset - first * STRIDE, end - first * STRIDE)
    },
  }
}

function missing(file: string, position: number): never {
  throw new ProblemError('INTERNAL', `${file} has no row ${position}`)
}

import { open } from 'node:fs/promises'
import { zstdDecompressSync } from 'node:zlib'
import { AsyncRecordBatchFileReader, CompressionType, compressionRegistry, DataType, type RecordBatch, RecordBatchReader, type Schema } from 'apache-arrow'
import { ProblemError } from '../../../../../shared/domain/problem.ts'
import { truncated, unreadable } from '../../source-problem.ts'
import { uniqueColumnNames } from '../column-names.ts'
import type { Connector, SourceFile } from '../connector.ts'
import { extractTable, type TableReading } from '../table/extract-table.ts'
import { KIND } from '../table/value-kinds.ts'
import { duckType } from './arrow-types.ts'
import { readerOf } from './arrow-values.ts'
import { refuseOtherBlocks } from './file-blocks.ts'
import { decodeLz4Frame } from './lz4-frame.ts'
import { refuseCutStream } from './stream-end.ts'

const FILE_MAGIC = 'ARROW1'
/** Rows between two looks at whether there is room, and whether the run was cancelled. */
const BATCH_ROWS = 5_000

/** Arrow IPC files and streams (also known as Feather 2), one record batch in memory at a time. */
export const arrowConnector: Connector = { format: 'arrow', extract: (job) => extractTable(job, { read, hasLines: false }) }

async function read(file: SourceFile, reading: TableReading): Promise<void> {
  const path = file.path
  compressionRegistry.set(CompressionType.ZSTD, { decode: (bytes) => zstdDecompressSync(bytes) })
  compressionRegistry.set(CompressionType.LZ4_FRAME, { decode: decodeLz4Frame })
  await using handle = await open(path, 'r')
  const { size } = await handle.stat()
  const isFile = await refuseCut(handle, { size, file: file.name })
  try {
    if (isFile) await refuseOtherBlocks({ handle, size, file: file.name })
    const reader = await RecordBatchReader.from(handle)
    await reader.open({ autoDestroy: false })
    const positions = columnsOf(reader.schema, { file: file.name, reading })
    let rows = 0
    let batches = 0
    const total = reader instanceof AsyncRecordBatchFileReader ? reader.numRecordBatches : null
    for await (const batch of reader) {
      rows = await takeRows(batch, { positions, before: rows, reading })
      batches++
      reading.report(total === null ? rows / (rows + size / ROW_BYTES) : batches / Math.max(1, total))
    }
  } catch (error) {
    throw arrowProblem(error, file.name)
  }
}

const ROW_BYTES = 100

/** @returns whether it is a file with a footer, not a stream */
async function refuseCut(handle: Awaited<ReturnType<typeof open>>, { size, file }: { size: number; file: string }): Promise<boolean> {
  if (size === 0) throw truncated('the file is empty', { file })
  const at = async (position: number, length: number): Promise<Buffer> => (await handle.read(Buffer.alloc(length), 0, length, Math.max(0, position))).buffer
  const head = await at(0, FILE_MAGIC.length)
  if (FILE_MAGIC.startsWith(head.toString('latin1', 0, Math.min(size, FILE_MAGIC.length)))) {
    const tail = await at(size - FILE_MAGIC.length, FILE_MAGIC.length)
    if (tail.toString('latin1') !== FILE_MAGIC || size < 2 * FILE_MAGIC.length) throw truncated('the Arrow file has no footer', { file })
    return true
  }
  if (head.toString('latin1', 0, 4) === 'FEA1') throw unreadable('this is Feather version 1, which is not read', { file, hint: 'Write it again as Feather 2 (Arrow) or Parquet' })
  await refuseCutStream({ handle, size, file })
  return false
}

function columnsOf(schema: Schema, { file, reading: { sink } }: { file: string; reading: TableReading }): number[] {
  const names = uniqueColumnNames(schema.fields.map(({ name }) => name))
  sink.place()
  return schema.fields.map((field, index) => {
    const type = duckType(field.type)
    if (type === null) throw unreadable(`column "${field.name}" has the type ${String(field.type)}, which cannot be kept`, { file, hint: 'Leave the column out, or write it as text' })
    const name = names[index] ?? field.name
    const position = sink.column(name, DataType.isNull(field.type) ? {} : { type })
    sink.nameCells(position, `"${name}" of row `)
    return position
  })
}

interface Taking {
  positions: readonly number[]
  /** Rows of the batches before. */
  before: number
  reading: TableReading
}

/** @returns rows of the file so far */
async function takeRows(batch: RecordBatch, { positions, before, reading: { sink, drain, job } }: Taking): Promise<number> {
  const readers = batch.data.children.map((data) => readerOf(data))
  for (let row = 0; row < batch.numRows; row++) {
    for (const [index, read] of readers.entries()) {
      const value = read(row)
      if (value !== null) sink.set(positions[index] ?? 0, typeof value === 'string' ? value : JSON.stringify(value), KIND.text)
    }
    sink.end(before + row + 1)
    if (row % BATCH_ROWS > 0) continue
    await drain()
    job.signal.throwIfAborted()
  }
  await drain()
  return before + batch.numRows
}

function arrowProblem(error: unknown, file: string): Error {
  if (error instanceof ProblemError || (error instanceof Error && error.name === 'AbortError')) return error
  const reason = error instanceof Error ? error.message : String(error)
  return /Expected to read|Unexpected end|early/i.test(reason)
    ? truncated(`the Arrow data ends in the middle of a message (${reason})`, { file, cause: error })
    : unreadable(`not readable as Arrow: ${reason}`, { file, cause: error, hint: 'Deliver the file again, or set its format' })
}

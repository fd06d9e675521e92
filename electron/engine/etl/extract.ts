import { randomUUID } from 'node:crypto'
import { mkdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { ProblemError } from '../../../shared/domain/problem.ts'
import { openDuck } from '../query/duckdb.ts'
import { parquetScan } from '../query/version-relation.ts'
import type { DeliveredFile, ExtractResult, OpInput, OpOutput } from '../workers/wire.ts'
import type { OpContext } from '../workers/worker-server.ts'
import type { SourceSpec } from '../workspace/model.ts'
import { type ExtractJob, MAX_FILES_AS_PARTS, type SourceFile } from './connectors/connector.ts'
import { CONNECTORS } from './connectors/registry.ts'
import { LineGauge, needsGauge } from './connectors/longest-line.ts'
import { copyHashing } from './copy-file.ts'
import { hashFile } from './hash-file.ts'
import { REJECTS_NAME, RejectsTable } from './rejects-table.ts'
import { describeWritten } from './write-version.ts'

const FILES_AT_ONCE = 8

/**
 * Delivered files to Parquet parts and rejects in `outDir`: records = loaded + quarantined, for every file. Files are hashed while they
 * are parsed, and compared afterwards with what they were before.
 * @throws SOURCE_MISSING, SOURCE_UNREADABLE, FILE_CHANGED, CANCELLED
 */
export async function extract({ source, files, outDir, keepIn }: OpInput<'run', 'extract'>, context: OpContext<never>): Promise<OpOutput<'run', 'extract'>> {
  using duck = await openDuck(context.init)
  const scratchDir = join(context.init.tempDir, `extract-${randomUUID()}`)
  await Promise.all([mkdir(outDir, { recursive: true }), mkdir(scratchDir, { recursive: true })])
  const stop = new AbortController()
  const signal = AbortSignal.any([context.signal, stop.signal])
  try {
    const before = await lookAt(files, signal)
    const rejects = await RejectsTable.create(duck, before, signal)
    let lastId = 0
    const hashing = hashAll({ files: before, keepIn, format: source.format }, signal)
    const job: ExtractJob = {
      duck,
      source,
      files: before,
      outDir,
      scratchDir,
      layout: before.length > MAX_FILES_AS_PARTS ? 'stored' : 'per_file',
      rejects,
      deliveredLines: (path) => hashing.then(({ gauges }) => gauges.get(path)?.longestBytes ?? null),
      nextId: () => ++lastId,
      signal,
      report: (share, note) => context.progress({ share, note }),
      log: context.log,
    }
    const extracting = CONNECTORS[source.format].extract(job)
    const [{ hashes }, { parts }] = await Promise.all([hashing, extracting]).catch(async (error: unknown) => {
      stop.abort()
      await Promise.allSettled([hashing, extracting])
      throw error
    })
    await refuseChanged(before, signal)
    const written = await describeWritten(duck, { dir: outDir, parts, layout: job.layout, isOrdered: true, signal })
    const quarantined = await rejects.counts(before.length)
    const loaded = await countLoaded(job, written)
    const delivered = before.map((file): DeliveredFile => {
      const rejected = quarantined[file.index] ?? 0
      const rows = loaded[file.index] ?? 0
      return { fileName: file.name, origin: file.path, sha256: hashes[file.index] ?? '', sizeBytes: file.sizeBytes, modifiedAt: file.modifiedAt, records: rows + rejected, loaded: rows, quarantined: rejected }
    })
    return await account(job, written, delivered)
  } catch (error) {
    context.signal.throwIfAborted()
    throw error
  } finally {
    await rm(scratchDir, { recursive: true, force: true })
  }
}

async function account({ rejects, outDir, source }: ExtractJob, written: Omit<ExtractResult, 'files' | 'rejectsName' | 'quarantined' | 'records'>, files: DeliveredFile[]): Promise<ExtractResult> {
  const quarantined = files.reduce((sum, file) => sum + file.quarantined, 0)
  const records = files.reduce((sum, file) => sum + file.records, 0)
  if (exceeds(source.tolerate, quarantined, records)) {
    const first = await rejects.first()
    const example = first === null ? '' : `. The first: ${first.fileName}, ${first.line === null ? `record ${first.record}` : `line ${first.line}`}: ${first.reason}`
    throw new ProblemError('SOURCE_UNREADABLE', `${quarantined} of ${records} records of ${source.name} cannot be read, more than the source tolerates${example}`, {
      details: { source: source.name, quarantined, records, first },
      hint: 'Mend the file, correct the declared columns, or raise tolerate in pipeline.yaml',
    })
  }
  if (quarantined > 0) await rejects.write(outDir)
  return { ...written, files, records, quarantined, rejectsName: quarantined > 0 ? REJECTS_NAME : null }
}

function exceeds(tolerate: SourceSpec['tolerate'], quarantined: number, records: number): boolean {
  if (tolerate === null || quarantined === 0) return false
  return 'count' in tolerate ? quarantined > tolerate.count : quarantined > tolerate.share * records
}

/** Rows by file index: a part's own count, or the stored `_file`. */
async function countLoaded({ duck, files, layout, outDir, signal }: ExtractJob, { parts }: Pick<ExtractResult, 'parts'>): Promise<number[]> {
  if (layout === 'per_file') return parts.map(({ rowCount }) => rowCount)
  const relation = parquetScan(parts.map(({ name }) => join(outDir, name)))
  const rows = await duck.rows(`SELECT _file, count(*)::VARCHAR AS n FROM ${relation} GROUP BY _file`, signal)
  const byName = new Map(rows.map((row) => [String(row['_file']), Number(row['n'])]))
  return files.map(({ name }) => byName.get(name) ?? 0)
}

async function lookAt(files: { path: string; name: string }[], signal: AbortSignal): Promise<SourceFile[]> {
  return inBatches(files, signal, async ({ path, name }, index) => {
    const stats = await stat(path).catch((cause: unknown) => {
      throw new ProblemError('SOURCE_MISSING', `${path} is not there any more`, { cause, details: { path }, hint: 'Put the file back, then run again' })
    })
    return { index, path, name, sizeBytes: stats.size, modifiedAt: stats.mtime.toISOString() }
  })
}

interface ToHash {
  files: SourceFile[]
  /** Where copies go. */
  keepIn: string | null
  format: SourceSpec['format']
}

/** Reads every file once for all that its bytes are needed for: hash, copy, length of its lines. */
async function hashAll({ files, keepIn, format }: ToHash, signal: AbortSignal): Promise<{ hashes: string[]; gauges: ReadonlyMap<string, LineGauge> }> {
  const gauges = new Map<string, LineGauge>()
  const hashes = await inBatches(files, signal, async ({ path, name, sizeBytes }) => {
    const gauge = format === 'csv' && needsGauge({ sizeBytes }) ? new LineGauge() : null
    if (gauge !== null) gauges.set(path, gauge)
    const onChunk = gauge === null ? undefined : (chunk: Buffer) => gauge.write(chunk)
    if (keepIn === null) return hashFile(path, { signal, sizeBytes, onChunk })
    return (await copyHashing(path, join(keepIn, name), { signal, onChunk })).sha256
  })
  return { hashes, gauges }
}

async function refuseChanged(before: SourceFile[], signal: AbortSignal): Promise<void> {
  const after = await lookAt(before, signal)
  const changed = before.find((file, index) => after[index]?.sizeBytes !== file.sizeBytes || after[index]?.modifiedAt !== file.modifiedAt)
  if (changed === undefined) return
  throw new ProblemError('FILE_CHANGED', `${changed.path} changed while it was read`, { details: { path: changed.path }, hint: 'Run again when nothing writes to the file any more' })
}

/** Results in order, a few items at a time. */
async function inBatches<T, R>(items: readonly T[], signal: AbortSignal, work: (item: T, index: number) => Promise<R>): Promise<R[]> {
  const results: R[] = []
  for (let at = 0; at < items.length; at += FILES_AT_ONCE) {
    signal.throwIfAborted()
    results.push(...(await Promise.all(items.slice(at, at + FILES_AT_ONCE).map((item, offset) => work(item, at + offset)))))
  }
  return results
}

import { randomUUID } from 'node:crypto'
import { mkdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { ProblemError } from '../../../shared/domain/problem.ts'
import { openDuck } from '../query/duckdb.ts'
import type { OpInput, OpOutput } from '../workers/wire.ts'
import type { OpContext } from '../workers/worker-server.ts'
import type { SourceSpec } from '../workspace/model.ts'
import { accountFor, type DeliveredAs } from './account-for.ts'
import { type ExtractJob, MAX_FILES_AS_PARTS } from './connectors/connector.ts'
import { CONNECTORS } from './connectors/registry.ts'
import { LineGauge } from './connectors/line-gauge.ts'
import { needsGauge } from './connectors/longest-line.ts'
import { atOnce } from './at-once.ts'
import { copyHashing } from './copy-file.ts'
import { type Delivered, findTexts } from './find-texts.ts'
import { beforeFinish, finishRows, needsFinish } from './finish-rows.ts'
import { hashFile } from './hash-file.ts'
import { highestValue } from './highest-value.ts'
import { splitSameContent, withAgain } from './same-content.ts'
import { RejectsTable } from './rejects-table.ts'
import { SkippedRecords } from './skipped-records.ts'
import { describeWritten } from './write-version.ts'

/** As many as there are threads that wait for a disk. */
const FILES_AT_ONCE = 16

/**
 * Delivered files to Parquet parts and rejects in `outDir`: records = loaded + quarantined + skipped, for every file. Files are hashed while
 * they are parsed, and compared afterwards with what they were before. Of files with the same content, all are kept and one is read.
 * @throws SOURCE_MISSING, SOURCE_UNREADABLE, FILE_CHANGED, CANCELLED
 */
export async function extract({ source, files, outDir, keepIn, highestOf = null }: OpInput<'run', 'extract'>, context: OpContext<never>): Promise<OpOutput<'run', 'extract'>> {
  using duck = await openDuck(context.init)
  const scratchDir = join(context.init.tempDir, `extract-${randomUUID()}`)
  await Promise.all([mkdir(outDir, { recursive: true }), mkdir(scratchDir, { recursive: true })])
  const stop = new AbortController()
  const signal = AbortSignal.any([context.signal, stop.signal])
  try {
    const before = await lookAt(files, signal)
    // Answers of a server are records each, whatever they are like; a file that lies there twice is not.
    const split = source.remote === undefined ? await splitSameContent(before, signal) : { unique: before, again: [] }
    const connector = CONNECTORS[source.format]
    let lastId = 0
    const nextId = (): number => ++lastId
    const texts = await findTexts(split.unique, { source, isText: connector.isText === true, scratchDir, nextId, signal, log: context.log })
    const rejects = await RejectsTable.create(duck, texts.files, signal)
    const skips = new SkippedRecords(source.skip ?? [])
    const warnings: string[] = []
    const hashing = hashAll({ files: before, keepIn, format: source.format }, signal)
    const job: ExtractJob = {
      duck,
      source: beforeFinish(source),
      files: texts.files,
      outDir,
      scratchDir,
      layout: texts.files.length > MAX_FILES_AS_PARTS || source.skip !== undefined || needsFinish(source) ? 'stored' : 'per_file',
      rejects,
      skips,
      deliveredLines: (path) => hashing.then(({ gauges }) => gauges.get(path) ?? null),
      nextId,
      signal,
      report: (share, note) => context.progress({ share, note }),
      log: (level, text) => {
        if (level === 'warn') warnings.push(text)
        context.log(level, text)
      },
    }
    const extracting = connector.extract(job).then((extracted) => (needsFinish(source) ? finishRows(job, source, extracted) : extracted))
    const [{ hashes }, { parts }] = await Promise.all([hashing, extracting]).catch(async (error: unknown) => {
      stop.abort()
      await Promise.allSettled([hashing, extracting])
      throw error
    })
    await refuseChanged(before, signal)
    const written = await describeWritten(duck, { dir: outDir, parts, layout: job.layout, isOrdered: true, signal })
    const highest = highestOf === null ? null : await highestValue(duck, { written, dir: outDir, column: highestOf, signal })
    const hashOf = new Map(before.map(({ name }, index) => [name, hashes[index] ?? '']))
    const delivered = split.unique.map((file): DeliveredAs => ({ file, sha256: hashOf.get(file.name) ?? '' }))
    return { ...written, ...withAgain(await accountFor(job, { written, delivered }), split), notes: [...texts.notes, ...tellSkipped(job, source), ...warnings], highest }
  } catch (error) {
    context.signal.throwIfAborted()
    throw error
  } finally {
    await rm(scratchDir, { recursive: true, force: true })
  }
}

/** Every rule with what it left out, also where that is nothing. */
function tellSkipped({ skips, log }: ExtractJob, { skip = [] }: SourceSpec): string[] {
  if (skip.length === 0) return []
  const counts = skips.byRule()
  const text = `skipped by rule: ${skip.map(({ name }) => `${name} ${(counts.get(name) ?? 0).toLocaleString('en')}`).join(', ')}`
  log('info', text)
  return [text]
}

async function lookAt(files: { path: string; name: string }[], signal: AbortSignal): Promise<Delivered[]> {
  return atOnce(files, { limit: FILES_AT_ONCE, signal }, async ({ path, name }) => {
    const stats = await stat(path).catch((cause: unknown) => {
      throw new ProblemError('SOURCE_MISSING', `${path} is not there any more`, { cause, details: { path }, hint: 'Put the file back, then run again' })
    })
    return { path, name, sizeBytes: stats.size, modifiedAt: stats.mtime.toISOString() }
  })
}

interface ToHash {
  files: Delivered[]
  /** Where copies go. */
  keepIn: string | null
  format: SourceSpec['format']
}

/** Reads every file once for all that its bytes are needed for: hash, copy, length of its lines. */
async function hashAll({ files, keepIn, format }: ToHash, signal: AbortSignal): Promise<{ hashes: string[]; gauges: ReadonlyMap<string, LineGauge> }> {
  const gauges = new Map<string, LineGauge>()
  const hashes = await atOnce(files, { limit: FILES_AT_ONCE, signal }, async ({ path, name, sizeBytes }) => {
    const gauge = format === 'ndjson' || (format === 'csv' && needsGauge({ sizeBytes })) ? new LineGauge({ countsLines: format === 'ndjson' }) : null
    if (gauge !== null) gauges.set(path, gauge)
    const onChunk = gauge === null ? undefined : (chunk: Buffer) => gauge.write(chunk)
    if (keepIn === null) return hashFile(path, { signal, sizeBytes, onChunk })
    return (await copyHashing(path, join(keepIn, name), { signal, sizeBytes, onChunk })).sha256
  })
  return { hashes, gauges }
}

async function refuseChanged(before: Delivered[], signal: AbortSignal): Promise<void> {
  const after = await lookAt(before, signal)
  const changed = before.find((file, index) => after[index]?.sizeBytes !== file.sizeBytes || after[index]?.modifiedAt !== file.modifiedAt)
  if (changed === undefined) return
  throw new ProblemError('FILE_CHANGED', `${changed.path} changed while it was read`, { details: { path: changed.path }, hint: 'Run again when nothing writes to the file any more' })
}

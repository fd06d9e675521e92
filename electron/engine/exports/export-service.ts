import { randomUUID } from 'node:crypto'
import { chmod, mkdir, stat } from 'node:fs/promises'
import path from 'node:path'
import type { Export } from '../../../shared/contract/exports.contract.ts'
import type { Actor } from '../../../shared/domain/actor.ts'
import { groupingName, pivotProblem } from '../../../shared/domain/pivot.ts'
import { ProblemError, toProblem } from '../../../shared/domain/problem.ts'
import { readVersions } from '../keep/read-versions.ts'
import { removedProblem } from '../keep/removed-problem.ts'
import type { Masks } from '../masks/masks.ts'
import type { EngineParts } from '../parts.ts'
import { columnOf } from '../query/column-of.ts'
import type { OpOutput, OpProgress } from '../workers/wire.ts'
import type { WorkerClient } from '../workers/worker-client.ts'
import { manifestOf, sensitiveIn } from './export-manifest.ts'
import type { ExportRequest, ExportTarget } from './export-request.ts'

export interface ExportService {
  /** Chooses the file and refuses what cannot be written, before anything starts. */
  prepare(request: ExportRequest, actor: Actor): Promise<ExportTarget>
  /** Starts writing in a worker of its own; returns the export's id at once. */
  start(target: ExportTarget, actor: Actor): string
  cancel(id: string, actor: Actor): void
  find(id: string): Export | null
  list(offset: number, limit: number): { total: number; exports: Export[] }
  close(): Promise<void>
}

type Parts = Pick<EngineParts, 'exports' | 'versions' | 'holds' | 'files' | 'ledger' | 'checks' | 'workers' | 'layout' | 'durable' | 'hub' | 'audit' | 'clock' | 'log' | 'engineVersion'> & { masks: Masks }

interface Running {
  abort: AbortController
  share: number | null
  done: Promise<void>
}

/** @param options.mayWriteOutside whether an absolute path outside the exports folder may be written: only where a person chose it in a dialog or typed it */
export function createExportService(parts: Parts, options: { mayWriteOutside: (actor: Actor) => boolean }): ExportService {
  const { exports, layout, clock } = parts
  const running = new Map<string, Running>()
  const live = (entry: Export): Export => ({ ...entry, share: running.get(entry.id)?.share ?? (entry.state === 'succeeded' ? 1 : null) })

  return {
    async prepare(request, actor) {
      for (const name of request.columns ?? []) columnOf(request.version.columns, name)
      refuseNarrowed(request)
      refuseGroups(request)
      const file = fileOf(layout.exportsDir, request, { allowOutside: options.mayWriteOutside(actor), at: clock() })
      await refuseTaken(file, request.overwrite)
      await mkdir(path.dirname(file), { recursive: true })
      return { ...request, file, look: await parts.masks.look(request.version, { actor }) }
    },
    start(target, actor) {
      const id = randomUUID()
      const { version, format, query, file, difference, pivot = null } = target
      const { revealed } = sensitiveIn(target)
      const against = difference === null ? null : { version: difference.from.number, key: difference.key, kinds: difference.kinds }
      exports.insert({ id, versionId: version.id, format, path: file, query, against, pivot, at: clock() })
      parts.audit.append({ actor, action: 'export', target: `${version.dataset} v${version.number}`, details: { path: layout.relative(file), format, ...(pivot === null ? {} : { groups: pivot.rows.map(groupingName) }), ...(against === null ? {} : { against: `v${against.version}` }), ...(revealed.length === 0 ? {} : { revealed }) } }, clock())
      const abort = new AbortController()
      const entry: Running = { abort, share: 0, done: Promise.resolve() }
      running.set(id, entry)
      entry.done = writeExport(parts, { id, target, entry }).finally(() => running.delete(id))
      return id
    },
    cancel(id, actor) {
      const entry = running.get(id)
      if (entry === undefined) throw new ProblemError('CONFLICT', `Export ${id} is not running; there is nothing to cancel`)
      parts.audit.append({ actor, action: 'cancel export', target: id, details: {} }, clock())
      entry.abort.abort()
    },
    find(id) {
      const entry = exports.find(id)
      return entry === null ? null : live(entry)
    },
    list(offset, limit) {
      const { total, exports: entries } = exports.list(offset, limit)
      return { total, exports: entries.map(live) }
    },
    async close() {
      for (const { abort } of running.values()) abort.abort()
      await Promise.all([...running.values()].map(({ done }) => done))
    },
  }
}

async function writeExport(parts: Parts, { id, target, entry }: { id: string; target: ExportTarget; entry: Running }): Promise<void> {
  const { exports, workers, versions, durable, clock } = parts
  const { file } = target
  const { signal } = entry.abort
  const worker = workers.take('export')
  const temporary = `${file}.${id}.part`
  try {
    // Asked again: between the choice of the file and now, retention may have removed it.
    const sides = [target.version, ...(target.difference === null ? [] : [target.difference.from])].map(({ id: versionId }) => versions.byId(versionId))
    const removed = sides.filter(({ removedAt }) => removedAt !== null)
    if (removed.length > 0) throw removedProblem(removed)
    const onProgress = ({ share }: { share: number | null }): void => {
      entry.share = share
      parts.hub.progress({ dataType: null, runNumber: null, dataset: target.version.dataset, share, text: `export ${id}` })
    }
    const written = await readVersions(parts, sides, () => write({ target, worker, path: temporary }, { signal, onProgress }))
    await durable.syncFile(temporary)
    await durable.rename(temporary, file)
    await durable.writeFile(`${file}.manifest.json`, JSON.stringify(manifestOf(parts, target, written), null, 2))
    exports.finish(id, { state: 'succeeded', ...written, problem: null, at: clock() })
  } catch (error) {
    await durable.remove(temporary)
    const problem = toProblem(error)
    const state = signal.aborted ? 'cancelled' : 'failed'
    if (state === 'failed') parts.log('warn', `Export ${id} failed: ${problem.message}`)
    exports.finish(id, { state, rowCount: null, sizeBytes: null, sha256: null, problem: state === 'failed' ? problem : null, at: clock() })
  } finally {
    workers.release(worker)
  }
}

interface Writing {
  target: ExportTarget
  worker: WorkerClient<'export'>
  path: string
}

function write({ target, worker, path: file }: Writing, options: { signal: AbortSignal; onProgress: (progress: OpProgress) => void }): Promise<OpOutput<'export', 'write'>> {
  const { look, format, query, columns, difference, pivot } = target
  if (difference !== null) return worker.call('writeDiff', { ...difference.spec(), kinds: difference.kinds, format, path: file }, options)
  if (pivot !== undefined) return worker.call('writePivot', { source: look.source, spec: pivot, ...query, format, path: file }, options)
  return worker.call('write', { source: look.source, columns: columns ?? null, ...query, format, path: file }, options)
}

/** What differs is exported whole: a filter would be about one side, and hide that the other is missing. */
function refuseNarrowed({ difference, query, columns }: ExportRequest): void {
  if (difference === null || (query.sort.length === 0 && query.filter.length === 0 && columns === undefined)) return
  throw new ProblemError('BAD_INPUT', 'Differences are exported with all columns, unfiltered and in their own order', { hint: 'Leave query and columns out; kinds narrows to added, removed or changed rows' })
}

/** @throws BAD_INPUT for groups that the columns cannot have */
function refuseGroups({ pivot, columns, difference, version }: ExportRequest): void {
  if (pivot === undefined) return
  if (columns !== undefined || difference !== null) throw new ProblemError('BAD_INPUT', 'Groups are exported with all their columns, of one version', { hint: 'Leave columns and against out' })
  const problem = pivotProblem(pivot, version.columns)
  if (problem !== null) throw new ProblemError('BAD_INPUT', problem, { hint: `Columns: ${version.columns.map(({ name }) => name).join(', ')}` })
}

function fileOf(exportsDir: string, { version, format, difference, pivot, path: wanted }: ExportRequest, { allowOutside, at }: { allowOutside: boolean; at: number }): string {
  const stamp = new Date(at).toISOString().replace(/\D/g, '').slice(0, 14)
  if (wanted === undefined) return path.join(exportsDir, `${version.dataset}.${difference === null ? '' : `v${difference.from.number}-`}v${version.number}.${pivot === undefined ? '' : 'groups.'}${stamp}.${format}`)
  const file = path.resolve(exportsDir, wanted)
  const isInside = !path.relative(exportsDir, file).startsWith('..') && !path.isAbsolute(path.relative(exportsDir, file))
  if (isInside || (allowOutside && path.isAbsolute(wanted))) return file
  throw new ProblemError('BAD_INPUT', `"${wanted}" is outside the workspace's exports folder`, { hint: 'Give a file name, or a path inside exports/', details: { path: wanted } })
}

async function refuseTaken(file: string, overwrite: boolean): Promise<void> {
  const found = await stat(file).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null
    throw error
  })
  if (found === null) return
  if (found.isDirectory()) throw new ProblemError('BAD_INPUT', `${file} is a folder`, { hint: 'Add a file name' })
  if (!overwrite) throw new ProblemError('CONFLICT', `${file} is there already`, { hint: 'Choose another name, or say that it may be overwritten', details: { path: file } })
  await chmod(file, 0o644)
}

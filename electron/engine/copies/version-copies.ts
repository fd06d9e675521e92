import { createHash } from 'node:crypto'
import { access } from 'node:fs/promises'
import path from 'node:path'
import type { CopyStatus } from '../../../shared/contract/copies.contract.ts'
import { toProblem } from '../../../shared/domain/problem.ts'
import type { CacheStats } from '../controllers/version-cache.ts'
import { readVersions } from '../keep/read-versions.ts'
import type { VersionRow } from '../ledger/versions.store.ts'
import type { EngineParts } from '../parts.ts'
import { keyFile } from '../query/copies/key-file.ts'
import { rowsDir } from '../query/copies/row-copies.ts'
import { isRowCopy } from '../query/copies/row-copy.ts'
import { createTurns } from '../query/turns.ts'
import type { CopyDir } from '../workers/copy.wire.ts'
import type { VersionSource } from '../workers/wire.ts'
import { whenAbsent } from '../zones/when-absent.ts'
import { createCopyRoom } from './copy-room.ts'

export type CopyParts = Pick<EngineParts, 'layout' | 'durable' | 'ledger' | 'versions' | 'workers' | 'files' | 'holds' | 'clock' | 'log' | 'workspace'>

/**
 * Copies that make large versions quick to look at in any order, made in the background while somebody looks. A copy is of a version and of
 * what a reader may see of it: sources that differ in anything have copies of their own.
 */
export interface VersionCopies {
  /** Where copies of a source are, if it has any; null: it is small enough to be read as it is. */
  dirOf(version: VersionRow, source: VersionSource): CopyDir
  /** Somebody looks at it, and wants to find rows by these columns too. */
  want(version: VersionRow, source: VersionSource, keyColumns?: readonly string[]): Promise<CopyStatus>
  stats(): CacheStats
  close(): Promise<void>
}

/** Below this, Parquet is quick enough in any order. */
const LARGE_ROWS = 200_000
/** Who has not asked for so long no longer looks. */
const LEASE_MS = 10_000
const LEASE_CHECK_MS = 1_000
const TEND_EVERY_MS = 30_000
/** After so long there may be room, or no more trouble. */
const REFUSED_MS = 60_000
const BYTES_PER_MB = 2 ** 20

interface Job {
  controller: AbortController
  columns: Set<string>
  wantedAt: number
  status: CopyStatus
  done: Promise<void>
}

interface Wanted {
  version: VersionRow
  source: VersionSource
  dir: string
}

export function createVersionCopies(parts: CopyParts): VersionCopies {
  const { layout, ledger, clock, log, workspace } = parts
  const turns = createTurns(1)
  const room = createCopyRoom(layout.copiesDir, clock)
  const jobs = new Map<string, Job>()
  const refused = new Map<string, { status: CopyStatus; until: number }>()
  const refuse = (dir: string, status: CopyStatus): void => void refused.set(dir, { status, until: clock() + REFUSED_MS })
  const counts = { hits: 0, misses: 0 }
  let tendedAt = 0
  const mostBytes = (): number => workspace.current().limits.copiesMb * BYTES_PER_MB
  const tend = async (isUrgent: boolean): Promise<void> => {
    if (ledger.isReadonly || (!isUrgent && clock() - tendedAt < TEND_EVERY_MS)) return
    tendedAt = clock()
    await room.tend(mostBytes(), new Set(jobs.keys())).catch((error: unknown) => log('warn', `Copies cannot be tidied: ${toProblem(error).message}`))
  }

  const start = (wanted: Wanted, columns: readonly string[]): Job => {
    const job: Job = { controller: new AbortController(), columns: new Set(columns), wantedAt: clock(), status: { state: 'waiting', share: 0, note: null }, done: Promise.resolve() }
    const { signal } = job.controller
    const lease = setInterval(() => clock() - job.wantedAt > LEASE_MS && job.controller.abort(), LEASE_CHECK_MS)
    job.done = turns(signal, () => make(parts, wanted, { job, mostBytes: mostBytes() }))
      .then((status) => {
        if (status.state === 'refused') refuse(wanted.dir, status)
      })
      .catch((error: unknown) => {
        if (signal.aborted) return
        refuse(wanted.dir, { state: 'failed', share: 0, note: toProblem(error).message })
        log('warn', `${wanted.version.dataset} v${wanted.version.number} cannot be copied: ${toProblem(error).message}`)
      })
      .finally(async () => {
        clearInterval(lease)
        await tend(true)
        jobs.delete(wanted.dir)
      })
    jobs.set(wanted.dir, job)
    return job
  }
  const dirOf: VersionCopies['dirOf'] = (version, source) => (version.rowCount < LARGE_ROWS ? null : path.join(layout.versionCopiesDir(version.dataset, version.number), copyName(version, source)))

  void tend(true)
  return {
    dirOf,
    async want(version, source, keyColumns = []) {
      const dir = dirOf(version, source)
      if (dir === null) return { state: 'small', share: 1, note: null }
      const running = jobs.get(dir)
      if (running !== undefined) {
        running.wantedAt = clock()
        for (const column of keyColumns) running.columns.add(column)
        return running.status
      }
      if (await isReady(dir, source, keyColumns)) {
        counts.hits += 1
        await Promise.all([room.touch(dir), tend(false)])
        return { state: 'ready', share: 1, note: null }
      }
      if (ledger.isReadonly) return { state: 'none', share: 0, note: null }
      const known = refused.get(dir)
      if (known !== undefined && clock() < known.until) return known.status
      counts.misses += 1
      return (jobs.get(dir) ?? start({ version, source, dir }, keyColumns)).status
    },
    stats: () => ({ ...counts, ...room.stats(), maxEntries: null, maxBytes: mostBytes() }),
    async close() {
      const running = [...jobs.values()]
      for (const { controller } of running) controller.abort()
      await Promise.all(running.map(({ done }) => done))
    },
  }
}

async function make(parts: CopyParts, { version, source, dir }: Wanted, { job, mostBytes }: { job: Job; mostBytes: number }): Promise<CopyStatus> {
  const { signal } = job.controller
  const worker = parts.workers.take('copy')
  job.status = { state: 'copying', share: 0, note: null }
  try {
    return await readVersions(parts, [version], async () => {
      if (!(await isRowCopy(rowsDir(dir), source))) {
        const made = await worker.call('rows', { source, copyDir: dir, mostBytes }, { signal, onProgress: ({ share }) => (job.status = { ...job.status, share: share ?? 0 }) })
        if ('expectedBytes' in made) return refusal(made.expectedBytes, mostBytes)
      }
      // Others may be wanted meanwhile.
      for (const column of job.columns) if (!(await isThere(keyFile(dir, column)))) await worker.call('keys', { source, column, copyDir: dir }, { signal })
      return { state: 'ready', share: 1, note: null }
    })
  } finally {
    parts.workers.release(worker)
  }
}

function refusal(expectedBytes: number, mostBytes: number): CopyStatus {
  const size = (bytes: number): string => (bytes < 1e9 ? `${Math.ceil(bytes / 1e6)} MB` : `${(bytes / 1e9).toFixed(1)} GB`)
  const why = expectedBytes > mostBytes ? `copies may take ${size(mostBytes)} (limits.copies in strata.yaml)` : 'the disk has too little free space for it'
  return { state: 'refused', share: 0, note: `A copy would take about ${size(expectedBytes)}, but ${why}` }
}

async function isReady(dir: string, source: VersionSource, columns: readonly string[]): Promise<boolean> {
  const found = await Promise.all(columns.map((column) => isThere(keyFile(dir, column))))
  return found.every(Boolean) && (await isRowCopy(rowsDir(dir), source))
}

function isThere(file: string): Promise<boolean> {
  return access(file).then(() => true, whenAbsent(false))
}

/** The same only for the same rows seen in the same way. */
function copyName({ id, contentHash }: VersionRow, source: VersionSource): string {
  return createHash('sha256').update(JSON.stringify([id, contentHash, source])).digest('hex').slice(0, 24)
}

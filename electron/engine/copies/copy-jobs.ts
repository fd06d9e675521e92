import { access } from 'node:fs/promises'
import type { CopyStatus } from '../../../shared/contract/copies.contract.ts'
import { toProblem } from '../../../shared/domain/problem.ts'
import { readVersions } from '../keep/read-versions.ts'
import type { VersionRow } from '../ledger/versions.store.ts'
import type { EngineParts } from '../parts.ts'
import { keyFile } from '../query/copies/key-file.ts'
import { rowsDir } from '../query/copies/row-copies.ts'
import { isRowCopy } from '../query/copies/row-copy.ts'
import { createTurns } from '../query/turns.ts'
import type { SeenSource } from '../workers/wire.ts'
import { whenAbsent } from '../zones/when-absent.ts'

export type CopyParts = Pick<EngineParts, 'layout' | 'durable' | 'ledger' | 'versions' | 'workers' | 'files' | 'holds' | 'clock' | 'log' | 'workspace'>

/** Copies that are being made: one at a time, each as long as somebody asks for it. */
export interface CopyJobs {
  /** Somebody still looks; null where nothing is being made. */
  renew(dir: string, columns: readonly string[]): CopyStatus | null
  /** Begins, unless that was in vain a moment ago. */
  start(wanted: WantedCopy, columns: readonly string[]): CopyStatus
  dirs(): ReadonlySet<string>
  close(): Promise<void>
}

export interface WantedCopy {
  version: VersionRow
  source: SeenSource
  dir: string
}

interface Job {
  controller: AbortController
  columns: Set<string>
  wantedAt: number
  status: CopyStatus
  done: Promise<void>
}

interface JobOptions {
  mostBytes: () => number
  /** Before it is told that the job is over. */
  onEnd: () => Promise<void>
}

/** Who has not asked for so long no longer looks. */
const LEASE_MS = 10_000
const LEASE_CHECK_MS = 1_000
/** After so long there may be room, or no more trouble. */
const REFUSED_MS = 60_000

export function createCopyJobs(parts: CopyParts, { mostBytes, onEnd }: JobOptions): CopyJobs {
  const { clock, log } = parts
  const turns = createTurns(1)
  const jobs = new Map<string, Job>()
  const refused = new Map<string, { status: CopyStatus; until: number }>()
  const refuse = (dir: string, status: CopyStatus): void => void refused.set(dir, { status, until: clock() + REFUSED_MS })

  const begin = ({ version, dir, ...wanted }: WantedCopy, columns: readonly string[]): Job => {
    const job: Job = { controller: new AbortController(), columns: new Set(columns), wantedAt: clock(), status: { state: 'waiting', share: 0, note: null }, done: Promise.resolve() }
    const { signal } = job.controller
    const lease = setInterval(() => {
      if (clock() - job.wantedAt > LEASE_MS) job.controller.abort()
    }, LEASE_CHECK_MS)
    const work = async (): Promise<void> => {
      try {
        const status = await turns(signal, () => makeCopy(parts, { ...wanted, version, dir }, { job, mostBytes: mostBytes() }))
        if (status.state === 'refused') refuse(dir, status)
      } catch (error) {
        if (signal.aborted) return
        refuse(dir, { state: 'failed', share: 0, note: toProblem(error).message })
        log('warn', `${version.dataset} v${version.number} cannot be copied: ${toProblem(error).message}`)
      } finally {
        clearInterval(lease)
        await onEnd()
        jobs.delete(dir)
      }
    }
    jobs.set(dir, job)
    job.done = work()
    return job
  }

  return {
    renew(dir, columns) {
      const job = jobs.get(dir)
      if (job === undefined) return null
      job.wantedAt = clock()
      for (const column of columns) job.columns.add(column)
      return job.status
    },
    start(wanted, columns) {
      const known = refused.get(wanted.dir)
      if (known !== undefined && clock() < known.until) return known.status
      return (jobs.get(wanted.dir) ?? begin(wanted, columns)).status
    },
    dirs: () => new Set(jobs.keys()),
    async close() {
      const running = [...jobs.values()]
      for (const { controller } of running) controller.abort()
      await Promise.all(running.map(({ done }) => done))
    },
  }
}

async function makeCopy(parts: CopyParts, { version, source, dir }: WantedCopy, { job, mostBytes }: { job: Job; mostBytes: number }): Promise<CopyStatus> {
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

export function isThere(file: string): Promise<boolean> {
  return access(file).then(() => true, whenAbsent(false))
}

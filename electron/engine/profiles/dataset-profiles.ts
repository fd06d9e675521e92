import type { ColumnProfile, DatasetProfile } from '../../../shared/contract/profile.contract.ts'
import { toProblem } from '../../../shared/domain/problem.ts'
import { readVersions } from '../keep/read-versions.ts'
import { isoTime } from '../ledger/rows.ts'
import type { VersionRow } from '../ledger/versions.store.ts'
import type { EngineParts } from '../parts.ts'
import { createShared, type Shared } from '../query/shared-work.ts'
import { createTurns } from '../query/turns.ts'
import { versionSource } from '../runs/version-source.ts'
import { keepProfile, type KeptProfile, readKeptProfile } from './kept-profile.ts'

export type ProfileParts = Pick<EngineParts, 'layout' | 'durable' | 'ledger' | 'versions' | 'workers' | 'files' | 'holds' | 'clock' | 'log'>

/** What is in the columns of versions: each is looked at once, one after the other, in a process of its own. */
export interface DatasetProfiles {
  get(version: VersionRow, signal: AbortSignal): Promise<DatasetProfile>
  progress(versionId: number): { share: number; note: string | null } | null
}

interface Computing {
  work: Shared<KeptProfile>
  share: number
  note: string | null
}

/** Earlier versions whose figures are told beside this one's. */
const TREND = 12

export function createDatasetProfiles(parts: ProfileParts): DatasetProfiles {
  const turns = createTurns(1)
  const computing = new Map<number, Computing>()
  const begin = (version: VersionRow): Computing => {
    const entry: Computing = { share: 0, note: null, work: createShared((signal) => turns(signal, () => compute(parts, version, { signal, onProgress: (share, note) => Object.assign(entry, { share, note }) }))) }
    computing.set(version.id, entry)
    void entry.work.settled.then(() => computing.get(version.id) === entry && computing.delete(version.id))
    return entry
  }
  return {
    async get(version, signal) {
      const kept = await readKeptProfile(parts, version)
      if (kept !== null) return toProfile(parts, version, { kept, fromCache: true })
      const known = computing.get(version.id)
      const { work } = known === undefined || known.work.isAbandoned() ? begin(version) : known
      return toProfile(parts, version, { kept: await work.wait(signal), fromCache: false })
    },
    progress(versionId) {
      const entry = computing.get(versionId)
      return entry === undefined ? null : { share: entry.share, note: entry.note }
    },
  }
}

interface ComputeOptions {
  signal: AbortSignal
  onProgress: (share: number, note: string | null) => void
}

async function compute(parts: ProfileParts, version: VersionRow, { signal, onProgress }: ComputeOptions): Promise<KeptProfile> {
  const { workers, versions, layout, clock, log } = parts
  const startedAt = performance.now()
  const worker = workers.take('profile')
  try {
    const source = versionSource(layout, versions, version)
    const { columns } = await readVersions(parts, [version], () =>
      worker.call('version', { source }, { signal, onProgress: ({ share, note }) => onProgress(share ?? 0, note) }),
    )
    const profile = { computedAt: isoTime(clock()), tookMs: performance.now() - startedAt, columns }
    // Without the file it is computed again next time, and no more.
    await keepProfile(parts, version, profile).catch((error: unknown) => log('warn', `The profile of ${version.dataset} v${version.number} cannot be kept: ${toProblem(error).message}`))
    return { form: 1, contentHash: version.contentHash, ...profile }
  } finally {
    workers.release(worker)
  }
}

async function toProfile(parts: ProfileParts, version: VersionRow, { kept, fromCache }: { kept: KeptProfile; fromCache: boolean }): Promise<DatasetProfile> {
  const trends = await trendsOf(parts, version, kept)
  return {
    dataset: version.dataset,
    version: version.number,
    rowCount: version.rowCount,
    computedAt: kept.computedAt,
    tookMs: kept.tookMs,
    fromCache,
    columns: kept.columns.map((column) => ({ ...column, trend: trends.map((trend) => trend(column.column.name)).filter((point) => point !== null) })),
  }
}

type TrendPoint = ColumnProfile['trend'][number]

/** The same columns in versions that were looked at before: others are not computed for it. */
async function trendsOf(parts: ProfileParts, version: VersionRow, kept: KeptProfile): Promise<((column: string) => TrendPoint | null)[]> {
  const earlier = parts.versions.ofDataset(version.dataset, TREND * 4).filter(({ number, publishedAt }) => number < version.number && publishedAt !== null)
  const known = await Promise.all(earlier.map(async (row) => ({ row, profile: await readKeptProfile(parts, row) })))
  const looked = known.flatMap(({ row, profile }) => (profile === null ? [] : [{ row, profile }])).slice(0, TREND - 1)
  const all = looked.length === 0 ? [] : [...looked.toSorted((a, b) => a.row.number - b.row.number), { row: version, profile: kept }]
  return all.map(({ row, profile }) => (name) => {
    const column = profile.columns.find((candidate) => candidate.column.name === name)
    return column === undefined ? null : { version: row.number, nullShare: row.rowCount === 0 ? 0 : column.nulls / row.rowCount, distinct: column.distinct, mean: column.mean }
  })
}

import { stat } from 'node:fs/promises'
import path from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { ENGINE_ACTOR } from '../../../shared/domain/actor.ts'
import { toProblem } from '../../../shared/domain/problem.ts'
import type { NewDamage } from '../ledger/kept-files.store.ts'
import type { VersionRow } from '../ledger/versions.store.ts'
import type { EngineParts } from '../parts.ts'
import { whenAbsent } from '../zones/when-absent.ts'
import { checkVersion, expectedFiles } from './check-version.ts'
import { findLeftovers } from './leftovers.ts'
import type { UpkeepJob, UpkeepJobs } from './upkeep-jobs.ts'

type Parts = Pick<EngineParts, 'layout' | 'files' | 'versions' | 'steps' | 'holds' | 'workers' | 'ledger' | 'clock' | 'log'>

/** Reads all files of the kept versions again, of one dataset or of all, and writes down what is not as it was written. */
export async function verify(parts: Parts, job: UpkeepJob, dataset: string | null): Promise<void> {
  const kept: { id: number; sizeBytes: number }[] = []
  for (const name of dataset === null ? parts.files.keptDatasets() : [dataset]) {
    kept.push(...parts.files.kept(name))
    await setImmediate()
  }
  await verifyVersions(parts, job, kept)
  const unexpected = (await findLeftovers(parts, job.signal)).flatMap((leftover): NewDamage[] => {
    if (leftover.dataset === null || (dataset !== null && leftover.dataset !== dataset) || parts.versions.latest(leftover.dataset) === null) return []
    return [{ dataset: leftover.dataset, versionId: null, path: leftover.path, kind: 'unexpected', text: 'was not written by Strata' }]
  })
  parts.files.setUnexpected(dataset, unexpected, parts.clock())
  job.figures.damaged += unexpected.length
  job.figures.files += unexpected.length
}

async function verifyVersions(parts: Parts, job: UpkeepJob, kept: readonly { id: number; sizeBytes: number }[]): Promise<void> {
  const { workers, files, versions, holds, ledger, clock } = parts
  const { signal, figures } = job
  const total = Math.max(1, kept.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0))
  const worker = workers.take('export')
  try {
    let before = 0
    for (const { id, sizeBytes } of kept) {
      signal.throwIfAborted()
      const version = versions.byId(id)
      const onShare = (share: number): void => job.progress((before + share * sizeBytes) / total)
      const checked = await holds.during([version], () => checkVersion(parts, version, { worker, signal, onShare }))
      ledger.write(() => {
        files.remember(id, checked.known)
        files.setDamages(id, checked.damages, clock())
      })
      before += sizeBytes
      job.progress(before / total)
      figures.versions += 1
      figures.files += checked.files
      figures.sizeBytes += checked.sizeBytes
      figures.damaged += checked.damages.length
    }
  } finally {
    workers.release(worker)
  }
}

/** A part is written before its version is entered; file systems and clocks are a little apart. */
const SLACK_MS = 2_000

/**
 * A look at the files of the current versions by size and time alone, which costs next to nothing. Only those that somebody may have
 * touched, and those that were damaged when last seen, are read again.
 */
export async function checkAtOpening(parts: Parts, jobs: UpkeepJobs, signal: AbortSignal): Promise<void> {
  try {
    const suspects: VersionRow[] = []
    const current = parts.versions.allCurrent()
    const damaged = parts.files.damagedFiles(current.map(({ id }) => id))
    for (const version of current) {
      signal.throwIfAborted()
      if (damaged.has(version.id) || (await isTouched(parts, version))) suspects.push(version)
    }
    if (suspects.length === 0) return
    parts.log('warn', `Files of ${namesOf(suspects)} were touched; they are read again`)
    jobs.start({ kind: 'check', dataset: null, actor: ENGINE_ACTOR }, (job) => verifyVersions(parts, job, suspects))
  } catch (error) {
    if (!signal.aborted) parts.log('warn', `The files could not be looked at: ${toProblem(error).message}`)
  }
}

async function isTouched({ layout, files, versions }: Parts, version: VersionRow): Promise<boolean> {
  const dir = layout.versionDir(version.dataset, version.number)
  const known = files.knownFiles(version.id)
  const looks = await Promise.all(
    expectedFiles({ versions }, version).map(async ({ name, sizeBytes }) => {
      const facts = await stat(path.join(dir, name)).catch(whenAbsent(null))
      if (facts === null || (sizeBytes !== null && facts.size !== sizeBytes)) return true
      const last = known.get(name)
      return last === undefined ? facts.mtimeMs > version.createdAt + SLACK_MS : facts.mtimeMs !== last.modifiedMs || facts.size !== last.sizeBytes
    }),
  )
  return looks.includes(true)
}

const MOST_NAMED = 20

/** A message is for people. */
function namesOf(versions: readonly { dataset: string; number: number }[]): string {
  const named = versions.slice(0, MOST_NAMED).map(({ dataset, number }) => `${dataset} v${number}`).join(', ')
  return versions.length > MOST_NAMED ? `${named} and ${versions.length - MOST_NAMED} more` : named
}

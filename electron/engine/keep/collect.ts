import { setImmediate } from 'node:timers/promises'
import type { KeepReason, RetentionPreview } from '../../../shared/contract/storage.contract.ts'
import type { Actor } from '../../../shared/domain/actor.ts'
import { parseDatasetId } from '../../../shared/domain/naming.ts'
import { FINISHED_RUN_STATES, RESUMABLE_RUN_STATES, RUN_STATES } from '../../../shared/domain/run-status.ts'
import { ZONES } from '../../../shared/domain/zone.ts'
import { isoTime } from '../ledger/rows.ts'
import type { KeptVersion } from '../ledger/kept-files.store.ts'
import type { EngineParts } from '../parts.ts'
import { findLeftovers } from './leftovers.ts'
import { removeTree, removeVersionFiles } from './remove-version.ts'
import { type Decision, decideRetention } from './retention-plan.ts'
import type { UpkeepJob } from './upkeep-jobs.ts'

type Parts = Pick<EngineParts, 'ledger' | 'files' | 'steps' | 'holds' | 'workspace' | 'layout' | 'durable' | 'audit' | 'clock' | 'log'>

const LIVING = RUN_STATES.filter((state) => !FINISHED_RUN_STATES.has(state))
const RESUMABLE = [...RESUMABLE_RUN_STATES].filter((state) => state !== 'succeeded')

/** Shown at once; how many there are in all is told beside them. */
const SHOWN = 2_000

/** What gc would do now. Nothing is changed. */
export async function previewRetention(parts: Parts, signal?: AbortSignal): Promise<RetentionPreview> {
  const leftovers = await findLeftovers(parts, signal)
  const going: KeptVersion[] = []
  const kept = new Map<KeepReason, { versions: number; sizeBytes: number }>()
  for (const dataset of parts.files.keptDatasets()) {
    signal?.throwIfAborted()
    for (const { version, keep } of decide(parts, dataset)) {
      if (keep === null) going.push(version)
      else {
        const known = kept.get(keep) ?? { versions: 0, sizeBytes: 0 }
        kept.set(keep, { versions: known.versions + 1, sizeBytes: known.sizeBytes + version.sizeBytes })
      }
    }
    await setImmediate()
  }
  const { retention } = parts.workspace.current()
  return {
    policies: ZONES.flatMap((zone) => (retention[zone] === undefined ? [] : [{ zone, ...retention[zone] }])),
    versions: going.toSorted((a, b) => a.createdAt - b.createdAt || a.number - b.number).slice(0, SHOWN).map(toRemovable),
    versionCount: going.length,
    sizeBytes: sum(going),
    kept: [...kept].map(([reason, figures]) => ({ reason, ...figures })),
    unfinished: parts.files.unfinishedRemovals().map(({ dataset, number }) => ({ dataset, version: number })),
    leftovers: leftovers.map(({ path, sizeBytes, modifiedAt }) => ({ path, sizeBytes, modifiedAt })),
  }
}

/** A dataset at a time: the engine's thread is free between two. */
function decide({ files, holds, workspace, clock }: Parts, dataset: string): Decision[] {
  return decideRetention({
    versions: files.kept(dataset),
    policies: workspace.current().retention,
    zoneOf: (name) => parseDatasetId(name)?.zone ?? null,
    neededByRuns: files.neededByRuns({ living: LIVING, resumable: RESUMABLE }),
    held: holds.held(),
    now: clock(),
  })
}

/** How many versions a transaction removes: the engine's thread is free between two. */
const CHUNK = 50

/**
 * Removes what the policy lets go. A version is called removed in the ledger first, in a transaction that asks once more whether it may go;
 * then its files go. Killed in between, the next gc, or the next start, goes on with the files.
 */
export async function collectGarbage(parts: Parts, job: UpkeepJob, { leftovers, actor }: { leftovers: boolean; actor: Actor }): Promise<void> {
  const { files, clock } = parts
  for (const { id, ...version } of files.unfinishedRemovals()) {
    job.signal.throwIfAborted()
    await removeVersionFiles(parts, version)
    files.filesGone(id, clock())
  }
  const datasets = files.keptDatasets()
  for (const [index, dataset] of datasets.entries()) {
    for (let chunk = tombstone(parts, dataset, actor); chunk.length > 0; chunk = tombstone(parts, dataset, actor)) {
      for (const version of chunk) {
        await removeVersionFiles(parts, version)
        files.filesGone(version.id, clock())
        job.figures.versions += 1
        job.figures.sizeBytes += version.sizeBytes
      }
      job.signal.throwIfAborted()
    }
    job.progress((index + 1) / datasets.length)
    await setImmediate()
    job.signal.throwIfAborted()
  }
  if (leftovers) await removeLeftovers(parts, job, actor)
}

/** The next versions that may go, called removed in one transaction with its entry in the audit trail. */
function tombstone(parts: Parts, dataset: string, actor: Actor): KeptVersion[] {
  const { ledger, files, audit, clock } = parts
  return ledger.write(() => {
    const going = decide(parts, dataset).flatMap(({ version, keep }) => (keep === null ? [version] : [])).slice(0, CHUNK)
    if (going.length === 0) return going
    for (const version of going) files.remove(version.id, clock())
    const names = going.map(({ number }) => `${dataset} v${number}`)
    audit.append({ actor, action: 'gc', target: `${going.length} ${going.length === 1 ? 'version' : 'versions'}`, details: { versions: names, sizeBytes: sum(going) } }, clock())
    return going
  })
}

async function removeLeftovers(parts: Parts, job: UpkeepJob, actor: Actor): Promise<void> {
  const found = await findLeftovers(parts, job.signal)
  if (found.length === 0) return
  const details = { paths: found.slice(0, 100).map(({ path }) => path), count: found.length }
  parts.ledger.write(() => parts.audit.append({ actor, action: 'gc leftovers', target: `${found.length} ${found.length === 1 ? 'leftover' : 'leftovers'}`, details }, parts.clock()))
  for (const { absolute, sizeBytes } of found) {
    job.signal.throwIfAborted()
    await removeTree(parts.durable, absolute)
    job.figures.files += 1
    job.figures.sizeBytes += sizeBytes
  }
}

function toRemovable({ dataset, number, runNumber, rowCount, sizeBytes, createdAt, replacedAt }: KeptVersion): RetentionPreview['versions'][number] {
  return { dataset, version: number, runNumber, rowCount, sizeBytes, createdAt: isoTime(createdAt), replacedAt: replacedAt === null ? null : isoTime(replacedAt) }
}

function sum(versions: readonly KeptVersion[]): number {
  return versions.reduce((total, { sizeBytes }) => total + sizeBytes, 0)
}

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

/** What gc would do now. Nothing is changed. */
export async function previewRetention(parts: Parts, signal?: AbortSignal): Promise<RetentionPreview> {
  const leftovers = await findLeftovers(parts, signal)
  const decisions = decide(parts)
  const going = decisions.flatMap(({ version, keep }) => (keep === null ? [version] : [])).toSorted((a, b) => a.createdAt - b.createdAt || a.number - b.number)
  const kept = Map.groupBy(decisions.flatMap(({ version, keep }) => (keep === null ? [] : [{ reason: keep, version }])), ({ reason }) => reason)
  const { retention } = parts.workspace.current()
  return {
    policies: ZONES.flatMap((zone) => (retention[zone] === undefined ? [] : [{ zone, ...retention[zone] }])),
    versions: going.map(toRemovable),
    sizeBytes: sum(going),
    kept: [...kept].map(([reason, entries]: [KeepReason, { version: KeptVersion }[]]) => ({ reason, versions: entries.length, sizeBytes: sum(entries.map(({ version }) => version)) })),
    unfinished: parts.files.unfinishedRemovals().map(({ dataset, number }) => ({ dataset, version: number })),
    leftovers: leftovers.map(({ path, sizeBytes, modifiedAt }) => ({ path, sizeBytes, modifiedAt })),
  }
}

function decide({ files, holds, workspace, clock }: Parts): Decision[] {
  return decideRetention({
    versions: files.kept(),
    policies: workspace.current().retention,
    zoneOf: (dataset) => parseDatasetId(dataset)?.zone ?? null,
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
  const total = decide(parts).filter(({ keep }) => keep === null).length
  for (;;) {
    job.signal.throwIfAborted()
    const chunk = tombstone(parts, actor)
    if (chunk.length === 0) break
    for (const version of chunk) {
      await removeVersionFiles(parts, version)
      files.filesGone(version.id, clock())
      job.figures.versions += 1
      job.figures.sizeBytes += version.sizeBytes
      job.progress(total === 0 ? 1 : Math.min(0.99, job.figures.versions / total))
    }
  }
  if (leftovers) await removeLeftovers(parts, job, actor)
}

/** The next versions that may go, called removed in one transaction with its entry in the audit trail. */
function tombstone(parts: Parts, actor: Actor): KeptVersion[] {
  const { ledger, files, audit, clock } = parts
  return ledger.write(() => {
    const going = decide(parts).flatMap(({ version, keep }) => (keep === null ? [version] : [])).slice(0, CHUNK)
    if (going.length === 0) return going
    for (const version of going) files.remove(version.id, clock())
    const names = going.map(({ dataset, number }) => `${dataset} v${number}`)
    audit.append({ actor, action: 'gc', target: `${going.length} ${going.length === 1 ? 'version' : 'versions'}`, details: { versions: names, sizeBytes: sum(going) } }, clock())
    return going
  })
}

async function removeLeftovers(parts: Parts, job: UpkeepJob, actor: Actor): Promise<void> {
  const found = await findLeftovers(parts, job.signal)
  if (found.length === 0) return
  const details = { paths: found.slice(0, 100).map(({ path }) => path), count: found.length }
  parts.ledger.write(() => parts.audit.append({ actor, action: 'gc leftovers', target: `${found.length} leftovers`, details }, parts.clock()))
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

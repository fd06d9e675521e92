import { readdir, readFile } from 'node:fs/promises'
import path from 'node:path'
import type { Problem } from '../../../shared/domain/problem.ts'
import { FINISHED_RUN_STATES, RUN_STATES } from '../../../shared/domain/run-status.ts'
import type { EngineParts } from '../parts.ts'
import type { StepRow } from '../ledger/steps.store.ts'
import type { RunRow } from '../ledger/runs.store.ts'
import { MANIFEST_NAME, TEMP_PREFIX } from '../zones/layout.ts'
import { type Manifest, manifestSchema } from '../zones/manifest.ts'
import { confirmMoves, undoMoves } from '../zones/take-delivery.ts'

type Parts = Pick<EngineParts, 'layout' | 'durable' | 'runs' | 'steps' | 'versions' | 'exports' | 'ledger' | 'clock' | 'log'>

const ENGINE_DIED: Problem = { code: 'ENGINE_DOWN', message: 'Strata ended while this was being written', details: {}, retryable: true, hint: 'Start the export again' }

/**
 * Brings disk and ledger together after whatever ended the last engine. A sealed version without a ledger row is entered, files
 * moved by an unfinished step go back to the inbox, and everything unnamed that only unfinished work can have left is removed.
 * Journals that the ledger names stay: the next attempt takes from them what is committed. Versions are never removed here.
 * Runs that wait at a gate go on waiting.
 * @returns runs that were alive, now `interrupted`
 */
export async function recover(parts: Parts): Promise<RunRow[]> {
  const unfinished = parts.steps.unfinishedWithStaging()
  for (const step of unfinished) await recoverStep(parts, step)
  await removeTemporaryFolders(parts)
  await removeUnnamedJournals(parts, new Set(parts.steps.unfinishedWithStaging().map((step) => step.staging)))
  await failExports(parts)
  return interruptRuns(parts)
}

/** Enters the version that a step sealed without the ledger hearing of it. */
export async function recoverStep(parts: Omit<Parts, 'runs' | 'exports' | 'clock'>, step: StepRow): Promise<void> {
  const { layout, durable, log } = parts
  if (step.staging === null || step.versionNumber === null || step.versionId !== null) return
  const dir = layout.versionDir(step.dataset, step.versionNumber)
  const manifest = await readManifest(dir)
  if (manifest === null) return
  rollForward(parts, step, manifest)
  await confirmMoves(durable, dir)
  log('info', `${step.dataset} v${step.versionNumber} was sealed and is now in the ledger`)
}

/** Enters a version that was sealed on disk in the moment before the ledger would have heard of it. */
export function rollForward(parts: Pick<Parts, 'ledger' | 'versions' | 'steps'>, step: StepRow, manifest: Manifest): void {
  parts.ledger.write(() => {
    const known = parts.versions.find(manifest.dataset, manifest.version)
    const version = known ?? insertFromManifest(parts, step.runId, manifest)
    parts.steps.patch(step.id, {
      versionId: version.id, rowsOut: manifest.rowCount, rowsIn: manifest.records, quarantined: manifest.quarantined, skipped: manifest.skipped, sizeBytes: manifest.sizeBytes, staging: null, journalBytes: 0,
    })
  })
}

/** The ledger's row of a version, from its manifest. */
export function insertFromManifest(parts: Pick<Parts, 'versions'>, runId: number, manifest: Manifest): ReturnType<Parts['versions']['insert']> {
  const inputs = manifest.inputs.flatMap(({ dataset, version }) => parts.versions.idOf(dataset, version) ?? [])
  return parts.versions.insert({
    dataset: manifest.dataset,
    number: manifest.version,
    runId,
    layout: manifest.layout,
    rowCount: manifest.rowCount,
    sizeBytes: manifest.sizeBytes,
    contentHash: manifest.contentHash,
    columns: manifest.columns,
    parts: manifest.parts,
    rejectsName: manifest.rejectsName,
    quarantined: manifest.quarantined,
    skipped: manifest.skipped,
    sourceHash: manifest.sourceHash,
    recipe: manifest.recipe,
    cursor: manifest.cursor,
    createdAt: Date.parse(manifest.createdAt),
    inputs,
    deliveries: manifest.deliveries.map(({ modifiedAt: _modified, receivedAt: _received, ...delivery }) => delivery),
    deliveryTimes: manifest.deliveries.map(({ modifiedAt, receivedAt }) => ({ modifiedAt, receivedAt: Date.parse(receivedAt) })),
  })
}

async function removeTemporaryFolders({ layout, durable, log }: Parts): Promise<void> {
  for (const zone of await list(layout.zonesDir)) {
    for (const dataType of await list(path.join(layout.zonesDir, zone))) {
      for (const dataset of await list(path.join(layout.zonesDir, zone, dataType))) {
        const dir = path.join(layout.zonesDir, zone, dataType, dataset)
        for (const entry of (await list(dir)).filter((name) => name.startsWith(TEMP_PREFIX))) {
          await undoMoves(durable, path.join(dir, entry))
          await durable.remove(path.join(dir, entry))
          log('info', `Removed unfinished ${layout.relative(path.join(dir, entry))}`)
        }
      }
    }
  }
}

async function removeUnnamedJournals({ layout, durable }: Parts, named: ReadonlySet<string | null>): Promise<void> {
  for (const file of await list(layout.stagingDir)) {
    if (!named.has(file.split('.', 1)[0] ?? '')) await durable.remove(path.join(layout.stagingDir, file))
  }
}

async function failExports({ exports, durable, clock }: Parts): Promise<void> {
  const { exports: recent } = exports.list(0, 100)
  for (const { state, path: file, id } of recent) if (state === 'running') await durable.remove(`${file}.${id}.part`)
  exports.failRunning(ENGINE_DIED, clock())
}

function interruptRuns({ runs, steps, ledger, clock }: Parts): RunRow[] {
  const alive = runs.inStates(RUN_STATES.filter((state) => !FINISHED_RUN_STATES.has(state) && state !== 'waiting'))
  return alive.map((run) =>
    ledger.write(() => {
      for (const step of steps.ofRun(run.id)) {
        if (step.state === 'running' || step.state === 'retrying' || step.state === 'waiting') steps.transition(step.id, 'pending', { note: null })
      }
      return runs.transition(run.id, 'interrupted', { finishedAt: clock(), summary: 'Strata ended before it was done' })
    }),
  )
}

async function readManifest(dir: string): Promise<Manifest | null> {
  const text = await readFile(path.join(dir, MANIFEST_NAME), 'utf8').catch(whenAbsent(null))
  return text === null ? null : manifestSchema.parse(JSON.parse(text))
}

async function list(dir: string): Promise<string[]> {
  return readdir(dir).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOTDIR') return []
    return whenAbsent<string[]>([])(error)
  })
}

function whenAbsent<T>(value: T): (error: NodeJS.ErrnoException) => T {
  return (error) => {
    if (error.code === 'ENOENT') return value
    throw error
  }
}

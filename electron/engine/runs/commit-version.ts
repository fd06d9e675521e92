import type { VersionRow } from '../ledger/versions.store.ts'
import { sealVersion } from '../zones/seal-version.ts'
import { confirmMoves } from '../zones/take-delivery.ts'
import type { Manifest } from '../zones/manifest.ts'
import { insertFromManifest } from './recovery.ts'
import type { RunContext } from './run-context.ts'
import { siftStep } from './sift-step.ts'
import type { SiftedStep, StagedStep, WrittenStep } from './written-step.ts'

/** Seals the folder, then tells the ledger, in the order that survives a kill between any two lines. */
export async function commitVersion(context: RunContext, { step, row, onCommit = null }: StagedStep, made: WrittenStep): Promise<VersionRow> {
  const { parts, run } = context
  const done = await siftStep(context, { step, row }, made)
  await made.judge?.(done)
  const manifest = manifestOf(context, { step, row }, done)
  await sealVersion(parts, row.staging, manifest)
  const version = parts.ledger.write(() => {
    const inserted = insertFromManifest(parts, run.id, manifest)
    parts.steps.patch(row.id, {
      versionId: inserted.id,
      rowsOut: manifest.rowCount,
      rowsIn: done.records ?? done.inputs.reduce((sum, input) => sum + input.rowCount, 0),
      quarantined: done.quarantined,
      skipped: manifest.skipped,
      sizeBytes: manifest.sizeBytes,
      staging: null,
      journalBytes: 0,
    })
    onCommit?.(inserted)
    return inserted
  })
  if (done.files.length > 0) await confirmMoves(parts.durable, parts.layout.versionDir(step.dataset, row.versionNumber))
  return version
}

function manifestOf({ parts, run, recipes }: RunContext, { step, row }: StagedStep, done: SiftedStep): Manifest {
  const at = new Date(parts.clock()).toISOString()
  const { written } = done
  const recipe = recipes.get(step.dataset) ?? null
  return {
    format: 1,
    dataset: step.dataset,
    version: row.versionNumber,
    runNumber: run.runNumber,
    createdAt: at,
    engineVersion: parts.engineVersion,
    layout: written.layout,
    rowCount: written.rowCount,
    sizeBytes: written.parts.reduce((sum, part) => sum + part.sizeBytes, 0),
    contentHash: written.contentHash,
    columns: written.columns,
    parts: written.parts,
    rejectsName: done.rejectsName,
    quarantined: done.quarantined,
    skipped: done.skipped,
    records: done.records,
    sourceHash: done.sourceHash,
    recipe,
    entityIndex: written.entityIndex ?? null,
    originals: done.originals,
    inputs: done.inputs.map(({ dataset, number }) => ({ dataset, version: number })),
    deliveries: done.files.map(({ etag = null, lastModified = null, receivedAt = at, ...file }) => ({ ...file, etag, lastModified, receivedAt, origin: isAddress(file.origin) ? file.origin : parts.layout.relative(file.origin) })),
    cursor: done.cursor ?? null,
  }
}

function isAddress(origin: string): boolean {
  return /^[a-z]+:\/\//.test(origin)
}

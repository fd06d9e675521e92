import type { VersionRow } from '../ledger/versions.store.ts'
import type { StepRow } from '../ledger/steps.store.ts'
import type { DeliveredFile } from '../workers/delivered-file.ts'
import type { WrittenVersion } from '../workers/wire.ts'
import type { StepModel } from '../workspace/model.ts'
import { sealVersion } from '../zones/seal-version.ts'
import { confirmMoves } from '../zones/take-delivery.ts'
import type { Manifest } from '../zones/manifest.ts'
import { insertFromManifest } from './recovery.ts'
import type { RunContext } from './run-context.ts'

/** What a step wrote into its temporary folder, ready to become a version. */
export interface WrittenStep {
  written: WrittenVersion
  /** Versions that were read. */
  inputs: VersionRow[]
  rejectsName: string | null
  quarantined: number
  /** Records that a rule of the source left out; only sources have any. */
  skipped?: number
  /** Records seen in the sources; null for derived versions. */
  records: number | null
  sourceHash: string | null
  files: DeliveredFile[]
}

export interface StagedStep {
  step: StepModel
  row: StepRow & { staging: string; versionNumber: number }
  /** Part of the transaction that enters the version: the end of the step, where nothing is left to do after it. */
  onCommit?: ((version: VersionRow) => void) | null
}

/** Seals the folder, then tells the ledger, in the order that survives a kill between any two lines. */
export async function commitVersion(context: RunContext, { step, row, onCommit = null }: StagedStep, done: WrittenStep): Promise<VersionRow> {
  const { parts, run } = context
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

function manifestOf({ parts, run, recipes }: RunContext, { step, row }: StagedStep, done: WrittenStep): Manifest {
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
    skipped: done.skipped ?? 0,
    records: done.records,
    sourceHash: done.sourceHash,
    recipe,
    entityIndex: written.entityIndex ?? null,
    inputs: done.inputs.map(({ dataset, number }) => ({ dataset, version: number })),
    deliveries: done.files.map((file) => ({ ...file, origin: parts.layout.relative(file.origin), receivedAt: at })),
  }
}

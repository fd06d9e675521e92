import path from 'node:path'
import { ProblemError } from '../../../shared/domain/problem.ts'
import { linkFile } from '../etl/link-file.ts'
import type { StepRow } from '../ledger/steps.store.ts'
import type { VersionRow } from '../ledger/versions.store.ts'
import type { ExtractResult } from '../workers/wire.ts'
import type { ExtractStep } from '../workspace/model.ts'
import { DELIVERED_DIR } from '../zones/layout.ts'
import type { RunContext } from './run-context.ts'
import type { DeliveredFacts } from './written-step.ts'

/** What the files of a version say besides their names: where they came from, and when. */
export type DeliveryFacts = ReadonlyMap<string, DeliveredFacts & { sha256: string }>

/** What a version was delivered, once more and under the same names, in `dir`. */
export async function carryDeliveries({ parts, signal }: RunContext, version: VersionRow, dir: string): Promise<DeliveryFacts> {
  const from = path.join(parts.layout.versionDir(version.dataset, version.number), DELIVERED_DIR)
  const facts = new Map<string, DeliveredFacts & { sha256: string }>()
  for (const { fileName, origin, sha256, receivedAt, etag, lastModified } of parts.versions.deliveries(version.id)) {
    signal.throwIfAborted()
    await linkFile(path.join(from, fileName), path.join(dir, fileName))
    facts.set(fileName, { origin, sha256, receivedAt, etag, lastModified })
  }
  return facts
}

interface Reading {
  row: StepRow
  facts: DeliveryFacts
  outDir: string
  columns: Record<string, string>
}

/**
 * Reads what lies in the folder of a version to be.
 * @throws FILE_CHANGED where a file is not what was delivered
 */
export async function readKept(context: RunContext, step: ExtractStep, { row, facts, outDir, columns }: Reading): Promise<ExtractResult> {
  const { source } = step
  const files = [...facts.keys()].map((name) => ({ name, path: path.join(outDir, DELIVERED_DIR, name) }))
  const result = await context.worker().call(
    'extract',
    { source: { ...source, columns: { ...columns, ...source.columns } }, files, outDir, keepIn: null, highestOf: source.incremental?.column ?? null },
    { signal: context.signal, onProgress: (progress) => context.progress(step, row.id, progress) },
  )
  const changed = result.files.find(({ fileName, sha256 }) => facts.get(fileName)?.sha256 !== sha256)
  if (changed === undefined) return result
  throw new ProblemError('FILE_CHANGED', `${changed.fileName}, delivered earlier, is not as it was delivered`, { details: { file: changed.fileName }, hint: 'Look with "strata verify". A run with --force asks for everything anew' })
}

import { mkdir } from 'node:fs/promises'
import path from 'node:path'
import { accountText } from '../../../shared/domain/record-account.ts'
import type { StepRow } from '../ledger/steps.store.ts'
import type { ExtractResult } from '../workers/wire.ts'
import type { ExtractStep, SourceSpec } from '../workspace/model.ts'
import { DELIVERED_DIR } from '../zones/layout.ts'
import { moveDelivered } from '../zones/take-delivery.ts'
import { readSourceFiles } from '../planning/source-files.ts'
import { commitVersion } from './commit-version.ts'
import type { RunContext } from './run-context.ts'
import type { StepOutcome } from './step-outcome.ts'

/** Extract: the files as they lie there become a raw version. */
export async function runExtractStep(context: RunContext, step: ExtractStep, row: StepRow & { staging: string; versionNumber: number }): Promise<StepOutcome> {
  const { parts, signal, log } = context
  const { files, isRedelivery, sourceHash } = await readSourceFiles(parts, step, signal)
  const outDir = parts.layout.tempVersionDir(step.dataset, row.staging)
  await mkdir(path.join(outDir, DELIVERED_DIR), { recursive: true })
  const keep = isRedelivery ? 'copy' : step.source.keep
  const keepIn = keep === 'copy' ? path.join(outDir, DELIVERED_DIR) : null
  const input = { source: step.source, files: files.map(({ path: file, name }) => ({ path: file, name })), outDir, keepIn }
  const result = await context.worker().call('extract', input, { signal, onProgress: (progress) => context.progress(step, row.id, progress) })
  await keepDelivered(context, outDir, { result, keep })
  const version = await commitVersion(context, { step, row }, {
    written: result,
    inputs: [],
    rejectsName: result.rejectsName,
    quarantined: result.quarantined,
    skipped: result.skipped,
    records: result.records,
    sourceHash,
    files: result.files,
  })
  const sum = accountText({ ...result, loaded: result.rowCount })
  log.write(result.quarantined > 0 ? 'warn' : 'info', sum, step.dataset)
  const isWorthTelling = result.quarantined > 0 || result.skipped > 0
  const notes = [...(isWorthTelling ? [sum] : []), ...result.notes]
  return { kind: 'made', version, note: notes.length === 0 ? null : notes.join('. ') }
}

const COPIES_AT_ONCE = 8

async function keepDelivered(context: RunContext, outDir: string, { result, keep }: { result: ExtractResult; keep: SourceSpec['keep'] }): Promise<void> {
  const { parts, signal } = context
  const dir = path.join(outDir, DELIVERED_DIR)
  if (keep === 'copy') return parts.durable.syncDir(dir)
  if (await moveDelivered(parts.durable, outDir, result.files)) return
  const queue = result.files.values()
  const copy = async (): Promise<void> => {
    for (const { origin, fileName, sha256 } of queue) {
      await context.worker().call('copyFile', { from: origin, to: path.join(dir, fileName), sha256 }, { signal })
    }
  }
  await Promise.all(Array.from({ length: COPIES_AT_ONCE }, copy))
  await parts.durable.syncDir(dir)
}

import { createHash } from 'node:crypto'
import { mkdir } from 'node:fs/promises'
import path from 'node:path'
import { ProblemError } from '../../../shared/domain/problem.ts'
import { findSourceFiles } from '../etl/find-files.ts'
import type { StepRow } from '../ledger/steps.store.ts'
import type { VersionRow } from '../ledger/versions.store.ts'
import type { ExtractResult } from '../workers/wire.ts'
import type { ExtractStep, SourceSpec } from '../workspace/model.ts'
import { DELIVERED_DIR } from '../zones/layout.ts'
import { moveDelivered } from '../zones/take-delivery.ts'
import { commitVersion } from './commit-version.ts'
import type { RunContext } from './run-context.ts'
import type { StepOutcome } from './step-outcome.ts'

interface SourceFile {
  path: string
  name: string
  sizeBytes: number
  modifiedAt: string
}

/**
 * Extract: the files as they lie there become a raw version. The same declaration over the same files (name, size, time of
 * change) is the version that exists already.
 */
export async function runExtractStep(context: RunContext, step: ExtractStep, row: StepRow & { staging: string; versionNumber: number }): Promise<StepOutcome> {
  const { parts, signal, log } = context
  const { files, isRedelivery } = await filesOf(context, step)
  const sourceHash = hashSource(step.source, files)
  const known = reusable(context, step, sourceHash)
  if (known !== null) {
    log.write('info', `${files.length === 1 ? 'The file is' : `The ${files.length} files are`} the same as for version ${known.number} of #${known.runNumber}`, step.dataset)
    return { kind: 'reused', version: known, note: `Same ${files.length === 1 ? 'file' : 'files'} as #${known.runNumber}` }
  }
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
    records: result.records,
    sourceHash,
    files: result.files,
  })
  const sum = `${result.records.toLocaleString('en')} read = ${result.rowCount.toLocaleString('en')} loaded + ${result.quarantined.toLocaleString('en')} quarantined`
  log.write(result.quarantined > 0 ? 'warn' : 'info', sum, step.dataset)
  return { kind: 'made', version, note: result.quarantined > 0 ? sum : null }
}

/** With `move`, an inbox that was emptied by an earlier run is read from where that run put its files. */
async function filesOf({ parts, signal }: RunContext, step: ExtractStep): Promise<{ files: SourceFile[]; isRedelivery: boolean }> {
  const before = step.source.keep === 'move' ? parts.versions.latest(step.dataset) : null
  try {
    const found = await findSourceFiles({ root: parts.layout.root, patterns: step.source.files, signal })
    return { isRedelivery: false, files: found.map((file) => ({ path: file.path, name: file.name, sizeBytes: file.sizeBytes, modifiedAt: file.modifiedAt })) }
  } catch (error) {
    if (before === null || !(error instanceof ProblemError) || error.problem.code !== 'SOURCE_MISSING') throw error
    const dir = path.join(parts.layout.versionDir(before.dataset, before.number), DELIVERED_DIR)
    const kept = parts.versions.deliveries(before.id)
    return {
      isRedelivery: true,
      files: kept.map(({ fileName, sizeBytes, modifiedAt }) => ({ path: path.join(dir, fileName), name: fileName, sizeBytes, modifiedAt })),
    }
  }
}

function hashSource(source: SourceSpec, files: readonly SourceFile[]): string {
  const { keep: _keep, ...declared } = source
  const facts = files.map(({ name, sizeBytes, modifiedAt }) => [name, sizeBytes, modifiedAt])
  return createHash('sha256').update(JSON.stringify([declared, facts])).digest('hex')
}

function reusable({ parts }: RunContext, step: ExtractStep, sourceHash: string): VersionRow | null {
  const candidates = [parts.versions.latest(step.dataset), parts.versions.current(step.dataset)]
  return candidates.find((version) => version?.sourceHash === sourceHash) ?? null
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

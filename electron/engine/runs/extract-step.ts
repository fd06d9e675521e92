import { mkdir } from 'node:fs/promises'
import path from 'node:path'
import { accountText } from '../../../shared/domain/record-account.ts'
import { ProblemError } from '../../../shared/domain/problem.ts'
import type { StepRow } from '../ledger/steps.store.ts'
import type { VersionRow } from '../ledger/versions.store.ts'
import type { ExtractResult } from '../workers/wire.ts'
import type { ExtractStep, SourceSpec } from '../workspace/model.ts'
import { DELIVERED_DIR } from '../zones/layout.ts'
import { moveDelivered } from '../zones/take-delivery.ts'
import { readSourceFiles } from '../planning/source-files.ts'
import { commitVersion } from './commit-version.ts'
import { listCases } from './list-quarantine.ts'
import type { RunContext } from './run-context.ts'
import type { StagedRow } from './stage-step.ts'
import type { StepOutcome } from './step-outcome.ts'
import type { SiftedStep, WrittenStep } from './written-step.ts'

/** Extract: the files as they lie there become a raw version. */
export async function runExtractStep(context: RunContext, step: ExtractStep, row: StepRow & { staging: string; versionNumber: number }): Promise<StepOutcome> {
  const { parts, signal } = context
  const { files, isRedelivery, sourceHash } = await readSourceFiles(parts, step, signal)
  const outDir = parts.layout.tempVersionDir(step.dataset, row.staging)
  await mkdir(path.join(outDir, DELIVERED_DIR), { recursive: true })
  const keep = isRedelivery ? 'copy' : step.source.keep
  const keepIn = keep === 'copy' ? path.join(outDir, DELIVERED_DIR) : null
  const lookedAt = parts.clock()
  const input = { source: step.source, files: files.map(({ path: file, name }) => ({ path: file, name })), outDir, keepIn }
  const result = await context.worker().call('extract', input, { signal, onProgress: (progress) => context.progress(step, row.id, progress) })
  await keepDelivered(context, outDir, { result, keep })
  return commitExtracted(context, { step, row, result, outDir, lookedAt }, { sourceHash, files: result.files })
}

interface ReadStep {
  step: ExtractStep
  row: StagedRow
  result: ExtractResult
  outDir: string
  lookedAt: number
}

/** What was read of delivered files becomes the version, where the source tolerates what could not be. */
export async function commitExtracted(context: RunContext, { step, row, result, outDir, lookedAt }: ReadStep, delivery: Pick<WrittenStep, 'sourceHash' | 'files' | 'cursor'>): Promise<StepOutcome> {
  const version = await commitVersion(context, { step, row }, {
    written: result,
    inputs: [],
    rejectsName: result.rejectsName,
    quarantined: result.quarantined,
    skipped: result.skipped,
    records: result.records,
    ...delivery,
    judge: (sifted) => refuseIntolerable(context, { step, sifted, lookedAt, file: path.join(outDir, sifted.rejectsName ?? '') }),
  })
  return { kind: 'made', version, note: tellAccount(context, step, { result, version }) }
}

/** Logs the sum that always holds. @returns the note of the step, where there is anything worth telling */
function tellAccount({ log }: RunContext, { dataset }: ExtractStep, { result, version }: { result: ExtractResult; version: VersionRow }): string | null {
  const { rowCount, quarantined, skipped } = version
  const sum = accountText({ records: result.records, loaded: rowCount, quarantined, skipped })
  log.write(quarantined > 0 ? 'warn' : 'info', sum, dataset)
  for (const { fileName, sameAs } of result.files) if (sameAs !== null) log.write('warn', `${fileName} has the same content as ${sameAs}: kept, and not read again`, dataset)
  const notes = [...(quarantined + skipped > 0 ? [sum] : []), ...result.notes]
  return notes.length === 0 ? null : notes.join('. ')
}

interface Judged {
  step: ExtractStep
  sifted: SiftedStep
  /** With the records that are not in the version. */
  file: string
  lookedAt: number
}

/** The records are listed all the same: whoever mends or ignores them there can go on with the run. */
async function refuseIntolerable(context: RunContext, { step: { dataset, source }, sifted, file, lookedAt }: Judged): Promise<void> {
  const { tolerate } = source
  const { quarantined, skipped, written } = sifted
  const records = written.rowCount + quarantined + skipped
  if (tolerate === null || quarantined === 0 || quarantined <= ('count' in tolerate ? tolerate.count : tolerate.share * records)) return
  await listCases(context, { dataset, file, versionId: null, lookedAt })
  const [first] = context.parts.quarantine.page({ dataset, states: ['open'] }, { offset: 0, limit: 1, unsearched: [] }).records
  const place = first === undefined ? '' : `${first.file}, ${first.line === null ? `record ${first.record}` : `line ${first.line}`}`
  const example = first === undefined ? '' : `. The first: ${place}: ${first.reason}`
  throw new ProblemError('SOURCE_UNREADABLE', `${quarantined} of ${records} records of ${source.name} are in quarantine, more than the source tolerates${example}`, {
    details: { source: source.name, quarantined, records, first: first?.id ?? null },
    hint: 'Correct or ignore them in the quarantine, then resume. Or mend the file, correct the declared columns, or raise tolerate in pipeline.yaml',
  })
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

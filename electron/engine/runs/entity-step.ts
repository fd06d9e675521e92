import { createReadStream } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { createInterface } from 'node:readline'
import { setImmediate } from 'node:timers/promises'
import { errorSignature } from '../../../shared/domain/error-signature.ts'
import { ProblemError } from '../../../shared/domain/problem.ts'
import type { EntityResult } from '../ledger/entities.store.ts'
import type { StepRow } from '../ledger/steps.store.ts'
import type { VersionRow } from '../ledger/versions.store.ts'
import type { EntityBatch, EntityOutcome } from '../workers/wire.ts'
import type { EntityStep } from '../workspace/model.ts'
import { commitVersion } from './commit-version.ts'
import type { RunContext } from './run-context.ts'
import type { StepOutcome } from './step-outcome.ts'
import { stagingFiles } from '../zones/layout.ts'
import { versionSource } from './version-source.ts'

type Row = StepRow & { staging: string; versionNumber: number }

/** Ledger rows a transaction: short enough not to hold up the engine's thread. */
const CHUNK = 5_000

/**
 * Entity: the processor is called for every entity that is not processed yet. Rows reach the journal before the ledger counts
 * their entities as done, so a kill at any moment repeats nothing and loses nothing.
 */
export async function runEntityStep(context: RunContext, step: EntityStep, row: Row): Promise<StepOutcome> {
  const { parts, log } = context
  const source = context.source(step.input, step.dataset)
  await mkdir(parts.layout.stagingDir, { recursive: true })
  const { total, todo, withoutKey } = await planEntities(context, step, row)
  if (withoutKey > 0) log.write('warn', `${withoutKey.toLocaleString('en')} rows of ${step.input} have no ${step.key} and belong to no entity`, step.dataset)
  log.write('info', todo === total ? `${total.toLocaleString('en')} entities to process` : `${todo.toLocaleString('en')} of ${total.toLocaleString('en')} entities to process; the others are done`, step.dataset)
  await processAll(context, step, { row, source, total })
  refuseTooManyFailed(context, step, { stepId: row.id, total })
  return seal(context, step, row)
}

async function planEntities(context: RunContext, step: EntityStep, row: Row): Promise<{ total: number; todo: number; withoutKey: number }> {
  const { parts, run, signal } = context
  const listed = `${parts.layout.entitiesFile(row.staging)}.all`
  const source = context.source(step.input, step.dataset)
  const { withoutKey } = await context.worker().call('listEntities', { source, key: step.key, outFile: listed }, { signal })
  const entities = run.entities ?? (await readEntities(listed))
  for (let from = 0; from < entities.length; from += CHUNK) {
    parts.entities.addPending({ stepId: row.id, dataType: run.dataType, at: parts.clock() }, entities.slice(from, from + CHUNK))
    await setImmediate()
  }
  const finished = parts.entities.finished(row.id)
  const todo = entities.filter((entity) => !finished.has(entity))
  await writeFile(parts.layout.entitiesFile(row.staging), todo.map((entity) => `${JSON.stringify(entity)}\n`).join(''))
  parts.steps.patch(row.id, { entitiesTotal: entities.length })
  return { total: entities.length, todo: todo.length, withoutKey }
}

async function readEntities(file: string): Promise<string[]> {
  const entities: string[] = []
  const reader = createInterface({ input: createReadStream(file, 'utf8'), crlfDelay: Infinity })
  for await (const line of reader) if (line !== '') entities.push(String(JSON.parse(line)))
  return entities
}

async function processAll(context: RunContext, step: EntityStep, { row, source, total }: { row: Row; source: ReturnType<typeof versionSource>; total: number }): Promise<void> {
  const { parts, run, signal, log } = context
  const entitiesFile = parts.layout.entitiesFile(row.staging)
  const journalPath = parts.layout.journalFile(row.staging)
  await writeFile(journalPath, '', { flag: 'a' })
  await parts.durable.syncDir(path.dirname(journalPath))
  let done = parts.entities.finished(row.id).size
  await context.worker().call(
    'entity',
    { ...step, dataType: run.dataType, runNumber: run.runNumber, parameters: context.parameters, source, entitiesFile, journalPath },
    {
      signal,
      onAsk: ({ journalBytes, outcomes }: EntityBatch) => {
        parts.entities.saveProcessingResults(row.id, { results: outcomes.map(entityResult), journalBytes, at: parts.clock() })
        done += outcomes.length
        for (const outcome of outcomes) if (outcome.error !== null) log.write('error', `${outcome.entityId}: ${outcome.error}`, step.dataset)
        context.progress(step, row.id, { share: total === 0 ? 1 : done / total, note: `${done.toLocaleString('en')} of ${total.toLocaleString('en')} entities` })
      },
    },
  )
}

function entityResult({ entityId, state, attempts, rows, durationMs, error, errorClass }: EntityOutcome): EntityResult {
  const failure = error === null ? null : { message: error, signature: errorSignature(error), errorClass: errorClass ?? 'bad_code' }
  return { entityId, state, attempts, rows, durationMs, error: failure }
}

function refuseTooManyFailed({ parts, run }: RunContext, step: EntityStep, { stepId, total }: { stepId: number; total: number }): void {
  const failed = parts.entities.countsOf(stepId).get('failed') ?? 0
  const allowed = 'count' in step.maxFailed ? step.maxFailed.count : Math.floor(step.maxFailed.share * total)
  if (failed <= allowed) return
  const [worst] = parts.entities.errorGroups(run.id, step.dataset)
  const cause = worst === undefined ? '' : ` Most often: ${worst.signature} (${worst.count.toLocaleString('en')})`
  throw new ProblemError('ENTITY_FAILED', `${failed.toLocaleString('en')} of ${total.toLocaleString('en')} entities failed, ${allowed.toLocaleString('en')} may.${cause}`, {
    hint: 'Mend the data or the processor, then resume: entities that succeeded are kept. Or raise entity.max_failed in the step\'s sidecar',
    details: { dataset: step.dataset, failed, allowed, errorClass: 'bad_data' },
  })
}

async function seal(context: RunContext, step: EntityStep, row: Row): Promise<StepOutcome> {
  const { parts, run, signal } = context
  const { layout, durable, versions } = parts
  const before = run.entities === null ? null : carriedOver(context, step)
  const written = await context.worker().call(
    'seal',
    {
      processorPath: step.processorPath,
      key: step.key,
      journalPath: layout.journalFile(row.staging),
      outDir: layout.tempVersionDir(step.dataset, row.staging),
      orderBy: step.contract === null || step.contract.key.length === 0 ? [step.key] : step.contract.key,
      carryOver: before === null ? null : { source: versionSource(layout, versions, before), exceptFile: await exceptFile(context, row) },
    },
    { signal, onProgress: ({ share }) => context.progress(step, row.id, { share, note: 'Writing the version' }) },
  )
  const input = context.resolve(step.input)
  const inputs = [input, before].filter((version): version is VersionRow => version !== null)
  const version = await commitVersion(context, { step, row }, { written, inputs, rejectsName: null, quarantined: 0, records: null, sourceHash: null, files: [] })
  for (const file of stagingFiles(layout, row.staging)) await durable.remove(file)
  return { kind: 'made', version, note: null }
}

/** A run of some entities keeps the rows of all others as they are. */
function carriedOver({ parts, run }: RunContext, step: EntityStep): VersionRow {
  const current = parts.versions.current(step.dataset)
  if (current !== null) return current
  throw new ProblemError('NOT_FOUND', `${step.dataset} has no published version from which the other entities could be carried over`, {
    hint: `Run ${run.dataType} once for all entities, then for some`,
    details: { dataset: step.dataset, errorClass: 'bad_data' },
  })
}

async function exceptFile({ parts, run }: RunContext, row: Row): Promise<string> {
  const file = `${parts.layout.entitiesFile(row.staging)}.all`
  await writeFile(file, (run.entities ?? []).map((entity) => `${JSON.stringify(entity)}\n`).join(''))
  return file
}

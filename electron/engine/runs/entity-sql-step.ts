import { existsSync } from 'node:fs'
import { classifyProblem } from '../../../shared/domain/error-class.ts'
import { errorSignature } from '../../../shared/domain/error-signature.ts'
import { toProblem } from '../../../shared/domain/problem.ts'
import type { EntityResult } from '../ledger/entities.store.ts'
import type { StepRow } from '../ledger/steps.store.ts'
import type { VersionRow } from '../ledger/versions.store.ts'
import { makeRecipe } from '../planning/step-recipe.ts'
import type { EntityBatch, EntityOutcome, SqlToRun, WrittenVersion } from '../workers/wire.ts'
import type { EntityGrain, SqlStep } from '../workspace/model.ts'
import { stagingFiles } from '../zones/layout.ts'
import { commitVersion } from './commit-version.ts'
import { addPending, type PlannedEntities, planEntities, saveTallies, workText, writeLines } from './entity-account.ts'
import { allowedFailures, refuseTooManyFailed } from './entity-failures.ts'
import type { RunContext } from './run-context.ts'
import type { StepOutcome } from './step-outcome.ts'

export interface EntitySqlWork {
  step: SqlStep
  grain: EntityGrain
  row: StepRow & { staging: string; versionNumber: number }
}

interface Chunks {
  prefix: string
  committed: number
}

/** Beyond what may fail, so many more are found out before the step gives up: enough to see what is wrong. */
const SHOWN_FAILURES = 25

/**
 * SQL that accounts for its entities: one statement for all that need work, as long as their data let it. Else a chunk at a time,
 * each committed with its entities, so that a kill at any moment repeats nothing and loses nothing, and a bad entity stands alone.
 */
export async function runEntitySqlStep(context: RunContext, work: EntitySqlWork): Promise<StepOutcome> {
  const { parts, run, log } = context
  const { step, grain, row } = work
  // What is of more than one making says so, or it would be taken for the whole.
  if (run.entities !== null) context.recipes.set(step.dataset, null)
  const statement: SqlToRun = { sql: step.sql, dataType: run.dataType, reads: step.inputs.map((input) => context.source(input, step.dataset)), variables: context.variables }
  const chunks = await knownChunks(context, work)
  const planned = await planEntities(context, { step, row, key: grain.key, statement: { ...statement, isUnsafe: grain.isUnsafe }, finished: parts.entities.finished(row.id) })
  if (planned.withoutKey > 0) log.write('warn', `${planned.withoutKey.toLocaleString('en')} rows have no ${grain.key} and belong to no entity`, step.dataset)
  log.write('info', workText(planned), step.dataset)
  await failAbsent(context, work, planned)
  const written = (chunks.committed === 0 ? await asAWhole(context, work, { statement, planned }) : null) ?? (await byChunks(context, work, { statement, planned, chunks }))
  refuseTooManyFailed(context, { dataset: step.dataset, maxFailed: grain.maxFailed, stepId: row.id, total: planned.total }, 'Mend the data or the statement, then run again')
  const inputs = [...step.inputs.map((input) => context.resolve(input)), run.entities === null ? null : planned.before].filter((version): version is VersionRow => version !== null)
  const version = await commitVersion(context, { step, row }, { written, inputs, rejectsName: null, quarantined: 0, records: null, sourceHash: null, files: [] })
  for (const file of stagingFiles(parts.layout, row.staging)) await parts.durable.remove(file)
  return { kind: 'made', version, note: planned.carried > 0 ? workText(planned) : null }
}

/** What is taken out afterwards changes nothing about a chunk. */
const NO_SIFT = { decisions: null, contentOf: () => '', now: 0 }

/** Chunks of an earlier attempt count when they were made by the same recipe; else their entities are processed again. */
async function knownChunks({ parts, run, parameters, resolve }: RunContext, { step, row }: EntitySqlWork): Promise<Chunks> {
  const inputs = step.inputs.map(resolve).filter((version): version is VersionRow => version !== null)
  const { fingerprint } = await makeRecipe(step, { root: parts.layout.root, engineVersion: parts.engineVersion, parameters, inputs, sift: NO_SIFT })
  const prefix = parts.layout.stagingFile(row.staging, `chunk-${fingerprint.slice(0, 16)}-${run.entities === null ? 'all' : 'some'}-`)
  const isThere = Array.from({ length: row.journalBytes }, (_, index) => existsSync(`${prefix}${index + 1}.parquet`)).every(Boolean)
  if (row.journalBytes > 0 && isThere) return { prefix, committed: row.journalBytes }
  parts.ledger.write(() => {
    parts.entities.forget(row.id)
    parts.steps.patch(row.id, { journalBytes: 0 })
  })
  return { prefix, committed: 0 }
}

/** Asked for by name, and not there. */
async function failAbsent(context: RunContext, { grain, row }: EntitySqlWork, { absent }: PlannedEntities): Promise<void> {
  if (absent.length === 0) return
  const { parts } = context
  const file = parts.layout.stagingFile(row.staging, 'absent')
  await writeLines(file, absent)
  await addPending(context, row.id, file)
  const outcome = (entityId: string): EntityOutcome => ({ entityId, state: 'failed', attempts: 1, rows: 0, durationMs: 0, error: `No input row has ${grain.key} "${entityId}"`, errorClass: 'bad_data' })
  parts.entities.saveProcessingResults(row.id, { results: absent.map((entityId) => entityResult(outcome(entityId))), journalBytes: row.journalBytes, at: parts.clock() })
}

/** One statement. Null when it failed by its data, which says nothing yet of whose. */
async function asAWhole(context: RunContext, { step, row }: EntitySqlWork, { statement, planned }: { statement: SqlToRun; planned: PlannedEntities }): Promise<WrittenVersion | null> {
  const { parts, signal, log } = context
  const outDir = parts.layout.tempVersionDir(step.dataset, row.staging)
  const startedAt = parts.clock()
  try {
    const written = await context.worker().call(
      'sql',
      { ...statement, outDir, orderBy: step.contract?.key ?? [], entity: planned.account },
      { signal, onProgress: (progress) => context.progress(step, row.id, progress) },
    )
    await saveTallies(context, row.id, { file: planned.account.files.tallies, carried: false, durationMs: (parts.clock() - startedAt) / Math.max(1, planned.todo) })
    return written
  } catch (error) {
    const problem = toProblem(error)
    if (signal.aborted || classifyProblem(problem) !== 'bad_data') throw error
    log.write('warn', `${problem.message}. Finding out in which entity`, step.dataset)
    await parts.durable.remove(outDir)
    return null
  }
}

async function byChunks(
  context: RunContext,
  { step, grain, row }: EntitySqlWork,
  { statement, planned, chunks }: { statement: SqlToRun; planned: PlannedEntities; chunks: Chunks },
): Promise<WrittenVersion> {
  const { parts, signal } = context
  const { todo, total, account } = planned
  await addPending(context, row.id, account.files.todo)
  let committed = chunks.committed
  let done = total - todo
  const stopAfter = Math.max(allowedFailures({ maxFailed: grain.maxFailed, total }), SHOWN_FAILURES)
  const input = { ...statement, key: grain.key, withProvenance: account.withProvenance, todoFile: account.files.todo, chunkPrefix: chunks.prefix, committed, stopAfter }
  const { isStopped } = await context.worker().call('sqlChunks', input, {
    signal,
    onAsk: ({ journalBytes, outcomes }: EntityBatch) => {
      parts.entities.saveProcessingResults(row.id, { results: outcomes.map(entityResult), journalBytes, at: parts.clock() })
      committed = journalBytes
      done += outcomes.length
      for (const { entityId, error } of outcomes) if (error !== null) context.log.write('error', `${entityId}: ${error}`, step.dataset)
      context.progress(step, row.id, { share: done / Math.max(1, total), note: `${done.toLocaleString('en')} of ${total.toLocaleString('en')} entities` })
    },
  })
  const tolerance = { dataset: step.dataset, maxFailed: grain.maxFailed, stepId: row.id, total }
  refuseTooManyFailed(context, tolerance, isStopped ? 'There may be more of them: the step gave up. Mend the data or the statement, then run again' : 'Mend the data or the statement, then run again')
  await writeLines(account.files.results, parts.entities.tallies(row.id))
  const chunkPaths = Array.from({ length: committed }, (_, index) => `${chunks.prefix}${index + 1}.parquet`)
  const outDir = parts.layout.tempVersionDir(step.dataset, row.staging)
  return context.worker().call('sealChunks', { ...statement, chunkPaths, outDir, orderBy: step.contract?.key ?? [], account }, { signal, onProgress: ({ share }) => context.progress(step, row.id, { share, note: 'Writing the version' }) })
}

/** What the worker says of an entity, as the ledger keeps it. */
export function entityResult({ entityId, state, attempts, rows, durationMs, error, errorClass }: EntityOutcome): EntityResult {
  const failure = error === null ? null : { message: error, signature: errorSignature(error), errorClass: errorClass ?? 'bad_code' }
  return { entityId, state, attempts, rows, durationMs, error: failure }
}

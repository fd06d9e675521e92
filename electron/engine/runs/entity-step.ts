import { appendFile, mkdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import type { StepRow } from '../ledger/steps.store.ts'
import type { VersionRow } from '../ledger/versions.store.ts'
import type { EntityBatch, VersionSource } from '../workers/wire.ts'
import type { EntityStep } from '../workspace/model.ts'
import { commitVersion } from './commit-version.ts'
import { addPending, type PlannedEntities, planEntities, workText, writeLines } from './entity-account.ts'
import { refuseTooManyFailed } from './entity-failures.ts'
import { entityResult } from './entity-sql-step.ts'
import type { RunContext } from './run-context.ts'
import type { StepOutcome } from './step-outcome.ts'
import { stagingFiles } from '../zones/layout.ts'

type Row = StepRow & { staging: string; versionNumber: number }

/**
 * Entity: the processor is called for every entity that is not processed yet. Rows reach the journal before the ledger counts
 * their entities as done, so a kill at any moment repeats nothing and loses nothing.
 */
export async function runEntityStep(context: RunContext, step: EntityStep, row: Row): Promise<StepOutcome> {
  const { parts, log } = context
  const source = context.source(step.input, step.dataset)
  await mkdir(parts.layout.stagingDir, { recursive: true })
  const planned = await planEntities(context, { step, row, key: step.key, statement: null, finished: parts.entities.finished(row.id) })
  const { total, withoutKey, absent } = planned
  const { todo } = planned.account.files
  // The processor's worker says of those that are in no row that they are not there.
  await appendFile(todo, absent.map((entity) => `${JSON.stringify(entity)}\n`).join(''))
  await addPending(context, row.id, todo)
  if (withoutKey > 0) log.write('warn', `${withoutKey.toLocaleString('en')} rows of ${step.input} have no ${step.key} and belong to no entity`, step.dataset)
  log.write('info', workText(planned), step.dataset)
  await processAll(context, step, { row, source, total, carried: planned.carried })
  const { maxFailed, dataset } = step
  refuseTooManyFailed(context, { dataset, maxFailed, stepId: row.id, total }, 'Mend the data or the processor, then resume: entities that succeeded are kept')
  return seal(context, step, { row, planned })
}

async function processAll(context: RunContext, step: EntityStep, { row, source, total, carried }: { row: Row; source: VersionSource; total: number; carried: number }): Promise<void> {
  const { parts, run, signal, log } = context
  const entitiesFile = parts.layout.entitiesFile(row.staging)
  const journalPath = parts.layout.journalFile(row.staging)
  await writeFile(journalPath, '', { flag: 'a' })
  await parts.durable.syncDir(path.dirname(journalPath))
  let done = carried + parts.entities.finished(row.id).size
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

async function seal(context: RunContext, step: EntityStep, { row, planned }: { row: Row; planned: PlannedEntities }): Promise<StepOutcome> {
  const { parts, run, signal } = context
  const { layout, durable } = parts
  await writeLines(planned.account.files.results, parts.entities.tallies(row.id))
  const written = await context.worker().call(
    'seal',
    {
      processorPath: step.processorPath,
      journalPath: layout.journalFile(row.staging),
      outDir: layout.tempVersionDir(step.dataset, row.staging),
      orderBy: step.contract === null || step.contract.key.length === 0 ? [step.key] : step.contract.key,
      account: planned.account,
    },
    { signal, onProgress: ({ share }) => context.progress(step, row.id, { share, note: 'Writing the version' }) },
  )
  const input = context.resolve(step.input)
  const inputs = [input, run.entities === null ? null : planned.before].filter((version): version is VersionRow => version !== null)
  const version = await commitVersion(context, { step, row }, { written, inputs, rejectsName: null, quarantined: 0, records: null, sourceHash: null, files: [] })
  for (const file of stagingFiles(layout, row.staging)) await durable.remove(file)
  return { kind: 'made', version, note: planned.carried > 0 ? workText(planned) : null }
}

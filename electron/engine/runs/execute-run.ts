import { ENGINE_ACTOR } from '../../../shared/domain/actor.ts'
import type { DatasetId } from '../../../shared/domain/naming.ts'
import { type Problem, ProblemError, toProblem } from '../../../shared/domain/problem.ts'
import { DONE_STEP_STATES } from '../../../shared/domain/run-status.ts'
import type { RunRow } from '../ledger/runs.store.ts'
import type { StepRow } from '../ledger/steps.store.ts'
import type { EngineParts } from '../parts.ts'
import type { OpProgress } from '../workers/wire.ts'
import type { DataTypeModel, StepModel } from '../workspace/model.ts'
import { checkReads, evaluateChecks, isDeferred } from './evaluate-checks.ts'
import { createRunContext, type RunContext } from './run-context.ts'
import type { RunLog } from './run-log.ts'
import { runStep } from './run-step.ts'

export interface ExecuteOptions {
  parts: EngineParts
  run: RunRow
  log: RunLog
  signal: AbortSignal
  /** True when the engine is closing: what is cut off then can be resumed, nobody cancelled it. */
  isClosing(): boolean
  onProgress(stepId: number, progress: OpProgress): void
}

/** One pass over a queued run: plan, steps, checks, publish. Ends in a finished state whatever happens. */
export async function executeRun(options: ExecuteOptions): Promise<void> {
  const { parts, run, log } = options
  const { runs, clock } = parts
  log.write('info', run.attempt === 1 ? `${run.dataType} #${run.runNumber} starts` : `${run.dataType} #${run.runNumber} goes on, attempt ${run.attempt}`)
  runs.transition(run.id, 'planning', { startedAt: clock(), finishedAt: null, problem: null, summary: 'Planning' })
  try {
    const dataType = await plan(parts, run)
    runs.transition(run.id, 'running', { summary: `0 of ${dataType.steps.length} steps` })
    await using context = createRunContext({ ...options, dataType })
    await runSteps(context)
    await runDeferredChecks(context)
    publish(context)
  } catch (error) {
    finishBadly(options, toProblem(error))
  }
}

/** Reads the workspace anew, writes the steps down and pins what other data types have published, so that the run means one thing. */
async function plan(parts: EngineParts, run: RunRow): Promise<DataTypeModel> {
  const model = await parts.workspace.reload()
  const dataType = model.dataTypes.find((candidate) => candidate.name === run.dataType)
  if (dataType === undefined) throw new ProblemError('NOT_FOUND', `The workspace has no data type ${run.dataType}`, { hint: 'Look into pipelines/' })
  if (!dataType.runnable) throw notRunnable(model.findings.filter((finding) => finding.severity === 'error'), run.dataType)
  parts.ledger.write(() => {
    parts.steps.plan(run.id, dataType.steps)
    resetSteps(parts, run, dataType)
    const own = new Set<DatasetId>(dataType.steps.map((step) => step.dataset))
    const outside = new Set(dataType.steps.flatMap(readsOf).filter((dataset) => !own.has(dataset)))
    const pinned = new Set(parts.versions.pins(run.id).map((version) => version.dataset))
    const fresh = [...outside].filter((dataset) => !pinned.has(dataset)).flatMap((dataset) => parts.versions.current(dataset)?.id ?? [])
    parts.versions.pin(run.id, fresh)
  })
  return dataType
}

function readsOf(step: StepModel): DatasetId[] {
  return [...step.inputs, ...(step.contract?.checks ?? []).flatMap(checkReads)]
}

function notRunnable(errors: readonly { file: string; line: number | null; message: string }[], dataType: string): ProblemError {
  const [first] = errors
  const place = first === undefined ? '' : `${first.file}${first.line === null ? '' : `:${first.line}`}: ${first.message}`
  return new ProblemError('WORKSPACE_INVALID', `${dataType} cannot run: ${errors.length} ${errors.length === 1 ? 'mistake' : 'mistakes'} in its files. ${place}`, {
    hint: 'Mend them ("strata check" lists all), then run again',
    details: { findings: errors.slice(0, 20), errorClass: 'bad_code' },
  })
}

/**
 * On a resume: what is done stays; what failed, was skipped or cut off is pending again. A set-based step whose version was
 * refused by its checks makes a new one, because its code may have been mended; an entity step keeps what it has.
 */
function resetSteps(parts: EngineParts, run: RunRow, dataType: DataTypeModel): void {
  const known = new Set(dataType.steps.map((step) => step.dataset))
  for (const step of parts.steps.ofRun(run.id)) {
    if (!known.has(step.dataset)) {
      if (step.state === 'pending') parts.steps.transition(step.id, 'skipped', { note: 'No longer in the pipeline' })
    } else if (!DONE_STEP_STATES.has(step.state) && step.state !== 'pending') {
      const isRebuilt = step.state === 'failed' && step.kind !== 'entity' && step.versionId !== null
      const fresh = isRebuilt ? { versionId: null, versionNumber: null, staging: null, rowsOut: null, rowsIn: null, sizeBytes: null, quarantined: 0 } : {}
      parts.steps.transition(step.id, 'pending', { ...fresh, note: null, problem: null, startedAt: null, finishedAt: null })
    }
  }
}

async function runSteps(context: RunContext): Promise<void> {
  const { parts, run, dataType, signal } = context
  const rows = new Map(parts.steps.ofRun(run.id).map((row) => [row.dataset, row]))
  for (const [index, step] of dataType.steps.entries()) {
    const row = rows.get(step.dataset)
    if (row === undefined || DONE_STEP_STATES.has(row.state)) continue
    signal.throwIfAborted()
    parts.runs.patch(run.id, { summary: `Step ${index + 1} of ${dataType.steps.length}: ${step.zone}.${step.name}` })
    try {
      await runStep(context, step, row.id)
    } catch (error) {
      endStep(context, row.id, error)
      throw error
    }
  }
}

/** A step that was cut off: cancelled by a person, failed by itself, or pending again when the engine closes. */
function endStep(context: RunContext, stepId: number, error: unknown): void {
  const { parts, signal, run } = context
  const at = parts.clock()
  if (signal.aborted) {
    const isCancelled = parts.runs.byId(run.id).state === 'cancelling'
    parts.steps.transition(stepId, isCancelled ? 'cancelled' : 'pending', { finishedAt: isCancelled ? at : null, note: null })
    return
  }
  const problem = toProblem(error)
  context.log.write('error', problem.hint === null ? problem.message : `${problem.message}. ${problem.hint}`, parts.steps.byId(stepId).dataset)
  parts.steps.transition(stepId, 'failed', { finishedAt: at, problem })
}

async function runDeferredChecks(context: RunContext): Promise<void> {
  const { parts, run, dataType } = context
  for (const step of dataType.steps) {
    const row = parts.steps.ofRun(run.id).find((candidate) => candidate.dataset === step.dataset)
    const later = (step.contract?.checks ?? []).filter((check) => wasDeferred(dataType, step, check))
    if (row?.versionId === undefined || row.versionId === null || later.length === 0) continue
    const rules = new Set(later.map((check) => check.rule))
    const earlier = parts.checks.ofRun(run.id).filter((result) => result.dataset === step.dataset && !rules.has(result.rule))
    await evaluateChecks(context, { step, stepId: row.id, version: parts.versions.byId(row.versionId), checks: later.filter((check) => !isDeferred(context, step, check)), earlier })
  }
}

/** The rule reads a dataset that this pipeline makes after the step it belongs to. */
function wasDeferred(dataType: DataTypeModel, step: StepModel, check: Parameters<typeof checkReads>[0]): boolean {
  const position = dataType.steps.indexOf(step)
  return checkReads(check).some((dataset) => dataType.steps.findIndex((other) => other.dataset === dataset) > position)
}

/** Everything the run made becomes current together with the run's success, or nothing does. */
function publish({ parts, run, log, dataType }: RunContext): void {
  const { ledger, steps, versions, runs, clock, audit } = parts
  ledger.write(() => {
    const rows = steps.ofRun(run.id)
    const made = rows.flatMap((row) => (row.versionId === null || !DONE_STEP_STATES.has(row.state) ? [] : [versions.byId(row.versionId)]))
    const fresh = made.filter((version) => !version.isCurrent)
    const published = namesOf(fresh.flatMap(({ dataset }) => versions.current(dataset) ?? []))
    versions.promote(run.id, fresh.map((version) => version.id), clock())
    const { quarantined, entitiesFailed } = runs.byId(run.id)
    const degraded = quarantined > 0 || entitiesFailed > 0
    const summary = summarise({ datasets: made.length, published: fresh.length, rows: rowsOf(rows, versions), quarantined, entitiesFailed })
    runs.transition(run.id, 'succeeded', { finishedAt: clock(), degraded, summary })
    audit.append({ actor: ENGINE_ACTOR, action: 'publish', target: `${run.dataType} #${run.runNumber}`, details: { trigger: run.trigger }, before: published, after: namesOf(fresh) }, clock())
  })
  log.write('info', `${run.dataType} #${run.runNumber} is published: ${dataType.steps.length} datasets`)
}

function namesOf(rows: readonly { dataset: string; number: number }[]): Record<string, string> {
  return Object.fromEntries(rows.map(({ dataset, number }) => [dataset, `v${number}`]))
}

function rowsOf(rows: readonly StepRow[], versions: EngineParts['versions']): number {
  return rows.reduce((sum, row) => sum + (row.versionId === null ? 0 : versions.byId(row.versionId).rowCount), 0)
}

function summarise({ datasets, published, rows, quarantined, entitiesFailed }: { datasets: number; published: number; rows: number; quarantined: number; entitiesFailed: number }): string {
  const number = (value: number): string => value.toLocaleString('en')
  const parts = [published === 0 ? `Nothing new in ${number(datasets)} datasets` : `${number(rows)} rows in ${number(datasets)} datasets`]
  if (quarantined > 0) parts.push(`${number(quarantined)} ${quarantined === 1 ? 'record' : 'records'} quarantined`)
  if (entitiesFailed > 0) parts.push(`${number(entitiesFailed)} ${entitiesFailed === 1 ? 'entity' : 'entities'} failed`)
  return parts.join('; ')
}

function finishBadly({ parts, run, log, signal, isClosing }: ExecuteOptions, problem: Problem): void {
  const { runs, steps, ledger, clock } = parts
  const state = runs.byId(run.id).state
  const end = signal.aborted && isClosing() && state !== 'cancelling' ? 'interrupted' : state === 'cancelling' ? 'cancelled' : 'failed'
  ledger.write(() => {
    for (const step of steps.ofRun(run.id)) {
      if (step.state === 'pending' && end !== 'interrupted') {
        steps.transition(step.id, end === 'cancelled' ? 'cancelled' : 'skipped', { note: end === 'failed' ? 'Not reached' : null })
      }
    }
    const summary = end === 'interrupted' ? 'Strata was closed before it was done' : end === 'cancelled' ? 'Cancelled; nothing was published' : problem.message
    runs.transition(run.id, end, { finishedAt: clock(), problem: end === 'failed' ? problem : null, summary })
  })
  log.write(end === 'failed' ? 'error' : 'info', `${run.dataType} #${run.runNumber} ${end}${end === 'failed' ? `: ${problem.message}` : ''}`)
}

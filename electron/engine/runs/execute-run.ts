import type { DatasetId } from '../../../shared/domain/naming.ts'
import { type Problem, toProblem } from '../../../shared/domain/problem.ts'
import { resolveParameters } from '../../../shared/domain/run-parameters.ts'
import type { RunRow } from '../ledger/runs.store.ts'
import type { EngineParts } from '../parts.ts'
import type { OpProgress } from '../workers/wire.ts'
import { changesOfPass } from '../planning/changes-of-pass.ts'
import { checkReads } from '../planning/check-timing.ts'
import { requireRunnable } from '../planning/require-runnable.ts'
import { createStepPlanner, type StepPlanner } from '../planning/step-planner.ts'
import type { DataTypeModel, StepModel } from '../workspace/model.ts'
import { GateReached, passGates, waitAtGate } from './gate-keeper.ts'
import { recordCode } from './record-code.ts'
import { publishRun } from './publish-run.ts'
import { createRunContext } from './run-context.ts'
import { orAborted } from './or-aborted.ts'
import type { RunLog } from './run-log.ts'
import { reopenUnfinished } from './reopen-step.ts'
import { runLaterChecks, runSteps } from './run-steps.ts'
import { untilWritten } from './until-written.ts'

export interface ExecuteOptions {
  parts: EngineParts
  run: RunRow
  log: RunLog
  signal: AbortSignal
  /** True when the engine is closing: what is cut off then can be resumed, nobody cancelled it. */
  isClosing(): boolean
  onProgress(stepId: number, progress: OpProgress): void
}

/** One pass over a queued run: plan, steps, checks, publish. Ends in a finished state whatever happens, or at a gate. */
export async function executeRun(options: ExecuteOptions): Promise<void> {
  const { parts, run, log, signal, isClosing } = options
  const { runs, clock } = parts
  // Cancelled in the moment between the queue and here; and if it was resumed in that moment as well, it is in the queue once more.
  if (runs.byId(run.id).state !== 'queued' || (signal.aborted && !isClosing())) return
  log.write('info', run.startedAt === null && run.attempt === 1 ? `${run.dataType} #${run.runNumber} starts` : `${run.dataType} #${run.runNumber} goes on, attempt ${run.attempt}`)
  runs.transition(run.id, 'planning', { startedAt: run.startedAt === null ? clock() : Date.parse(run.startedAt), finishedAt: null, problem: null, summary: 'Planning' })
  try {
    const before = parts.steps.ofRun(run.id)
    const dataType = await plan(parts, run, signal)
    await recordCode(parts, run, dataType)
    const parameters = resolveParameters(dataType.parameters, run.options.parameters)
    const planner = (): StepPlanner => createStepPlanner({ parts, dataType, signal, run: { ...run, parameters } })
    sayWhatIsOther(options, await changesOfPass(parts, { run, dataType, before, planner: planner(), signal }))
    runs.transition(run.id, 'running', { summary: `0 of ${dataType.steps.length} steps` })
    await using context = createRunContext({ ...options, dataType, parameters, planner: planner() })
    await runSteps(context)
    await runLaterChecks(context)
    passGates(context, 'publish')
    publishRun(context)
  } catch (error) {
    if (error instanceof GateReached && !signal.aborted) waitAtGate(options, error)
    else await endBadly(options, toProblem(error))
  }
}

/** A fact of the run, written down before it does anything; the log has it too, where it belongs in time. */
function sayWhatIsOther({ parts: { planChanges, clock }, run, log }: ExecuteOptions, found: Awaited<ReturnType<typeof changesOfPass>>): void {
  if (found.changes.length === 0) return
  planChanges.record(run, found, clock())
  for (const change of found.changes) log.write('warn', `${found.since === 'plan' ? 'Since it was planned' : 'Since it last stopped'}: ${change}`)
}

/** Reads the workspace anew, writes the steps down and pins what other data types have published, so that the run means one thing. */
async function plan(parts: EngineParts, run: RunRow, signal: AbortSignal): Promise<DataTypeModel> {
  // Others may wait for the same reading, so it is left to itself when the run is cancelled.
  const dataType = requireRunnable(await orAborted(parts.workspace.reload(), signal), run.dataType)
  parts.ledger.write(() => {
    parts.steps.plan(run.id, dataType.steps)
    reopenUnfinished(parts, run, dataType)
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

const CUT_OFF = { failed: 'failed', cancelled: 'cancelled', interrupted: 'pending' } as const

async function endBadly(options: ExecuteOptions, problem: Problem): Promise<void> {
  const onWait = (reason: string): void => options.parts.log('error', `${options.run.dataType} #${options.run.runNumber} has ended, but that cannot be written down yet: ${reason}`)
  await untilWritten(() => finishBadly(options, problem), { isClosing: options.isClosing, onWait })
}

function endSteps({ steps, clock }: EngineParts, run: RunRow, { end, problem }: { end: keyof typeof CUT_OFF; problem: Problem | null }): void {
  for (const { id, state } of steps.ofRun(run.id)) {
    // Its own end could not be written down before.
    if (state === 'running' || state === 'retrying') steps.transition(id, CUT_OFF[end], { finishedAt: end === 'interrupted' ? null : clock(), problem })
    if (state === 'pending' && end !== 'interrupted') steps.transition(id, end === 'cancelled' ? 'cancelled' : 'skipped', { note: end === 'failed' ? 'Not reached' : null })
  }
}

function finishBadly({ parts, run, log, signal, isClosing }: ExecuteOptions, problem: Problem): void {
  const { runs, ledger, clock } = parts
  const state = runs.byId(run.id).state
  const end = signal.aborted && isClosing() && state !== 'cancelling' ? 'interrupted' : state === 'cancelling' ? 'cancelled' : 'failed'
  ledger.write(() => {
    endSteps(parts, run, { end, problem: end === 'failed' ? problem : null })
    const summary = end === 'interrupted' ? 'Strata was closed before it was done' : end === 'cancelled' ? 'Cancelled; nothing was published' : problem.message
    runs.transition(run.id, end, { finishedAt: clock(), problem: end === 'failed' ? problem : null, summary })
  })
  log.write(end === 'failed' ? 'error' : 'info', `${run.dataType} #${run.runNumber} ${end}${end === 'failed' ? `: ${problem.message}` : ''}`)
}

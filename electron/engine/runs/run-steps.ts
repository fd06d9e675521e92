import { toProblem } from '../../../shared/domain/problem.ts'
import { DONE_STEP_STATES } from '../../../shared/domain/run-status.ts'
import { isLaterCheck } from '../planning/check-timing.ts'
import type { StepDecision } from '../planning/step-decision.ts'
import type { StepRow } from '../ledger/steps.store.ts'
import type { StepModel } from '../workspace/model.ts'
import { hasGate, passGates } from './gate-keeper.ts'
import type { RunContext } from './run-context.ts'
import { checkVersion, runStep } from './run-step.ts'
import { reopenStep, takeUpEntities } from './reopen-step.ts'
import { settleSteps, type SettledStep } from './settle-steps.ts'

/** Every step in its order: decided, then run, reused or left out. What needs no work is written down together with its neighbours. */
export async function runSteps(context: RunContext): Promise<void> {
  const { parts, run, dataType, signal, planner } = context
  const rows = new Map(parts.steps.ofRun(run.id).map((row) => [row.dataset, row]))
  let settled: SettledStep[] = []
  for (const [index, step] of dataType.steps.entries()) {
    signal.throwIfAborted()
    const row = rows.get(step.dataset)
    if (row === undefined || row.state === 'skipped' || (DONE_STEP_STATES.has(row.state) && (await staysDone(context, step, row)))) continue
    if (hasGate(dataType, step.dataset)) {
      await settleSteps(context, settled)
      settled = []
      passGates(context, step.dataset)
    }
    const decision = await planner.decide(step)
    if (isSettled(decision)) {
      settled.push({ row, decision })
      continue
    }
    await settleSteps(context, settled)
    settled = []
    await work(context, decision, { stepId: row.id, summary: `Step ${index + 1} of ${dataType.steps.length}: ${step.zone}.${step.name}` })
  }
  await settleSteps(context, settled)
}

/** A step of an earlier attempt that an edit, or a person, wants done again is opened again. */
async function staysDone({ parts, planner, log }: RunContext, step: StepModel, row: StepRow): Promise<boolean> {
  if (await planner.stays(step, row)) {
    if (row.versionId !== null) planner.made(step.dataset, parts.versions.byId(row.versionId))
    return true
  }
  log.write('info', 'Done before in this run, and to be looked at again', step.dataset)
  reopenStep(parts, row)
  return false
}

function isSettled({ action, checks }: StepDecision): boolean {
  return action === 'skip' || (action === 'reuse' && checks.isKept)
}

async function work(context: RunContext, decision: StepDecision, { stepId, summary }: { stepId: number; summary: string }): Promise<void> {
  const { parts, planner, recipes } = context
  const { dataset } = decision.step
  try {
    recipes.set(dataset, takeUpEntities(context, decision, parts.steps.byId(stepId)))
    planner.made(dataset, await runStep(context, decision, { stepId, summary }))
  } catch (error) {
    endStep(context, stepId, error)
    throw error
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

/** Rules that had to wait until the datasets were made that they look at. */
export async function runLaterChecks(context: RunContext): Promise<void> {
  const { parts, run, dataType } = context
  for (const step of dataType.steps) {
    const checks = (step.contract?.checks ?? []).filter((check) => isLaterCheck(dataType, step, check))
    if (checks.length === 0) continue
    const row = parts.steps.inRun(run.id, step.dataset)
    if (row === null || row.versionId === null) continue
    await checkVersion(context, { step, stepId: row.id, version: parts.versions.byId(row.versionId), checks, which: 'laterChecksHash' })
  }
}

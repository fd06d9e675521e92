import type { PlanChange } from '../../../shared/contract/runs.contract.ts'
import { DONE_STEP_STATES } from '../../../shared/domain/run-status.ts'
import type { DatasetId } from '../../../shared/domain/naming.ts'
import type { RunRow } from '../ledger/runs.store.ts'
import type { StepRow } from '../ledger/steps.store.ts'
import type { EngineParts } from '../parts.ts'
import type { DataTypeModel } from '../workspace/model.ts'
import { changesSincePlanned } from './plan-run.ts'
import type { PlanningParts } from './planning-world.ts'
import { nameOf, withReaders } from './select-steps.ts'
import type { StepDecision } from './step-decision.ts'
import type { StepPlanner } from './step-planner.ts'

interface Pass {
  run: RunRow
  dataType: DataTypeModel
  /** The run's steps as the pass before left them; none when this is the first. */
  before: readonly StepRow[]
  /** One of its own: what is decided here is decided again when its turn comes. */
  planner: StepPlanner
  signal: AbortSignal
}

/**
 * What is other, before a pass begins, than a person could expect. Of the first pass: than in the plan that was confirmed. Of a later
 * one: steps that were done and will be done again, though nobody asked for it. What follows from them is left to the plan.
 */
export async function changesOfPass(parts: PlanningParts & Pick<EngineParts, 'workspace'>, pass: Pass): Promise<Pick<PlanChange, 'since' | 'changes'>> {
  if (pass.before.length === 0) return { since: 'plan', changes: await changesSincePlanned(parts, pass.run, pass.signal) }
  return { since: 'pass', changes: [...changedSteps(pass), ...(await undoneSteps(parts, pass))] }
}

function changedSteps({ dataType: { steps }, before }: Pass): string[] {
  const known = new Set(before.map(({ dataset }) => dataset))
  const now = new Set(steps.map(({ dataset }) => dataset))
  return [
    ...steps.flatMap(({ dataset }) => (known.has(dataset) ? [] : [`${dataset} is new in the pipeline`])),
    // A step that was skipped for that has been told before.
    ...before.flatMap(({ dataset, state }) => (now.has(dataset) || state === 'skipped' ? [] : [`${dataset} is no longer in the pipeline`])),
  ]
}

async function undoneSteps({ versions }: PlanningParts, { run, dataType, before, planner, signal }: Pass): Promise<string[]> {
  const rows = new Map(before.map((row) => [row.dataset, row]))
  const from = run.options.redo?.from ?? null
  const asked: ReadonlySet<DatasetId> = from === null ? new Set() : withReaders(dataType.steps, [nameOf(dataType, from)])
  const undone: string[] = []
  for (const step of dataType.steps) {
    signal.throwIfAborted()
    const done = doneRow(rows.get(step.dataset))
    if (done !== null && (await planner.stays(step, done))) {
      if (done.versionId !== null) planner.made(step.dataset, versions.byId(done.versionId))
      continue
    }
    const decision = await planner.decide(step)
    if (done !== null && !asked.has(step.dataset) && isNews(decision)) undone.push(sentenceOf(decision))
  }
  return undone
}

function doneRow(row: StepRow | undefined): StepRow | null {
  return row !== undefined && DONE_STEP_STATES.has(row.state) ? row : null
}

function sentenceOf({ step: { dataset }, action, reasons }: StepDecision): string {
  return `${dataset} was done, and is ${action === 'run' ? 'done again' : 'looked at again'}: ${reasons.map(({ text }) => text).join('; ')}`
}

/** Entities that failed are what a further attempt is for, and what follows from another step has its reason there. */
function isNews({ certain, reasons }: StepDecision): boolean {
  return certain && !reasons.every(({ kind }) => kind === 'failed' || kind === 'forced' || kind === 'unselected')
}

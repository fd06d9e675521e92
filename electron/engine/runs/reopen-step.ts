import { DONE_STEP_STATES } from '../../../shared/domain/run-status.ts'
import { isByEntity } from '../planning/is-by-entity.ts'
import type { StepDecision } from '../planning/step-decision.ts'
import type { RunRow } from '../ledger/runs.store.ts'
import type { StepPatch, StepRow } from '../ledger/steps.store.ts'
import type { EngineParts } from '../parts.ts'
import type { DataTypeModel } from '../workspace/model.ts'
import type { Recipe } from '../zones/recipe.ts'
import { isLetPass } from './evaluate-checks.ts'
import type { RunContext } from './run-context.ts'

const WITHOUT_VERSION: StepPatch = { versionId: null, versionNumber: null, staging: null, journalBytes: 0, rowsOut: null, rowsIn: null, sizeBytes: null, quarantined: 0, entitiesTotal: null }
const BEFORE_START: StepPatch = { note: null, problem: null, startedAt: null, finishedAt: null }

type Parts = Pick<EngineParts, 'steps' | 'entities' | 'marks' | 'checks'>

/**
 * For a further attempt: what failed, was left out or cut off is pending again; what is done is looked at when its turn comes. A
 * set-based step whose version was refused by its checks is decided anew, because its code may have been mended; an entity step
 * keeps what it has. What people decided stays: a step marked skipped is left out, a version that was let pass is kept.
 */
export function reopenUnfinished(parts: Parts, run: RunRow, dataType: DataTypeModel): void {
  const known = new Set(dataType.steps.map((step) => step.dataset))
  const leftOut = new Set(parts.marks.ofSteps(run.id).flatMap(({ stepId, mark }) => (mark.as === 'skipped' ? [stepId] : [])))
  for (const step of parts.steps.ofRun(run.id)) {
    if (!known.has(step.dataset)) {
      if (step.state === 'pending') parts.steps.transition(step.id, 'skipped', { note: 'No longer in the pipeline' })
    } else if (!DONE_STEP_STATES.has(step.state) && step.state !== 'pending' && !leftOut.has(step.id)) {
      const isRebuilt = step.state === 'failed' && step.kind !== 'entity' && step.versionId !== null && !isLetPass(parts, step)
      parts.steps.transition(step.id, 'pending', { ...BEFORE_START, ...(isRebuilt ? WITHOUT_VERSION : {}) })
    }
  }
}

/** A step that is done becomes pending with nothing made. Its version stays where it is, and may be found again. */
export function reopenStep(parts: Parts, row: StepRow): void {
  parts.steps.transition(row.id, 'pending', { ...BEFORE_START, ...WITHOUT_VERSION })
  parts.entities.forget(row.id)
}

/**
 * A step by entities goes on with those that it has, also when its processor was mended in between: what comes out is then of more
 * than one making, and its recipe null. Where the input is another, or all is asked for again, it begins anew.
 */
export function takeUpEntities({ parts, run, log }: RunContext, { step, action, recipe, reasons }: StepDecision, row: StepRow): Recipe | null {
  if (!isByEntity(step) || action !== 'run') return recipe
  const ofOneMaking = run.entities === null ? recipe : null
  const hasWork = row.versionId !== null || parts.entities.finished(row.id).size > 0
  if (!hasWork) return ofOneMaking
  const why = whyAnew({ isForced: reasons.some(({ kind }) => kind === 'forced'), before: row.recipe, now: recipe, isSql: step.kind === 'sql' })
  if (why === null) return row.recipe?.fingerprint === recipe?.fingerprint ? ofOneMaking : null
  log.write('info', `${why}: all entities are processed again`, step.dataset)
  parts.steps.patch(row.id, WITHOUT_VERSION)
  parts.entities.forget(row.id)
  return ofOneMaking
}

function whyAnew({ isForced, before, now, isSql }: { isForced: boolean; before: Recipe | null; now: Recipe | null; isSql: boolean }): string | null {
  if (isForced) return 'Asked for again'
  if (before === null || now === null) return null
  if (contentsOf(before) !== contentsOf(now)) return 'What it reads is another now'
  // A SELECT that changed means other rows for every entity; a processor is usually mended for those that failed.
  return isSql && before.code !== now.code ? 'The SELECT is another now' : null
}

function contentsOf({ inputs }: Recipe): string {
  return Object.entries(inputs).map(([dataset, { contentHash }]) => `${dataset} ${contentHash}`).toSorted().join('\n')
}

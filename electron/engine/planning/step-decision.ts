import type { PlanReason } from '../../../shared/contract/plan.contract.ts'
import type { VersionRow } from '../ledger/versions.store.ts'
import type { StepModel } from '../workspace/model.ts'
import type { Recipe } from '../zones/recipe.ts'
import { type CheckState, NO_CHECKS, type PlanningWorld } from './planning-world.ts'
import { failureReasons } from './step-reasons.ts'

/** What is to become of a step, and why. */
export interface StepDecision {
  step: StepModel
  action: 'run' | 'reuse' | 'skip'
  /** False: it runs only if what it reads comes out different. */
  certain: boolean
  reasons: PlanReason[]
  /** Of a reuse: the version. Of a step left out: what readers see, if there is something. */
  version: VersionRow | null
  /** Null while something that it reads is unknown. */
  recipe: Recipe | null
  checks: CheckState
}

export const FORCED: PlanReason = { kind: 'forced', text: 'Asked for' }

export function runs(step: StepModel, reasons: PlanReason[], recipe: Recipe | null): StepDecision {
  return { step, action: 'run', certain: true, reasons, version: null, recipe, checks: NO_CHECKS }
}

export function leaves(step: StepModel, version: VersionRow | null, reason: PlanReason): StepDecision {
  return { step, action: 'skip', certain: true, reasons: [reason], version, recipe: null, checks: NO_CHECKS }
}

/** With `only: stale`, what readers see already is left out instead. */
export function reuses(world: PlanningWorld, step: StepModel, { version, recipe, text }: { version: VersionRow; recipe: Recipe; text: string }): StepDecision {
  const checks = world.checksOf({ step, version, checks: world.checksNow(step), which: 'checksHash' })
  if (world.run.options.only === 'stale' && version.isCurrent && checks.isKept) return leaves(step, version, { kind: 'up_to_date', text: 'Up to date' })
  const again: PlanReason[] = checks.isKept ? [] : [{ kind: 'contract', text: 'Its contract, or what that refers to, is other than when it was last checked' }]
  return { step, action: 'reuse', certain: true, reasons: [{ kind: 'unchanged', text }, ...again, ...failureReasons(world.endOf(step.dataset))], version, recipe, checks }
}

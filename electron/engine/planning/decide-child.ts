import type { PlanReason } from '../../../shared/contract/plan.contract.ts'
import type { DatasetId } from '../../../shared/domain/naming.ts'
import type { VersionRow } from '../ledger/versions.store.ts'
import type { ExtractStep, StepModel } from '../workspace/model.ts'
import type { PlanningParts, PlanningWorld } from './planning-world.ts'
import { hashAnswers } from './source-files.ts'
import { FORCED, reuses, runs, type StepDecision } from './step-decision.ts'
import { failureReasons, recipeReasons } from './step-reasons.ts'

export type ChildStep = ExtractStep & { source: { childOf: string } }

export function isChild(step: StepModel): step is ChildStep {
  return step.kind === 'extract' && step.source.childOf !== undefined
}

/** The source whose deliveries a child reads. */
export function parentOf({ inputs }: ChildStep): DatasetId {
  return inputs[0] ?? ''
}

/** What the deliveries of a version are when they are read as a child declares them. */
export function hashChild({ versions }: Pick<PlanningParts, 'versions'>, { source }: ChildStep, parent: VersionRow): string {
  return hashAnswers(source, versions.deliveries(parent.id))
}

/** The same declaration over the same deliveries is the version that exists already. */
export async function decideChild(world: PlanningWorld, step: ChildStep): Promise<StepDecision> {
  const { versions } = world.parts
  const dataset = parentOf(step)
  const parent = world.resolve(dataset)
  const before = versions.latest(step.dataset)
  if (parent === null) return runs(step, [{ kind: 'missing', text: `Reads what ${dataset} was delivered, which has no published version` }], null)
  const isForced = world.isForced(step.dataset)
  if (parent === 'unknown') {
    const sure: PlanReason[] = isForced ? [FORCED] : before === null ? recipeReasons(step, await world.recipeOf(step, []), null) : []
    return { ...runs(step, sure.length > 0 ? sure : [{ kind: 'upstream', text: `Reads what ${dataset} is delivered` }], null), certain: sure.length > 0 }
  }
  const recipe = await world.recipeOf(step, [parent])
  if (isForced) return runs(step, [FORCED], recipe)
  const sourceHash = hashChild(world.parts, step, parent)
  const same = [before, versions.current(step.dataset)].find((version) => version?.sourceHash === sourceHash && (version.recipe?.sift ?? '') === recipe.sift && world.isUsable(version)) ?? null
  if (same !== null) return reuses(world, step, { version: same, recipe, text: `The same deliveries as #${same.runNumber}` })
  const reasons = [...recipeReasons(step, recipe, before), ...failureReasons(world.endOf(step.dataset))]
  return runs(step, reasons.length > 0 ? reasons : [{ kind: 'files', text: `${dataset} was delivered something else` }], recipe)
}

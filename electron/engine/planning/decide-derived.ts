import type { PlanReason } from '../../../shared/contract/plan.contract.ts'
import type { VersionRow } from '../ledger/versions.store.ts'
import type { ExtractStep, StepModel } from '../workspace/model.ts'
import type { Recipe } from '../zones/recipe.ts'
import { isByEntity } from './is-by-entity.ts'
import type { PlanningWorld } from './planning-world.ts'
import { FORCED, reuses, runs, type StepDecision } from './step-decision.ts'
import { failureReasons, NEVER_MADE, recipeReasons } from './step-reasons.ts'

type DerivedStep = Exclude<StepModel, ExtractStep>

/** The same code over the same contents is the version that exists already, whichever run made it. */
export async function decideDerived(world: PlanningWorld, step: DerivedStep): Promise<StepDecision> {
  const inputs = step.inputs.map((dataset) => ({ dataset, version: world.resolve(dataset) }))
  const missing = inputs.flatMap(({ dataset, version }): PlanReason[] => (version === null ? [{ kind: 'missing', text: `Reads ${dataset}, which has no published version` }] : []))
  if (missing.length > 0) return runs(step, missing, null)
  const sure = surely(world, step)
  const upstream = inputs.flatMap(({ dataset, version }): PlanReason[] => (version === 'unknown' ? [{ kind: 'upstream', text: `${dataset} is made before it` }] : []))
  if (upstream.length > 0) return { ...runs(step, sure.length > 0 ? sure : upstream, null), certain: sure.length > 0 }
  const recipe = await world.recipeOf(step, inputs.flatMap(({ version }) => (version === null || version === 'unknown' ? [] : [version])))
  if (sure.length > 0) return runs(step, [...sure, ...alsoChanged(world, step, recipe)], recipe)
  const same = sameAs(world, step, recipe)
  if (same !== null) return reuses(world, step, { version: same, recipe, text: same.runId === world.run.id ? 'Made before in this run' : `Same code and inputs as #${same.runNumber}` })
  return runs(step, differences(world, step, recipe), recipe)
}

/** Reasons to run that need no look at what was made before. */
function surely(world: PlanningWorld, step: DerivedStep): PlanReason[] {
  const { entities } = world.run
  return [
    ...(world.isForced(step.dataset) ? [FORCED] : []),
    ...(isByEntity(step) && entities !== null ? [narrowed(entities.length)] : []),
    ...(step.kind === 'sql' && step.volatile.length > 0 ? [volatile(step.volatile)] : []),
    ...(world.parts.versions.latest(step.dataset) === null ? [NEVER_MADE] : []),
  ]
}

function volatile(functions: readonly string[]): PlanReason {
  return { kind: 'volatile', text: `Uses ${functions.join(', ')}, which answers differently every time` }
}

function narrowed(count: number): PlanReason {
  return { kind: 'entities', text: `For ${count.toLocaleString('en')} ${count === 1 ? 'entity' : 'entities'}; the others keep what they have` }
}

/** A version that some entities are missing from is made again, so that they get another try. */
function sameAs(world: PlanningWorld, step: DerivedStep, { fingerprint }: Recipe): VersionRow | null {
  const { versions } = world.parts
  const alike = versions.byFingerprint(step.dataset, fingerprint)
  return alike.find((version) => world.isUsable(version) && (!isByEntity(step) || versions.entitiesFailed(version.id) === 0)) ?? null
}

/** What would be a reason too, for a step that runs anyway. */
function alsoChanged(world: PlanningWorld, step: DerivedStep, recipe: Recipe): PlanReason[] {
  const before = world.parts.versions.current(step.dataset)
  return before === null || before.recipe === null ? [] : recipeReasons(step, recipe, before)
}

function differences(world: PlanningWorld, step: DerivedStep, recipe: Recipe): PlanReason[] {
  const { versions } = world.parts
  const reasons = [...recipeReasons(step, recipe, versions.current(step.dataset) ?? versions.latest(step.dataset)), ...failureReasons(world.endOf(step.dataset))]
  return reasons.length > 0 ? reasons : [{ kind: 'removed', text: 'The version that was made of this is gone' }]
}

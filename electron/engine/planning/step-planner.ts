import type { DatasetId } from '../../../shared/domain/naming.ts'
import type { StepRow } from '../ledger/steps.store.ts'
import type { VersionRow } from '../ledger/versions.store.ts'
import type { CheckSpec, StepModel } from '../workspace/model.ts'
import type { CheckFacts } from '../contracts/check-facts.ts'
import { hashChild, isChild } from './decide-child.ts'
import { decideDerived } from './decide-derived.ts'
import { decideExtract } from './decide-extract.ts'
import { isByEntity } from './is-by-entity.ts'
import { type CheckState, type ChecksOfVersion, type PlannerOptions, PlanningWorld } from './planning-world.ts'
import { stepsLeftOut } from './select-steps.ts'
import { leaves, type StepDecision } from './step-decision.ts'
import { failureReasons } from './step-reasons.ts'

/** Decides one step after the other, in their order: for the plan that is shown and for the run that follows it alike. */
export interface StepPlanner {
  decide(step: StepModel): Promise<StepDecision>
  /** What came of a step that was decided to run. */
  made(dataset: DatasetId, version: VersionRow): void
  /** True for a step that is done in this run and that nothing since has touched. */
  stays(step: StepModel, row: StepRow): Promise<boolean>
  checksOf(of: ChecksOfVersion): CheckState
  /** What rules about a version are held against besides rows. */
  factsOf(version: VersionRow, checks: readonly CheckSpec[]): CheckFacts
  /** Its files are there and, as far as anybody looked, as they were written. */
  isUsable(version: VersionRow): boolean
  /** The version that came of a step of this run; null where none did yet. */
  madeOf(dataset: DatasetId): VersionRow | null
  /** What a dataset means as far as is decided; 'unknown' for what has yet to run. */
  resolve(dataset: DatasetId): VersionRow | 'unknown' | null
}

/** @throws BAD_INPUT for a selection that names a step which is not there */
export function createStepPlanner(options: PlannerOptions): StepPlanner {
  const world = new PlanningWorld(options)
  const { dataType, run } = options
  const leftOut = stepsLeftOut(dataType, run.options, { hasFailed: (dataset) => failureReasons(world.endOf(dataset)).length > 0 })
  return {
    factsOf: (version, checks) => world.factsOf(version, checks),
    checksOf: (of) => world.checksOf(of),
    isUsable: (version) => world.isUsable(version),
    resolve: (dataset) => world.resolve(dataset),
    madeOf: (dataset) => world.learnt(dataset),
    made: (dataset, version) => world.learn(dataset, version),
    stays: (step, row) => stays(world, step, row),
    async decide(step) {
      const decision = leftOut.has(step.dataset)
        ? leaves(step, world.standing(step.dataset), { kind: 'unselected', text: 'Not selected' })
        : await (step.kind === 'extract' ? decideExtract(world, step) : decideDerived(world, step))
      world.learn(step.dataset, decision.action === 'run' ? 'unknown' : decision.version)
      return decision
    },
  }
}

async function stays(world: PlanningWorld, step: StepModel, row: StepRow): Promise<boolean> {
  const { versions, entities } = world.parts
  if (world.isRedone(step.dataset)) return false
  if (row.versionId === null) return true
  const version = versions.byId(row.versionId)
  if (!world.isUsable(version)) return false
  if (row.recipe === null) return true
  if (!(await isAsMade(world, step, { version, row })) || (isByEntity(step) && (entities.countsOf(row.id).get('failed') ?? 0) > 0)) return false
  return world.checksOf({ step, version, checks: world.checksNow(step), which: 'checksHash' }).isKept
}

/** What it reads, and how, is what the version was made from. */
async function isAsMade(world: PlanningWorld, step: StepModel, { version, row }: { version: VersionRow; row: StepRow }): Promise<boolean> {
  const inputs = step.inputs.map((dataset) => world.resolve(dataset)).filter((input) => input !== null && input !== 'unknown')
  if (inputs.length < step.inputs.length) return false
  const [parent] = inputs
  if (isChild(step) && parent !== undefined && version.sourceHash !== hashChild(world.parts, step, parent)) return false
  return (await world.recipeOf(step, inputs)).fingerprint === row.recipe?.fingerprint
}

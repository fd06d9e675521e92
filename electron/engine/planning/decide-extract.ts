import { ProblemError } from '../../../shared/domain/problem.ts'
import type { ExtractStep } from '../workspace/model.ts'
import { decideChild, isChild } from './decide-child.ts'
import { decideRemote, isRemote } from './decide-remote.ts'
import type { PlanningWorld } from './planning-world.ts'
import { readSourceFiles } from './source-files.ts'
import { FORCED, reuses, runs, type StepDecision } from './step-decision.ts'
import { failureReasons, fileReasons, recipeReasons } from './step-reasons.ts'

/** The same declaration over the same files (name, size, time of change) is the version that exists already. */
export async function decideExtract(world: PlanningWorld, step: ExtractStep): Promise<StepDecision> {
  if (isChild(step)) return decideChild(world, step)
  if (isRemote(step)) return decideRemote(world, step)
  const { versions } = world.parts
  const recipe = await world.recipeOf(step, [])
  const source = await readSourceFiles(world.parts, step, world.signal).catch((error: unknown) => {
    if (error instanceof ProblemError && error.problem.code === 'SOURCE_MISSING') return error
    throw error
  })
  // The step itself fails with it, at its place in the run.
  if (source instanceof ProblemError) return runs(step, [{ kind: 'missing', text: source.message }], recipe)
  if (world.isForced(step.dataset)) return runs(step, [FORCED], recipe)
  const before = versions.latest(step.dataset)
  const same = [before, versions.current(step.dataset)].find((version) => version?.sourceHash === source.sourceHash && (version.recipe?.sift ?? '') === recipe.sift && world.isUsable(version)) ?? null
  if (same !== null) return reuses(world, step, { version: same, recipe, text: `Same ${source.files.length === 1 ? 'file' : 'files'} as #${same.runNumber}` })
  if (before === null) return runs(step, recipeReasons(step, recipe, null), recipe)
  const declaration = before.recipe === null ? [] : recipeReasons(step, recipe, before)
  const reasons = [...declaration, ...fileReasons(source.files, versions.deliveries(before.id)), ...failureReasons(world.endOf(step.dataset))]
  return runs(step, reasons.length > 0 ? reasons : [{ kind: 'removed', text: 'The version of these files is gone' }], recipe)
}

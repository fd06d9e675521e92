import type { PlanReason } from '../../../shared/contract/plan.contract.ts'
import type { ExtractStep } from '../workspace/model.ts'
import { hostsOf, type RemoteSpec } from '../workspace/remote-model.ts'
import type { PlanningWorld } from './planning-world.ts'
import { remoteBase } from './remote-base.ts'
import { FORCED, runs, type StepDecision } from './step-decision.ts'
import { failureReasons, recipeReasons } from './step-reasons.ts'

export type RemoteStep = ExtractStep & { source: { remote: RemoteSpec } }

export function isRemote(step: ExtractStep): step is RemoteStep {
  return step.source.remote !== undefined && step.source.childOf === undefined
}

/** Whether there is anything new only the server knows, and planning asks nobody: the step runs, and may find that its version stays. */
export async function decideRemote(world: PlanningWorld, step: RemoteStep): Promise<StepDecision> {
  const { versions, cursors } = world.parts
  const recipe = await world.recipeOf(step, [])
  const isForced = world.isForced(step.dataset)
  const base = remoteBase(step, { versions, cursors, parameters: world.run.parameters, isForced })
  const before = versions.latest(step.dataset)
  const [host = ''] = hostsOf(step.source.remote)
  const asks: PlanReason = { kind: 'remote', text: asksText(host, { cursor: base.cursor, isFirst: before === null, beginsAnew: base.beginsAnew }) }
  if (isForced) return runs(step, [FORCED, asks], recipe)
  const declaration = before === null || before.recipe === null ? [] : recipeReasons(step, recipe, before)
  return runs(step, [...(before === null ? recipeReasons(step, recipe, null) : declaration), ...failureReasons(world.endOf(step.dataset)), asks], recipe)
}

function asksText(host: string, { cursor, isFirst, beginsAnew }: { cursor: string | null; isFirst: boolean; beginsAnew: boolean }): string {
  const anew = beginsAnew ? ', anew' : ''
  if (cursor !== null) return `Asks ${host} for what is new since ${cursor}${anew}`
  return isFirst || beginsAnew ? `Asks ${host} for everything${anew}` : `Asks ${host} whether anything is new`
}

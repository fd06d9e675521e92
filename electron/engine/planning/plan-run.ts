import type { PlanStep, RunPlan } from '../../../shared/contract/plan.contract.ts'
import { parseDatasetId } from '../../../shared/domain/naming.ts'
import { ProblemError } from '../../../shared/domain/problem.ts'
import type { RunOptions } from '../../../shared/domain/run-options.ts'
import { resolveParameters } from '../../../shared/domain/run-parameters.ts'
import type { EngineParts } from '../parts.ts'
import type { DataTypeModel, StepModel } from '../workspace/model.ts'
import { hostsOf } from '../workspace/remote-model.ts'
import { isRemote } from './decide-remote.ts'
import { isByEntity } from './is-by-entity.ts'
import type { PlanningParts } from './planning-world.ts'
import { firstChanges, hashPlan, planChanges } from './plan-hash.ts'
import { requireRunnable } from './require-runnable.ts'
import type { StepDecision } from './step-decision.ts'
import { EXECUTIONS, expectFrom } from './step-expectation.ts'
import { createStepPlanner } from './step-planner.ts'

export interface PlanSubject {
  dataType: string
  entities: readonly string[] | null
  options: RunOptions
}

type Parts = PlanningParts & Pick<EngineParts, 'workspace'>

/**
 * What a run would do, from the files and versions of now. Reads, and starts no worker.
 * @throws BAD_INPUT for a selection or a parameter that the data type does not have
 */
export async function planRun(parts: Parts, { dataType: name, entities, options }: PlanSubject, signal: AbortSignal): Promise<RunPlan> {
  const dataType = requireRunnable(await parts.workspace.reload(), name)
  const parameters = resolveParameters(dataType.parameters, options.parameters)
  const planner = createStepPlanner({ parts, dataType, signal, run: { id: null, entities, options, parameters } })
  const decisions: StepDecision[] = []
  for (const step of dataType.steps) {
    signal.throwIfAborted()
    decisions.push(await planner.decide(step))
  }
  const steps = decisions.map((decision) => describe(parts, decision, entities))
  const { planHash: _, redo: __, ...chosen } = options
  return { dataType: name, hash: hashPlan([name, entities, { ...chosen, parameters }], decisions), steps, totals: totalsOf(steps), parameters: { ...parameters } }
}

/** What is other now than in the plan that the run was started with; empty for a run without one. */
export async function changesSincePlanned(parts: Parts, { dataType, entities, options }: PlanSubject, signal: AbortSignal): Promise<string[]> {
  return options.planHash === null ? [] : planChanges(options.planHash, await planRun(parts, { dataType, entities, options }, signal))
}

/** @throws CONFLICT that names what is other now than when the plan was made */
export async function refuseOtherWorld(parts: Parts, subject: PlanSubject, signal: AbortSignal): Promise<void> {
  const changes = await changesSincePlanned(parts, subject, signal)
  if (changes.length === 0) return
  throw new ProblemError('CONFLICT', `Since ${subject.dataType} was planned, something changed: ${firstChanges(changes).join('. ')}`, { hint: 'Plan again, then start', details: { changes } })
}

/** Refuses what no run can make sense of, before there is one. */
export function checkSubject({ parameters, steps, name }: DataTypeModel, { options }: PlanSubject, parts: PlanningParts): void {
  const values = resolveParameters(parameters, options.parameters)
  const dataType = { parameters, steps, name, label: name, description: null, entityKey: null, entityNames: { labels: [], identifiers: [] }, gates: [], tests: [], schedule: null, triggers: { files: [], after: [] }, runnable: true, retry: {} }
  createStepPlanner({ parts, dataType, signal: new AbortController().signal, run: { id: null, entities: null, options, parameters: values } })
}

function describe({ steps }: Parts, { step, action, certain, reasons, version, checks }: StepDecision, entities: readonly string[] | null): PlanStep {
  const { zone = step.zone, name = step.name } = parseDatasetId(step.dataset) ?? {}
  const isNarrowed = isByEntity(step) && entities !== null && action === 'run'
  return {
    dataset: step.dataset,
    kind: step.kind,
    zone,
    name,
    action,
    certain,
    reasons,
    version: version?.number ?? null,
    checksAgain: action === 'reuse' && !checks.isKept,
    byEntity: isByEntity(step),
    entities: isNarrowed ? { total: entities.length, todo: entities.length } : null,
    hosts: contacted(step, action),
    expected: action === 'run' ? expectFrom(steps.executions(step.dataset, EXECUTIONS)) : null,
  }
}

function contacted(step: StepModel, action: StepDecision['action']): string[] {
  return step.kind === 'extract' && isRemote(step) && action === 'run' ? hostsOf(step.source.remote) : []
}

function totalsOf(steps: readonly PlanStep[]): RunPlan['totals'] {
  const count = (test: (step: PlanStep) => boolean): number => steps.filter(test).length
  const sure = steps.filter(({ action, certain }) => action === 'run' && certain)
  const sum = (of: (step: PlanStep) => number | undefined): number => sure.reduce((total, step) => total + (of(step) ?? 0), 0)
  return {
    run: sure.length,
    maybe: count(({ action, certain }) => action === 'run' && !certain),
    reuse: count(({ action }) => action === 'reuse'),
    skip: count(({ action }) => action === 'skip'),
    ms: sum(({ expected }) => expected?.ms.median),
    rows: sum(({ expected }) => expected?.rows.median),
    bytes: sum(({ expected }) => expected?.bytes.median),
    withoutHistory: sure.filter(({ expected }) => expected === null).length,
  }
}

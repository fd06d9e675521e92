import type { PlanEntities, PlanReason } from '../../../shared/contract/plan.contract.ts'
import { ProblemError } from '../../../shared/domain/problem.ts'
import { resolveParameters } from '../../../shared/domain/run-parameters.ts'
import type { VersionRow } from '../ledger/versions.store.ts'
import type { EngineParts } from '../parts.ts'
import { versionSource } from '../runs/version-source.ts'
import type { OpOutput } from '../workers/wire.ts'
import type { DataTypeModel, StepModel } from '../workspace/model.ts'
import { comparableVersion, entityIndexOf } from './comparable-version.ts'
import { isByEntity } from './is-by-entity.ts'
import type { PlanSubject } from './plan-run.ts'
import type { PlanningParts } from './planning-world.ts'
import { requireRunnable } from './require-runnable.ts'
import { nameOf } from './select-steps.ts'
import type { StepDecision } from './step-decision.ts'
import { createStepPlanner } from './step-planner.ts'

export type EntityPlanParts = PlanningParts & Pick<EngineParts, 'workspace' | 'workers'>

export interface EntityPage {
  dataset: string
  offset: number
  limit: number
  signal: AbortSignal
}

type Looked = OpOutput<'run', 'lookAtEntities'>

/**
 * The entities that a step would work on, with the reason of each. Looks at the input's rows, which takes a worker; what an input
 * will hold that has yet to be made cannot be known.
 */
export async function planEntitiesOf(parts: EntityPlanParts, subject: PlanSubject, page: EntityPage): Promise<PlanEntities> {
  const { signal } = page
  const dataType = requireRunnable(await parts.workspace.reload(), subject.dataType)
  const dataset = nameOf(dataType, page.dataset)
  const decided = await decideUpTo(parts, { dataType, subject, dataset }, signal)
  const { step, action, reasons } = decided.decision
  if (!isByEntity(step)) throw new ProblemError('BAD_INPUT', `${dataset} is not made entity by entity`, { hint: 'Entity steps are, and SQL steps with grain: entity' })
  if (action !== 'run') return { known: true, total: 0, todo: 0, entities: [] }
  if (subject.entities !== null) return named(subject.entities, page)
  const inputs = step.inputs.map((input) => decided.resolve(input))
  const versions = inputs.filter((version) => version !== null && version !== 'unknown')
  if (versions.length < inputs.length) return { known: false, total: 0, todo: 0, entities: [] }
  const looked = await look(parts, { decided, dataType, subject, versions, page }, signal)
  return { known: true, total: looked.total, todo: looked.todo, entities: looked.entities.map(({ entityId, reason }) => ({ entityId, reason: textOf(parts, { step, entityId, reason, reasons }) })) }
}

interface Decided {
  decision: StepDecision
  resolve(dataset: string): VersionRow | 'unknown' | null
}

async function decideUpTo(parts: EntityPlanParts, { dataType, subject, dataset }: { dataType: DataTypeModel; subject: PlanSubject; dataset: string }, signal: AbortSignal): Promise<Decided> {
  const parameters = resolveParameters(dataType.parameters, subject.options.parameters)
  const planner = createStepPlanner({ parts, dataType, signal, run: { id: null, entities: subject.entities, options: subject.options, parameters } })
  for (const step of dataType.steps) {
    const decision = await planner.decide(step)
    if (step.dataset === dataset) return { decision, resolve: planner.resolve }
  }
  throw new ProblemError('NOT_FOUND', `${subject.dataType} has no step ${dataset}`)
}

interface Look {
  decided: Decided
  dataType: DataTypeModel
  subject: PlanSubject
  versions: readonly VersionRow[]
  page: EntityPage
}

async function look(parts: EntityPlanParts, { decided, dataType, subject, versions, page }: Look, signal: AbortSignal): Promise<Looked> {
  const { step, recipe } = decided.decision
  const key = keyOf(step)
  const resolve = (dataset: string): VersionRow | null => versions.find((version) => version.dataset === dataset) ?? null
  const before = comparableVersion({ versions: parts.versions, options: subject.options, recipe, resolve }, step, key)
  const reads = versions.map((version) => versionSource(parts.layout, parts.versions, version))
  const values = resolveParameters(dataType.parameters, subject.options.parameters)
  const variables = dataType.parameters.map(({ name, type }) => ({ name, type, value: values[name] ?? null }))
  const statement = step.kind === 'sql' ? { sql: step.sql, dataType: dataType.name, reads, variables } : null
  const beforeIndex = before === null ? null : await entityIndexOf(parts.layout, before)
  const worker = parts.workers.take('run')
  try {
    return await worker.call('lookAtEntities', { key, reads, statement, beforeIndex, offset: page.offset, limit: page.limit }, { signal })
  } finally {
    parts.workers.release(worker)
  }
}

function keyOf(step: StepModel): string {
  if (step.kind === 'entity') return step.key
  return step.kind === 'sql' && step.entity !== null ? step.entity.key : ''
}

function named(entities: readonly string[], { offset, limit }: EntityPage): PlanEntities {
  return { known: true, total: entities.length, todo: entities.length, entities: entities.slice(offset, offset + limit).map((entityId) => ({ entityId, reason: 'Asked for' })) }
}

interface EntityToName {
  step: StepModel
  entityId: string
  reason: Looked['entities'][number]['reason']
  reasons: readonly PlanReason[]
}

/** One that failed is in no version, as a new one is: its history tells them apart. */
function textOf({ entities }: EntityPlanParts, { step, entityId, reason, reasons }: EntityToName): string {
  if (reason === 'changed') return 'Its input changed'
  if (reason === 'all') return reasons.map(({ text }) => text).join('; ')
  const last = entities.history(entityId, 20).find(({ dataset }) => dataset === step.dataset)
  return last === undefined || last.error === null ? 'New' : `Failed in #${last.runNumber}: ${last.error}`
}

import type { PlanRequest } from '../../../shared/contract/plan.contract.ts'
import { runOptionsSchema } from '../../../shared/domain/run-options.ts'
import { planRun, type PlanSubject } from '../planning/plan-run.ts'
import { type EntityPlanParts, planEntitiesOf } from '../planning/plan-entities.ts'
import type { Api } from './api.ts'

export function planController(api: Api, parts: EntityPlanParts) {
  return {
    plan: api.runs.plan.handler(({ input, signal }) => planRun(parts, planSubject(input), signal ?? new AbortController().signal)),
    planEntities: api.runs.planEntities.handler(({ input: { dataset, offset, limit, ...wanted }, signal }) =>
      planEntitiesOf(parts, planSubject(wanted), { dataset, offset, limit, signal: signal ?? new AbortController().signal }),
    ),
  }
}

/** What a run is asked for, as the engine holds it; what was left out has its default. */
export function planSubject({ dataType, entities, planHash, ...options }: PlanRequest & { planHash?: string | undefined }): PlanSubject {
  return { dataType, entities: entities ?? null, options: runOptionsSchema.parse({ ...options, planHash: planHash ?? null }) }
}

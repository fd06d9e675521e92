import { z } from 'zod'
import { dataTypeNameSchema } from '../domain/naming.ts'
import { parameterValueSchema } from '../domain/run-parameters.ts'
import { runSelectionSchema } from '../domain/run-options.ts'
import { zoneSchema } from '../domain/zone.ts'
import { pageRequest, procedure } from './common.contract.ts'
import { stepKindSchema } from './workspace.contract.ts'

/** Why a step runs, is reused or is left out. */
export const planReasonSchema = z.object({
  kind: z.enum([
    'new', 'input', 'files', 'code', 'options', 'contract', 'parameter', 'engine', 'failed', 'forced', 'volatile', 'entities', 'unrecorded', 'removed',
    'upstream', 'quarantine', 'unchanged', 'remote', 'missing', 'unselected', 'up_to_date',
  ]),
  /** A sentence for people. */
  text: z.string(),
})
export type PlanReason = z.infer<typeof planReasonSchema>

const figureSchema = z.object({ median: z.number(), low: z.number(), high: z.number() })

/** What earlier runs of a step took and made, and on how many of them that rests. */
export const expectationSchema = z.object({ runs: z.int(), ms: figureSchema, rows: figureSchema, bytes: figureSchema })
export type Expectation = z.infer<typeof expectationSchema>

export const planStepSchema = z.object({
  dataset: z.string(),
  kind: stepKindSchema,
  zone: zoneSchema,
  name: z.string(),
  action: z.enum(['run', 'reuse', 'skip']),
  /** False: it runs only if what it reads comes out different, which is known when that has run. */
  certain: z.boolean(),
  reasons: z.array(planReasonSchema),
  /** The version that is reused, or that readers see of a step that is left out. */
  version: z.int().nullable(),
  /** What is reused is held against its contract again, because that or what it refers to changed. */
  checksAgain: z.boolean(),
  /** It is accounted for entity by entity: `planEntities` tells which it would work on. */
  byEntity: z.boolean(),
  /** The entities that the run is narrowed to; null when it is not. */
  entities: z.object({ total: z.int(), todo: z.int() }).nullable(),
  /** Servers that the step would contact, as far as the files say. Planning contacts none. */
  hosts: z.array(z.string()),
  /** Null for what does not run, and for what never ran. */
  expected: expectationSchema.nullable(),
})
export type PlanStep = z.infer<typeof planStepSchema>

export const runPlanSchema = z.object({
  dataType: z.string(),
  /** Stands for everything that the plan says; a start that carries it is refused when the world is another by then. */
  hash: z.string(),
  steps: z.array(planStepSchema),
  totals: z.object({
    run: z.int(),
    maybe: z.int(),
    reuse: z.int(),
    skip: z.int(),
    /** Sums over the steps that run for sure, of medians. */
    ms: z.number(),
    rows: z.number(),
    bytes: z.number(),
    /** Steps that run for sure and never ran before: they are not in the sums. */
    withoutHistory: z.int(),
  }),
  /** Every declared parameter with the value it has in this run. */
  parameters: z.record(z.string(), parameterValueSchema),
})
export type RunPlan = z.infer<typeof runPlanSchema>

export const planRequestSchema = z.strictObject({
  dataType: dataTypeNameSchema,
  entities: z.array(z.string().min(1)).min(1).max(100_000).optional(),
  ...runSelectionSchema.partial().shape,
  parameters: z.record(z.string(), parameterValueSchema).optional(),
})
export type PlanRequest = z.infer<typeof planRequestSchema>

export const planEntitiesSchema = z.object({
  /** False: what the step reads has yet to be made, so nobody can know. */
  known: z.boolean(),
  total: z.int(),
  todo: z.int(),
  entities: z.array(z.object({ entityId: z.string(), reason: z.string() })),
})
export type PlanEntities = z.infer<typeof planEntitiesSchema>

export const planContract = {
  /** What a run would do and why, before it does it. Starts no worker, writes nothing. */
  plan: procedure.input(planRequestSchema).output(runPlanSchema),
  /** The entities that a step would work on, and why each; looks at the rows of what it reads. */
  planEntities: procedure.input(planRequestSchema.extend({ dataset: z.string().max(200), ...pageRequest })).output(planEntitiesSchema),
}

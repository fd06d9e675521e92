import { z } from 'zod'
import { datasetIdSchema } from '../domain/naming.ts'
import { columnSchema } from '../domain/table-query.ts'
import { procedure } from './common.contract.ts'
import { runRefSchema } from './runs.contract.ts'

const sqlSchema = z.string().min(1).max(200_000)

/** A SELECT that somebody typed, and at which versions it finds its datasets. */
export const queryTextSchema = z.strictObject({
  sql: sqlSchema,
  /** As everything was just after that run had published; without it, what is current. */
  asOf: runRefSchema.optional(),
  /** Datasets that are read at another version than the others. */
  pins: z.array(z.strictObject({ dataset: datasetIdSchema, version: z.int().min(1) })).max(200).optional(),
  /** After this long it is stopped. */
  timeoutMs: z.int().min(1_000).max(3_600_000).default(300_000),
})
export type QueryText = z.infer<typeof queryTextSchema>
/** As it is asked, with what may be left out. */
export type QueryRequest = z.input<typeof queryTextSchema>

/** One operator of a plan. */
export const planStepSchema = z.object({
  /** 0 is the last to work; what it takes its rows from stands after it, one deeper. */
  depth: z.int(),
  operator: z.string(),
  details: z.array(z.object({ label: z.string(), text: z.string() })),
  estimatedRows: z.number().nullable(),
  /** Rows that it gave and time that it took; null where the query was only planned. */
  rows: z.number().nullable(),
  tookMs: z.number().nullable(),
})
export type PlanStep = z.infer<typeof planStepSchema>

export const queryPlanSchema = z.object({ steps: z.array(planStepSchema), tookMs: z.number().nullable() })
export type QueryPlan = z.infer<typeof queryPlanSchema>

export const queryContract = {
  /** One SELECT in the locked sandbox, answered with its first rows. For results that somebody scrolls in there is `start`. */
  run: procedure
    .input(queryTextSchema.extend({ limit: z.int().min(1).max(1_000_000).default(10_000) }))
    .output(
      z.object({
        columns: z.array(columnSchema),
        /** JSON text, as in a dataset page. */
        rowsJson: z.string(),
        rowCount: z.int(),
        /** True when there were more rows than `limit`. */
        truncated: z.boolean(),
        tookMs: z.number(),
      }),
    ),
  /** How the engine would run a SELECT, or with `analyze` how it did, thrown-away rows and all. */
  explain: procedure.input(queryTextSchema.extend({ analyze: z.boolean().default(false) })).output(queryPlanSchema),
}

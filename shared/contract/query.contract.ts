import { z } from 'zod'
import { datasetIdSchema, dataTypeNameSchema } from '../domain/naming.ts'
import { columnSchema, tableQuerySchema } from '../domain/table-query.ts'
import { pageRequest, procedure } from './common.contract.ts'
import { runRefSchema } from './runs.contract.ts'

const sqlSchema = z.string().min(1).max(200_000)

/** A SELECT that somebody typed, and at which versions it finds its datasets. */
export const queryTextSchema = z.strictObject({
  sql: sqlSchema,
  /** As everything was just after that run had published; without it, what is current. */
  asOf: runRefSchema.optional(),
  /** Whose datasets may be named `zone.name`; without it, those of the one data type that has them. */
  dataType: dataTypeNameSchema.optional(),
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
  /** Rows that it gave and time that it took; null where nothing was run. */
  rows: z.number().nullable(),
  tookMs: z.number().nullable(),
})
export type PlanStep = z.infer<typeof planStepSchema>

export const queryPlanSchema = z.object({ steps: z.array(planStepSchema), tookMs: z.number().nullable() })
export type QueryPlan = z.infer<typeof queryPlanSchema>

/** Chosen by the client, so that it can cancel a query and ask for its rows. */
export const queryIdSchema = z.uuid()
const ofQuery = z.strictObject({ queryId: queryIdSchema })

/** A version that a query reads. */
export const queryReadSchema = z.object({ dataset: z.string(), version: z.int(), runNumber: z.int(), isCurrent: z.boolean() })

/** Columns that a statement read as masks: what it compares, orders or joins by them is masks, too. */
const maskedReadsSchema = z.array(z.object({ dataset: z.string(), columns: z.array(z.string()) }))

/** What there is to know of a result; its rows are asked for by `page`. */
export const queryResultSchema = z.object({
  queryId: queryIdSchema,
  columns: z.array(columnSchema),
  rowCount: z.int(),
  /** There were more rows than the limit. */
  isCut: z.boolean(),
  sizeBytes: z.int(),
  tookMs: z.number(),
  reads: z.array(queryReadSchema),
  masked: maskedReadsSchema,
})
export type QueryResult = z.infer<typeof queryResultSchema>

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
        masked: maskedReadsSchema,
      }),
    ),
  /**
   * The same, with the result kept to be paged, sorted and filtered like a dataset, as long as it is among the last ones and the engine
   * lives. Answers when the result is there; a repeat under the same id answers with the same result.
   */
  start: procedure.input(queryTextSchema.extend({ queryId: queryIdSchema, limit: z.int().min(1).nullable().default(100_000) })).output(queryResultSchema),
  /** Rows of a result. NOT_FOUND when it is not kept any more: then it has to be run again. */
  page: procedure.input(ofQuery.extend({ ...tableQuerySchema.shape, ...pageRequest })).output(
    z.object({
      columns: z.array(columnSchema),
      /** JSON text, as in a dataset page. */
      rowsJson: z.string(),
      rowCount: z.int(),
      /** Before filters. */
      totalRows: z.int(),
      tookMs: z.number(),
      fromCache: z.boolean(),
    }),
  ),
  /** Rows of a result that pass the filter. */
  count: procedure.input(ofQuery.extend({ filter: tableQuerySchema.shape.filter })).output(z.object({ count: z.int(), tookMs: z.number() })),
  /** How far a query has come that runs; null when none runs by that id. */
  progress: procedure.input(ofQuery).output(z.object({ share: z.number().nullable(), elapsedMs: z.number() }).nullable()),
  /** Stops a query that runs. False: none did by that id. */
  cancel: procedure.input(ofQuery).output(z.object({ isCancelled: z.boolean() })),
  /** Lets go of a result before others push it out. */
  close: procedure.input(ofQuery).output(z.object({ isClosed: z.boolean() })),
  /** How the engine would run a SELECT, or with `analyze` how it did, thrown-away rows and all. */
  explain: procedure.input(queryTextSchema.extend({ analyze: z.boolean().default(false) })).output(queryPlanSchema),
}

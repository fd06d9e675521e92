import { z } from 'zod'
import { actorSchema } from '../domain/actor.ts'
import { datasetIdSchema, fileNameSchema } from '../domain/naming.ts'
import { columnSchema } from '../domain/table-query.ts'
import { commandIdSchema, isoTimeSchema, pageRequest, procedure } from './common.contract.ts'
import { queryReadSchema, queryTextSchema } from './query.contract.ts'
import { runRefSchema } from './runs.contract.ts'
import { findingSchema } from './workspace.contract.ts'

/** What a place to write SQL needs besides running it. */

/** Characters of the text, from 0; `to` is the first after it. */
const rangeSchema = { from: z.int(), to: z.int() }

export const checkedStatementSchema = z.object({
  /** Without the semicolon after it. */
  ...rangeSchema,
  reads: z.array(queryReadSchema),
  /** Of its rows; null when there is a problem. */
  columns: z.array(columnSchema).nullable(),
  problem: z.object({ ...rangeSchema, message: z.string(), hint: z.string().nullable() }).nullable(),
})
export type CheckedStatement = z.infer<typeof checkedStatementSchema>

export const sqlFunctionSchema = z.object({
  name: z.string(),
  kind: z.enum(['scalar', 'aggregate', 'table', 'macro']),
  /** `(part VARCHAR, timestamp DATE) → TIMESTAMP` */
  signatures: z.array(z.string()),
  description: z.string().nullable(),
  example: z.string().nullable(),
})
export type SqlFunction = z.infer<typeof sqlFunctionSchema>

export const sqlNamesSchema = z.object({
  datasets: z.array(z.object({ dataset: z.string(), version: z.int(), rowCount: z.int(), columns: z.array(z.object({ name: z.string(), type: z.string() })) })),
  functions: z.array(sqlFunctionSchema),
})
export type SqlNames = z.infer<typeof sqlNamesSchema>

export const askedQuerySchema = z.object({
  seq: z.int(),
  at: isoTimeSchema,
  sql: z.string(),
  asOf: runRefSchema.nullable(),
  pins: z.array(z.object({ dataset: z.string(), version: z.int() })),
  state: z.enum(['succeeded', 'failed', 'cancelled']),
  rowCount: z.int().nullable(),
  isCut: z.boolean(),
  tookMs: z.number(),
  /** Why it failed. */
  problem: z.string().nullable(),
  actor: actorSchema,
})
export type AskedQuery = z.infer<typeof askedQuerySchema>

export const namedQuerySchema = z.object({
  name: z.string(),
  /** Path in the workspace. */
  file: z.string(),
  sql: z.string(),
  /** The comment that it begins with. */
  description: z.string().nullable(),
  modifiedAt: isoTimeSchema,
})
export type NamedQuery = z.infer<typeof namedQuerySchema>

export const newStepSchema = z.object({
  dataset: z.string(),
  /** Path and text of what was written, or with `dryRun` would be. */
  files: z.array(z.object({ path: z.string(), text: z.string() })),
  isNewDataType: z.boolean(),
  /** What the workspace has to say about these files once they are there. */
  findings: z.array(findingSchema),
})
export type NewStep = z.infer<typeof newStepSchema>

export const sqlPadContract = {
  /** Every statement of a text: where it stands, what it reads, what its columns are, what is wrong with it. Nothing is run. */
  check: procedure.input(queryTextSchema.omit({ timeoutMs: true })).output(z.object({ statements: z.array(checkedStatementSchema) })),
  /** What can be named in SQL: published datasets with their columns, and functions. */
  names: procedure.input(z.strictObject({ asOf: runRefSchema.optional() })).output(sqlNamesSchema),
  /** Queries that were run with `start`, the last first. The newest 2,000 are kept. */
  history: procedure.input(z.strictObject({ text: z.string().max(200).default(''), ...pageRequest })).output(z.object({ total: z.int(), entries: z.array(askedQuerySchema) })),
  clearHistory: procedure.input(z.strictObject({ commandId: commandIdSchema })).output(z.object({ removed: z.int() })),
  /** The .sql files in the workspace's folder `queries`, by name. */
  saved: procedure.input(z.strictObject({}).optional()).output(z.array(namedQuerySchema)),
  /** CONFLICT when there is another query of that name and `replace` is not said. */
  save: procedure.input(z.strictObject({ commandId: commandIdSchema, name: fileNameSchema, sql: z.string().min(1).max(200_000), replace: z.boolean().default(false) })).output(namedQuerySchema),
  remove: procedure.input(z.strictObject({ commandId: commandIdSchema, name: fileNameSchema })).output(z.object({ isRemoved: z.boolean() })),
  /** Writes a SELECT into the pipeline as the step that makes `dataset`, with a contract of its columns if wanted. Runs nothing. */
  saveStep: procedure
    .input(z.strictObject({ commandId: commandIdSchema, dataset: datasetIdSchema, sql: z.string().min(1).max(200_000), contract: z.boolean().default(false), dryRun: z.boolean().default(false) }))
    .output(newStepSchema),
}

import { z } from 'zod'
import { datasetIdSchema, dataTypeNameSchema } from '../domain/naming.ts'
import { problemSchema } from '../domain/problem.ts'
import { commandIdSchema, procedure } from './common.contract.ts'
import { savedFileSchema } from './pipelines.contract.ts'

/** Text that its column's type reads; of nested types JSON. */
const cellSchema = z.string().nullable()
/** Each row has a cell for each column. */
export const testTableSchema = z.object({ columns: z.array(z.string().min(1).max(200)).max(2_000), rows: z.array(z.array(cellSchema)).max(10_000) })
export type TestTable = z.infer<typeof testTableSchema>

const givenTableSchema = testTableSchema.extend({ dataset: datasetIdSchema })
const testBodySchema = z.object({
  /** The SQL step that is tested, by what it makes. */
  dataset: datasetIdSchema,
  description: z.string().max(2_000).nullable(),
  given: z.array(givenTableSchema).max(100),
  /** In any order; columns that are not named are not looked at. */
  expected: testTableSchema,
})
export type TestBody = z.infer<typeof testBodySchema>

export const stepTestSchema = testBodySchema.extend({
  file: z.string(),
  name: z.string(),
  /** All that the step reads. */
  given: z.array(
    givenTableSchema.extend({
      /** All columns of the dataset; null while nobody knows them. */
      known: z.array(z.object({ name: z.string(), type: z.string() })).nullable(),
    }),
  ),
})
export type StepTest = z.infer<typeof stepTestSchema>

/** The first rows, and how many there are. */
const differingRowsSchema = testTableSchema.extend({ rowCount: z.int() })

export const testReportSchema = z.object({
  file: z.string(),
  name: z.string(),
  /** Null where the file does not say it rightly. */
  dataset: z.string().nullable(),
  description: z.string().nullable(),
  /** `error`: the test could not be run, or the SELECT failed. */
  status: z.enum(['passed', 'failed', 'error']),
  problem: problemSchema.nullable(),
  /** Everything that the SELECT gave. Null where it gave nothing. */
  actual: differingRowsSchema.nullable(),
  /** Expected and not given, given and not expected: each as often as it is. */
  missing: differingRowsSchema.nullable(),
  unexpected: differingRowsSchema.nullable(),
  tookMs: z.number(),
})
export type TestReport = z.infer<typeof testReportSchema>

const chosen = { dataType: dataTypeNameSchema.optional(), dataset: datasetIdSchema.optional(), files: z.array(z.string().max(400)).max(10_000).optional() }

/** Tests of SQL steps: given rows, and the rows that have to come of them. */
export const stepTestsContract = {
  /** Those without a mistake in their files, by file. */
  list: procedure.input(z.strictObject(chosen)).output(z.array(stepTestSchema)),
  /** Runs them in the sandbox, over nothing but their own rows. With `sql`, as if the step of `dataset` were that. */
  run: procedure.input(z.strictObject({ ...chosen, sql: z.string().max(200_000).optional() })).output(z.array(testReportSchema)),
  /** A test of a step to begin with: first rows of what it reads, and what it makes of them now. Nothing is written. */
  draft: procedure.input(z.strictObject({ dataset: datasetIdSchema, rows: z.int().min(1).max(100).default(3), sql: z.string().max(200_000).optional() })).output(testBodySchema),
  /** Writes a test's file; what else stands in it stays. CONFLICT when the file is no longer what `expected` says; null: it is new. */
  save: procedure.input(z.strictObject({ commandId: commandIdSchema, path: z.string().min(1).max(400), test: testBodySchema, expected: z.string().nullable() })).output(savedFileSchema),
}

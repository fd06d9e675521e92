import { z } from 'zod'
import { checkSeveritySchema } from '../domain/check-severity.ts'
import { datasetIdSchema } from '../domain/naming.ts'
import { columnSchema } from '../domain/table-query.ts'
import { isoTimeSchema, pageRequest, procedure } from './common.contract.ts'
import { runRefSchema, runSchema, runStepSchema } from './runs.contract.ts'

export const diffKindSchema = z.enum(['added', 'removed', 'changed'])
export type DiffKind = z.infer<typeof diffKindSchema>

const comparedVersionSchema = z.object({ version: z.int(), runNumber: z.int(), rowCount: z.int(), sizeBytes: z.int(), createdAt: isoTimeSchema })
export type ComparedVersion = z.infer<typeof comparedVersionSchema>

/** Columns are told apart by name, as SQL does: a new case is no new column. */
export const schemaDiffSchema = z.object({
  added: z.array(columnSchema),
  removed: z.array(columnSchema),
  retyped: z.array(z.object({ name: z.string(), from: z.string(), to: z.string() })),
})
export type SchemaDiff = z.infer<typeof schemaDiffSchema>

const duplicateKeysSchema = z.object({
  /** Key values that more than one row has. */
  from: z.int(),
  to: z.int(),
  /** One of them, for people. */
  example: z.string().nullable(),
})

export const versionDiffSchema = z.object({
  dataset: z.string(),
  from: comparedVersionSchema,
  to: comparedVersionSchema,
  /** Columns that name a row. Empty: rows are compared as wholes, so nothing counts as changed. */
  key: z.array(z.string()),
  keyOrigin: z.enum(['contract', 'chosen', 'none']),
  schema: schemaDiffSchema,
  counts: z.object({ added: z.int(), removed: z.int(), changed: z.int(), unchanged: z.int() }),
  /** Columns in which changed rows differ, most first. */
  changedColumns: z.array(z.object({ column: z.string(), count: z.int() })),
  /** Null when every key names one row on both sides, or there is no key. Otherwise rows of one key are matched in the order of their content. */
  duplicates: duplicateKeysSchema.nullable(),
  tookMs: z.number(),
  fromCache: z.boolean(),
})
export type VersionDiff = z.infer<typeof versionDiffSchema>

export const diffPageSchema = z.object({
  fromColumns: z.array(columnSchema),
  toColumns: z.array(columnSchema),
  /**
   * JSON text of an array of rows, each `[cells before or null, cells after or null, places of the changed cells in toColumns]`.
   * Cells as in a page of a dataset.
   */
  rowsJson: z.string(),
  rowCount: z.int(),
  total: z.int(),
  tookMs: z.number(),
  fromCache: z.boolean(),
})
export type DiffPage = z.infer<typeof diffPageSchema>

const codeStateSchema = z.enum(['same', 'changed', 'added', 'removed', 'unknown'])
export type CodeState = z.infer<typeof codeStateSchema>

export const comparedStepSchema = z.object({
  dataset: z.string(),
  /** Null: that run has no such step. */
  from: runStepSchema.nullable(),
  to: runStepSchema.nullable(),
  /** unknown: one of the runs is from before code was kept. */
  code: codeStateSchema,
  files: z.array(z.object({ file: z.string(), state: codeStateSchema })),
  /** Null: one side made no version, or its files are gone. */
  data: z.object({ fromVersion: z.int(), toVersion: z.int(), isSame: z.boolean(), schema: schemaDiffSchema }).nullable(),
})
export type ComparedStep = z.infer<typeof comparedStepSchema>

const comparedCheckSideSchema = z.object({ passed: z.boolean(), failingRows: z.int().nullable(), severity: checkSeveritySchema, message: z.string() })

export const comparedCheckSchema = z.object({
  dataset: z.string(),
  rule: z.string(),
  /** Null: not evaluated in that run. */
  from: comparedCheckSideSchema.nullable(),
  to: comparedCheckSideSchema.nullable(),
})
export type ComparedCheck = z.infer<typeof comparedCheckSchema>

export const comparedFileSchema = z.object({ dataset: z.string(), fileName: z.string(), fromSha256: z.string().nullable(), toSha256: z.string().nullable() })
export type ComparedFile = z.infer<typeof comparedFileSchema>

export const runDiffSchema = z.object({
  from: runSchema,
  to: runSchema,
  /** What the runs were asked for and did not share: selection, parameters, entities. */
  options: z.array(z.object({ name: z.string(), from: z.string().nullable(), to: z.string().nullable() })),
  /** In the order of the newer run, then what only the older one had. */
  steps: z.array(comparedStepSchema),
  /** Every rule of either; those that came out differently first. */
  checks: z.array(comparedCheckSchema),
  /** Delivered files that are not the same in both. */
  deliveries: z.array(comparedFileSchema),
})
export type RunDiff = z.infer<typeof runDiffSchema>

const pairShape = {
  dataset: datasetIdSchema,
  /** The older version; without it, the one before `to`. */
  from: z.int().min(1).optional(),
  /** The newer version; without it, the current one. */
  to: z.int().min(1).optional(),
  /** In place of `from` and `to`: the version that was current just after a run had published. */
  fromAsOf: runRefSchema.optional(),
  toAsOf: runRefSchema.optional(),
  /** Columns that name a row; without them, the contract's key. An empty list compares whole rows. */
  key: z.array(z.string()).max(32).optional(),
}

export const compareContract = {
  /** What differs between two versions of a dataset, counted. */
  versions: procedure.input(z.strictObject(pairShape)).output(versionDiffSchema),
  /** The rows of one kind, with old and new values. */
  page: procedure.input(z.strictObject({ ...pairShape, kind: diffKindSchema, ...pageRequest })).output(diffPageSchema),
  /** Any two runs of a data type. How their data differ is asked for dataset by dataset, with `versions`. */
  runs: procedure.input(z.strictObject({ from: runRefSchema, to: runRefSchema })).output(runDiffSchema),
  /** The texts of a step's code in both runs; null where there was none. */
  code: procedure
    .input(z.strictObject({ from: runRefSchema, to: runRefSchema, dataset: datasetIdSchema }))
    .output(z.object({ files: z.array(z.object({ file: z.string(), from: z.string().nullable(), to: z.string().nullable() })) })),
}

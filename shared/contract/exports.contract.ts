import { z } from 'zod'
import { problemSchema } from '../domain/problem.ts'
import { pivotSpecSchema } from '../domain/pivot.ts'
import { tableQuerySchema } from '../domain/table-query.ts'
import { diffKindSchema } from './compare.contract.ts'
import { commandIdSchema, isoTimeSchema, pageRequest, procedure } from './common.contract.ts'
import { datasetRefSchema } from './datasets.contract.ts'

export const exportFormatSchema = z.enum(['csv', 'parquet'])
export type ExportFormat = z.infer<typeof exportFormatSchema>

export const exportStateSchema = z.enum(['running', 'succeeded', 'failed', 'cancelled'])

/** An export of differences: what is other in `version` than in this older one. */
export const exportAgainstSchema = z.object({
  version: z.int(),
  /** Columns that name a row; none: rows are compared as wholes. */
  key: z.array(z.string()),
  kinds: z.array(diffKindSchema),
})
export type ExportAgainst = z.infer<typeof exportAgainstSchema>

export const exportSchema = z.object({
  id: z.string(),
  dataset: z.string(),
  version: z.int(),
  format: exportFormatSchema,
  state: exportStateSchema,
  /** Absolute path of the file. Its manifest lies beside it as `<file>.manifest.json`. */
  path: z.string(),
  rowCount: z.int().nullable(),
  sizeBytes: z.int().nullable(),
  sha256: z.string().nullable(),
  share: z.number().nullable(),
  startedAt: isoTimeSchema,
  finishedAt: isoTimeSchema.nullable(),
  query: tableQuerySchema,
  /** Null for an export of rows. */
  against: exportAgainstSchema.nullable(),
  /** Groups of the rows in place of the rows; null for an export of rows. */
  pivot: pivotSpecSchema.nullable(),
  problem: problemSchema.nullable(),
})
export type Export = z.infer<typeof exportSchema>

export const exportsContract = {
  /**
   * Starts writing. Without `path`, into the workspace's exports folder under a name made of dataset, version and time.
   * A relative path is resolved in the exports folder; an absolute one is accepted from the command line and from a save dialog.
   */
  start: procedure
    .input(
      datasetRefSchema.extend({
        commandId: commandIdSchema,
        format: exportFormatSchema,
        query: tableQuerySchema.default({ sort: [], filter: [] }),
        /** Columns to write, in order; all when absent. */
        columns: z.array(z.string()).min(1).optional(),
        /**
         * Writes what differs from this older version, in place of the rows: a line for each side of a row, `_change` says which
         * (added, removed, before, after), `_changed` names the columns. Without a key, that of the contract. Goes with neither query nor columns.
         */
        against: z.strictObject({ version: z.int().min(1), key: z.array(z.string()).max(32).optional(), kinds: z.array(diffKindSchema).min(1).optional() }).optional(),
        /** Writes the deepest groups of the rows that pass the filters, a line each, in place of the rows; `query.sort` names columns of the groups. Goes with neither columns nor `against`. */
        pivot: pivotSpecSchema.optional(),
        path: z.string().min(1).optional(),
        overwrite: z.boolean().default(false),
      }),
    )
    .output(exportSchema),
  cancel: procedure.input(z.strictObject({ id: z.string() })).output(exportSchema),
  get: procedure.input(z.strictObject({ id: z.string() })).output(exportSchema),
  list: procedure.input(z.strictObject(pageRequest)).output(z.object({ total: z.int(), exports: z.array(exportSchema) })),
}

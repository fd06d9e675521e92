import { z } from 'zod'
import { datasetIdSchema } from '../domain/naming.ts'
import { columnSchema, tableQuerySchema } from '../domain/table-query.ts'
import { zoneSchema } from '../domain/zone.ts'
import { isoTimeSchema, procedure } from './common.contract.ts'
import { checkResultSchema, deliverySchema, runRefSchema } from './runs.contract.ts'

/** A dataset at a version, or as it was just after a run published; without either, the current version. */
export const datasetRefSchema = z.strictObject({ dataset: datasetIdSchema, version: z.int().min(1).optional(), asOf: runRefSchema.optional() })
export type DatasetRef = z.infer<typeof datasetRefSchema>

export const datasetListItemSchema = z.object({
  dataset: z.string(),
  dataType: z.string(),
  zone: zoneSchema,
  name: z.string(),
  rowCount: z.int().nullable(),
  sizeBytes: z.int().nullable(),
  /** Current version, or null when none is published. */
  version: z.int().nullable(),
  publishedAt: isoTimeSchema.nullable(),
  /** Files of the current version that are not as Strata wrote them. */
  damagedFiles: z.int(),
})
export type DatasetListItem = z.infer<typeof datasetListItemSchema>

export const versionSchema = z.object({
  version: z.int(),
  runNumber: z.int(),
  rowCount: z.int(),
  sizeBytes: z.int(),
  createdAt: isoTimeSchema,
  publishedAt: isoTimeSchema.nullable(),
  isCurrent: z.boolean(),
  /** Its files are gone: nothing of it can be read. */
  removedAt: isoTimeSchema.nullable(),
  /** Why retention must not remove it; null when it is not pinned. */
  pinReason: z.string().nullable(),
  /** Files that are not as Strata wrote them. */
  damagedFiles: z.int(),
  /** How its columns differ from those of the published version before; null where they do not, or nobody compared. */
  drift: z.string().nullable(),
})
export type Version = z.infer<typeof versionSchema>

export const datasetDetailSchema = z.object({
  dataset: z.string(),
  version: z.int(),
  runNumber: z.int(),
  rowCount: z.int(),
  sizeBytes: z.int(),
  contentHash: z.string().nullable(),
  columns: z.array(columnSchema),
  /** Columns that name a row, from the contract; empty when none is declared. */
  key: z.array(z.string()),
  description: z.string().nullable(),
  checks: z.array(checkResultSchema),
  deliveries: z.array(deliverySchema),
  versions: z.array(versionSchema),
})
export type DatasetDetail = z.infer<typeof datasetDetailSchema>

export const datasetPageSchema = z.object({
  version: z.int(),
  columns: z.array(columnSchema),
  /**
   * JSON text of an array of rows, each an array of cells in column order. Whole numbers wider than 53 bits and decimals
   * arrive as text so that no digit is lost; dates as ISO text; nested values as JSON.
   */
  rowsJson: z.string(),
  rowCount: z.int(),
  /** Total before filters, from the manifest. */
  totalRows: z.int(),
  tookMs: z.number(),
  fromCache: z.boolean(),
})
export type DatasetPage = z.infer<typeof datasetPageSchema>

export const datasetsContract = {
  /** Every dataset with its current version, or the one that was current just after a run had published. */
  list: procedure.input(z.strictObject({ asOf: runRefSchema.optional() }).optional()).output(z.array(datasetListItemSchema)),
  get: procedure.input(datasetRefSchema).output(datasetDetailSchema),
  page: procedure
    .input(
      datasetRefSchema.extend({
        ...tableQuerySchema.shape,
        offset: z.int().min(0).default(0),
        limit: z.int().min(1).max(5_000).default(200),
      }),
    )
    .output(datasetPageSchema),
  /** Rows that pass the filter. */
  count: procedure
    .input(datasetRefSchema.extend({ filter: tableQuerySchema.shape.filter }))
    .output(z.object({ version: z.int(), count: z.int(), tookMs: z.number() })),
  /** The physical line at which a record of a delivered text file begins, from 1; null where lines mean nothing. */
  locate: procedure
    .input(datasetRefSchema.extend({ file: z.string(), record: z.int().min(1) }))
    .output(z.object({ line: z.int().nullable(), place: z.string().nullable().meta({ description: 'The first cell of the record in a workbook, such as Sheet1!A17.' }), path: z.string() })),
}

import { z } from 'zod'
import { dataTypeNameSchema } from '../domain/naming.ts'
import { entityStateSchema } from '../domain/run-status.ts'
import { columnSchema } from '../domain/table-query.ts'
import { zoneSchema } from '../domain/zone.ts'
import { isoTimeSchema, procedure } from './common.contract.ts'
import { runRefSchema } from './runs.contract.ts'

export const entitySliceSchema = z.object({
  dataset: z.string(),
  dataType: z.string(),
  zone: zoneSchema,
  version: z.int(),
  /** The column that named the entity. */
  keyColumn: z.string(),
  columns: z.array(columnSchema),
  /** Its other columns that name entities: by the name of an entity key, or by a declared relationship to one. */
  references: z.array(z.string()),
  /** JSON text, as in a dataset page; at most `limit` rows. */
  rowsJson: z.string(),
  rowCount: z.int(),
})
export type EntitySlice = z.infer<typeof entitySliceSchema>

export const entityDataSchema = z.object({
  entityId: z.string(),
  slices: z.array(entitySliceSchema),
  history: z.array(
    z.object({
      dataType: z.string(),
      runNumber: z.int(),
      dataset: z.string(),
      state: entityStateSchema,
      rows: z.int(),
      error: z.string().nullable(),
      at: isoTimeSchema,
    }),
  ),
  fromCache: z.boolean(),
  tookMs: z.number(),
})
export type EntityData = z.infer<typeof entityDataSchema>

export const entitiesContract = {
  /** One entity over every data type: its rows at every stage, and what runs did to it. */
  getDataForEntity: procedure
    .input(
      z.strictObject({
        entityId: z.string().min(1).max(500),
        dataTypes: z.array(dataTypeNameSchema).optional(),
        limit: z.int().min(1).max(1_000).default(100),
        /** Its rows as they were just after this run published, instead of now. */
        asOf: runRefSchema.optional(),
      }),
    )
    .output(entityDataSchema),
}

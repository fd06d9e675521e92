import { z } from 'zod'
import { datasetIdSchema } from '../domain/naming.ts'
import { isoTimeSchema, procedure } from './common.contract.ts'
import { runRefSchema } from './runs.contract.ts'

/** `value`: its values go into the column's. The others decide which rows there are, or how they are put together. */
export const columnWaySchema = z.enum(['value', 'join', 'filter', 'group', 'order', 'window'])
export type ColumnWay = z.infer<typeof columnWaySchema>

export const columnOriginSchema = z.object({
  column: z.string(),
  sources: z.array(
    z.object({
      dataset: z.string(),
      column: z.string(),
      ways: z.array(columnWaySchema),
      /** The rows behind a row have the very value of the column here: it was copied, or compared with what was. */
      isSame: z.boolean(),
    }),
  ),
  /** Why sources may be missing; empty when all are known. */
  unknown: z.array(z.string()),
})
export type ColumnOrigin = z.infer<typeof columnOriginSchema>

export const datasetColumnsSchema = z.object({ dataset: z.string(), version: z.int(), columns: z.array(columnOriginSchema) })
export type DatasetColumns = z.infer<typeof datasetColumnsSchema>

/** A column that another one has a part in. */
export const affectedColumnSchema = z.object({
  dataset: z.string(),
  version: z.int(),
  column: z.string(),
  /** How the nearest column on the way has a part in it; empty where that is not known. */
  ways: z.array(columnWaySchema),
  /** The values themselves go all the way from the column that is asked about. */
  isValue: z.boolean(),
  /** Steps between them; 1 is a dataset that reads it. */
  distance: z.int(),
  /** Why it can only be said that it may be affected; null when it is known to be. */
  maybe: z.string().nullable(),
})
export type AffectedColumn = z.infer<typeof affectedColumnSchema>

export const columnImpactSchema = z.object({
  dataset: z.string(),
  version: z.int(),
  /** Null: all of its columns. */
  column: z.string().nullable(),
  columns: z.array(affectedColumnSchema),
  /** Rules of contracts about the column itself or an affected one, as they are declared now. */
  checks: z.array(z.object({ dataset: z.string(), rule: z.string(), severity: z.enum(['warn', 'quarantine', 'block']), column: z.string().nullable() })),
  /** Gates that show an affected dataset. */
  gates: z.array(z.object({ dataType: z.string(), gate: z.string(), dataset: z.string() })),
  /** Files that were written from the column or an affected one, newest first. */
  exports: z.array(z.object({ id: z.string(), dataset: z.string(), path: z.string(), startedAt: isoTimeSchema })),
  /** Saved views that name the column or an affected one; of a whole dataset, every view of it. */
  views: z.array(z.object({ name: z.string(), dataset: z.string(), columns: z.array(z.string()) })),
})
export type ColumnImpact = z.infer<typeof columnImpactSchema>

const moment = {
  version: z.int().min(1).optional(),
  /** Every dataset as it was just after this run published, instead of now. */
  asOf: runRefSchema.optional(),
}

export const columnLineageContract = {
  /** What every column comes from, for the datasets of the graph that `graph` gives for the same input; those without a version are left out. */
  columns: procedure
    .input(z.strictObject({ focus: datasetIdSchema.optional(), ...moment, direction: z.enum(['upstream', 'downstream', 'both']).default('both'), hops: z.int().min(1).max(50).default(50) }))
    .output(z.object({ datasets: z.array(datasetColumnsSchema) })),
  /** What would be affected if a column, or a whole dataset, changed or went. */
  impact: procedure.input(z.strictObject({ dataset: datasetIdSchema, column: z.string().min(1).optional(), ...moment })).output(columnImpactSchema),
}

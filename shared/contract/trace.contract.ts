import { z } from 'zod'
import { datasetIdSchema } from '../domain/naming.ts'
import { columnSchema } from '../domain/table-query.ts'
import { zoneSchema } from '../domain/zone.ts'
import { procedure } from './common.contract.ts'
import { runRefSchema } from './runs.contract.ts'

/** A value that a row is asked for by; null: it has none there. */
export const traceValueSchema = z.union([z.string(), z.number(), z.boolean(), z.null()])

/** Where a row of a raw version lies in the file that was delivered. */
export const tracedRecordSchema = z.object({
  /** Index among the rows of the stage. */
  row: z.int(),
  file: z.string(),
  record: z.int(),
  /** Physical line at which it begins, from 1; null where lines mean nothing. */
  line: z.int().nullable(),
  /** First cell in a workbook. */
  place: z.string().nullable(),
  /** The kept file, path in the workspace. */
  path: z.string(),
  /** It and what is around it, where the file is text. */
  lines: z.array(z.object({ number: z.int(), text: z.string(), isRecord: z.boolean() })),
})
export type TracedRecord = z.infer<typeof tracedRecordSchema>

export const traceStageSchema = z.object({
  dataset: z.string(),
  version: z.int(),
  zone: zoneSchema,
  /**
   * How its rows were found. `asked`: by what was asked for. `values`: they have the very values that were copied from here. `entity`: the
   * processor was given them for the entity. `none`: no row of it has a part. `unknown`: it cannot be told which; `reason` says why.
   */
  how: z.enum(['asked', 'values', 'entity', 'none', 'unknown']),
  /** Columns by whose values they were found. */
  by: z.array(z.string()),
  /** Only these rows have a part: the step was run again over fewer and fewer rows. Else others may be among them. */
  isExact: z.boolean(),
  reason: z.string().nullable(),
  /** Datasets nearer to the row that was asked for, which these rows went into. */
  into: z.array(z.string()),
  columns: z.array(columnSchema),
  /** Columns that the value comes from. */
  marked: z.array(z.string()),
  /** JSON text of an array of rows, as pages have it; the first of them. */
  rowsJson: z.string(),
  /** All there are. */
  rowCount: z.int(),
  records: z.array(tracedRecordSchema),
})
export type TraceStage = z.infer<typeof traceStageSchema>

export const traceSchema = z.object({
  dataset: z.string(),
  version: z.int(),
  /** Null: the whole row. */
  column: z.string().nullable(),
  /** From the row that was asked for up to the files, every stage after those it went into. */
  stages: z.array(traceStageSchema),
})
export type Trace = z.infer<typeof traceSchema>

export const traceContract = {
  /** The rows that a value, or a row, was made from, stage by stage over exact versions, up to file and line. */
  trace: procedure
    .input(
      z.strictObject({
        dataset: datasetIdSchema,
        version: z.int().min(1).optional(),
        asOf: runRefSchema.optional(),
        /** Values by column that name the row, its key for example. */
        where: z.record(z.string(), traceValueSchema).refine((where) => Object.keys(where).length > 0, 'names no value'),
        column: z.string().min(1).optional(),
      }),
    )
    .output(traceSchema),
}

import { z } from 'zod'
import { filterSchema, tableQuerySchema } from '../domain/table-query.ts'
import { procedure } from './common.contract.ts'
import { datasetRefSchema } from './datasets.contract.ts'
import { queryIdSchema } from './query.contract.ts'

/** What somebody needs who narrows a table: the same of a dataset and of the result of a query. */

const valuesRequest = {
  column: z.string(),
  /** The rows whose values are counted. */
  filter: tableQuerySchema.shape.filter,
  /** Only values whose text contains it, in any case. */
  containing: z.string().max(200).default(''),
  limit: z.int().min(1).max(1_000).default(200),
}

export const columnValuesSchema = z.object({
  /** The most frequent first. */
  values: z.array(z.object({ value: z.string(), count: z.int() })),
  /** Different values in all that contain the text. */
  distinct: z.int(),
  /** Rows without a value. */
  nulls: z.int(),
})
export type ColumnValues = z.infer<typeof columnValuesSchema>

const findRequest = {
  ...tableQuerySchema.shape,
  text: z.string().min(1).max(1_000),
  /** Looked at from left to right. */
  columns: z.array(z.string()).min(1).max(5_000),
  /** Where the last one was; `row` from 0, in the order of the query. Null: begin at the beginning. */
  from: z.strictObject({ row: z.int().min(0), column: z.string().nullable() }).nullable().default(null),
  backward: z.boolean().default(false),
}

export const foundCellSchema = z.object({
  /** `row` from 0, `index` among all cells that were found, from 1. */
  found: z.object({ row: z.int(), column: z.string(), index: z.int() }).nullable(),
  /** Cells that contain the text. */
  total: z.int(),
})
export type FoundCell = z.infer<typeof foundCellSchema>

/** Null where the filter can be used; else what is wrong with it, and at which character of its text, from 0. */
export const filterVerdictSchema = z.object({ message: z.string(), hint: z.string().nullable(), offset: z.int().nullable() }).nullable()
export type FilterVerdict = z.infer<typeof filterVerdictSchema>

export const datasetLookContract = {
  /** Different values of a column and how many rows have each. */
  values: procedure.input(datasetRefSchema.extend(valuesRequest)).output(columnValuesSchema),
  /** The next cell that contains a text, in any case, in the order of the query; after the last comes the first. */
  find: procedure.input(datasetRefSchema.extend(findRequest)).output(foundCellSchema),
  /** Whether a filter can be used on the dataset, before its rows are asked for. */
  judge: procedure.input(datasetRefSchema.extend({ test: filterSchema })).output(filterVerdictSchema),
}

const ofQuery = z.strictObject({ queryId: queryIdSchema })

export const queryLookContract = {
  values: procedure.input(ofQuery.extend(valuesRequest)).output(columnValuesSchema),
  find: procedure.input(ofQuery.extend(findRequest)).output(foundCellSchema),
  judge: procedure.input(ofQuery.extend({ test: filterSchema })).output(filterVerdictSchema),
}

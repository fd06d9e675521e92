import { z } from 'zod'
import { descriptionSchema } from './file-values.schema.ts'

/** pipelines/<data_type>/tests/<name>.yaml: given rows, and the rows that a SQL step has to make of them. */

const MOST_ROWS = 10_000

/** By column. What is nested is given as YAML or as JSON text. */
const rowSchema = z.record(z.string(), z.unknown()).meta({ description: 'A row: values by column. Columns that are left out are null.' })
const rowsSchema = z.array(rowSchema).max(MOST_ROWS, `has more than ${MOST_ROWS.toLocaleString('en')} rows`)

export const testFileSchema = z.strictObject({
  description: descriptionSchema.optional(),
  step: z.string().min(1).meta({ description: 'The SQL step that is tested: zone.name.' }),
  parameters: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).optional().meta({ description: 'Values of parameters. Default: their own defaults.' }),
  given: z.record(z.string(), rowsSchema).optional().meta({ description: 'Rows by the dataset that the step reads: zone.name, or data_type.zone.name. Datasets that are not named are empty.' }),
  expect: rowsSchema.meta({ description: 'The rows that the step has to give, in any order. Columns that no row names are not looked at; [] expects no rows.' }),
})
export type TestFile = z.infer<typeof testFileSchema>

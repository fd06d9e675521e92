import { z } from 'zod'
import { chartSpecSchema } from '../domain/chart.ts'
import { columnLayoutSchema } from '../domain/column-layout.ts'
import { datasetIdSchema, fileNameSchema } from '../domain/naming.ts'
import { pivotViewSchema } from '../domain/pivot.ts'
import { tableQuerySchema } from '../domain/table-query.ts'
import { commandIdSchema, isoTimeSchema, procedure } from './common.contract.ts'

/** How a dataset is looked at: which rows in which order, and how their columns are arranged. */
export const viewDefinitionSchema = z.object({ dataset: datasetIdSchema, query: tableQuerySchema, layout: columnLayoutSchema, /** Drawn instead of the rows. */ chart: chartSpecSchema.optional(), /** Shown instead of the rows. */ pivot: pivotViewSchema.optional() })
export type ViewDefinition = z.infer<typeof viewDefinitionSchema>

export const savedViewSchema = viewDefinitionSchema.extend({
  name: z.string(),
  /** Path in the workspace. */
  file: z.string(),
  modifiedAt: isoTimeSchema,
})
export type SavedView = z.infer<typeof savedViewSchema>

export const viewsContract = {
  /** The views in the workspace's folder `views`, by name. Files that are no view are named, and why. */
  list: procedure
    .input(z.strictObject({ dataset: datasetIdSchema.optional() }).optional())
    .output(z.object({ views: z.array(savedViewSchema), unreadable: z.array(z.object({ file: z.string(), reason: z.string() })) })),
  /** CONFLICT when there is another view of that name and `replace` is not said. */
  save: procedure.input(z.strictObject({ commandId: commandIdSchema, name: fileNameSchema, view: viewDefinitionSchema, replace: z.boolean().default(false) })).output(savedViewSchema),
  /** CONFLICT when the new name is taken, NOT_FOUND when there is none of the old. */
  rename: procedure.input(z.strictObject({ commandId: commandIdSchema, name: fileNameSchema, to: fileNameSchema })).output(savedViewSchema),
  remove: procedure.input(z.strictObject({ commandId: commandIdSchema, name: fileNameSchema })).output(z.object({ isRemoved: z.boolean() })),
}

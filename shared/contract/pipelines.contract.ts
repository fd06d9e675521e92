import { z } from 'zod'
import { zoneSchema } from '../domain/zone.ts'
import { commandIdSchema, procedure } from './common.contract.ts'
import { dataTypeOutlineSchema, findingSchema } from './workspace.contract.ts'

/** A file that says what the workspace does. */
export const pipelineFileSchema = z.object({
  /** In the workspace, with forward slashes. */
  path: z.string(),
  /** `workspace`: strata.yaml. `pipeline`: pipeline.yaml. `contract`: what is said of a step beside its statement. `test`: given rows and expected rows of a step. `other`: code that processors share. */
  kind: z.enum(['workspace', 'pipeline', 'sql', 'processor', 'contract', 'test', 'other']),
  dataType: z.string().nullable(),
  zone: zoneSchema.nullable(),
  /** `data_type.zone.name` that it is about. */
  dataset: z.string().nullable(),
})
export type PipelineFile = z.infer<typeof pipelineFileSchema>

export const fileTextSchema = z.object({ path: z.string(), text: z.string(), /** Of its bytes; saving tells by it whether somebody else has changed the file. */ sha256: z.string() })
export type FileText = z.infer<typeof fileTextSchema>

const pathSchema = z.string().min(1).max(400)
/** As much as a workspace file may have. */
const textSchema = z.string().max(2 * 2 ** 20)

export const savedFileSchema = z.object({ path: z.string(), sha256: z.string(), findings: z.array(findingSchema) })
export type SavedFile = z.infer<typeof savedFileSchema>

export const pipelinesContract = {
  /** Files that make the workspace, by path. */
  files: procedure.output(z.array(pipelineFileSchema)),
  read: procedure.input(z.strictObject({ path: pathSchema })).output(fileTextSchema),
  /** Every mistake there would be with the file as it is given, and the steps of its data type; null where it has none. Nothing is written. */
  check: procedure.input(z.strictObject({ path: pathSchema, text: textSchema })).output(z.object({ findings: z.array(findingSchema), dataType: dataTypeOutlineSchema.nullable() })),
  /** CONFLICT when the file is no longer what `expected` says; null: it is new. */
  save: procedure.input(z.strictObject({ commandId: commandIdSchema, path: pathSchema, text: textSchema, expected: z.string().nullable() })).output(savedFileSchema),
  /** Takes a file away; the versions that it made stay. CONFLICT as for `save`. */
  remove: procedure.input(z.strictObject({ commandId: commandIdSchema, path: pathSchema, expected: z.string() })).output(z.object({ findings: z.array(findingSchema) })),
}

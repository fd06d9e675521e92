import { z } from 'zod'
import { dataTypeNameSchema, datasetIdSchema } from '../domain/naming.ts'
import { commandIdSchema, isoTimeSchema, pageRequest, procedure } from './common.contract.ts'
import { runRefSchema } from './runs.contract.ts'

/** A version as one end of a change. */
export const publishedVersionSchema = z.object({ version: z.int(), runNumber: z.int(), rowCount: z.int() })

/** What was current, and what is current after. Null: nothing published. */
export const publicationChangeSchema = z.object({
  dataset: z.string(),
  from: publishedVersionSchema.nullable(),
  to: publishedVersionSchema.nullable(),
})
export type PublicationChange = z.infer<typeof publicationChangeSchema>

export const publicationSchema = z.object({
  id: z.int(),
  /** publish: the end of a run; rollback: back to what was current before; promote: a run of before made current again. */
  kind: z.enum(['publish', 'rollback', 'promote']),
  dataType: z.string(),
  /** The run that was published, rolled back or promoted; null when one dataset was rolled back. */
  runNumber: z.int().nullable(),
  /** Who, in words. */
  actor: z.string(),
  reason: z.string(),
  at: isoTimeSchema,
  changes: z.array(publicationChangeSchema),
})
export type Publication = z.infer<typeof publicationSchema>

/** A change of what is current. */
export const publishChangeSchema = z.discriminatedUnion('kind', [
  /** One dataset to an earlier version; without `version`, to what was current before its present one was first published. */
  z.strictObject({ kind: z.literal('rollback_dataset'), dataset: datasetIdSchema, version: z.int().min(1).optional() }),
  /** Everything that a run's publish changed, back to what was current just before it. */
  z.strictObject({ kind: z.literal('rollback_run'), run: runRefSchema }),
  /** All versions of a run that succeeded, current again. */
  z.strictObject({ kind: z.literal('promote_run'), run: runRefSchema }),
])
export type PublishChange = z.infer<typeof publishChangeSchema>

export const publishPreviewSchema = z.object({
  changes: z.array(publicationChangeSchema),
  /** Later publications that this one undoes as well: "publish of prevalence #5". */
  alsoUndone: z.array(z.string()),
  /** Datasets whose current versions were made from a version that would no longer be current. */
  madeFrom: z.array(z.string()),
})
export type PublishPreview = z.infer<typeof publishPreviewSchema>

export const reasonSchema = z.string().trim().min(1).max(2_000)

export const publishContract = {
  /** What a change would do; refused as the change itself would be. */
  preview: procedure.input(z.strictObject({ change: publishChangeSchema })).output(publishPreviewSchema),
  /** One transaction; audited. */
  apply: procedure.input(z.strictObject({ commandId: commandIdSchema, change: publishChangeSchema, reason: reasonSchema })).output(publicationSchema),
  /** Newest first. */
  history: procedure
    .input(z.strictObject({ dataType: dataTypeNameSchema.optional(), dataset: datasetIdSchema.optional(), ...pageRequest }))
    .output(z.object({ total: z.int(), publications: z.array(publicationSchema) })),
}

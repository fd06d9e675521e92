import { z } from 'zod'
import { datasetIdSchema } from '../domain/naming.ts'
import { commandIdSchema, isoTimeSchema, procedure } from './common.contract.ts'
import { reasonSchema } from './gates.contract.ts'

/** Sensitive columns whose values somebody may see for a while. */
export const revealSchema = z.object({
  dataset: z.string(),
  columns: z.array(z.string()),
  reason: z.string(),
  since: isoTimeSchema,
  until: isoTimeSchema,
})
export type Reveal = z.infer<typeof revealSchema>

const REVEAL_MINUTES = 15
const MOST_MINUTES = 120

export const masksContract = {
  /** What the one who asks has revealed; `now` is the engine's time, by which `until` counts. */
  reveals: procedure.output(z.object({ now: isoTimeSchema, reveals: z.array(revealSchema) })),
  /**
   * Shows the one who asks, and nobody else, the values of sensitive columns of a dataset, at all its versions; of all of them without `columns`. On
   * record with its reason. It ends by itself, with `hide`, and with the engine.
   */
  reveal: procedure
    .input(
      z.strictObject({
        commandId: commandIdSchema,
        dataset: datasetIdSchema,
        columns: z.array(z.string().min(1)).min(1).max(500).optional(),
        reason: reasonSchema,
        minutes: z.int().min(1).max(MOST_MINUTES).default(REVEAL_MINUTES),
      }),
    )
    .output(revealSchema),
  /** Ends what the one who asks has revealed, of a dataset or of all. */
  hide: procedure.input(z.strictObject({ dataset: datasetIdSchema.optional() })).output(z.object({ hidden: z.array(revealSchema) })),
}

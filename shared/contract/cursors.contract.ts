import { z } from 'zod'
import { actorSchema } from '../domain/actor.ts'
import { commandIdSchema, isoTimeSchema, procedure } from './common.contract.ts'
import { runRefSchema } from './runs.contract.ts'

/** How far an incremental source was read: what the next run asks for lies beyond it. */
export const cursorSchema = z.object({
  dataset: z.string(),
  column: z.string(),
  /** Null: nothing was published yet, or nothing had a value; the next run goes by `initial`. */
  value: z.string().nullable(),
  /** As the source declares it; null: the first run asks for everything. */
  initial: z.string().nullable(),
  at: isoTimeSchema.nullable(),
  /** The run that moved it there; null where a person did. */
  run: runRefSchema.nullable(),
  setBy: z.object({ actor: actorSchema, reason: z.string() }).nullable(),
})
export type Cursor = z.infer<typeof cursorSchema>

export const cursorsContract = {
  /** Of every incremental source. */
  list: procedure.output(z.object({ cursors: z.array(cursorSchema) })),
  /** Sets it by hand. Null: the source begins anew, without what was delivered before. */
  set: procedure
    .input(z.strictObject({ commandId: commandIdSchema, dataset: z.string().max(200), value: z.string().min(1).max(1_000).nullable(), reason: z.string().trim().min(1).max(1_000) }))
    .output(cursorSchema),
}

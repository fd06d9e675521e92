import { z } from 'zod'
import { dataTypeNameSchema } from '../domain/naming.ts'
import { procedure } from './common.contract.ts'
import { datasetRefSchema } from './datasets.contract.ts'
import { runRefSchema } from './runs.contract.ts'

/**
 * How far the copies are that make a large version quick to look at in any order.
 * small: it needs none; none: this engine makes none; refused: there is no room for one, see `note`; failed: see `note`.
 */
export const copyStatusSchema = z.object({
  state: z.enum(['small', 'none', 'waiting', 'copying', 'ready', 'refused', 'failed']),
  /** From 0 to 1. */
  share: z.number(),
  note: z.string().nullable(),
})
export type CopyStatus = z.infer<typeof copyStatusSchema>

export const datasetCopiesContract = {
  /**
   * Asks for the copy of a version, and says how far it is. It is made in the background as long as somebody goes on asking; who asks no more
   * for ten seconds no longer looks, and it stops.
   */
  prepare: procedure.input(datasetRefSchema).output(copyStatusSchema),
}

export const entityCopiesContract = {
  /** The same for the indexes of keys of every dataset in which entities can be found. */
  prepare: procedure.input(z.strictObject({ dataTypes: z.array(dataTypeNameSchema).optional(), asOf: runRefSchema.optional() })).output(copyStatusSchema),
}

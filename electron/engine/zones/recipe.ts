import { z } from 'zod'
import { parameterValueSchema } from '../../../shared/domain/run-parameters.ts'

/** What a version was made from. Equal fingerprints, equal tables; the parts of it say what is different when they are not. */
export const recipeSchema = z.object({
  /** Hash of all below, of the inputs their contents alone. */
  fingerprint: z.string(),
  /** Major version of the engine. */
  engine: z.string(),
  /** Hash of the SQL as parsed, or of the processor with everything it imports; of a source, empty. */
  code: z.string(),
  /** Hash of the options that change the result: key and order, the declaration of a source. */
  options: z.string(),
  /** Hash of the rules that take rows out, of what they look at, and of what was decided about such rows; empty where there is none of it. */
  sift: z.string().default(''),
  /** Those that the step uses. */
  parameters: z.record(z.string(), parameterValueSchema),
  /** By dataset. */
  inputs: z.record(z.string(), z.object({ version: z.int(), contentHash: z.string() })),
})
export type Recipe = z.infer<typeof recipeSchema>

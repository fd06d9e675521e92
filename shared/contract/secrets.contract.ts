import { z } from 'zod'
import { LEAST_SECRET_CHARACTERS, secretNameSchema } from '../domain/secret-name.ts'
import { commandIdSchema, procedure } from './common.contract.ts'

export const secretSchema = z.object({
  name: z.string(),
  /** Null: sources name it, and it is not set. */
  place: z.enum(['environment', 'file', 'keychain']).nullable(),
  /** Null where nobody knows. */
  setAt: z.string().nullable(),
  /** Datasets of the sources that name it. */
  usedBy: z.array(z.string()),
})
export type Secret = z.infer<typeof secretSchema>

export const secretListSchema = z.object({
  /** How what is set here is kept; not `isSafe`: whoever can read the disk can read it. */
  protection: z.object({ place: z.enum(['environment', 'file', 'keychain']), text: z.string(), isSafe: z.boolean() }),
  secrets: z.array(secretSchema),
})
export type SecretList = z.infer<typeof secretListSchema>

/** No answer ever holds a value. */
export const secretsContract = {
  list: procedure.output(secretListSchema),
  /** Sets a secret of this workspace, or replaces it. */
  set: procedure
    .input(z.strictObject({ commandId: commandIdSchema, name: secretNameSchema, value: z.string().min(LEAST_SECRET_CHARACTERS).max(65_536) }))
    .output(secretListSchema),
  remove: procedure.input(z.strictObject({ commandId: commandIdSchema, name: secretNameSchema })).output(secretListSchema),
}

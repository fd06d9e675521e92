import { z } from 'zod'

/** Secrets are called as parameters and datasets are. */
export const SECRET_NAME_PATTERN = /^[a-z][a-z0-9_]{0,62}$/
export const secretNameSchema = z.string().regex(SECRET_NAME_PATTERN, 'must be lower-case letters, digits and _, beginning with a letter (at most 63)')

/** Below it, a value could not be wiped out of texts without wiping half of them. */
export const LEAST_SECRET_CHARACTERS = 4

/** The name in a value that is nothing but `secret:name`; null for any other. */
export function secretReference(value: string): string | null {
  const name = /^secret:(.+)$/.exec(value)?.[1]
  return name !== undefined && SECRET_NAME_PATTERN.test(name) ? name : null
}

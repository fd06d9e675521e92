import { z } from 'zod'

/** Up to where a version of an incremental source goes. */
export const versionCursorSchema = z.object({
  column: z.string(),
  /** The highest value of the column, as text; null while no row had one. */
  value: z.string().nullable(),
  /** Hash of what was asked for: a source that asks for something else begins anew. */
  asked: z.string(),
})
export type VersionCursor = z.infer<typeof versionCursorSchema>

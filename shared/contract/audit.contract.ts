import { z } from 'zod'
import { ACTOR_KINDS, ACTOR_WAYS, actorSchema } from '../domain/actor.ts'
import { commandIdSchema, isoTimeSchema, pageRequest, procedure } from './common.contract.ts'

export const auditEntrySchema = z.object({
  seq: z.int(),
  at: isoTimeSchema,
  actor: actorSchema,
  /** run, cancel, resume, publish, approve, reject, override, mark, export ... */
  action: z.string(),
  /** What it was done to: "drugs #41", "drugs.curated.drugs v7". */
  target: z.string(),
  details: z.unknown(),
  /** The values that changed; null where there was nothing to compare. */
  before: z.unknown(),
  after: z.unknown(),
  hash: z.string(),
})
export type AuditEntry = z.infer<typeof auditEntrySchema>

const filters = {
  actor: z.enum(ACTOR_KINDS).optional(),
  via: z.enum(ACTOR_WAYS).optional(),
  action: z.string().max(100).optional(),
  target: z.string().max(300).optional(),
  text: z.string().max(200).optional(),
  /** Inclusive. */
  from: isoTimeSchema.optional(),
  to: isoTimeSchema.optional(),
}
export const auditFilterSchema = z.strictObject(filters)
export type AuditQuery = z.infer<typeof auditFilterSchema>

/** What an export of the trail came to. */
export const exportedSchema = z.object({ path: z.string(), entries: z.int(), sha256: z.string() })

export const auditContract = {
  /** Newest first. */
  list: procedure
    .input(z.strictObject({ ...filters, ...pageRequest }))
    .output(z.object({ total: z.int(), entries: z.array(auditEntrySchema), /** Every action that occurs in the whole trail. */ actions: z.array(z.string()) })),
  /** Goes through the whole chain. */
  verify: procedure
    .input(z.strictObject({}))
    .output(z.object({ entries: z.int(), /** The first entry that was changed, or that follows a removed one; null when all is as written. */ brokenAt: z.int().nullable(), lastHash: z.string() })),
  /** Writes the entries that match, oldest first, with their hashes: NDJSON or CSV in the exports folder. */
  export: procedure
    .input(z.strictObject({ commandId: commandIdSchema, ...filters, format: z.enum(['ndjson', 'csv']).default('ndjson') }))
    .output(exportedSchema),
}

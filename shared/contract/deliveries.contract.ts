import { z } from 'zod'
import { datasetIdSchema } from '../domain/naming.ts'
import { isoTimeSchema, pageRequest, procedure } from './common.contract.ts'

/** A file that came for a source, and what became of its records: seen = loaded + quarantined + skipped. */
export const deliveryEntrySchema = z.object({
  dataset: z.string(),
  fileName: z.string(),
  /** Where it was delivered from, path in the workspace or absolute. */
  origin: z.string(),
  receivedAt: isoTimeSchema,
  sha256: z.string(),
  sizeBytes: z.int(),
  /** again: its content was there already, so it was not read a second time. */
  kind: z.enum(['delivered', 'again']),
  /** The file that has the same content; null for a new one. */
  sameAs: z.string().nullable(),
  /** Null where it was never read. */
  records: z.int().nullable(),
  loaded: z.int().nullable(),
  quarantined: z.int().nullable(),
  skipped: z.int().nullable(),
  /** First version that it went into. */
  version: z.int().nullable(),
  runNumber: z.int().nullable(),
})
export type DeliveryEntry = z.infer<typeof deliveryEntrySchema>

export const deliveriesContract = {
  /** Newest first; each file once, however many versions hold it. */
  list: procedure.input(z.strictObject({ dataset: datasetIdSchema.optional(), ...pageRequest })).output(z.object({ total: z.int(), deliveries: z.array(deliveryEntrySchema) })),
}

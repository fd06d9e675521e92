import { z } from 'zod'
import { dataTypeNameSchema } from '../domain/naming.ts'
import { isoTimeSchema, procedure } from './common.contract.ts'

export const lineageSinkStateSchema = z.object({
  /** Of jobs and datasets in events. */
  namespace: z.string(),
  /** File in the workspace that events are written to; null where none is declared. */
  file: z.string().nullable(),
  /** Endpoint that events are sent to; null where none is declared. */
  url: z.string().nullable(),
  /** What lies there until the endpoint takes it. */
  waitingBytes: z.int(),
  sent: z.int(),
  /** Events the endpoint will never take; they are kept. */
  refused: z.int(),
  lastSentAt: isoTimeSchema.nullable(),
  /** Why it waits, in words. */
  problem: z.string().nullable(),
})
export type LineageSinkState = z.infer<typeof lineageSinkStateSchema>

export const openLineageContract = {
  /** The OpenLineage events of runs, made from the ledger: those of one run, or of the newest ones, oldest first. */
  openLineage: procedure
    .input(z.strictObject({ dataType: dataTypeNameSchema.optional(), runNumber: z.int().min(1).optional(), limit: z.int().min(1).max(1_000).default(100) }))
    .output(z.object({ events: z.array(z.record(z.string(), z.unknown())) })),
  /** Where events of runs go, and how far that is. */
  openLineageState: procedure.output(lineageSinkStateSchema),
}

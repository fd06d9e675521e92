import { z } from 'zod'

/** What processing one entity gave: the rows of a result, whose run and when. */
export const processingResultSchema = z.object({
  entityId: z.string(),
  data: z.array(z.record(z.string(), z.unknown())),
  processingTimestamp: z.iso.datetime(),
  runNumber: z.int(),
})
export type ProcessingResult = z.infer<typeof processingResultSchema>

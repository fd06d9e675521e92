import { eventIterator } from '@orpc/contract'
import { z } from 'zod'
import { dataTypeNameSchema } from '../domain/naming.ts'
import { isoTimeSchema, procedure } from './common.contract.ts'
import { logLevelSchema, logLineSchema, runRefSchema } from './runs.contract.ts'

export const logHitSchema = z.object({ run: runRefSchema, line: logLineSchema })
export type LogHit = z.infer<typeof logHitSchema>

export const logSearchSchema = z.object({
  /** Found since the answer before. */
  hits: z.array(logHitSchema),
  /** Runs gone through, of how many. */
  searched: z.int(),
  total: z.int(),
  /** The limit was reached: there may be more. */
  isTruncated: z.boolean(),
})
export type LogSearch = z.infer<typeof logSearchSchema>

export const logsContract = {
  /** Lines that hold a text, in one run or over runs, newest run first; answers come while the search goes on. Ending it cancels the search. */
  search: procedure
    .input(
      z.strictObject({
        text: z.string().min(1).max(200),
        /** This level and above. */
        level: logLevelSchema.default('debug'),
        run: runRefSchema.optional(),
        dataType: dataTypeNameSchema.optional(),
        /** Of runs queued at or after, and before. */
        from: isoTimeSchema.optional(),
        to: isoTimeSchema.optional(),
        limit: z.int().min(1).max(10_000).default(1_000),
      }),
    )
    .output(eventIterator(logSearchSchema)),
}

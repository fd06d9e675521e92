import { z } from 'zod'
import { columnSchema } from '../domain/table-query.ts'
import { procedure } from './common.contract.ts'
import { runRefSchema } from './runs.contract.ts'

export const queryContract = {
  /** One SELECT that a person typed, in the locked sandbox, over the current versions, or those that were current as of a run. */
  run: procedure
    .input(z.strictObject({ sql: z.string().min(1).max(200_000), limit: z.int().min(1).max(1_000_000).default(10_000), asOf: runRefSchema.optional() }))
    .output(
      z.object({
        columns: z.array(columnSchema),
        /** JSON text, as in a dataset page. */
        rowsJson: z.string(),
        rowCount: z.int(),
        /** True when there were more rows than `limit`. */
        truncated: z.boolean(),
        tookMs: z.number(),
      }),
    ),
}

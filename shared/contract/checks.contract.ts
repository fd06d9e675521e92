import { z } from 'zod'
import { datasetIdSchema } from '../domain/naming.ts'
import { tableQuerySchema } from '../domain/table-query.ts'
import { isoTimeSchema, procedure } from './common.contract.ts'
import { datasetPageSchema, datasetRefSchema } from './datasets.contract.ts'
import { checkResultSchema, runRefSchema } from './runs.contract.ts'

/** A rule's result in one run. A run that reuses a version repeats what was found in it. */
export const checkPointSchema = checkResultSchema.extend({ runNumber: z.int(), version: z.int(), at: isoTimeSchema })
export type CheckPoint = z.infer<typeof checkPointSchema>

/** A rule with its result in the newest version that was looked at, and its results before. */
export const checkTrendSchema = checkPointSchema.extend({
  dataType: z.string(),
  /** False: the contract does not name it any more. */
  isCurrent: z.boolean(),
  /** Oldest first, the newest last, at most 20. */
  points: z.array(checkPointSchema),
})
export type CheckTrend = z.infer<typeof checkTrendSchema>

export const checksContract = {
  /** Every rule of a dataset, of a data type or of all with its newest result and those before; broken ones first. */
  list: procedure
    .input(z.strictObject({ dataset: datasetIdSchema.optional(), dataType: z.string().max(63).optional(), points: z.int().min(1).max(20).default(12) }).optional())
    .output(z.array(checkTrendSchema)),
  /** Results of one rule, newest first. */
  trend: procedure
    .input(z.strictObject({ dataset: datasetIdSchema, rule: z.string().min(1).max(400), limit: z.int().min(1).max(500).default(50) }))
    .output(z.object({ points: z.array(checkPointSchema) })),
  /** What every rule found in a run. */
  ofRun: procedure.input(z.strictObject({ run: runRefSchema })).output(z.array(checkResultSchema)),
  /** Rows that break a rule, as they were kept when it was evaluated; without a version, of the newest that was looked at. */
  failing: procedure
    .input(
      datasetRefSchema.extend({
        rule: z.string().min(1).max(400),
        ...tableQuerySchema.shape,
        offset: z.int().min(0).default(0),
        limit: z.int().min(1).max(1_000).default(200),
      }),
    )
    .output(datasetPageSchema.extend({ failingRows: z.int() })),
}

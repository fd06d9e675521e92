import { z } from 'zod'
import { datasetIdSchema } from '../domain/naming.ts'
import { commandIdSchema, procedure } from './common.contract.ts'
import { reasonSchema } from './gates.contract.ts'
import { markKindSchema, markSchema, runRefSchema, runSchema } from './runs.contract.ts'

const target = { commandId: commandIdSchema, run: runRefSchema, dataset: datasetIdSchema, reason: reasonSchema }
/** Puts the run back into the queue with it. */
const resume = z.boolean().default(false)

/** What people decide against the machine, always with a reason, always on record. */
export const interventionsContract = {
  /** Lets a version pass in spite of a rule that blocks. The result of the rule stays as it is. When it was the last one that blocked, the run goes on. */
  override: procedure
    .input(z.strictObject({ ...target, rule: z.string().min(1) }))
    .output(z.object({ run: runSchema, stillBlocking: z.array(z.object({ dataset: z.string(), rule: z.string() })) })),
  /** accepted: its version counts in spite of rules that block. skipped: left out of this run, others read what is published. retry: made again. */
  markStep: procedure.input(z.strictObject({ ...target, as: markKindSchema, resume })).output(runSchema),
  /** accepted: stays failed, is not tried again and counts against no limit. skipped: needs no result. retry: pending again. */
  markEntities: procedure
    .input(z.strictObject({ ...target, entities: z.array(z.string().min(1)).min(1).max(10_000), as: markKindSchema, resume }))
    .output(z.object({ run: runSchema, marked: z.int() })),
  /** Steps of a run that somebody marked. */
  stepMarks: procedure.input(z.strictObject({ run: runRefSchema })).output(z.object({ marks: z.array(z.object({ dataset: z.string(), mark: markSchema })) })),
}

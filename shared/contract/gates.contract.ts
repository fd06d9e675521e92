import { z } from 'zod'
import { actorSchema } from '../domain/actor.ts'
import { commandIdSchema, isoTimeSchema, procedure } from './common.contract.ts'
import { checkResultSchema, runRefSchema, runSchema } from './runs.contract.ts'

/** Why somebody decided as they did; kept in the audit trail. */
export const reasonSchema = z.string().trim().min(1, { error: 'Say why, in a few words' }).max(2_000)

export const gateSchema = z.object({
  run: runRefSchema,
  name: z.string(),
  /** `publish`, or the dataset whose step does not start before the decision. */
  before: z.string(),
  message: z.string().nullable(),
  state: z.enum(['waiting', 'approved', 'rejected']),
  reachedAt: isoTimeSchema,
  decidedAt: isoTimeSchema.nullable(),
  decidedBy: actorSchema.nullable(),
  reason: z.string().nullable(),
  /** What is up for approval: versions that nobody can see elsewhere before they are published. */
  shown: z.array(z.object({ dataset: z.string(), version: z.int() })),
})
export type Gate = z.infer<typeof gateSchema>

/** One dataset at a gate, beside what is published of it now. */
export const shownDatasetSchema = z.object({
  dataset: z.string(),
  version: z.int(),
  rowCount: z.int(),
  sizeBytes: z.int(),
  /** null: nothing of it is published yet. */
  published: z.object({ version: z.int(), rowCount: z.int(), runNumber: z.int() }).nullable(),
  /** Equal content, row for row. */
  isSame: z.boolean(),
  columns: z.object({
    added: z.array(z.object({ name: z.string(), type: z.string() })),
    removed: z.array(z.object({ name: z.string(), type: z.string() })),
    changed: z.array(z.object({ name: z.string(), from: z.string(), to: z.string() })),
  }),
  checks: z.array(checkResultSchema),
  /** The same checks on the published version, to compare with. */
  publishedChecks: z.array(checkResultSchema),
})
export type ShownDataset = z.infer<typeof shownDatasetSchema>

const decision = { commandId: commandIdSchema, run: runRefSchema, /** Left out: the gate that the run waits at. */ gate: z.string().optional() }

export const gatesContract = {
  /** Every gate that waits for somebody, longest first. */
  waiting: procedure.input(z.strictObject({})).output(z.object({ gates: z.array(gateSchema) })),
  /** Gates that a run reached, decided ones included. */
  ofRun: procedure.input(z.strictObject({ run: runRefSchema })).output(z.object({ gates: z.array(gateSchema) })),
  /** What the approval page shows. */
  get: procedure.input(z.strictObject({ run: runRefSchema, gate: z.string() })).output(z.object({ gate: gateSchema, datasets: z.array(shownDatasetSchema) })),
  /** The run goes on. The approval holds for the versions shown: should they be made again, the gate asks again. */
  approve: procedure.input(z.strictObject({ ...decision, reason: reasonSchema.optional() })).output(runSchema),
  /** The run ends as failed with the reason; nothing is published. */
  reject: procedure.input(z.strictObject({ ...decision, reason: reasonSchema })).output(runSchema),
}

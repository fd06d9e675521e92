import { z } from 'zod'
import { actorSchema } from '../domain/actor.ts'
import { dataTypeNameSchema } from '../domain/naming.ts'
import { runPrioritySchema } from '../domain/run-priority.ts'
import { runStateSchema } from '../domain/run-status.ts'
import { commandIdSchema, isoTimeSchema, pageRequest, procedure } from './common.contract.ts'
import { runRefSchema, runSchema, triggerSchema } from './runs.contract.ts'

const leftOutSchema = z.array(z.object({ dataType: z.string(), reason: z.string() }))

export const startedGroupSchema = z.object({
  group: z.int(),
  /** One of each data type, in the order in which they read each other. */
  runs: z.array(runRefSchema),
  /** Data types that got no run, and why. */
  leftOut: leftOutSchema,
})
export type StartedGroup = z.infer<typeof startedGroupSchema>

/** A run of the group, with how it stands to the others. */
export const groupMemberSchema = runSchema.extend({
  /** Runs of the group that make what it reads. */
  reads: z.array(runRefSchema),
  /** While it is queued: runs that must end first, of the group or not; empty when it only waits for a place. */
  waitingFor: z.array(runRefSchema),
  /** Steps that are done, and how many it has. */
  steps: z.object({ done: z.int(), total: z.int() }),
  /** 0 to 1, with what its running steps have done so far. */
  share: z.number(),
})
export type GroupMember = z.infer<typeof groupMemberSchema>

export const runGroupSchema = z.object({
  group: z.int(),
  trigger: triggerSchema,
  actor: actorSchema,
  /** Of all its runs together. */
  state: runStateSchema,
  degraded: z.boolean(),
  queuedAt: isoTimeSchema,
  /** Null while one of its runs waits or runs. */
  finishedAt: isoTimeSchema.nullable(),
  /** In the order in which they read each other. */
  runs: z.array(groupMemberSchema),
  leftOut: leftOutSchema,
})
export type RunGroup = z.infer<typeof runGroupSchema>

const startAllInputSchema = z.strictObject({
  commandId: commandIdSchema,
  /** Only these, in the order in which they read each other; all when absent. */
  dataTypes: z.array(dataTypeNameSchema).min(1).optional(),
  priority: runPrioritySchema.optional(),
  /** Hashes of the plans that were shown, by data type: refused with CONFLICT, naming what changed, when one of them would be another now. */
  plans: z.record(dataTypeNameSchema, z.string().max(20_000)).optional(),
  trigger: triggerSchema.default('window'),
})

/** Among the verbs of runs. */
export const runAllContract = {
  /**
   * Queues a run of every data type as one group. Each waits for those it reads; when one of them does not succeed, it is left out:
   * cancelled with a problem that says so.
   */
  startAll: procedure.input(startAllInputSchema).output(startedGroupSchema),
}

export const groupsContract = {
  get: procedure.input(z.strictObject({ group: z.int().min(1) })).output(runGroupSchema),
  list: procedure.input(z.strictObject(pageRequest)).output(z.object({ total: z.int(), groups: z.array(runGroupSchema) })),
  /** Cancels every run of the group that is not finished. */
  cancel: procedure.input(z.strictObject({ group: z.int().min(1) })).output(runGroupSchema),
}

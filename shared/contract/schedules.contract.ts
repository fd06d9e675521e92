import { z } from 'zod'
import { actorSchema } from '../domain/actor.ts'
import { dataTypeNameSchema } from '../domain/naming.ts'
import { runStateSchema } from '../domain/run-status.ts'
import { commandIdSchema, isoTimeSchema, pageRequest, procedure } from './common.contract.ts'
import { runRefSchema } from './runs.contract.ts'

export const scheduleStartSchema = z.object({
  dataType: z.string(),
  cause: z.enum(['schedule', 'files', 'after']),
  /** When it fell due, or was noticed. */
  at: isoTimeSchema,
  /** started: a run was queued. missed: times had passed, one run makes up for them. skipped, busy: no run of its own. */
  outcome: z.enum(['started', 'missed', 'skipped', 'busy']),
  /** "On time", "3 times were missed since ...", "New file inbox/a.csv", "After drugs #7". */
  note: z.string(),
  run: runRefSchema.extend({ state: runStateSchema, degraded: z.boolean() }).nullable(),
})
export type ScheduleStart = z.infer<typeof scheduleStartSchema>

export const scheduleSchema = z.object({
  dataType: z.string(),
  label: z.string(),
  /** Null: it has triggers only. */
  cron: z.string().nullable(),
  timeZone: z.string().nullable(),
  missed: z.enum(['run_once', 'skip']).nullable(),
  /** Sources whose new files start it, with their patterns. */
  files: z.array(z.object({ source: z.string(), patterns: z.array(z.string()) })),
  /** New files that are still being written. */
  pendingFiles: z.int(),
  /** Data types after whose successful runs it runs. */
  after: z.array(z.string()),
  runnable: z.boolean(),
  paused: z.object({ at: isoTimeSchema, by: actorSchema }).nullable(),
  /** Times to come, the nearest first; none while it is paused. */
  next: z.array(isoTimeSchema),
  last: scheduleStartSchema.nullable(),
})
export type Schedule = z.infer<typeof scheduleSchema>

export const scheduleListSchema = z.object({
  /** Whether anything starts by itself in this engine: a command of the command line ends too soon for that. */
  isLive: z.boolean(),
  schedules: z.array(scheduleSchema),
})

export const schedulesContract = {
  list: procedure.input(z.strictObject({ times: z.int().min(1).max(50).default(3) })).output(scheduleListSchema),
  /** What came of schedules and triggers, newest first. */
  starts: procedure
    .input(z.strictObject({ dataType: dataTypeNameSchema.optional(), ...pageRequest }))
    .output(z.object({ total: z.int(), starts: z.array(scheduleStartSchema) })),
  /** Nothing starts by itself until it is resumed, and what falls due meanwhile is not made up for. */
  pause: procedure.input(z.strictObject({ commandId: commandIdSchema, dataType: dataTypeNameSchema })).output(scheduleSchema),
  resume: procedure.input(z.strictObject({ commandId: commandIdSchema, dataType: dataTypeNameSchema })).output(scheduleSchema),
}

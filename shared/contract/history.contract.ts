import { z } from 'zod'
import { errorClassSchema } from '../domain/error-class.ts'
import { dataTypeNameSchema } from '../domain/naming.ts'
import { runFlagSchema } from '../domain/run-flags.ts'
import { isTimeZone } from '../domain/zoned-time.ts'
import { isoTimeSchema, pageRequest, procedure } from './common.contract.ts'
import { runRefSchema } from './runs.contract.ts'

export const calendarDaySchema = z.object({
  /** 2026-11-24, in the asked time zone. */
  day: z.iso.date(),
  runs: z.int(),
  failed: z.int(),
  degraded: z.int(),
  /** All runs of the day together. */
  durationMs: z.int(),
})
export type CalendarDay = z.infer<typeof calendarDaySchema>

/** One execution of a step in a run. */
export const trendPointSchema = z.object({ runNumber: z.int(), at: isoTimeSchema, durationMs: z.int().nullable(), rows: z.int().nullable() })
export type TrendPoint = z.infer<typeof trendPointSchema>

export const stepTrendSchema = z.object({
  dataset: z.string(),
  /** Oldest first, the asked run last; executions that made something, no reuse. */
  points: z.array(trendPointSchema),
  flags: z.array(runFlagSchema),
})
export type StepTrend = z.infer<typeof stepTrendSchema>

export const errorGroupSchema = z.object({
  /** The message with its values taken out. */
  signature: z.string(),
  errorClass: errorClassSchema.nullable(),
  /** Failures: of entities, and of runs as a whole. */
  entities: z.int(),
  runs: z.int(),
  datasets: z.array(z.string()),
  firstSeen: isoTimeSchema,
  lastSeen: isoTimeSchema,
  firstRun: runRefSchema,
  lastRun: runRefSchema,
  /** One message as it was. */
  example: z.string(),
})
export type ErrorGroup = z.infer<typeof errorGroupSchema>

export const historyContract = {
  /** Runs a day, for the calendar; days without runs are left out. */
  calendar: procedure
    .input(
      z.strictObject({
        dataType: dataTypeNameSchema.optional(),
        from: isoTimeSchema,
        to: isoTimeSchema,
        /** The reader's, by its IANA name: days begin and end with its clocks, also in the nights in which those are changed. */
        timeZone: z.string().max(100).refine(isTimeZone, 'Give an IANA time zone, such as Europe/Berlin').default('UTC'),
      }),
    )
    .output(z.object({ days: z.array(calendarDaySchema) })),
  /** Duration and rows of each step of a run, and of the runs before it. */
  trends: procedure.input(z.strictObject({ run: runRefSchema, points: z.int().min(2).max(200).default(30) })).output(z.object({ steps: z.array(stepTrendSchema) })),
  /** The same error over entities and runs, last seen first. */
  errors: procedure
    .input(z.strictObject({ dataType: dataTypeNameSchema.optional(), text: z.string().max(200).optional(), ...pageRequest }))
    .output(z.object({ total: z.int(), groups: z.array(errorGroupSchema) })),
}

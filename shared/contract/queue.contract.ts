import { z } from 'zod'
import { runPrioritySchema } from '../domain/run-priority.ts'
import { procedure } from './common.contract.ts'
import { runRefSchema } from './runs.contract.ts'

const waitingRunSchema = z.object({
  run: runRefSchema,
  /** From 1, in the order in which they would start. */
  position: z.int(),
  priority: runPrioritySchema,
  group: z.int().nullable(),
  /** Runs that must end first; empty when it only waits for a place. */
  waitingFor: z.array(runRefSchema),
  /** "waiting for prevalence #7", for people. */
  text: z.string(),
})

export const queueSchema = z.object({
  /** What all runs together may take; memory and threads are divided between those that run. */
  limits: z.object({ runs: z.int(), memoryMb: z.int(), threads: z.int() }),
  running: z.array(z.object({ run: runRefSchema, group: z.int().nullable() })),
  waiting: z.array(waitingRunSchema),
})
export type Queue = z.infer<typeof queueSchema>

export const queueContract = {
  get: procedure.output(queueSchema),
}

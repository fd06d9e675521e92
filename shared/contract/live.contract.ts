import { z } from 'zod'
import { procedure } from './common.contract.ts'
import { runRefSchema } from './runs.contract.ts'

export const liveStepSchema = z.object({
  dataset: z.string(),
  /** 0 to 1; null when it cannot be known. */
  share: z.number().nullable(),
  elapsedMs: z.int(),
  /** So far. Of an entity step the rows that are durable; of another its share of what it usually makes. */
  rows: z.int().nullable(),
  rowsAreEstimated: z.boolean(),
  rowsPerSecond: z.number().nullable(),
  /** Written to disk so far. */
  bytes: z.int().nullable(),
  bytesPerSecond: z.number().nullable(),
  etaMs: z.int().nullable(),
})
export type LiveStep = z.infer<typeof liveStepSchema>

export const runLiveSchema = z.object({
  /** Steps that are running. */
  steps: z.array(liveStepSchema),
  /** Until the run is over, learned from earlier runs; null when nothing is known. */
  etaMs: z.int().nullable(),
  /** Resident memory of the workers that run steps, of all runs together. */
  memoryBytes: z.int().nullable(),
})
export type RunLive = z.infer<typeof runLiveSchema>

export const liveContract = {
  /** Pace, time left and memory of a run at this moment; empty when it is over. To be asked about once a second. */
  run: procedure.input(z.strictObject({ run: runRefSchema })).output(runLiveSchema),
}

import type { z } from 'zod'

/**
 * What a workspace's entity processor imports as `strata`. Kept free of everything else, because it is loaded beside the
 * author's own code.
 */

/** One input row of the entity: column name to value. DECIMAL and wide integers arrive as text, dates as ISO text. */
export type InputRow = Record<string, unknown>

export interface ProcessorContext {
  readonly runNumber: number
  readonly dataType: string
  /** Every parameter that pipeline.yaml declares, with the value of this run. Dates as ISO text. */
  readonly parameters: Readonly<Record<string, string | number | boolean>>
  /** Aborted when the run is cancelled or the entity's time is up. */
  readonly signal: AbortSignal
  /** Writes a line into the run's log. */
  log(text: string): void
}

export interface Processor<Row extends Record<string, unknown> = Record<string, unknown>> {
  /** One row of the result. Its fields become the columns, in this order. */
  readonly result: z.ZodType<Row>
  /**
   * Makes the rows of one entity. `null` skips it. What it throws fails this entity alone.
   * @param entityId the entity's key as text
   * @param rows all input rows of the entity
   */
  process(entityId: string, rows: readonly InputRow[], context: ProcessorContext): Row | Row[] | null | Promise<Row | Row[] | null>
}

/** Gives a processor its types; returns it unchanged. */
export function defineProcessor<Row extends Record<string, unknown>>(processor: Processor<Row>): Processor<Row> {
  return processor
}

/** Throw this to have the entity tried again after a pause, where waiting can help (a busy service, a slow answer). */
export class RetryableError extends Error {
  readonly retryable = true
  constructor(message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'RetryableError'
  }
}

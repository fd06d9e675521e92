import { z } from 'zod'

/** What a step that waits to be tried again waits for. */
export const retryWaitSchema = z.object({
  /** When the next try begins, ms since the epoch. */
  at: z.int(),
  /** The number of the next try, the first being 1, and how many there are at most. */
  attempt: z.int(),
  of: z.int(),
  /** What the last one failed with. */
  reason: z.string(),
})
export type RetryWait = z.infer<typeof retryWaitSchema>

/** "Retrying in 8 s, attempt 2 of 5: database is locked"; the same words in the window, the command line and the log. */
export function retryText({ at, attempt, of, reason }: RetryWait, now: number): string {
  const seconds = Math.ceil((at - now) / 1_000)
  return `Retrying ${seconds > 0 ? `in ${seconds} s` : 'now'}, attempt ${attempt} of ${of}: ${reason}`
}

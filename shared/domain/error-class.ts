import { z } from 'zod'
import type { Problem } from './problem.ts'

/** Causes of failure, as far as retrying is concerned. Classified once, where the error is caught. */
export const ERROR_CLASSES = ['busy', 'network', 'timeout', 'disk_full', 'out_of_memory', 'bad_data', 'bad_code', 'cancelled', 'crash'] as const
export const errorClassSchema = z.enum(ERROR_CLASSES)
export type ErrorClass = z.infer<typeof errorClassSchema>

/** Which class a problem belongs to: its `details.errorClass` if the thrower knew, else by its code and message. */
export function classifyProblem(problem: Problem): ErrorClass {
  const known = errorClassSchema.safeParse(problem.details['errorClass'])
  if (known.success) return known.data
  switch (problem.code) {
    case 'CANCELLED':
      return 'cancelled'
    case 'SOURCE_UNREACHABLE':
      return 'network'
    case 'TIMEOUT':
      return 'timeout'
    case 'DISK_FULL':
      return 'disk_full'
    case 'OUT_OF_MEMORY':
      return 'out_of_memory'
    case 'WORKER_CRASHED':
    case 'ENGINE_DOWN':
      return 'crash'
    case 'SOURCE_UNREADABLE':
    case 'SOURCE_MISSING':
    case 'CHECK_BLOCKED':
    case 'FILE_CHANGED':
    case 'VERSION_REMOVED':
      return 'bad_data'
    default:
      return classifyMessage(problem.message)
  }
}

const MESSAGE_CLASSES: readonly [RegExp, ErrorClass][] = [
  [/database is locked|SQLITE_BUSY|EBUSY|resource busy|being used by another process/i, 'busy'],
  [/ECONNRE|ENOTFOUND|EAI_AGAIN|socket hang up|network|HTTP [45]\d\d/i, 'network'],
  [/ETIMEDOUT|timed? ?out/i, 'timeout'],
  [/ENOSPC|no space left|disk full|max_temp_directory_size/i, 'disk_full'],
  [/out of memory|heap out of|ENOMEM/i, 'out_of_memory'],
  [/conversion error|could not (convert|parse)|invalid (input|value)|constraint|division by zero|out of range/i, 'bad_data'],
]

function classifyMessage(message: string): ErrorClass {
  return MESSAGE_CLASSES.find(([pattern]) => pattern.test(message))?.[1] ?? 'bad_code'
}

export const retryPolicySchema = z.strictObject({
  /** Tries in all, the first included. */
  attempts: z.int().min(1).max(20),
  /** Wait before the second try; doubled each time after. */
  baseDelayMs: z.int().min(0).max(600_000),
  maxDelayMs: z.int().min(0).max(3_600_000),
})
export type RetryPolicy = z.infer<typeof retryPolicySchema>

const NEVER: RetryPolicy = { attempts: 1, baseDelayMs: 0, maxDelayMs: 0 }

/** What is tried again, and how patiently, where nobody said otherwise. Bad data and bad code do not mend by waiting. */
export const DEFAULT_RETRY: Readonly<Record<ErrorClass, RetryPolicy>> = {
  busy: { attempts: 5, baseDelayMs: 500, maxDelayMs: 30_000 },
  network: { attempts: 5, baseDelayMs: 1_000, maxDelayMs: 60_000 },
  timeout: { attempts: 3, baseDelayMs: 1_000, maxDelayMs: 60_000 },
  disk_full: NEVER,
  out_of_memory: NEVER,
  bad_data: NEVER,
  bad_code: NEVER,
  cancelled: NEVER,
  crash: { attempts: 3, baseDelayMs: 500, maxDelayMs: 10_000 },
}

/**
 * Wait before try number `attempt + 1`, in ms: exponential with full jitter above one half.
 * @param attempt tries made so far, from 1
 * @param random a number from 0 to 1
 */
export function backoffMs(policy: RetryPolicy, attempt: number, random: number): number {
  const ceiling = Math.min(policy.maxDelayMs, policy.baseDelayMs * 2 ** (attempt - 1))
  return Math.round(ceiling / 2 + (ceiling / 2) * random)
}

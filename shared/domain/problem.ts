import { z } from 'zod'
import { systemProblem } from './system-problem.ts'

/** Every way a call can fail, closed: a new cause gets a new code here, with its HTTP status, or uses one of these. */
export const PROBLEM_CODES = {
  BAD_INPUT: 400,
  NOT_FOUND: 404,
  VERSION_REMOVED: 410,
  CONFLICT: 409,
  WORKSPACE_INVALID: 422,
  WORKSPACE_LOCKED: 423,
  SQL_REFUSED: 422,
  SQL_FAILED: 422,
  SOURCE_MISSING: 422,
  SOURCE_UNREADABLE: 422,
  /** A server that does not answer, or not now. */
  SOURCE_UNREACHABLE: 502,
  CHECK_BLOCKED: 422,
  /** A person said no at a gate. */
  REJECTED: 422,
  STEP_FAILED: 500,
  ENTITY_FAILED: 500,
  FILE_CHANGED: 409,
  DISK_FULL: 507,
  NOT_WRITABLE: 403,
  /** Its values are masked, and nobody has revealed them. */
  MASKED: 403,
  OUT_OF_MEMORY: 507,
  RESULT_TOO_LARGE: 507,
  TIMEOUT: 504,
  CANCELLED: 499,
  WORKER_CRASHED: 503,
  ENGINE_DOWN: 503,
  UNSUPPORTED: 501,
  INTERNAL: 500,
} as const

export type ProblemCode = keyof typeof PROBLEM_CODES
export const problemCodeSchema = z.enum(Object.keys(PROBLEM_CODES) as [ProblemCode, ...ProblemCode[]])

/** The one error shape users, the command line and HTTP see. */
export const problemSchema = z.object({
  code: problemCodeSchema,
  /** What happened, to which thing. */
  message: z.string(),
  /** Facts for machines and for the details line: file, line, column, value, dataset, step ... */
  details: z.record(z.string(), z.unknown()).default({}),
  retryable: z.boolean().default(false),
  /** What to try. */
  hint: z.string().nullable().default(null),
})
export type Problem = z.infer<typeof problemSchema>

interface ProblemOptions {
  details?: Record<string, unknown>
  retryable?: boolean
  hint?: string | null
  cause?: unknown
}

/** Thrown where the cause is known; crosses every transport as its `problem`. */
export class ProblemError extends Error {
  readonly problem: Problem
  constructor(code: ProblemCode, message: string, options: ProblemOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.name = 'ProblemError'
    this.problem = {
      code,
      message,
      details: options.details ?? {},
      retryable: options.retryable ?? false,
      hint: options.hint ?? null,
    }
  }

  static from(problem: Problem, cause?: unknown): ProblemError {
    return new ProblemError(problem.code, problem.message, { ...problem, ...(cause === undefined ? {} : { cause }) })
  }
}

/** The problem behind any thrown value; unknown ones become INTERNAL with their message kept. */
export function toProblem(error: unknown): Problem {
  if (error instanceof ProblemError) return error.problem
  if (isAbort(error)) return { code: 'CANCELLED', message: 'Cancelled', details: {}, retryable: false, hint: null }
  const known = systemProblem(error)
  if (known !== null) return known
  const message = error instanceof Error ? error.message : String(error)
  return { code: 'INTERNAL', message, details: {}, retryable: false, hint: null }
}

/** True for the error that an aborted signal throws. */
export function isAbort(error: unknown): boolean {
  return error instanceof Error && error.name === 'AbortError'
}

import { ORPCError } from '@orpc/client'
import { type Problem, problemSchema, toProblem } from '../../shared/domain/problem.ts'

/** The problem behind whatever a call threw: the engine's own where it sent one, else what the error itself says. */
export function problemOf(error: unknown): Problem {
  if (error instanceof ORPCError) {
    const sent = problemSchema.safeParse(error.data)
    if (sent.success) return sent.data
    return { code: error.code === 'BAD_REQUEST' ? 'BAD_INPUT' : 'INTERNAL', message: error.message, details: {}, retryable: false, hint: null }
  }
  return toProblem(error)
}

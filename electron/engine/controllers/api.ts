import { implement, ORPCError } from '@orpc/server'
import { contract } from '../../../shared/contract/contract.ts'
import type { Actor } from '../../../shared/domain/actor.ts'
import { PROBLEM_CODES, ProblemError, toProblem } from '../../../shared/domain/problem.ts'
import type { EngineLog } from '../engine.ts'
import type { Redactor } from '../secrets/redactor.ts'

/** What a host tells with every call. */
export interface CallContext {
  actor: Actor
}

/** The contract, ready to be implemented: every thrown problem crosses the wire as itself, everything else once as INTERNAL. */
export function createApi(log: EngineLog, redactor: Redactor) {
  return implement(contract).$context<CallContext>().use(async ({ next, path }) => {
    try {
      return await next()
    } catch (error) {
      if (error instanceof ORPCError) throw error
      const problem = redactor.problem(toProblem(error))
      if (!(error instanceof ProblemError) && problem.code === 'INTERNAL') log('error', `${path.join('.')}: ${problem.message}`, { stack: error instanceof Error ? error.stack : undefined })
      throw new ORPCError(problem.code, { status: PROBLEM_CODES[problem.code], message: problem.message, data: problem })
    }
  })
}

export type Api = ReturnType<typeof createApi>

import { type Problem, ProblemError, problemSchema, toProblem } from '../../shared/domain/problem.ts'

/** The problem behind what a call of the router threw: it travels as the data of oRPC's error. */
export function readProblem(error: unknown): Problem {
  if (error instanceof ProblemError) return error.problem
  if (error instanceof Error && 'data' in error) {
    const parsed = problemSchema.safeParse(error.data)
    if (parsed.success) return parsed.data
    const issues = inputIssues(error.data)
    if (issues !== null) return { code: 'BAD_INPUT', message: issues, details: {}, retryable: false, hint: null }
  }
  return toProblem(error)
}

/** oRPC's own refusal of an input carries the schema's issues. */
function inputIssues(data: unknown): string | null {
  if (typeof data !== 'object' || data === null || !('issues' in data) || !Array.isArray(data.issues)) return null
  return data.issues.map((issue: { message?: unknown }) => String(issue.message)).join('; ')
}

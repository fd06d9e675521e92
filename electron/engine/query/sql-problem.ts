import { ProblemError, type ProblemCode } from '../../../shared/domain/problem.ts'
import type { StatementAnalysis } from '../workers/wire.ts'
import { charOffset } from '../../../shared/domain/sql-text.ts'

/** A person's SQL inside a statement of ours. */
export interface WrappedSql {
  before: string
  sql: string
  after: string
}

interface Place {
  message: string
  sql: string
  /** Character in `sql`, or null. */
  offset: number | null
  hint: string | null
  details?: Record<string, unknown>
}

/** A problem with SQL, told with the line and column, from 1, at which it lies. */
export function placedProblem(code: ProblemCode, { message, sql, offset, hint, details = {} }: Place): ProblemError {
  if (offset === null) return new ProblemError(code, message, { hint, details })
  const lines = sql.slice(0, offset).split('\n')
  const place = { offset, line: lines.length, column: (lines.at(-1) ?? '').length + 1 }
  return new ProblemError(code, `${message} (line ${place.line}, column ${place.column})`, { hint, details: { ...details, ...place } })
}

/** What DuckDB says with `errors_as_json` about a wrapped statement, with its place moved into the person's own text. */
export function sqlProblem(error: unknown, wrapped: WrappedSql): unknown {
  if (!(error instanceof ProblemError) || error.problem.code === 'CANCELLED') return error
  // The cause, because the problem's own message is trimmed for people.
  const facts = readFacts(error.cause instanceof Error ? error.cause.message : error.message)
  if (facts === null) return error
  // The first line says what is wrong; the candidates after it become the hint.
  const [message = facts.message, ...rest] = facts.message.split('\n').filter((line) => line.trim() !== '')
  const hint = error.problem.hint ?? (facts.candidates === null ? rest.join(' ') || null : `Did you mean ${facts.candidates}?`)
  return placedProblem(error.problem.code, { message, sql: wrapped.sql, offset: offsetIn(wrapped, facts.position), hint, details: { kind: facts.kind } })
}

/** The place in the person's text, or null when it is in ours. */
function offsetIn({ before, sql }: WrappedSql, position: number | null): number | null {
  const byte = position === null ? -1 : position - Buffer.byteLength(before)
  return byte >= 0 && byte <= Buffer.byteLength(sql) ? charOffset(sql, byte) : null
}

interface Facts {
  kind: string
  message: string
  /** Bytes into the statement. */
  position: number | null
  candidates: string | null
}

function readFacts(text: string): Facts | null {
  const start = text.indexOf('{')
  if (start < 0) return null
  try {
    const facts: unknown = JSON.parse(text.slice(start))
    if (typeof facts !== 'object' || facts === null || !('exception_message' in facts)) return null
    const position = 'position' in facts ? Number(facts.position) : Number.NaN
    return {
      kind: 'exception_type' in facts ? String(facts.exception_type) : '',
      message: String(facts.exception_message),
      position: Number.isInteger(position) ? position : null,
      candidates: 'candidates' in facts && facts.candidates !== '' ? String(facts.candidates) : null,
    }
  } catch {
    return null
  }
}

/** Why a statement may not run at all; null when it may. */
export function refusedProblem({ ok, errors }: Pick<StatementAnalysis, 'ok' | 'errors'>, sql: string): ProblemError | null {
  const [first] = errors
  if (ok || first === undefined) return null
  const code = first.code === 'sql-syntax' || first.code === 'sql-empty' ? 'SQL_FAILED' : 'SQL_REFUSED'
  return placedProblem(code, { message: first.message, sql, offset: first.offset, hint: first.suggestion, details: { errors } })
}

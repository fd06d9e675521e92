import { quoteLiteral } from '../../../shared/domain/naming.ts'
import { ProblemError } from '../../../shared/domain/problem.ts'
import type { Column, Filter } from '../../../shared/domain/table-query.ts'
import { checkCasts } from './check-casts.ts'
import type { Duck } from './duckdb.ts'
import { compileFilter } from './filter-sql.ts'
import { refuseMasked } from './mask-sql.ts'
import { judgeExpression } from './judge-expression.ts'

/**
 * The condition of filters, once everything in them that only DuckDB can judge is judged: values of their columns' types, regular
 * expressions, and expressions that somebody typed.
 * @throws BAD_INPUT, SQL_REFUSED and SQL_FAILED, with the offset of a mistake
 */
export async function filterWhere(duck: Duck, filters: readonly Filter[], { columns, signal }: { columns: readonly Column[]; signal?: AbortSignal }): Promise<string> {
  const { where, casts, patterns, expressions } = compileFilter(filters, columns)
  await checkCasts(duck, casts, signal)
  for (const pattern of patterns) await judgePattern(duck, pattern, signal)
  for (const sql of expressions) {
    const names = await judgeExpression(duck, sql, { columns, ...(signal === undefined ? {} : { signal }) })
    for (const column of columns) if (names.includes(column.name.toLowerCase())) refuseMasked(column, 'be filtered by')
  }
  return where
}

async function judgePattern(duck: Duck, pattern: string, signal: AbortSignal | undefined): Promise<void> {
  try {
    await duck.run(`SELECT regexp_matches('', ${quoteLiteral(pattern)})`, signal)
  } catch (error) {
    if (!(error instanceof ProblemError) || error.problem.code === 'CANCELLED') throw error
    throw patternProblem(pattern, error)
  }
}

/** RE2 says what it cannot read, not where; what it quotes is found in the pattern. */
function patternProblem(pattern: string, error: ProblemError): ProblemError {
  const message = error.message.replace(/^[A-Za-z ]+Error: /, '')
  const quoted = /: (.+)$/s.exec(message)?.[1] ?? ''
  const at = message.startsWith('missing )') ? openParenthesis(pattern) : quoted === '' ? -1 : pattern.indexOf(quoted)
  const offset = at >= 0 ? at : /trailing/.test(message) ? pattern.length - 1 : null
  const place = offset === null ? '' : ` at character ${offset + 1}`
  return new ProblemError('BAD_INPUT', `The regular expression cannot be read${place}: ${message}`, {
    hint: 'Write it for RE2: no looking ahead or behind, no back references; a backslash makes a character stand for itself',
    details: { offset, length: quoted.length, value: pattern },
    cause: error,
  })
}

/** The last parenthesis that nothing closes; -1: none. */
function openParenthesis(pattern: string): number {
  const open: number[] = []
  for (const { 0: token, index } of pattern.matchAll(/\\[\s\S]|\[\^?\]?(?:\\[\s\S]|[^\]\\])*\]|[()]/g)) {
    if (token === '(') open.push(index)
    if (token === ')') open.pop()
  }
  return open.at(-1) ?? -1
}

import { createHash } from 'node:crypto'
import { quoteLiteral } from '../../../shared/domain/naming.ts'
import type { StatementAnalysis } from '../workers/wire.ts'
import type { Duck } from './duckdb.ts'
import { charOffset, charOffsetOfCodePoint, sqlTokens, statementHeads } from '../../../shared/domain/sql-text.ts'
import { readTree, type TreeError } from './sql-tree.ts'

export interface Statement {
  id: string
  sql: string
}

type AnalysisError = StatementAnalysis['errors'][number]

/** Statements a query: bounds the text that DuckDB gets at once. */
const BATCH = 200

/**
 * Parses statements with DuckDB and says for each which datasets it reads and why it may not run. `ok` means: exactly one SELECT
 * over datasets and CTEs, with allowed table functions only. Nothing is bound or executed, so no table has to exist.
 */
export async function analyseStatements(duck: Duck, statements: readonly Statement[], signal?: AbortSignal): Promise<StatementAnalysis[]> {
  const analyses: StatementAnalysis[] = []
  for (let from = 0; from < statements.length; from += BATCH) {
    const batch = statements.slice(from, from + BATCH)
    const trees = await serialize(duck, batch, signal)
    analyses.push(...batch.map((statement, i) => analyse(statement, trees[i] ?? '{}')))
  }
  return analyses
}

/** json_serialize_sql gives mistakes as JSON too, so that one bad statement does not fail the others. */
async function serialize(duck: Duck, statements: readonly Statement[], signal: AbortSignal | undefined): Promise<string[]> {
  // A NUL would end the text inside DuckDB; no SQL needs one, and a space in its place keeps every offset.
  const list = statements.map(({ sql }, i) => `(${i}, ${quoteLiteral(sql.replaceAll('\0', ' '))})`)
  const rows = await duck.rows(`SELECT json_serialize_sql(sql)::VARCHAR AS tree FROM (VALUES ${list.join(', ')}) AS t(i, sql) ORDER BY i`, signal)
  return rows.map((row) => String(row['tree']))
}

function analyse({ id, sql }: Statement, json: string): StatementAnalysis {
  const failed = (...errors: AnalysisError[]): StatementAnalysis => ({ id, ok: false, tables: [], variables: [], volatile: [], errors, fingerprint: null })
  const tree: unknown = JSON.parse(json)
  if (typeof tree !== 'object' || tree === null) return failed(error('sql-syntax', 'DuckDB could not parse the statement'))
  if ('error' in tree && tree.error === true) return failed(parserError(sql, tree))
  const statements: unknown[] = 'statements' in tree && Array.isArray(tree.statements) ? tree.statements : []
  if (statements.length === 0) return failed(error('sql-empty', 'There is no SQL statement: write one SELECT'))
  if (statements.length > 1) {
    return failed(error('sql-refused', `There are ${statements.length} statements: write exactly one SELECT`, statementHeads(sql)[1]?.offset ?? null))
  }
  const { tables, variables, volatile, errors } = readTreeSafely(statements)
  return {
    id,
    ok: errors.length === 0,
    tables: tables.map(({ name, position }) => ({ name, offset: position === null ? 0 : charOffset(sql, position) })),
    variables: variables.map(({ name, position }) => ({ name, offset: position === null ? 0 : charOffset(sql, position) })),
    volatile: [...new Set(volatile)],
    errors: errors.map(({ position, ...rest }) => ({ ...rest, offset: position === null ? null : charOffset(sql, position) })),
    fingerprint: fingerprint(json),
  }
}

/** The walk is recursive, the depth of the tree the author's: too deep is an answer, not a crash. */
function readTreeSafely(statements: unknown[]): ReturnType<typeof readTree> {
  try {
    return readTree(statements)
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause
    const tooDeep: TreeError = { code: 'sql-refused', message: 'The statement is nested too deeply to be checked: split it into CTEs or steps', position: null, suggestion: null }
    return { tables: [], variables: [], volatile: [], errors: [tooDeep] }
  }
}

function parserError(sql: string, tree: object): AnalysisError {
  const message = 'error_message' in tree ? String(tree.error_message) : 'syntax error'
  const position = 'position' in tree ? Number(tree.position) : Number.NaN
  if (/only select statements/i.test(message)) return notSelect(sql)
  return error('sql-syntax', `SQL: ${message}`, Number.isInteger(position) ? charOffsetOfCodePoint(sql, position) : null)
}

const QUERY_WORDS = new Set(['select', 'with', 'from', 'pivot', 'values', 'table', 'unpivot'])

/** DuckDB refuses a PIVOT without IN list in the same words as an INSERT, because it runs it as several statements. */
function notSelect(sql: string): AnalysisError {
  const heads = statementHeads(sql)
  const intruder = heads.find((head) => !QUERY_WORDS.has(head.text.toLowerCase()) && head.text !== '(')
  if (intruder !== undefined) {
    return error('sql-refused', `${intruder.text.toUpperCase()} is refused: write exactly one SELECT`, intruder.offset)
  }
  for (const token of sqlTokens(sql)) {
    if (token.kind === 'word' && token.text.toLowerCase() === 'pivot') {
      return error('sql-refused', "PIVOT needs its IN list: write the IN list; a step's columns must not depend on its data", token.offset)
    }
  }
  return error('sql-refused', 'Only SELECT is allowed: write exactly one SELECT', heads[0]?.offset ?? null)
}

function error(code: string, message: string, offset: number | null = null): AnalysisError {
  return { code, message, offset, suggestion: null }
}

/**
 * Hash of the tree without positions. Taken from the JSON text, because parsing it would round large integers and make
 * different statements alike. A text literal cannot contain the pattern: its quotes are escaped there.
 */
function fingerprint(json: string): string {
  return createHash('sha256').update(json.replaceAll(/"query_location":\d+/g, '"query_location":0')).digest('hex')
}

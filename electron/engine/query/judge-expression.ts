import { quoteIdentifier, quoteLiteral } from '../../../shared/domain/naming.ts'
import { ProblemError } from '../../../shared/domain/problem.ts'
import { charOffset, charOffsetOfCodePoint } from '../../../shared/domain/sql-text.ts'
import type { Column } from '../../../shared/domain/table-query.ts'
import type { Duck } from './duckdb.ts'
import { EXPRESSION_FUNCTIONS } from './expression-functions.ts'
import { placedProblem, sqlProblem } from './sql-problem.ts'
import { isTree, lowerText, nodeAt, nodesAt, positionOf, type Tree } from './tree-node.ts'

/**
 * Filters that somebody types as SQL run beside the other filters, at their speed. So they are judged more narrowly than statements of the SQL
 * pad: one boolean about one row, without subqueries, and with functions only that reach nothing and make nothing larger than they got.
 */

interface Judging {
  columns: readonly Column[]
  signal?: AbortSignal
}

/** As the one argument of a function, a text that closes our parenthesis, or holds more than one expression, gives another tree. */
const BEFORE = 'SELECT coalesce('
const AFTER = '\n)'

/**
 * Passes for an expression that may filter rows with these columns.
 * @returns the columns that it names, lower case
 * @throws SQL_REFUSED or SQL_FAILED with the offset of what is wrong
 */
export async function judgeExpression(duck: Duck, sql: string, { columns, signal }: Judging): Promise<string[]> {
  const root = await parse(duck, sql, signal)
  const names = new Set<string>()
  walk(root, (node) => {
    const refusal = refusalOf(node)
    if (refusal !== null) throw placed('SQL_REFUSED', refusal, { sql, byte: positionOf(node) })
    const [name] = node['class'] === 'COLUMN_REF' && Array.isArray(node['column_names']) ? node['column_names'] : []
    if (name !== undefined) names.add(lowerText(name))
  })
  await bind(duck, sql, { columns, ...(signal === undefined ? {} : { signal }) })
  return [...names]
}

async function parse(duck: Duck, sql: string, signal: AbortSignal | undefined): Promise<Tree> {
  if (sql.trim() === '') throw new ProblemError('SQL_FAILED', 'There is no expression', { hint: "Write a condition about a row, such as price > 10 AND name LIKE 'A%'" })
  // A NUL would end the text inside DuckDB.
  const text = `${BEFORE}${sql.replaceAll('\0', ' ')}${AFTER}`
  const [row] = await duck.rows(`SELECT json_serialize_sql(${quoteLiteral(text)})::VARCHAR AS tree`, signal)
  const tree: unknown = JSON.parse(String(row?.['tree']))
  if (!isTree(tree)) throw new ProblemError('SQL_FAILED', 'DuckDB could not parse the expression')
  if (tree['error'] === true) throw syntaxProblem(tree, sql)
  const expression = onlyExpression(tree)
  if (expression === null) throw notOneExpression(sql)
  return expression
}

/** What stands as the one argument in a statement that has nothing else; null where the text made it another one. */
function onlyExpression(tree: Tree): Tree | null {
  const [node = {}, ...others] = nodesAt(tree, 'statements').map((statement) => nodeAt(statement, 'node'))
  const [wrapper = {}, ...columns] = nodesAt(node, 'select_list')
  const [expression = null, ...more] = wrapper['type'] === 'OPERATOR_COALESCE' ? nodesAt(wrapper, 'children') : []
  const hasClauses = nodeAt(node, 'from_table')['type'] !== 'EMPTY' || node['where_clause'] !== null || nodesAt(node, 'modifiers').length > 0
  return hasClauses || [others, columns, more].some((list) => list.length > 0) ? null : expression
}

function notOneExpression(sql: string): ProblemError {
  return placedProblem('SQL_REFUSED', { message: 'A filter is one expression about a row', sql, offset: null, hint: "Write a condition such as price > 10 AND name LIKE 'A%'; whole statements belong in the SQL pad" })
}

function syntaxProblem(tree: Tree, sql: string): ProblemError {
  const position = Number(tree['position'])
  const offset = Number.isInteger(position) ? Math.min(sql.length, Math.max(0, charOffsetOfCodePoint(`${BEFORE}${sql}`, position) - BEFORE.length)) : null
  return placedProblem('SQL_FAILED', { message: String(tree['error_message'] ?? 'syntax error'), sql, offset, hint: null })
}

function placed(code: 'SQL_REFUSED', message: string, { sql, byte }: { sql: string; byte: number | null }): ProblemError {
  const offset = byte === null ? null : Math.max(0, charOffset(`${BEFORE}${sql}`, byte) - BEFORE.length)
  return placedProblem(code, { message, sql, offset, hint: 'More is possible in the SQL pad' })
}

function walk(value: unknown, visit: (node: Tree) => void): void {
  if (Array.isArray(value)) {
    for (const item of value) walk(item, visit)
  } else if (isTree(value)) {
    visit(value)
    for (const child of Object.values(value)) walk(child, visit)
  }
}

const ALLOWED_CLASSES = new Set(['COLUMN_REF', 'CONSTANT', 'COMPARISON', 'CONJUNCTION', 'OPERATOR', 'BETWEEN', 'CASE', 'CAST', 'COLLATE', 'FUNCTION'])
const CLASS_WORDS: Readonly<Record<string, string>> = {
  SUBQUERY: 'A subquery', WINDOW: 'A window function', LAMBDA: 'A lambda', STAR: 'A star', PARAMETER: 'A parameter', POSITIONAL_REFERENCE: 'A position', DEFAULT: 'DEFAULT',
}
/** Without parentheses they look like columns. */
const MOMENTS = new Set(['current_date', 'current_time', 'current_timestamp', 'localtime', 'localtimestamp', 'now', 'today', 'random'])

/** Why a node may not be in a filter; null when it may. */
function refusalOf(node: Tree): string | null {
  const kind = node['class']
  if (typeof kind !== 'string') return null
  if (!ALLOWED_CLASSES.has(kind)) return `${CLASS_WORDS[kind] ?? kind.toLowerCase()} cannot be in a filter: it judges one row by its own values`
  if (kind === 'FUNCTION') return functionRefusal(lowerText(node['function_name']))
  const [name, ...more] = kind === 'COLUMN_REF' && Array.isArray(node['column_names']) ? node['column_names'] : []
  return more.length === 0 && MOMENTS.has(lowerText(name)) ? momentRefusal(lowerText(name)) : null
}

function functionRefusal(name: string): string | null {
  if (EXPRESSION_FUNCTIONS.has(name)) return null
  return MOMENTS.has(name) ? momentRefusal(name) : `${name}() cannot be in a filter`
}

function momentRefusal(name: string): string {
  return `${name} gives something else at another time, and a filter is to mean the same tomorrow: write the value itself`
}

/** Types it over no rows: names that are not there, functions that do not fit, anything that is no boolean. */
async function bind(duck: Duck, sql: string, { columns, signal }: Judging): Promise<void> {
  const row = columns.length === 0 ? 'NULL AS "none"' : columns.map(({ name, type }) => `CAST(NULL AS ${type}) AS ${quoteIdentifier(name)}`).join(', ')
  const wrapped = { before: 'DESCRIBE SELECT (', sql, after: `${AFTER} AS passes FROM (SELECT ${row} WHERE false)` }
  await duck.run('SET errors_as_json = true', signal)
  try {
    const [described] = await duck.rows(`${wrapped.before}${sql}${wrapped.after}`, signal)
    const type = String(described?.['column_type'])
    if (type !== 'BOOLEAN') {
      throw placedProblem('SQL_FAILED', { message: `The expression gives ${type === '"NULL"' ? 'nothing' : type}, not true or false`, sql, offset: 0, hint: 'Compare it with something' })
    }
  } catch (error) {
    throw inWordsOfFilters(sqlProblem(error, wrapped))
  } finally {
    await duck.run('SET errors_as_json = false')
  }
}

/** There is no FROM for the person who writes a filter. */
function inWordsOfFilters(error: unknown): unknown {
  if (!(error instanceof ProblemError)) return error
  const name = /^Referenced column "(.+)" not found in FROM clause!/.exec(error.message)?.[1]
  if (name === undefined) return error
  const { code, details, hint } = error.problem
  return new ProblemError(code, `There is no column "${name}"`, { details, hint: hint === null ? null : hint.replaceAll(',', ', '), cause: error })
}

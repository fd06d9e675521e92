import { NAME_PATTERN, didYouMean } from '../../../shared/domain/naming.ts'
import { isTree, lowerText as text, positionOf, type Tree } from './tree-node.ts'

/**
 * Walks the tree that DuckDB's json_serialize_sql makes of a SELECT and finds the tables it reads. The tree is DuckDB's own
 * parse, so there is no second grammar to drift from; what is missing in it is scope, and that is done here.
 */

export interface TableReference {
  /** As written, made lower case: `zone.name` or `data_type.zone.name`. */
  name: string
  /** Byte offset in the SQL, null where DuckDB gives none. */
  position: number | null
}

export interface TreeError {
  code: string
  message: string
  position: number | null
  suggestion: string | null
}

export interface TreeFacts {
  tables: TableReference[]
  /** Names asked for with getvariable. */
  variables: TableReference[]
  /** Functions that give something else at another time: such a step is never the same as before. */
  volatile: string[]
  errors: TreeError[]
}

/** Pure functions of their arguments that may stand in FROM. Everything else there could read files or settings, or hide a dependency. */
const TABLE_FUNCTIONS = new Set(['unnest', 'range', 'generate_series', 'json_each', 'json_tree', 'repeat', 'repeat_row'])
/** These take a relation by name or as text, which hides what is read. */
const HIDING_FUNCTIONS = new Set(['query', 'query_table', 'json_execute_serialized_sql', 'histogram', 'histogram_values'])
/** Scalar functions that act on something outside the query. */
const ACTING_FUNCTIONS = new Set(['write_log', 'nextval', 'currval', 'getenv', 'sleep_ms'])

/** Whether a statement may call it: in FROM, or elsewhere. */
export function isCallable(name: string, inFrom: boolean): boolean {
  return inFrom ? TABLE_FUNCTIONS.has(name) : !ACTING_FUNCTIONS.has(name) && !HIDING_FUNCTIONS.has(name)
}

/** Functions whose answer depends on the moment or on chance (duckdb_functions() where stability is not CONSISTENT). */
const VOLATILE_FUNCTIONS = new Set([
  'now', 'today', 'current_date', 'get_current_time', 'get_current_timestamp', 'transaction_timestamp', 'random', 'setseed', 'uuid', 'uuidv4', 'uuidv7', 'gen_random_uuid',
])
/** Written without parentheses they look like columns. */
const VOLATILE_WORDS = new Set(['current_date', 'current_time', 'current_timestamp', 'localtime', 'localtimestamp'])

type Scope = ReadonlySet<string>

/** Tables and forbidden things in one statement's tree. Names of CTEs are not tables where they are in scope. */
export function readTree(statement: unknown): TreeFacts {
  const facts: TreeFacts = { tables: [], variables: [], volatile: [], errors: [] }
  walk(statement, new Set(), facts)
  facts.tables.sort((a, b) => (a.position ?? 0) - (b.position ?? 0))
  return facts
}

function walk(value: unknown, scope: Scope, facts: TreeFacts): void {
  if (Array.isArray(value)) {
    for (const item of value) walk(item, scope, facts)
    return
  }
  if (!isTree(value)) return
  readNode(value, scope, facts)
  const inner = withCtes(value['cte_map'], scope, facts)
  const recursiveName = value['type'] === 'RECURSIVE_CTE_NODE' ? text(value['cte_name']) : null
  for (const [key, child] of Object.entries(value)) {
    if (key === 'cte_map') continue
    // Only the recursive half of a recursive CTE reads what came before; in the first half the name is still a table.
    walk(child, recursiveName !== null && key === 'right' ? new Set([...inner, recursiveName]) : inner, facts)
  }
}

function readNode(node: Tree, scope: Scope, facts: TreeFacts): void {
  if (node['type'] === 'BASE_TABLE') readTable(node, scope, facts)
  if (node['type'] === 'TABLE_FUNCTION') readTableFunction(node, facts)
  if (node['type'] === 'SHOW_REF' && !isTree(node['query'])) {
    facts.errors.push({ code: 'sql-refused', message: 'SHOW is not available: write a SELECT, DESCRIBE or SUMMARIZE', position: positionOf(node), suggestion: null })
  }
  if (node['class'] === 'FUNCTION') readScalarFunction(node, facts)
  if (node['class'] === 'COLUMN_REF') readColumn(node, facts)
}

/** A CTE sees those before it, not itself: `WITH y AS (SELECT * FROM y)` reads the table y. */
function withCtes(cteMap: unknown, scope: Scope, facts: TreeFacts): Scope {
  const entries = isTree(cteMap) && Array.isArray(cteMap['map']) ? cteMap['map'] : []
  if (entries.length === 0) return scope
  const inner = new Set(scope)
  for (const entry of entries.filter(isTree)) {
    walk(entry['value'], inner, facts)
    inner.add(text(entry['key']))
  }
  return inner
}

function readTable(node: Tree, scope: Scope, facts: TreeFacts): void {
  const parts = [text(node['catalog_name']), text(node['schema_name']), text(node['table_name'])].filter((part) => part !== '')
  const [first = '', second = ''] = parts
  if (parts.length === 1 && scope.has(first)) return
  if (parts.length === 2 && first === 'recurring' && scope.has(second)) return
  const position = positionOf(node)
  const name = parts.join('.')
  if (node['at_clause'] !== null && node['at_clause'] !== undefined) {
    facts.errors.push({ code: 'sql-refused', message: `AT is not available: ${name} is read at the version that the run or the query pins`, position, suggestion: null })
  }
  const problem = tableProblem(parts, name)
  if (problem !== null) facts.errors.push({ ...problem, position, suggestion: null })
  else if (!facts.tables.some((table) => table.name === name)) facts.tables.push({ name, position })
}

function tableProblem(parts: string[], name: string): { code: string; message: string } | null {
  if (parts.length === 1 && /[./\\*:?]/.test(name)) {
    return { code: 'sql-refused', message: `'${name}' looks like a file; SQL reads datasets only: declare the file as a source in pipeline.yaml and read its raw dataset` }
  }
  if (parts.length === 1) return { code: 'unqualified-table', message: `"${name}" needs its zone: write zone.${name}, or data_type.zone.${name}` }
  if (!parts.every((part) => NAME_PATTERN.test(part))) return { code: 'unknown-dataset', message: `"${name}" is no dataset name: write zone.name or data_type.zone.name` }
  return null
}

function readTableFunction(node: Tree, facts: TreeFacts): void {
  const call = node['function']
  const name = isTree(call) ? text(call['function_name']) : ''
  if (TABLE_FUNCTIONS.has(name)) return
  const position = positionOf(node) ?? (isTree(call) ? positionOf(call) : null)
  facts.errors.push({ code: 'sql-refused', message: functionMessage(name), position, suggestion: didYouMean(name, TABLE_FUNCTIONS) })
}

function functionMessage(name: string): string {
  if (HIDING_FUNCTIONS.has(name)) return `${name}() is refused: it hides which datasets are read. Name the dataset in FROM`
  if (/^(read_|parquet_|sniff_|glob$|arrow_scan|seq_scan)/.test(name)) {
    return `${name}() is refused: SQL reads datasets only. Declare the file as a source in pipeline.yaml and read its raw dataset`
  }
  return `${name}() is refused in FROM. Allowed there: unnest, range, generate_series, json_each, json_tree, repeat`
}

function readScalarFunction(node: Tree, facts: TreeFacts): void {
  const name = text(node['function_name'])
  if (name === 'getvariable') readVariable(node, facts)
  if (VOLATILE_FUNCTIONS.has(name)) facts.volatile.push(name)
  if (!ACTING_FUNCTIONS.has(name)) return
  facts.errors.push({ code: 'sql-refused', message: `${name}() is refused: a SELECT here must do nothing besides giving rows`, position: positionOf(node), suggestion: null })
}

/** A parameter is named by a literal, so that it is known before the run which steps use it. */
function readVariable(node: Tree, facts: TreeFacts): void {
  const [argument] = Array.isArray(node['children']) ? node['children'] : []
  const value = isTree(argument) && isTree(argument['value']) ? argument['value']['value'] : null
  const position = positionOf(node)
  if (typeof value === 'string') facts.variables.push({ name: value, position })
  else facts.errors.push({ code: 'sql-refused', message: "getvariable() takes the name of a parameter as text: getvariable('name')", position, suggestion: null })
}

function readColumn(node: Tree, facts: TreeFacts): void {
  const [name, ...more] = Array.isArray(node['column_names']) ? node['column_names'] : []
  if (more.length === 0 && VOLATILE_WORDS.has(text(name))) facts.volatile.push(text(name))
}

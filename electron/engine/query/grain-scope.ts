import { isTree, lowerText, nodeAt, type Tree } from './tree-node.ts'

/** A relation as far as the entity key is concerned. */
export interface Relation {
  /** Columns that carry the entity's key, lower case. Null: its rows are the same whichever entities are looked at. */
  keys: ReadonlySet<string> | null
  /** Names in order, lower case; null where a star hides them. */
  columns: readonly string[] | null
  /** A subquery that is held to the entity of the row outside it. */
  isPinned: boolean
}

export interface Table extends Relation {
  /** Alias, or the name without its schema. */
  name: string
}

/** What names mean at a place of the statement. */
export interface Scope {
  tables: readonly Table[]
  outer: Scope | null
  ctes: ReadonlyMap<string, Relation>
}

export interface GrainFinding {
  message: string
  /** Byte offset in the SQL. */
  position: number | null
  suggestion: string
}

export interface GrainRequest {
  /** The parsed statement: json_serialize_sql's `statements[0]`. */
  statement: unknown
  key: string
  /** Column names of a dataset as the statement names it, lower case. */
  columnsOf(name: string): readonly string[]
  /** Names of DuckDB's aggregate functions. */
  aggregates: ReadonlySet<string>
}

export interface GrainWalk extends Omit<GrainRequest, 'statement'> {
  findings: GrainFinding[]
  report(node: Tree, message: string, suggestion?: string): void
  /** Reads a FROM clause; the tables before it are around a lateral subquery. */
  from(ref: Tree, scope: Scope): Table[]
  expressions(node: unknown, scope: Scope, isFree: boolean): void
}

export const WHOLE: Relation = { keys: null, columns: null, isPinned: false }

const NO_KEYS: ReadonlySet<string> = new Set()

/** A relation whose keys may be NULL from here on, on the far side of an outer join. */
export function withoutKeys(table: Table): Table {
  return table.keys === null ? table : { ...table, keys: NO_KEYS }
}

/** Depends on which entities are looked at, and is not held to one of them. */
export function isKeyed(tables: readonly Relation[]): boolean {
  return tables.some((table) => table.keys !== null && !table.isPinned)
}

/** True when the expression is the entity's key, as it stands or as text. */
export function isKey(expression: Tree, tables: readonly Table[]): boolean {
  const column = columnOf(expression)
  if (column === null) return false
  const { name, qualifier } = column
  return tables.some((table) => (qualifier === null || table.name === qualifier) && table.keys?.has(name) === true)
}

/** The same, looked for in the rows outside a subquery as well. */
export function isKeyAround(expression: Tree, scope: Scope | null): boolean {
  return scope !== null && (isKey(expression, scope.tables) || isKeyAround(expression, scope.outer))
}

interface ColumnName {
  name: string
  qualifier: string | null
}

/** The column behind an expression; a cast to text tells the same entities apart, any other may not. */
export function columnOf(expression: Tree): ColumnName | null {
  if (expression['class'] === 'CAST' && nodeAt(expression, 'cast_type')['id'] === 'VARCHAR') return columnOf(nodeAt(expression, 'child'))
  if (expression['class'] !== 'COLUMN_REF' || !Array.isArray(expression['column_names'])) return null
  const names = expression['column_names'].map(lowerText)
  const name = names.at(-1)
  return name === undefined ? null : { name, qualifier: names.at(-2) ?? null }
}

/** The terms that must all hold. */
export function conjunctsOf(condition: Tree): Tree[] {
  if (condition['type'] !== 'CONJUNCTION_AND' || !Array.isArray(condition['children'])) return [condition]
  return condition['children'].filter(isTree).flatMap(conjunctsOf)
}

/** True when a term says that the key of one side is the key of the other. */
export function equatesKeys(condition: Tree, isOne: (side: Tree) => boolean, isOther: (side: Tree) => boolean): boolean {
  return conjunctsOf(condition).some((term) => {
    if (term['type'] !== 'COMPARE_EQUAL') return false
    const [left, right] = [nodeAt(term, 'left'), nodeAt(term, 'right')]
    return (isOne(left) && isOther(right)) || (isOne(right) && isOther(left))
  })
}

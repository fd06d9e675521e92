import { changed, fieldOf, type Flow, NO_FLOW, union, unknownFlow } from './flow.ts'

export interface RelationColumn {
  /** As DuckDB calls it; empty where it makes one up from the expression. Compared without case. */
  name: string
  flow: Flow
  /** Stands for any number of columns, because how many there are cannot be read from the statement. */
  isMany: boolean
  /** The name in FROM that it comes under. */
  owner?: string
}

/** What a query, a table or a CTE gives. */
export interface Relation {
  columns: readonly RelationColumn[]
  /** What decides which rows there are. */
  rows: Flow
}

/** A relation with the name by which FROM lets it be called. */
export interface Binding {
  /** `[data type, zone, name]`, or one part for an alias. Lower case. */
  path: readonly string[]
  columns: readonly RelationColumn[]
}

/** What FROM gives: the columns that `*` means, and the bindings behind them. */
export interface Source {
  visible: readonly RelationColumn[]
  bindings: readonly Binding[]
  rows: Flow
}

export const NO_SOURCE: Source = { visible: [], bindings: [], rows: NO_FLOW }

export interface Scope {
  source: Source
  /** Names given in the select list, and whether they come before the columns of FROM, after them or not at all. */
  aliases: ReadonlyMap<string, Flow>
  aliasOrder: 'none' | 'first' | 'last'
  /** Parameters of lambdas around the expression. */
  parameters: ReadonlySet<string>
  /** The column that COLUMNS(...) stands for at the moment. */
  star: RelationColumn | null
  /** What changes the number of rows from within the select list. */
  effects: Flow[]
  ctes: ReadonlyMap<string, Relation>
  outer: Scope | null
}

export function rootScope(): Scope {
  return { source: NO_SOURCE, aliases: new Map(), aliasOrder: 'none', parameters: new Set(), star: null, effects: [], ctes: new Map(), outer: null }
}

/** A scope of its own inside another, whose columns are in reach of what is correlated. */
export function scopeWithin(outer: Scope, source: Source): Scope {
  return { ...rootScope(), source, ctes: outer.ctes, outer }
}

export function namedColumn(columns: readonly RelationColumn[], name: string): RelationColumn | undefined {
  const wanted = name.toLowerCase()
  return columns.find((column) => !column.isMany && column.name.toLowerCase() === wanted)
}

/** What a name written in an expression comes from. The name may lead through fields of a struct. */
export function lookUp(names: readonly string[], from: Scope): Flow {
  for (let scope: Scope | null = from; scope !== null; scope = scope.outer) {
    const found = inScope(names, scope)
    if (found !== null) return found
  }
  return unknownFlow(`it cannot be told where ${names.join('.')} comes from`)
}

function inScope(names: readonly string[], scope: Scope): Flow | null {
  const [first = ''] = names
  const name = first.toLowerCase()
  if (scope.parameters.has(name)) return NO_FLOW
  const alias = names.length === 1 ? scope.aliases.get(name) : undefined
  if (alias !== undefined && scope.aliasOrder === 'first') return alias
  const { visible, bindings } = scope.source
  const column = qualified(names, bindings) ?? ofColumn(namedColumn(visible, first), names.slice(1)) ?? wholeRow(names, bindings)
  if (column !== null) return column
  return alias !== undefined && scope.aliasOrder === 'last' ? alias : ofMany(visible)
}

function ofColumn(column: RelationColumn | undefined, fields: readonly string[]): Flow | null {
  return column === undefined ? null : fieldOf(column.flow, fields)
}

/** A name that is nowhere else must be among the columns that could not be counted. */
function ofMany(columns: readonly RelationColumn[]): Flow | null {
  const many = columns.filter(({ isMany }) => isMany)
  return many.length === 0 ? null : changed(union(many.map(({ flow }) => flow)))
}

/** `table.column`, `zone.table.column` and so on; fields of a struct may follow. */
function qualified(names: readonly string[], bindings: readonly Binding[]): Flow | null {
  for (let length = Math.min(names.length - 1, 3); length > 0; length--) {
    const path = names.slice(0, length).map((name) => name.toLowerCase())
    const binding = bindings.find((candidate) => endsWith(candidate.path, path))
    if (binding === undefined) continue
    const flow = ofColumn(namedColumn(binding.columns, names[length] ?? ''), names.slice(length + 1)) ?? ofMany(binding.columns)
    if (flow !== null) return flow
  }
  return null
}

/** The name of a table where a value is wanted is its row as a struct. */
function wholeRow([name = '']: readonly string[], bindings: readonly Binding[]): Flow | null {
  const binding = bindings.find(({ path }) => path.at(-1) === name.toLowerCase())
  if (binding === undefined) return null
  const fields = new Map(binding.columns.map((column) => [column.name.toLowerCase(), column.flow]))
  return { ...changed(union(binding.columns.map(({ flow }) => flow))), fields }
}

export function endsWith(path: readonly string[], tail: readonly string[]): boolean {
  return tail.length <= path.length && tail.every((part, i) => part === path[path.length - tail.length + i])
}

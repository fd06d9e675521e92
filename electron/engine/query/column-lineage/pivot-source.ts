import { isTree, lowerText, nodeAt, nodesAt, textsAt, type Tree } from '../tree-node.ts'
import { changed, type Flow, NO_FLOW, union, usedFor } from './flow.ts'
import { namedColumn, type RelationColumn, type Scope, type Source, scopeWithin } from './scope.ts'
import { expandStar } from './star-columns.ts'
import type { Walk } from './walk.ts'

/** PIVOT and UNPIVOT: DuckDB has one node for both. */
export function pivotSource(walk: Walk, node: Tree, scope: Scope): Source {
  const source = walk.source(nodeAt(node, 'source'), scope)
  const inner = scopeWithin(scope, source)
  const made = textsAt(node, 'unpivot_names').length > 0 ? unpivoted(walk, node, inner) : pivoted(walk, node, inner)
  const names = Array.isArray(node['column_name_alias']) ? node['column_name_alias'] : []
  const columns = made.visible.map((column, i) => (typeof names[i] === 'string' && !column.isMany ? { ...column, name: names[i] } : column))
  return { visible: columns, bindings: [{ path: [lowerText(node['alias'])], columns }], rows: union([source.rows, made.rows]) }
}

interface Made {
  visible: RelationColumn[]
  rows: Flow
}

interface PivotEntry {
  name: string
}

function pivoted(walk: Walk, node: Tree, scope: Scope): Made {
  const on = nodesAt(node, 'pivots').map((pivot) => union(nodesAt(pivot, 'pivot_expressions').map((expression) => walk.expression(expression, scope))))
  const aggregates = nodesAt(node, 'aggregates')
  const values = aggregates.map((aggregate) => ({ name: aggregateName(aggregate), flow: walk.expression(aggregate, scope) }))
  const used = union([...on, ...values.map(({ flow }) => flow)])
  const groups = groupColumns(node, scope, used)
  const entries = nodesAt(node, 'pivots').reduce<PivotEntry[]>((known, pivot) => combined(known, entryNames(pivot)), [{ name: '' }])
  const chosen = usedFor('filter', ...on)
  const cells = entries.flatMap(({ name }) =>
    values.map((value) => ({ name: values.length === 1 && value.name === '' ? name : `${name}_${value.name}`, flow: union([value.flow, chosen]), isMany: false })),
  )
  return { visible: [...groups, ...cells], rows: usedFor('group', ...groups.map(({ flow }) => flow)) }
}

/** Without GROUP BY, what is neither pivoted nor aggregated. */
function groupColumns(node: Tree, scope: Scope, used: Flow): RelationColumn[] {
  const { visible } = scope.source
  const groups = textsAt(node, 'groups')
  if (groups.length > 0) return groups.flatMap((name) => namedColumn(visible, name) ?? [])
  const names = new Set(usedNames([...nodesAt(node, 'aggregates'), ...nodesAt(node, 'pivots').flatMap((pivot) => nodesAt(pivot, 'pivot_expressions'))]))
  return visible.filter((column) => column.isMany || !names.has(column.name.toLowerCase()) || used === NO_FLOW)
}

function usedNames(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(usedNames)
  if (!isTree(value)) return []
  if (value['class'] === 'COLUMN_REF') return textsAt(value, 'column_names').slice(-1)
  return Object.values(value).flatMap(usedNames)
}

/** DuckDB adds the aggregate's name to the value only where there are several, or where it has an alias. */
function aggregateName(aggregate: Tree): string {
  return lowerText(aggregate['alias'])
}

function entryNames(pivot: Tree): string[] {
  return nodesAt(pivot, 'entries').map((entry) => {
    const alias = entry['alias']
    if (typeof alias === 'string' && alias !== '') return alias
    return nodesAt(entry, 'values').map(({ value }) => String(value)).join('_')
  })
}

function combined(known: readonly PivotEntry[], names: readonly string[]): PivotEntry[] {
  return known.flatMap((entry) => names.map((name) => ({ name: entry.name === '' ? name : `${entry.name}_${name}` })))
}

function unpivoted(walk: Walk, node: Tree, scope: Scope): Made {
  const names = originalTexts(node, 'unpivot_names')
  const [pivot = {}] = nodesAt(node, 'pivots')
  const rowsOfColumns = nodesAt(pivot, 'entries').flatMap((entry) => entryColumns(walk, entry, scope))
  const values = names.map((name, i): RelationColumn => ({ name, flow: changed(union(rowsOfColumns.map((columns) => columns[i]?.flow ?? NO_FLOW))), isMany: false }))
  const gone = new Set(rowsOfColumns.flat().map(({ name }) => name.toLowerCase()))
  const kept = scope.source.visible.filter((column) => column.isMany || !gone.has(column.name.toLowerCase()))
  const labels = originalTexts(pivot, 'unpivot_names').map((name): RelationColumn => ({ name, flow: NO_FLOW, isMany: false }))
  const rows = node['include_nulls'] === true ? NO_FLOW : usedFor('filter', ...values.map(({ flow }) => flow))
  return { visible: [...kept, ...labels, ...values], rows }
}

/** The columns of one entry of the list: one for each name after VALUE; of a star, an entry a column. */
function entryColumns(walk: Walk, entry: Tree, scope: Scope): RelationColumn[][] {
  if (isTree(entry['star_expr'])) return expandStar(walk, entry['star_expr'], scope).map((column) => [column])
  return [nodesAt(entry, 'values').flatMap(({ value }) => (typeof value === 'string' ? (namedColumn(scope.source.visible, value) ?? []) : []))]
}

function originalTexts(node: Tree, key: string): string[] {
  const texts = node[key]
  return Array.isArray(texts) ? texts.filter((text) => typeof text === 'string') : []
}

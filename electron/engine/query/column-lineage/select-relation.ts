import { isTree, lowerText, nodeAt, nodesAt, type Tree } from '../tree-node.ts'
import { equalitiesOf, withEqualities } from './equalities.ts'
import { namesOf } from './expression-flow.ts'
import { type Flow, NO_FLOW, union, usedFor } from './flow.ts'
import { type Relation, type RelationColumn, type Scope, scopeWithin } from './scope.ts'
import { expandStar } from './star-columns.ts'
import type { Walk } from './walk.ts'

/** Where an expression of a clause is read. */
interface Place {
  walk: Walk
  scope: Scope
}

interface Selected {
  node: Tree
  columns: RelationColumn[]
}

/** What one SELECT gives: its list over FROM, and every clause that decides about its rows. */
export function selectRelation(walk: Walk, node: Tree, scope: Scope): Relation {
  const source = walk.source(nodeAt(node, 'from_table'), scope)
  const inner: Scope = { ...scopeWithin(scope, source), effects: [] }
  const selected = selectList(walk, nodesAt(node, 'select_list'), inner)
  const aliases = aliasesOf(selected)
  const clause = (key: string, aliasOrder: Scope['aliasOrder']): Flow => (isTree(node[key]) ? walk.expression(node[key], { ...inner, aliases, aliasOrder }) : NO_FLOW)
  const columns = withEqualities(selected.flatMap((item) => item.columns), equalitiesOf(walk, node['where_clause'], inner))
  const rows = union([
    source.rows,
    usedFor('filter', clause('where_clause', 'last'), clause('having', 'first'), clause('qualify', 'last')),
    usedFor('group', ...groupFlows({ walk, scope: { ...inner, aliases, aliasOrder: 'last' } }, node, selected)),
    ...inner.effects,
    ...nodesAt(node, 'modifiers').map((modifier) => modifierFlow({ walk, scope: { ...inner, aliases, aliasOrder: 'first' } }, modifier, columns)),
  ])
  return { columns, rows }
}

/** An expression of the list may use the names given before it. */
function selectList(walk: Walk, nodes: readonly Tree[], scope: Scope): Selected[] {
  const selected: Selected[] = []
  const aliases = new Map<string, Flow>()
  for (const node of nodes) {
    const columns = selectedColumns(walk, node, { ...scope, aliases, aliasOrder: 'last' })
    selected.push({ node, columns })
    const alias = lowerText(node['alias'])
    const [only] = columns
    if (alias !== '' && only !== undefined && columns.length === 1) aliases.set(alias, only.flow)
  }
  return selected
}

function selectedColumns(walk: Walk, node: Tree, scope: Scope): RelationColumn[] {
  const alias = typeof node['alias'] === 'string' ? node['alias'] : ''
  if (node['class'] === 'STAR') return named(expandStar(walk, node, scope), alias)
  const star = starInside(node)
  if (star !== null) return named(expandStar(walk, star, scope).map((column) => ({ ...column, flow: walk.expression(node, { ...scope, star: column }) })), alias)
  const flow = walk.expression(node, scope)
  if (isStructUnnest(node)) return [{ name: '', flow, isMany: true }]
  return [{ name: alias === '' ? ownName(node) : alias, flow, isMany: false }]
}

/** One column keeps the given name; of several, DuckDB makes names that are found by DESCRIBE. */
function named(columns: RelationColumn[], alias: string): RelationColumn[] {
  return alias === '' ? columns : columns.map((column) => ({ ...column, name: column.isMany ? '' : alias }))
}

function ownName(node: Tree): string {
  return node['class'] === 'COLUMN_REF' ? (namesOf(node).at(-1) ?? '') : ''
}

/** COLUMNS(...) or * inside an expression makes it several columns, unless it is unpacked into arguments. */
function starInside(node: Tree): Tree | null {
  for (const [key, value] of Object.entries(node)) {
    if (key === 'subquery') continue
    for (const child of Array.isArray(value) ? value : [value]) {
      if (!isTree(child) || child['type'] === 'OPERATOR_UNPACK') continue
      if (child['class'] === 'STAR') return child
      const inside = starInside(child)
      if (inside !== null) return inside
    }
  }
  return null
}

/** unnest of a struct, and unnest with `recursive`, give as many columns as the struct has fields. */
function isStructUnnest(node: Tree): boolean {
  return node['class'] === 'FUNCTION' && lowerText(node['function_name']) === 'unnest' && lowerText(node['alias']) === ''
}

function aliasesOf(selected: readonly Selected[]): Map<string, Flow> {
  const aliases = new Map<string, Flow>()
  for (const { node, columns } of selected) {
    const alias = lowerText(node['alias'])
    const [only] = columns
    if (alias !== '' && only !== undefined && !aliases.has(alias)) aliases.set(alias, only.flow)
  }
  return aliases
}

function groupFlows({ walk, scope }: Place, node: Tree, selected: readonly Selected[]): Flow[] {
  const listed = nodesAt(node, 'group_expressions').map((group) => positional(group, selected) ?? walk.expression(group, scope))
  if (node['aggregate_handling'] !== 'FORCE_AGGREGATES') return listed
  // GROUP BY ALL: by whatever of the list is no aggregate.
  return [...listed, ...selected.filter((item) => !holdsAggregate(walk, item.node)).flatMap(({ columns }) => columns.map(({ flow }) => flow))]
}

function holdsAggregate(walk: Walk, value: unknown): boolean {
  if (Array.isArray(value)) return value.some((item) => holdsAggregate(walk, item))
  if (!isTree(value) || value['class'] === 'SUBQUERY') return false
  if (value['class'] === 'FUNCTION' && walk.aggregates.has(lowerText(value['function_name']))) return true
  return Object.values(value).some((child) => holdsAggregate(walk, child))
}

/** GROUP BY 1 and ORDER BY 1 mean the first of the list. */
function positional(node: Tree, selected: readonly Selected[]): Flow | null {
  if (node['class'] !== 'CONSTANT') return null
  const index = nodeAt(node, 'value')['value']
  const columns = selected.flatMap((item) => item.columns)
  return typeof index === 'number' ? (columns[index - 1]?.flow ?? NO_FLOW) : NO_FLOW
}

function modifierFlow({ walk, scope }: Place, modifier: Tree, columns: readonly RelationColumn[]): Flow {
  const values = columns.map(({ flow }) => flow)
  const listed = [{ node: {}, columns: [...columns] }]
  // A name given in the list comes first only where it stands alone.
  const flowOf = (node: Tree): Flow => positional(node, listed) ?? walk.expression(node, node['class'] === 'COLUMN_REF' ? scope : { ...scope, aliasOrder: 'last' })
  if (modifier['type'] === 'DISTINCT_MODIFIER') {
    const targets = nodesAt(modifier, 'distinct_on_targets')
    return usedFor('group', ...(targets.length === 0 ? values : targets.map(flowOf)))
  }
  const orders = nodesAt(modifier, 'orders').map((order) => nodeAt(order, 'expression'))
  const limits = ['limit', 'offset'].flatMap((key) => (isTree(modifier[key]) ? [walk.expression(nodeAt(modifier, key), scope)] : []))
  return union([usedFor('order', ...orders.flatMap((order) => (order['class'] === 'STAR' ? values : [flowOf(order)]))), usedFor('filter', ...limits)])
}


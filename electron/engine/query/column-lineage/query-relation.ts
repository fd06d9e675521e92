import { lowerText, nodeAt, nodesAt, type Tree } from '../tree-node.ts'
import { changed, type Flow, isSameFlow, NO_FLOW, partsOfBase, sameBases, union, unknownFlow, usedFor } from './flow.ts'
import { type Relation, type RelationColumn, type Scope, scopeWithin } from './scope.ts'
import { selectRelation } from './select-relation.ts'
import type { Walk } from './walk.ts'

/** What a query gives: a SELECT, a combination of two, or a recursive CTE. */
export function queryRelation(walk: Walk, node: Tree, scope: Scope): Relation {
  const inner = withCtes(walk, node, scope)
  switch (node['type']) {
    case 'SELECT_NODE':
      return selectRelation(walk, node, inner)
    case 'SET_OPERATION_NODE':
      return setOperation(walk, node, inner)
    case 'RECURSIVE_CTE_NODE':
      return recursive(walk, node, inner)
    default:
      return unknownRelation(`${String(node['type'])} is not followed`)
  }
}

function unknownRelation(reason: string): Relation {
  return { columns: [{ name: '', flow: unknownFlow(reason), isMany: true }], rows: NO_FLOW }
}

/** A CTE sees those before it, not itself. */
function withCtes(walk: Walk, node: Tree, scope: Scope): Scope {
  const entries = nodesAt(nodeAt(node, 'cte_map'), 'map')
  if (entries.length === 0) return scope
  const ctes = new Map(scope.ctes)
  const inner = { ...scope, ctes }
  for (const entry of entries) {
    const value = nodeAt(entry, 'value')
    const relation = walk.query(nodeAt(nodeAt(value, 'query'), 'node'), inner)
    ctes.set(lowerText(entry['key']), withNames(relation, value['aliases']))
  }
  return inner
}

function withNames(relation: Relation, names: unknown): Relation {
  if (!Array.isArray(names) || names.length === 0) return relation
  if (relation.columns.some(({ isMany }) => isMany)) {
    const flow = changed(union(relation.columns.map((column) => column.flow)))
    return { ...relation, columns: names.map((name) => ({ name: String(name), flow, isMany: false })) }
  }
  return { ...relation, columns: relation.columns.map((column, i) => (typeof names[i] === 'string' ? { ...column, name: names[i] } : column)) }
}

function setOperation(walk: Walk, node: Tree, scope: Scope): Relation {
  const kind = lowerText(node['setop_type'])
  const sides = sidesOf(node).map((side) => walk.query(side, scopeWithin(scope, scope.source)))
  const lists = haveSharedBase(sides) && kind.startsWith('union') ? sides.map(changedColumns) : sides.map((side) => side.columns)
  const columns = lists.reduce<readonly RelationColumn[] | null>((all, list) => (all === null ? list : combined(kind, all, list)), null) ?? []
  const values = sides.flatMap((side) => side.columns.map(({ flow }) => flow))
  const isFilter = kind === 'except' || kind === 'intersect'
  const deciding = isFilter ? usedFor('filter', ...values) : node['setop_all'] === true ? NO_FLOW : usedFor('group', ...values)
  const relation = { columns, rows: union([...sides.map(({ rows }) => rows), deciding]) }
  return { columns, rows: union([relation.rows, ...modifierFlows(walk, node, { scope, relation })]) }
}

/** Where two sides copy from the same dataset, it cannot be told which of them a row came by. */
function haveSharedBase(sides: readonly Relation[]): boolean {
  const datasets = sides.map(({ columns }) => new Set(columns.flatMap(({ flow }) => sameBases(flow)).map((base) => partsOfBase(base).dataset)))
  return datasets.some((own, i) => datasets.slice(i + 1).some((other) => !own.isDisjointFrom(other)))
}

function changedColumns({ columns }: Relation): RelationColumn[] {
  return columns.map((column) => ({ ...column, flow: changed(column.flow) }))
}

function sidesOf(node: Tree): Tree[] {
  const children = nodesAt(node, 'children')
  return children.length > 0 ? children : [nodeAt(node, 'left'), nodeAt(node, 'right')]
}

function combined(kind: string, left: readonly RelationColumn[], right: readonly RelationColumn[]): readonly RelationColumn[] {
  const isOpen = [...left, ...right].some(({ isMany }) => isMany)
  if (isOpen) return [{ name: '', flow: changed(union([...left, ...right].map(({ flow }) => flow))), isMany: true }]
  // The rows of EXCEPT are rows of the left; those of INTERSECT are in both, and it does not matter whose they are called.
  if (kind === 'except' || kind === 'intersect') return left
  if (kind !== 'union_by_name') return left.map((column, i) => ({ ...column, flow: union([column.flow, right[i]?.flow ?? NO_FLOW]) }))
  const byName = new Map(left.map((column) => [column.name.toLowerCase(), column]))
  for (const column of right) {
    const known = byName.get(column.name.toLowerCase())
    byName.set(column.name.toLowerCase(), known === undefined ? column : { ...known, flow: union([known.flow, column.flow]) })
  }
  return [...byName.values()]
}

/** ORDER BY, DISTINCT and LIMIT of a combination see its columns only. */
function modifierFlows(walk: Walk, node: Tree, { scope, relation }: { scope: Scope; relation: Relation }): Flow[] {
  const inner = scopeWithin(scope, { visible: relation.columns, bindings: [], rows: NO_FLOW })
  const values = relation.columns.map(({ flow }) => flow)
  return nodesAt(node, 'modifiers').map((modifier) => {
    if (modifier['type'] === 'DISTINCT_MODIFIER') return usedFor('group', ...values)
    const orders = nodesAt(modifier, 'orders').map((order) => walk.expression(nodeAt(order, 'expression'), inner))
    return usedFor('order', ...orders)
  })
}

/** Goes round until nothing is added: what comes out goes in again. The ways are finite, so it ends. */
function recursive(walk: Walk, node: Tree, scope: Scope): Relation {
  const name = lowerText(node['cte_name'])
  const left = walk.query(nodeAt(node, 'left'), scope)
  const first = withNames({ ...left, columns: changedColumns(left) }, node['aliases'])
  const deciding = (relation: Relation): Flow => (node['union_all'] === true ? NO_FLOW : usedFor('group', ...relation.columns.map(({ flow }) => flow)))
  let known: Relation = { ...first, rows: union([first.rows, deciding(first)]) }
  for (;;) {
    const again = walk.query(nodeAt(node, 'right'), { ...scope, ctes: new Map([...scope.ctes, [name, known]]) })
    const columns = combined('union', known.columns, changedColumns(again))
    const next = { columns, rows: union([known.rows, again.rows, deciding({ columns, rows: NO_FLOW })]) }
    if (isSameRelation(known, next)) return next
    known = next
  }
}

function isSameRelation(one: Relation, other: Relation): boolean {
  if (one.columns.length !== other.columns.length || !isSameFlow(one.rows, other.rows)) return false
  return one.columns.every((column, i) => isSameFlow(column.flow, other.columns[i]?.flow ?? NO_FLOW))
}


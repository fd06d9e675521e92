import { isTree, lowerText, nodeAt, nodesAt, type Tree } from '../tree-node.ts'
import { changed, fieldOf, type Flow, NO_FLOW, union, usedFor } from './flow.ts'
import { lookUp, type Scope } from './scope.ts'
import { expandStar } from './star-columns.ts'
import type { Walk } from './walk.ts'

/** Functions that give several rows for one. */
const UNNESTING = new Set(['unnest', 'unlist', 'generate_subscripts'])

/** What the value of an expression comes from. A name alone hands the value on as it is. */
export function expressionFlow(walk: Walk, node: Tree, scope: Scope): Flow {
  switch (node['class']) {
    case 'COLUMN_REF':
      return lookUp(namesOf(node), scope)
    case 'STAR':
      return starFlow(walk, node, scope)
    case 'POSITIONAL_REFERENCE':
      return scope.source.visible[Number(node['index']) - 1]?.flow ?? NO_FLOW
    case 'FUNCTION':
      return functionFlow(walk, node, scope)
    case 'OPERATOR':
      return operatorFlow(walk, node, scope)
    default:
      return changed(otherFlow(walk, node, scope))
  }
}

function otherFlow(walk: Walk, node: Tree, scope: Scope): Flow {
  switch (node['class']) {
    case 'SUBQUERY':
      return subqueryFlow(walk, node, scope)
    case 'WINDOW':
      return windowFlow(walk, node, scope)
    case 'LAMBDA':
      return walk.expression(nodeAt(node, 'expr'), { ...scope, parameters: new Set([...scope.parameters, ...parametersOf(nodeAt(node, 'lhs'))]) })
    default:
      return ofChildren(walk, node, scope)
  }
}

export function namesOf(node: Tree): string[] {
  const names = node['column_names']
  return Array.isArray(names) ? names.filter((name) => typeof name === 'string') : []
}

const APART = ['filter', 'order_bys']

function ofChildren(walk: Walk, node: Tree, scope: Scope): Flow {
  const flows: Flow[] = []
  const visit = (value: unknown): void => {
    if (Array.isArray(value)) value.forEach(visit)
    else if (isTree(value) && typeof value['class'] === 'string') flows.push(walk.expression(value, scope))
    else if (isTree(value)) Object.values(value).forEach(visit)
  }
  for (const [key, value] of Object.entries(node)) if (!APART.includes(key)) visit(value)
  return union(flows)
}

/** A scalar subquery hands on its value, ANY what it compares; EXISTS only whether there are rows. */
function subqueryFlow(walk: Walk, node: Tree, scope: Scope): Flow {
  const relation = walk.query(nodeAt(nodeAt(node, 'subquery'), 'node'), scope)
  const child = isTree(node['child']) ? walk.expression(node['child'], scope) : NO_FLOW
  const isExists = lowerText(node['subquery_type']).endsWith('exists')
  const values = isExists ? [] : relation.columns.map(({ flow }) => flow)
  return union([child, ...values, relation.rows])
}

function windowFlow(walk: Walk, node: Tree, scope: Scope): Flow {
  const flows = (key: string): Flow[] => nodesAt(node, key).map((child) => walk.expression(child, scope))
  const one = (key: string): Flow => (isTree(node[key]) ? walk.expression(node[key], scope) : NO_FLOW)
  const orders = [...nodesAt(node, 'orders'), ...nodesAt(node, 'arg_orders')].map((order) => walk.expression(nodeAt(order, 'expression'), scope))
  return union([
    ...flows('children'),
    one('default_expr'),
    usedFor('window', ...flows('partitions'), ...orders, one('start_expr'), one('end_expr'), one('offset_expr')),
    usedFor('filter', one('filter_expr')),
  ])
}

function functionFlow(walk: Walk, node: Tree, scope: Scope): Flow {
  const orders = nodesAt(nodeAt(node, 'order_bys'), 'orders').map((order) => walk.expression(nodeAt(order, 'expression'), scope))
  const filter = isTree(node['filter']) ? walk.expression(node['filter'], scope) : NO_FLOW
  const values = functionValues(walk, node, scope)
  if (UNNESTING.has(lowerText(node['function_name']))) scope.effects.push(usedFor('join', values))
  return union([values, usedFor('filter', filter), usedFor('order', ...orders)])
}

function functionValues(walk: Walk, node: Tree, scope: Scope): Flow {
  const name = lowerText(node['function_name'])
  const children = nodesAt(node, 'children')
  if (name === 'struct_pack') {
    const flows = children.map((child) => walk.expression(child, scope))
    return { ...changed(union(flows)), fields: new Map(children.map((child, i) => [lowerText(child['alias']), flows[i] ?? NO_FLOW])) }
  }
  return name === 'struct_extract' ? extracted(walk, node, scope) : changed(ofChildren(walk, node, scope))
}

/** `s.field` and `s['field']`: of a struct made in the statement only the field. */
function extracted(walk: Walk, node: Tree, scope: Scope): Flow {
  const [from, key] = nodesAt(node, 'children')
  const field = key?.['class'] === 'CONSTANT' ? nodeAt(key, 'value')['value'] : null
  return from === undefined || typeof field !== 'string' ? changed(ofChildren(walk, node, scope)) : fieldOf(walk.expression(from, scope), [field])
}

function operatorFlow(walk: Walk, node: Tree, scope: Scope): Flow {
  if (node['type'] === 'ARRAY_EXTRACT' || node['type'] === 'STRUCT_EXTRACT') return extracted(walk, node, scope)
  // It tells by which columns a row was grouped, not what is in them.
  if (node['type'] === 'GROUPING_FUNCTION') return usedFor('group', ofChildren(walk, node, scope))
  return changed(ofChildren(walk, node, scope))
}

/** Inside an expression, COLUMNS(...) is one column after the other; unpacked, and as a list of arguments, it is all of them. */
function starFlow(walk: Walk, node: Tree, scope: Scope): Flow {
  if (scope.star !== null) return scope.star.flow
  return changed(union(expandStar(walk, node, scope).map(({ flow }) => flow)))
}

function parametersOf(node: Tree): string[] {
  if (node['class'] === 'COLUMN_REF') return namesOf(node).map((name) => name.toLowerCase())
  return nodesAt(node, 'children').flatMap(parametersOf)
}

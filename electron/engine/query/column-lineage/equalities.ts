import { isTree, nodeAt, nodesAt, type Tree } from '../tree-node.ts'
import { equated, sameBases } from './flow.ts'
import type { RelationColumn, Scope } from './scope.ts'
import type { Walk } from './walk.ts'

/** Base columns that a condition compares for being equal, both sides of each comparison. */
export type Equalities = readonly (readonly [readonly string[], readonly string[]])[]

/** Of a condition, what must hold in every row: `a.x = b.y AND …` between plain columns. */
export function equalitiesOf(walk: Walk, node: unknown, scope: Scope): Equalities {
  if (!isTree(node)) return []
  if (node['type'] === 'CONJUNCTION_AND') return nodesAt(node, 'children').flatMap((child) => equalitiesOf(walk, child, scope))
  if (node['type'] !== 'COMPARE_EQUAL') return []
  const [left, right] = [nodeAt(node, 'left'), nodeAt(node, 'right')]
  return isColumn(left) && isColumn(right) ? [[sameBases(walk.expression(left, scope)), sameBases(walk.expression(right, scope))]] : []
}

function isColumn(node: Tree): boolean {
  return node['class'] === 'COLUMN_REF'
}

/** Columns that know to which others their values are equal. */
export function withEqualities<Column extends RelationColumn>(columns: readonly Column[], equalities: Equalities): readonly Column[] {
  if (equalities.length === 0) return columns
  // Twice, for a = b AND b = c written the other way round.
  return columns.map((column) => ({ ...column, flow: equated(equated(column.flow, equalities), equalities) }))
}

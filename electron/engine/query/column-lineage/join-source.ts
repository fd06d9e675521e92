import { isTree, lowerText, nodeAt, textsAt, type Tree } from '../tree-node.ts'
import { type Equalities, equalitiesOf, withEqualities } from './equalities.ts'
import { type Flow, NO_FLOW, sameBases, union, unknownFlow, usedFor } from './flow.ts'
import { type Binding, namedColumn, type RelationColumn, type Scope, type Source, scopeWithin } from './scope.ts'
import type { Walk } from './walk.ts'

/** Both sides of a join. The right side may use what the left one gives. */
export function joinSource(walk: Walk, node: Tree, scope: Scope): Source {
  const left = walk.source(nodeAt(node, 'left'), scope)
  const right = walk.source(nodeAt(node, 'right'), scopeWithin(scope, left))
  const kind = lowerText(node['join_type'])
  const keys = joinKeys(node, left, right)
  const bindings = [...left.bindings, ...right.bindings]
  const visible = [...left.visible.map((column) => merged(column, keys, kind)), ...right.visible.filter(({ name }) => !keys.has(name.toLowerCase()))]
  const inner = scopeWithin(scope, { visible, bindings, rows: NO_FLOW })
  const on = isTree(node['condition']) ? walk.expression(node['condition'], inner) : NO_FLOW
  const equal: Equalities = [...equalitiesOf(walk, node['condition'], inner), ...[...keys.values()].map(([ours, theirs]) => [sameBases(ours), sameBases(theirs)] as const)]
  const rows = union([left.rows, right.rows, usedFor('join', on, ...[...keys.values()].flat(), ...unseenNatural(node, left, right))])
  if (kind === 'anti') return { ...left, rows }
  if (kind === 'semi') return { visible: withEqualities(left.visible, equal), bindings: equalBindings(left.bindings, equal), rows }
  return { visible: withEqualities(visible, equal), bindings: equalBindings(bindings, equal), rows }
}

export function equalBindings(bindings: readonly Binding[], equal: Equalities): Binding[] {
  return bindings.map((binding) => ({ ...binding, columns: withEqualities(binding.columns, equal) }))
}

/** Columns that USING or NATURAL makes one of, by name, with both sides' flows. */
function joinKeys(node: Tree, left: Source, right: Source): Map<string, [Flow, Flow]> {
  const isNatural = node['ref_type'] === 'NATURAL'
  const names = isNatural ? left.visible.filter(({ isMany }) => !isMany).map(({ name }) => name.toLowerCase()) : textsAt(node, 'using_columns')
  const keys = new Map<string, [Flow, Flow]>()
  for (const name of names) {
    const ours = namedColumn(left.visible, name)
    const theirs = namedColumn(right.visible, name)
    if (ours !== undefined && theirs !== undefined) keys.set(name, [ours.flow, theirs.flow])
  }
  return keys
}

/** The key of a join is the left one's value; of the other side's where that side may stand alone. */
function merged(column: RelationColumn, keys: ReadonlyMap<string, [Flow, Flow]>, kind: string): RelationColumn {
  const key = keys.get(column.name.toLowerCase())
  if (key === undefined || column.isMany) return column
  const [ours, theirs] = key
  if (kind === 'right') return { ...column, flow: theirs }
  return kind === 'outer' || kind === 'full' ? { ...column, flow: union([ours, theirs]) } : column
}

function unseenNatural(node: Tree, left: Source, right: Source): Flow[] {
  const hasMany = [...left.visible, ...right.visible].some(({ isMany }) => isMany)
  return node['ref_type'] === 'NATURAL' && hasMany ? [unknownFlow('NATURAL JOIN over columns that are not known')] : []
}

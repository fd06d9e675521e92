import { isTree, lowerText, nodeAt, nodesAt, type Tree } from '../tree-node.ts'
import { changed, type Flow, NO_FLOW, partsOfBase, union, unknownFlow, usedFor, valueOf } from './flow.ts'
import { joinSource } from './join-source.ts'
import { pivotSource } from './pivot-source.ts'
import { type Binding, NO_SOURCE, type Relation, type RelationColumn, type Scope, type Source } from './scope.ts'
import type { Walk } from './walk.ts'

/** What an entry of FROM gives. */
export function tableSource(walk: Walk, node: Tree, scope: Scope): Source {
  switch (node['type']) {
    case 'BASE_TABLE':
      return baseTable(walk, node, scope)
    case 'SUBQUERY':
      return named(node, [], walk.query(nodeAt(nodeAt(node, 'subquery'), 'node'), scope))
    case 'JOIN':
      return joinSource(walk, node, scope)
    case 'TABLE_FUNCTION':
      return tableFunction(walk, node, scope)
    case 'EXPRESSION_LIST':
      return valuesList(walk, node, scope)
    case 'PIVOT':
      return pivotSource(walk, node, scope)
    case 'EMPTY':
    case 'EMPTY_FROM':
      return NO_SOURCE
    case undefined:
      return NO_SOURCE
    default:
      return oneSource([''], [many(unknownFlow(`${String(node['type'])} in FROM is not followed`))], NO_FLOW)
  }
}

function many(flow: Flow): RelationColumn {
  return { name: '', flow, isMany: true }
}

function oneSource(path: readonly string[], columns: readonly RelationColumn[], rows: Flow): Source {
  const binding: Binding = { path, columns }
  return { visible: columns.map((column) => ({ ...column, owner: path.at(-1) ?? '' })), bindings: [binding], rows }
}

/** The relation under its alias, with the column names that the alias gives. */
function named(node: Tree, path: readonly string[], relation: Relation): Source {
  const alias = lowerText(node['alias'])
  const names = Array.isArray(node['column_name_alias']) ? node['column_name_alias'] : []
  const isCountable = relation.columns.every(({ isMany }) => !isMany)
  const columns = names.length === 0 ? relation.columns : renamedColumns(relation.columns, names, isCountable)
  return oneSource(alias === '' ? path : [alias], columns, relation.rows)
}

/** Where it is not known how many columns there are, each given name may be any of them. */
function renamedColumns(columns: readonly RelationColumn[], names: readonly unknown[], isCountable: boolean): RelationColumn[] {
  if (isCountable) return columns.map((column, i) => (typeof names[i] === 'string' ? { ...column, name: names[i] } : column))
  const flow = changed(union(columns.map((column) => column.flow)))
  return names.map((name) => ({ name: String(name), flow, isMany: false }))
}

function baseTable(walk: Walk, node: Tree, scope: Scope): Source {
  const parts = [lowerText(node['catalog_name']), lowerText(node['schema_name']), lowerText(node['table_name'])].filter((part) => part !== '')
  const [first = '', second = ''] = parts
  const cte = parts.length === 1 ? scope.ctes.get(first) : parts.length === 2 && first === 'recurring' ? scope.ctes.get(second) : undefined
  if (cte !== undefined) {
    countUses(walk, cte)
    return named(node, [parts.at(-1) ?? ''], cte)
  }
  const table = walk.tableOf(parts)
  if (table === null) return named(node, parts, { columns: [many(unknownFlow(`the columns of ${parts.join('.')} are not known`))], rows: NO_FLOW })
  walk.uses.set(table.dataset, (walk.uses.get(table.dataset) ?? 0) + 1)
  const columns = table.columns.map((name) => ({ name, flow: valueOf(table.dataset, name), isMany: false }))
  return named(node, table.dataset.split('.'), { columns, rows: NO_FLOW })
}

/** A CTE that is read a second time reads its datasets a second time. */
function countUses(walk: Walk, cte: Relation): void {
  if (!walk.usedCtes.has(cte)) {
    walk.usedCtes.add(cte)
    return
  }
  const datasets = new Set(cte.columns.flatMap(({ flow }) => [...flow.bases.keys()]).map((base) => partsOfBase(base).dataset))
  for (const dataset of datasets) walk.uses.set(dataset, (walk.uses.get(dataset) ?? 0) + 1)
}

const JSON_COLUMNS = ['key', 'value', 'type', 'atom', 'id', 'parent', 'fullkey', 'path']

/** Every column of a table function comes from its arguments, and so does how many rows there are. */
function tableFunction(walk: Walk, node: Tree, scope: Scope): Source {
  const call = nodeAt(node, 'function')
  const name = lowerText(call['function_name'])
  const args = nodesAt(call, 'children')
  const flow = changed(union(args.map((argument) => walk.expression(argument, scope))))
  const column = (columnName: string): RelationColumn => ({ name: columnName, flow, isMany: false })
  const columns = name.startsWith('json_') ? JSON_COLUMNS.map(column) : name === 'unnest' ? [unnested(args, column(name))] : [column(name)]
  const ordinality = lowerText(node['with_ordinality']) === 'with_ordinality' ? [column('ordinality')] : []
  return named(node, [name], { columns: [...columns, ...ordinality], rows: usedFor('join', flow) })
}

/** With `recursive` or `max_depth`, structs become columns of their own. */
function unnested(args: readonly Tree[], column: RelationColumn): RelationColumn {
  return args.length > 1 ? { ...column, name: '', isMany: true } : column
}

function valuesList(walk: Walk, node: Tree, scope: Scope): Source {
  const rows = Array.isArray(node['values']) ? node['values'].filter(Array.isArray) : []
  const width = rows[0]?.length ?? 0
  const columns = Array.from({ length: width }, (_, i): RelationColumn => ({
    name: `col${i}`,
    flow: union(rows.map((row: unknown[]) => (isTree(row[i]) ? walk.expression(row[i], scope) : NO_FLOW))),
    isMany: false,
  }))
  return named(node, ['valueslist'], { columns, rows: NO_FLOW })
}

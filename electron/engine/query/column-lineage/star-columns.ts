import { isTree, lowerText, nodeAt, nodesAt, textsAt, type Tree } from '../tree-node.ts'
import { changed, unknownFlow } from './flow.ts'
import { endsWith, lookUp, type RelationColumn, type Scope } from './scope.ts'
import type { Walk } from './walk.ts'

/** The columns that `*`, `t.*` or `COLUMNS(...)` stands for, with what EXCLUDE, REPLACE and RENAME make of them. */
export function expandStar(walk: Walk, node: Tree, scope: Scope): RelationColumn[] {
  const chosen = chooseColumns(node, starred(node, scope))
  const left = chosen.filter((column) => column.isMany || !isExcluded(node, column))
  const replacements = new Map(nodesAt(node, 'replace_list').map((entry) => [lowerText(entry['key']), walk.expression(nodeAt(entry, 'value'), scope)]))
  return left.map((column) => renamed(node, { ...column, flow: replacements.get(column.name.toLowerCase()) ?? column.flow }))
}

function starred(node: Tree, scope: Scope): readonly RelationColumn[] {
  const relation = lowerText(node['relation_name'])
  if (relation === '') return scope.source.visible
  const binding = scope.source.bindings.find(({ path }) => endsWith(path, [relation]))
  if (binding !== undefined) return binding.columns
  const struct = lookUp([relation], scope)
  if (struct.fields !== undefined) return [...struct.fields].map(([name, flow]) => ({ name, flow, isMany: false }))
  // A struct of which only the whole is known: every field comes from it.
  return [{ name: '', flow: changed(struct), isMany: true }]
}

/** COLUMNS takes a pattern or a list of names; what else it takes is not evaluated here. */
function chooseColumns(node: Tree, columns: readonly RelationColumn[]): readonly RelationColumn[] {
  const choice = node['expr']
  if (!isTree(choice)) return columns
  const listed = textConstants(choice)
  if (listed !== null) return columns.filter(({ name, isMany }) => !isMany && listed.includes(name.toLowerCase()))
  const pattern = choice['class'] === 'CONSTANT' ? nodeAt(choice, 'value')['value'] : null
  const expression = typeof pattern === 'string' ? compiled(pattern) : null
  if (expression !== null && columns.every(({ isMany }) => !isMany)) return columns.filter(({ name }) => expression.test(name))
  return [{ name: '', flow: unknownFlow('COLUMNS chooses its columns by a function'), isMany: true }]
}

function textConstants(node: Tree): string[] | null {
  if (lowerText(node['function_name']) !== 'list_value') return null
  const texts = nodesAt(node, 'children').map((child) => nodeAt(child, 'value')['value'])
  return texts.every((text) => typeof text === 'string') ? texts.map(lowerText) : null
}

/** DuckDB's patterns are RE2's; those that JavaScript does not take are left alone. */
function compiled(pattern: string): RegExp | null {
  try {
    return pattern.startsWith('(?i)') ? new RegExp(pattern.slice(4), 'iv') : new RegExp(pattern, 'v')
  } catch (cause) {
    if (cause instanceof SyntaxError) return null
    throw cause
  }
}

function isExcluded(node: Tree, { name, owner }: RelationColumn): boolean {
  const lower = name.toLowerCase()
  const isMeant = (entry: Tree): boolean => lowerText(entry['column']) === lower && [undefined, '', lowerText(entry['table'])].includes(owner)
  return textsAt(node, 'exclude_list').includes(lower) || nodesAt(node, 'qualified_exclude_list').some(isMeant)
}

function renamed(node: Tree, column: RelationColumn): RelationColumn {
  const entry = nodesAt(node, 'rename_list').find(({ key }) => isTree(key) && lowerText(key['column']) === column.name.toLowerCase())
  return typeof entry?.['value'] === 'string' ? { ...column, name: entry['value'] } : column
}

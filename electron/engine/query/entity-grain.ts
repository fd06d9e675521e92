import { joinTables } from './grain-join.ts'
import {
  columnOf, equatesKeys, type GrainFinding, type GrainRequest, type GrainWalk, isKey, isKeyAround, isKeyed, type Relation, type Scope, type Table, WHOLE,
} from './grain-scope.ts'
import { isTree, lowerText, nodeAt, nodesAt, positionOf, textsAt, type Tree } from './tree-node.ts'

/**
 * Whether a SELECT may run a few entities at a time: true when every row it gives depends on the input rows of one entity only,
 * besides datasets that have no entities. Follows the key column through the statement; what it cannot follow it reports, so that
 * a doubt is a finding and never a wrong table.
 */

/** What keeps the statement from running a few entities at a time; empty when nothing does. */
export function checkGrain(request: GrainRequest): GrainFinding[] {
  const findings: GrainFinding[] = []
  const key = request.key.toLowerCase()
  const walk: GrainWalk = {
    ...request,
    key,
    findings,
    report(node, message, suggestion = DECLARE) {
      const finding = { message, position: positionOf(node), suggestion }
      if (!findings.some((known) => known.message === finding.message && known.position === finding.position)) findings.push(finding)
    },
    from: (ref, scope) => readFrom(walk, ref, scope),
    expressions: (node, scope, isFree) => readExpressions(walk, node, { scope, isFree }),
  }
  const node = nodeAt(isTree(request.statement) ? request.statement : {}, 'node')
  const output = readQuery(walk, node, { tables: [], outer: null, ctes: new Map() })
  if (output.keys === null) walk.report(node, `None of the datasets that are read has the column "${request.key}", so there is nothing to go by`, 'Set entity.key to a column of what is read, or remove grain: entity')
  else if (!output.keys.has(key)) {
    walk.report(node, `The SELECT does not give "${request.key}" as it was read, so a row cannot be told its entity`, `Give ${request.key} unchanged among the columns`)
  }
  return findings
}

const DECLARE = 'Key it by the entity, or write entity: { unsafe: true } if it is right all the same'

function readQuery(walk: GrainWalk, node: Tree, around: Scope): Relation {
  const scope = withCtes(walk, node, around)
  switch (node['type']) {
    case 'SELECT_NODE':
      return readSelect(walk, node, scope)
    case 'SET_OPERATION_NODE':
      return readSetOperation(walk, node, scope)
    default:
      return readOther(walk, node, scope)
  }
}

function withCtes(walk: GrainWalk, node: Tree, around: Scope): Scope {
  const entries = nodesAt(nodeAt(node, 'cte_map'), 'map')
  if (entries.length === 0) return around
  const ctes = new Map(around.ctes)
  for (const entry of entries) {
    const value = nodeAt(entry, 'value')
    const relation = readQuery(walk, nodeAt(nodeAt(value, 'query'), 'node'), { ...around, ctes })
    ctes.set(lowerText(entry['key']), renamed(relation, textsAt(value, 'aliases')))
  }
  return { ...around, ctes }
}

/** A recursive CTE, or a kind of query that is newer than this: fine as long as no entities are in it. */
function readOther(walk: GrainWalk, node: Tree, scope: Scope): Relation {
  const name = lowerText(node['cte_name'])
  const ctes = name === '' ? scope.ctes : new Map(scope.ctes).set(name, WHOLE)
  const sides = ['left', 'right', 'query', 'child'].map((side) => nodeAt(node, side)).filter((side) => 'type' in side)
  const relations = sides.map((side) => readQuery(walk, side, { ...scope, ctes }))
  if (isKeyed(relations)) walk.report(node, 'Entities are followed into a recursive query, which may lead from one to another')
  return WHOLE
}

function readSelect(walk: GrainWalk, node: Tree, around: Scope): Relation {
  const tables = walk.from(nodeAt(node, 'from_table'), around)
  const scope: Scope = { tables, outer: around.outer, ctes: around.ctes }
  const where = nodeAt(node, 'where_clause')
  const isPinned = equatesKeys(where, (side) => isKey(side, tables), (side) => isKeyAround(side, around.outer))
  const isFree = isKeyed(tables) && !isPinned
  for (const part of ['select_list', 'where_clause', 'group_expressions', 'having', 'qualify', 'modifiers']) walk.expressions(node[part], scope, isFree)
  const output = readOutput(nodesAt(node, 'select_list'), tables)
  if (isFree) {
    checkGroups(walk, node, tables)
    checkModifiers(walk, node, { tables, output })
    if (isTree(node['sample'])) walk.report(nodeAt(node, 'from_table'), 'A sample is taken over all entities, not of each')
  }
  return { keys: tables.some((table) => table.keys !== null) ? output.keys : null, columns: output.columns, isPinned: isPinned || (!isFree && tables.some((table) => table.isPinned)) }
}

interface Output {
  keys: ReadonlySet<string>
  columns: readonly string[] | null
}

/** Which columns of the select list are the key, and what the columns are called. */
function readOutput(items: readonly Tree[], tables: readonly Table[]): Output {
  const keys = new Set<string>()
  const columns: string[] = []
  let isComplete = true
  for (const item of items) {
    if (item['class'] === 'STAR') {
      const star = readStar(item, tables)
      for (const name of star.keys) keys.add(name)
      if (star.columns === null) isComplete = false
      else columns.push(...star.columns)
      continue
    }
    const name = lowerText(item['alias']) || columnOf(item)?.name || ''
    if (isKey(item, tables)) keys.add(name)
    columns.push(name)
  }
  return { keys, columns: isComplete ? columns : null }
}

function readStar(item: Tree, tables: readonly Table[]): Output {
  if (isTree(item['expr'])) return { keys: new Set(), columns: null }
  const relation = lowerText(item['relation_name'])
  const meant = tables.filter((table) => relation === '' || table.name === relation)
  const excluded = new Set([...textsAt(item, 'exclude_list'), ...namesOf(item, 'qualified_exclude_list'), ...nodesAt(item, 'replace_list').map((entry) => lowerText(entry['key']))])
  const left = new Set(nodesAt(item, 'rename_list').map((entry) => lowerText(nodeAt(entry, 'key')['column'] ?? entry['key'])))
  const keeps = (name: string): boolean => !excluded.has(name) && !left.has(name)
  // USING shows a column of two tables once, so only one table's columns have a known place.
  const isPlain = meant.length === 1 && excluded.size === 0 && left.size === 0 && meant.every((table) => table.columns !== null)
  return { keys: new Set(meant.flatMap((table) => [...(table.keys ?? [])]).filter(keeps)), columns: isPlain ? meant.flatMap((table) => [...(table.columns ?? [])]) : null }
}

function namesOf(item: Tree, list: string): string[] {
  return nodesAt(item, list).map((entry) => lowerText(entry['column'] ?? entry['name']))
}

function checkGroups(walk: GrainWalk, node: Tree, tables: readonly Table[]): void {
  const groups = nodesAt(node, 'group_expressions')
  const items = nodesAt(node, 'select_list')
  const named = (group: Tree): boolean => isKey(group, tables) || isKey(selectItem(group, items) ?? {}, tables)
  if (node['aggregate_handling'] === 'FORCE_AGGREGATES') {
    const isByKey = items.some((item) => isKey(item, tables) || (item['class'] === 'STAR' && readStar(item, tables).keys.size > 0))
    if (!isByKey) walk.report(items[0] ?? node, `GROUP BY ALL puts rows of different entities together, because ${walk.key} is not among the columns`)
    return
  }
  if (groups.length === 0) {
    const aggregate = firstAggregate(walk, [node['select_list'], node['having']])
    if (aggregate !== null) walk.report(aggregate, `${lowerText(aggregate['function_name'])}() is over all entities at once`, `Add GROUP BY ${walk.key}, or write entity: { unsafe: true } if it is right all the same`)
    return
  }
  const sets = Array.isArray(node['group_sets']) ? node['group_sets'].filter(Array.isArray) : []
  const [first] = groups
  const isByKey = sets.length === 0 ? groups.some(named) : sets.every((set) => set.some((index) => named(groups[Number(index)] ?? {})))
  if (!isByKey) walk.report(first ?? node, `GROUP BY puts rows of different entities together: ${walk.key} is not among what is grouped by`, `Add ${walk.key} to GROUP BY, or write entity: { unsafe: true } if it is right all the same`)
}

/** GROUP BY and DISTINCT ON may name a column of the SELECT by its alias or its place. */
function selectItem(expression: Tree, items: readonly Tree[]): Tree | undefined {
  if (expression['class'] === 'CONSTANT') return items[Number(nodeAt(expression, 'value')['value']) - 1]
  const column = columnOf(expression)
  return column === null || column.qualifier !== null ? undefined : items.find((item) => lowerText(item['alias']) === column.name)
}

function firstAggregate(walk: GrainWalk, value: unknown): Tree | null {
  if (Array.isArray(value)) {
    for (const item of value) {
      const found = firstAggregate(walk, item)
      if (found !== null) return found
    }
    return null
  }
  if (!isTree(value) || value['class'] === 'SUBQUERY' || value['class'] === 'WINDOW') return null
  if (value['class'] === 'FUNCTION' && walk.aggregates.has(lowerText(value['function_name']))) return value
  return firstAggregate(walk, Object.values(value))
}

function checkModifiers(walk: GrainWalk, node: Tree, { tables, output }: { tables: readonly Table[]; output: Output }): void {
  const items = nodesAt(node, 'select_list')
  const [first = node] = items
  for (const modifier of nodesAt(node, 'modifiers')) {
    if (modifier['type'] === 'LIMIT_MODIFIER' || modifier['type'] === 'LIMIT_PERCENT_MODIFIER') walk.report(first, 'LIMIT counts rows over all entities, not of each')
    if (modifier['type'] !== 'DISTINCT_MODIFIER') continue
    const targets = nodesAt(modifier, 'distinct_on_targets')
    const isByKey = targets.length === 0 ? output.keys.size > 0 : targets.some((target) => isKey(target, tables) || isKey(selectItem(target, items) ?? {}, tables))
    if (!isByKey) walk.report(targets[0] ?? first, `DISTINCT puts rows of different entities together, because ${walk.key} is not among ${targets.length === 0 ? 'the columns' : 'what it is ON'}`)
  }
}

function readSetOperation(walk: GrainWalk, node: Tree, scope: Scope): Relation {
  const sides = [nodeAt(node, 'left'), nodeAt(node, 'right'), ...nodesAt(node, 'children')].filter((side) => 'type' in side)
  const relations = sides.map((side) => readQuery(walk, side, scope))
  if (!isKeyed(relations)) return { keys: null, columns: relations[0]?.columns ?? null, isPinned: relations.some((relation) => relation.isPinned) }
  const [first = node] = sides
  if (relations.some((relation) => relation.keys === null)) {
    walk.report(first, 'A set operation puts rows of entities together with rows that belong to none')
    return { keys: new Set(), columns: null, isPinned: false }
  }
  const isByName = String(node['setop_type']).endsWith('BY_NAME')
  const keys = commonKeys(relations, isByName)
  const isDistinct = node['setop_all'] !== true || !String(node['setop_type']).startsWith('UNION')
  if (isDistinct && keys.size === 0) walk.report(first, `A set operation compares rows of different entities, because ${walk.key} is not in the same column of both sides`)
  if (nodesAt(node, 'modifiers').some((modifier) => String(modifier['type']).startsWith('LIMIT'))) walk.report(first, 'LIMIT counts rows over all entities, not of each')
  return { keys, columns: relations[0]?.columns ?? null, isPinned: false }
}

/** Columns that are the key on every side: the same place, or by name the same name. */
function commonKeys(relations: readonly Relation[], isByName: boolean): ReadonlySet<string> {
  const [first, ...others] = relations
  const names = [...(first?.keys ?? [])]
  const isCommon = (name: string): boolean => {
    if (isByName) return others.every((other) => other.keys?.has(name) === true)
    const index = first?.columns?.indexOf(name) ?? -1
    return index >= 0 && others.every((other) => other.keys?.has(other.columns?.[index] ?? '') === true)
  }
  return new Set(names.filter(isCommon))
}

function readFrom(walk: GrainWalk, ref: Tree, scope: Scope): Table[] {
  const tables = readReference(walk, ref, scope)
  if (isTree(ref['sample']) && isKeyed(tables)) walk.report(ref, 'A sample is taken over all entities, not of each')
  return tables
}

function readReference(walk: GrainWalk, ref: Tree, scope: Scope): Table[] {
  const name = lowerText(ref['alias']) || lowerText(ref['table_name'])
  switch (ref['type']) {
    case 'BASE_TABLE':
      return [{ ...renamed(readTable(walk, ref, scope), textsAt(ref, 'column_name_alias')), name }]
    case 'SUBQUERY':
      return [{ ...renamed(readQuery(walk, nodeAt(nodeAt(ref, 'subquery'), 'node'), { tables: [], outer: scope, ctes: scope.ctes }), textsAt(ref, 'column_name_alias')), name }]
    case 'JOIN':
      return joinTables(walk, ref, scope)
    case 'TABLE_FUNCTION':
      walk.expressions(ref['function'], scope, false)
      return [{ ...WHOLE, name }]
    case 'PIVOT':
    case 'SHOW_REF': {
      const source = ref['type'] === 'PIVOT' ? walk.from(nodeAt(ref, 'source'), scope) : [readQuery(walk, nodeAt(ref, 'query'), scope)]
      if (isKeyed(source)) walk.report(ref, `Entities cannot be followed through ${ref['type'] === 'PIVOT' ? 'PIVOT and UNPIVOT' : 'DESCRIBE and SUMMARIZE'}`)
      return [{ ...WHOLE, name }]
    }
    default:
      return [{ ...WHOLE, name }]
  }
}

function readTable(walk: GrainWalk, ref: Tree, scope: Scope): Relation {
  const parts = ['catalog_name', 'schema_name', 'table_name'].map((part) => lowerText(ref[part])).filter((part) => part !== '')
  const cte = parts.length === 1 ? scope.ctes.get(parts[0] ?? '') : undefined
  if (cte !== undefined) return cte
  const columns = walk.columnsOf(parts.join('.'))
  return { keys: columns.includes(walk.key) ? new Set([walk.key]) : null, columns, isPinned: false }
}

/** `AS t(a, b)` renames columns by their place. */
function renamed(relation: Relation, names: readonly string[]): Relation {
  if (names.length === 0 || relation.keys === null) return relation
  if (relation.columns === null) return { ...relation, keys: new Set() }
  const { columns, keys } = relation
  const after = columns.map((column, index) => names[index] ?? column)
  return { ...relation, columns: after, keys: new Set(after.filter((_name, index) => keys.has(columns[index] ?? ''))) }
}

/** Windows and subqueries, wherever they stand in an expression. `isFree`: the rows are of many entities. */
function readExpressions(walk: GrainWalk, value: unknown, place: { scope: Scope; isFree: boolean }): void {
  if (Array.isArray(value)) {
    for (const item of value) readExpressions(walk, item, place)
    return
  }
  if (!isTree(value)) return
  if (value['class'] === 'SUBQUERY') return readSubquery(walk, value, place)
  const { scope, isFree } = place
  if (value['class'] === 'WINDOW' && isFree && !nodesAt(value, 'partitions').some((partition) => isKey(partition, scope.tables))) {
    walk.report(value, `${lowerText(value['function_name'])}() OVER looks across entities: ${walk.key} is not in its PARTITION BY`, `Add PARTITION BY ${walk.key}, or write entity: { unsafe: true } if it is right all the same`)
  }
  for (const child of Object.values(value)) readExpressions(walk, child, place)
}

function readSubquery(walk: GrainWalk, node: Tree, place: { scope: Scope; isFree: boolean }): void {
  const { scope } = place
  const relation = readQuery(walk, nodeAt(nodeAt(node, 'subquery'), 'node'), { tables: [], outer: scope, ctes: scope.ctes })
  readExpressions(walk, node['child'], place)
  if (relation.keys === null || relation.isPinned) return
  const first = relation.columns?.[0]
  const isByKey = node['comparison_type'] === 'COMPARE_EQUAL' && isKeyAround(nodeAt(node, 'child'), scope) && first !== undefined && relation.keys.has(first)
  if (!isByKey) walk.report(node, 'A subquery looks at the rows of other entities', `Hold it to the entity with WHERE ${walk.key} = ..., or write entity: { unsafe: true } if it is right all the same`)
}

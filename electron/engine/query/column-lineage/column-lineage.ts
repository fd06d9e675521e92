import { isTree, nodeAt, nodesAt, type Tree } from '../tree-node.ts'
import { expressionFlow } from './expression-flow.ts'
import { type Flow, partsOfBase, SAME, union, unknownFlow, WAY, type Way } from './flow.ts'
import { queryRelation } from './query-relation.ts'
import { type RelationColumn, rootScope } from './scope.ts'
import { tableSource } from './table-source.ts'
import type { KnownTable, Walk } from './walk.ts'

export interface ColumnSource {
  dataset: string
  column: string
  /** `value`: its values go into the column's. The others decide which rows there are, or how they are put together. */
  ways: Way[]
  /** The rows behind a row have the column's very value here. */
  isSame: boolean
}

export interface ColumnOrigin {
  column: string
  sources: ColumnSource[]
  /** Why sources may be missing; empty when all are known. */
  unknown: string[]
}

export interface Tables {
  /** The dataset that a name of one to three parts means, lower case; null when it is not known. */
  tableOf: (parts: readonly string[]) => KnownTable | null
  /** Names of DuckDB's aggregate functions, lower case. */
  aggregates: ReadonlySet<string>
}

/**
 * What every column that a statement gives comes from, read from DuckDB's own parse of it.
 * @param statement the tree that json_serialize_sql makes of one SELECT
 * @param outputs the names of the columns that it gives, in order, as DESCRIBE tells them: they say how many columns a star, a pattern or a
 *   struct stands for where the statement does not. Where both disagree nothing is guessed: the columns are unknown.
 */
export function columnLineage(statement: unknown, outputs: readonly string[], tables: Tables): ColumnOrigin[] {
  const walk: Walk = {
    ...tables,
    uses: new Map(),
    usedCtes: new Set(),
    expression: (node, scope) => expressionFlow(walk, node, scope),
    source: (node, scope) => tableSource(walk, node, scope),
    query: (node, scope) => queryRelation(walk, node, scope),
  }
  const { columns, rows } = walk.query(queryOf(statement), rootScope())
  const flows = flowsOfOutputs(columns, outputs)
  return outputs.map((column, i) => originOf(column, union([flows[i] ?? unknownFlow('it is not in the statement'), rows]), walk.uses))
}

function queryOf(statement: unknown): Tree {
  if (!isTree(statement)) return {}
  const [first] = nodesAt(statement, 'statements')
  return nodeAt(first ?? statement, 'node')
}

/** The columns that stand for many get what the others leave. */
function flowsOfOutputs(columns: readonly RelationColumn[], outputs: readonly string[]): Flow[] {
  const isMany = columns.filter((column) => column.isMany).length
  const left = outputs.length - (columns.length - isMany)
  if (isMany === 0 ? left !== 0 : left < 0) return outputs.map(() => unknownFlow('the statement is not followed: it gives other columns than were read from it'))
  if (isMany <= 1) {
    const flows = columns.flatMap((column) => (column.isMany ? Array.from({ length: left }, () => column) : [column]))
    return flows.map((column, i) => (isOtherName(column, outputs[i] ?? '') ? unknownFlow(`it is read as ${column.name} from the statement`) : column.flow))
  }
  // Several of them: where one ends and the next begins is not known, so each output between the first and the last may be of any.
  const first = columns.findIndex((column) => column.isMany)
  const last = columns.findLastIndex((column) => column.isMany)
  const between = union([...columns.slice(first, last + 1).map(({ flow }) => flow), unknownFlow('several parts of the statement give a number of columns that is not known')])
  return outputs.map((_, i) => (i < first ? columns[i] : columns[i - outputs.length + columns.length])?.flow ?? between).map((flow, i) => (i >= first && i < outputs.length - (columns.length - 1 - last) ? between : flow))
}

function isOtherName(column: RelationColumn, output: string): boolean {
  if (column.name === '' || column.isMany) return false
  const [name, given] = [column.name.toLowerCase(), output.toLowerCase()]
  // DuckDB adds _1 and so on to a name that is there already.
  return name !== given && !new RegExp(String.raw`^_\d+$|^:\d+$`, 'v').test(given.startsWith(name) ? given.slice(name.length) : given)
}

function originOf(column: string, flow: Flow, uses: ReadonlyMap<string, number>): ColumnOrigin {
  const sources = [...flow.bases].map(([base, ways]) => {
    const { dataset, column: of } = partsOfBase(base)
    return { dataset, column: of, ways: waysOf(ways), isSame: (ways & SAME) !== 0 && uses.get(dataset) === 1 }
  })
  sources.sort((a, b) => (a.dataset === b.dataset ? compare(a.column, b.column) : compare(a.dataset, b.dataset)))
  return { column, sources, unknown: [...flow.unknown] }
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

const WAYS: readonly Way[] = ['value', 'join', 'filter', 'group', 'order', 'window']

function waysOf(bits: number): Way[] {
  return WAYS.filter((way) => (bits & WAY[way]) !== 0)
}

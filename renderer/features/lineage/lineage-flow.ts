import type { Edge, Node } from '@xyflow/react'
import type { ColumnWay } from '../../../shared/contract/column-lineage.contract.ts'
import type { LineageNode } from '../../../shared/contract/lineage.contract.ts'
import { type StatusName, stepStatus } from '../../ui/status.tsx'
import { columnKey, type ColumnPath, type ColumnRef } from './column-path.ts'
import type { DrawnDataset, DrawnEdge, DrawnFiles, DrawnFold, DrawnGraph, EdgeFreshness } from './drawn-graph.ts'
import type { LaneLayout, Point } from './lane-layout.ts'
import { type ColumnsShown, columnY, drawnHeight, NODE_WIDTH, shownColumns } from './node-size.ts'
import { type Direction, type Expansion, hiddenNeighbours, type Neighbours, pathThrough } from './neighbourhood.ts'

interface NodeLook {
  selected: boolean
  /** Not on the path through the selected node. */
  flat: boolean
}

interface DatasetLook {
  node: LineageNode
  /** Its columns that are on the path of the chosen one, lower case. */
  path: ReadonlySet<string> | undefined
  /** The chosen column, where it is of this dataset. */
  chosen: string | null
  shown: ColumnsShown
  /** The focus of the address. */
  focus: boolean
  hidden: { upstream: number; downstream: number }
  /** The sides whose neighbours were asked for. */
  expanded: { upstream: boolean; downstream: boolean }
}
export interface FlowNodeData extends NodeLook, DatasetLook, Record<string, unknown> {}
interface FilesNodeData extends NodeLook, Record<string, unknown> {
  files: DrawnFiles
}
interface FoldNodeData extends NodeLook, Record<string, unknown> {
  fold: DrawnFold
}
export type DatasetFlowNode = Node<FlowNodeData, 'dataset'>
export type FilesFlowNode = Node<FilesNodeData, 'files'>
export type FoldFlowNode = Node<FoldNodeData, 'fold'>
export type FlowNode = DatasetFlowNode | FilesFlowNode | FoldFlowNode

export interface FlowEdgeData extends Record<string, unknown> {
  points: readonly Point[]
  on: boolean
  freshness: EdgeFreshness
  title: string
}
export type DatasetEdge = Edge<FlowEdgeData, 'lineage'>

export interface ColumnEdgeData extends Record<string, unknown> {
  from: Point
  to: Point
  isValue: boolean
  /** What else the column decides about the other's rows: "join, filter". */
  ways: string
  title: string
}
export type ColumnFlowEdge = Edge<ColumnEdgeData, 'column'>
export type FlowEdge = DatasetEdge | ColumnFlowEdge

/** A succeeded dataset with failing checks reads as such. */
export function nodeStatus({ state, checks }: Pick<LineageNode, 'state' | 'checks'>): { status: StatusName; word: string | undefined } {
  if ((state === 'succeeded' || state === 'reused') && checks.blocked > 0) return { status: 'failed', word: 'Checks failed' }
  if ((state === 'succeeded' || state === 'reused') && checks.warned > 0) return { status: 'warning', word: 'Warnings' }
  return { status: stepStatus(state), word: undefined }
}

export interface FlowRequest {
  readonly drawn: DrawnGraph
  readonly layout: LaneLayout
  /** Of what is drawn: stacks and files among them. */
  readonly neighbours: Neighbours
  /** Of the whole graph. */
  readonly allNeighbours: Neighbours
  readonly visible: ReadonlySet<string>
  readonly expanded: readonly Expansion[]
  readonly focus: string | null
  readonly selected: string | null
  readonly direction: Direction
  readonly columns: ReadonlyMap<string, ColumnsShown>
  /** Of the chosen column. */
  readonly path: ColumnPath | null
}

/** What is drawn at its places, edges along their ways, and what the selection lights up. */
export function toFlow(request: FlowRequest): { nodes: FlowNode[]; edges: FlowEdge[] } {
  const { drawn, layout } = request
  const lit = request.path === null ? litBy(request) : null
  const placed = drawn.nodes.filter(({ id }) => layout.nodes.has(id))
  return {
    nodes: placed.map((node) => toFlowNode(node, lit, request)),
    edges: [
      ...drawn.edges.flatMap((edge) => {
        const points = layout.paths.get(edge.id)
        return points === undefined ? [] : [toFlowEdge(edge, points, isLit(edge, lit))]
      }),
      ...columnEdges(placed.filter((node) => node.kind === 'dataset'), request),
    ],
  }
}

/** From the right of one column to the left of the other, where both are drawn. */
function columnEdges(datasets: readonly DrawnDataset[], { layout, columns, path }: FlowRequest): ColumnFlowEdge[] {
  if (path === null) return []
  const nodes = new Map(datasets.map(({ id, node }) => [id, node]))
  const portOf = ({ dataset, column }: ColumnRef, side: 'left' | 'right'): Point | null => {
    const [node, at] = [nodes.get(dataset), layout.nodes.get(dataset)]
    if (node === undefined || at === undefined) return null
    const place = shownColumns(node, columns.get(dataset) ?? 'none', path.columns.get(dataset)).findIndex(({ name }) => name.toLowerCase() === column.toLowerCase())
    return place === -1 ? null : { x: at.x + (side === 'right' ? NODE_WIDTH : 0), y: at.y + columnY(place) }
  }
  const saysWays = path.edges.filter(({ isValue }) => !isValue).length <= MOST_WORDS
  return path.edges.flatMap(({ from, to, isValue, ways }) => {
    const [start, end] = [portOf(from, 'right'), portOf(to, 'left')]
    if (start === null || end === null) return []
    const others = ways.filter((way) => way !== 'value')
    const also = isValue && others.length > 0 ? `, and decides about its rows (${others.join(', ')})` : ''
    const title = `${from.dataset}.${from.column} ${isValue ? `goes into ${to.dataset}.${to.column}${also}` : `decides about the rows of ${to.dataset}.${to.column}: ${others.map((way) => WAY_WORDS[way]).join(', ')}`}`
    return [{ id: `${columnKey(from)} ${columnKey(to)}`, source: from.dataset, target: to.dataset, type: 'column' as const, data: { from: start, to: end, isValue, ways: isValue || !saysWays ? '' : others.join(', '), title }, zIndex: 0 }]
  })
}

/** More words on lines lie over each other; they are read on hover then, and in the panel. */
const MOST_WORDS = 6

const WAY_WORDS: Readonly<Record<ColumnWay, string>> = { value: 'by its values', join: 'by a join', filter: 'by a filter', group: 'by grouping', order: 'by an order', window: 'by a window' }

/** What leads to the selection and what it leads to. */
interface Lit {
  readonly up: ReadonlySet<string>
  readonly down: ReadonlySet<string>
}

function litBy({ selected, neighbours, direction }: FlowRequest): Lit | null {
  if (selected === null) return null
  const only = new Set([selected])
  return {
    up: direction === 'downstream' ? only : pathThrough(selected, neighbours, 'upstream'),
    down: direction === 'upstream' ? only : pathThrough(selected, neighbours, 'downstream'),
  }
}

/** An edge that joins an ancestor to a descendant past the selection is not on the way through it. */
function isLit({ from, to }: { from: string; to: string }, lit: Lit | null): boolean {
  return lit !== null && ((lit.up.has(from) && lit.up.has(to)) || (lit.down.has(from) && lit.down.has(to)))
}

function toFlowNode(drawn: DrawnGraph['nodes'][number], lit: Lit | null, request: FlowRequest): FlowNode {
  const { layout, selected, columns, path } = request
  const { id } = drawn
  const onPath = path?.columns.get(id)
  const flat = path === null ? lit !== null && !lit.up.has(id) && !lit.down.has(id) : onPath === undefined
  const place = { id, position: layout.nodes.get(id) ?? { x: 0, y: 0 }, width: NODE_WIDTH, height: drawnHeight(drawn, columns.get(id) ?? 'none', onPath) }
  const look = { selected: id === selected, flat }
  switch (drawn.kind) {
    case 'files':
      return { ...place, type: 'files', data: { ...look, files: drawn } }
    case 'fold':
      return { ...place, type: 'fold', data: { ...look, fold: drawn } }
    case 'dataset':
      return { ...place, type: 'dataset', data: { ...look, ...datasetData(drawn, request) } }
  }
}

function datasetData({ id, node }: DrawnDataset, { focus, visible, allNeighbours, expanded, columns, path }: FlowRequest): DatasetLook {
  const isExpanded = (side: Expansion['side']): boolean => expanded.some((one) => one.id === id && one.side === side)
  return {
    node,
    path: path?.columns.get(id),
    chosen: path?.start.dataset === id ? path.start.column : null,
    shown: columns.get(id) ?? 'none',
    focus: id === focus,
    hidden: hiddenNeighbours(id, allNeighbours, visible),
    expanded: { upstream: isExpanded('upstream'), downstream: isExpanded('downstream') },
  }
}

function toFlowEdge({ id, from, to, freshness, title }: DrawnEdge, points: readonly Point[], on: boolean): DatasetEdge {
  return { id, source: from, target: to, type: 'lineage', data: { points, on, freshness, title }, zIndex: on ? 1 : 0 }
}

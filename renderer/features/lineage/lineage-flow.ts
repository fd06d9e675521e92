import type { Edge, Node } from '@xyflow/react'
import type { LineageGraph, LineageNode } from '../../../shared/contract/lineage.contract.ts'
import { type StatusName, stepStatus } from '../../ui/status.tsx'
import { columnKey, type ColumnPath, type ColumnRef } from './column-path.ts'
import type { LaneLayout, Point } from './lane-layout.ts'
import { type ColumnsShown, columnY, NODE_WIDTH, nodeHeight, shownColumns } from './node-size.ts'
import { type Direction, hiddenNeighbours, type Neighbours, pathThrough } from './neighbourhood.ts'

export interface FlowNodeData extends Record<string, unknown> {
  node: LineageNode
  /** Its columns that are on the path of the chosen one, lower case. */
  path: ReadonlySet<string> | undefined
  /** The chosen column, where it is of this dataset. */
  chosen: string | null
  shown: ColumnsShown
  /** The focus of the address. */
  focus: boolean
  selected: boolean
  /** Not on the path through the selected node. */
  flat: boolean
  hidden: { upstream: number; downstream: number }
}
export type FlowNode = Node<FlowNodeData, 'dataset'>

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
  title: string
}
export type ColumnFlowEdge = Edge<ColumnEdgeData, 'column'>
export type FlowEdge = DatasetEdge | ColumnFlowEdge

/** `older`: made from a version that is no longer current. `planned`: only the pipeline says so, no version was made yet. */
export type EdgeFreshness = 'current' | 'older' | 'planned'

export function edgeId(edge: { from: string; to: string }): string {
  return `${edge.from} ${edge.to}`
}

/** A succeeded dataset with failing checks reads as such. */
export function nodeStatus({ state, checks }: Pick<LineageNode, 'state' | 'checks'>): { status: StatusName; word: string | undefined } {
  if ((state === 'succeeded' || state === 'reused') && checks.blocked > 0) return { status: 'failed', word: 'Checks failed' }
  if ((state === 'succeeded' || state === 'reused') && checks.warned > 0) return { status: 'warning', word: 'Warnings' }
  return { status: stepStatus(state), word: undefined }
}

interface FlowRequest {
  readonly graph: LineageGraph
  readonly layout: LaneLayout
  readonly neighbours: Neighbours
  readonly visible: ReadonlySet<string>
  readonly focus: string | null
  readonly selected: string | null
  readonly direction: Direction
  readonly columns: ReadonlyMap<string, ColumnsShown>
  /** Of the chosen column. */
  readonly path: ColumnPath | null
}

/** What is drawn: visible nodes at their places, edges along their ways, and what the selection lights up. */
export function toFlow(request: FlowRequest): { nodes: FlowNode[]; edges: FlowEdge[] } {
  const { graph, visible, layout } = request
  const lit = request.path === null ? litBy(request) : null
  const versions = new Map(graph.nodes.map((node) => [node.dataset, node.version]))
  const drawn = graph.nodes.filter((node) => visible.has(node.dataset) && layout.nodes.has(node.dataset))
  return {
    nodes: drawn.map((node) => toFlowNode(node, lit, request)),
    edges: [
      ...graph.edges.flatMap((edge) => {
        const points = layout.paths.get(edgeId(edge))
        if (points === undefined || !visible.has(edge.from) || !visible.has(edge.to)) return []
        return [toFlowEdge({ edge, points, on: isLit(edge, lit), version: versions.get(edge.from) ?? null })]
      }),
      ...columnEdges(drawn, request),
    ],
  }
}

/** From the right of one column to the left of the other, where both are drawn. */
function columnEdges(drawn: readonly LineageNode[], { layout, columns, path }: FlowRequest): ColumnFlowEdge[] {
  if (path === null) return []
  const nodes = new Map(drawn.map((node) => [node.dataset, node]))
  const portOf = ({ dataset, column }: ColumnRef, side: 'left' | 'right'): Point | null => {
    const [node, at] = [nodes.get(dataset), layout.nodes.get(dataset)]
    if (node === undefined || at === undefined) return null
    const place = shownColumns(node, columns.get(dataset) ?? 'none', path.columns.get(dataset)).findIndex(({ name }) => name.toLowerCase() === column.toLowerCase())
    return place === -1 ? null : { x: at.x + (side === 'right' ? NODE_WIDTH : 0), y: at.y + columnY(place) }
  }
  return path.edges.flatMap(({ from, to, isValue }) => {
    const [start, end] = [portOf(from, 'right'), portOf(to, 'left')]
    if (start === null || end === null) return []
    const title = `${from.dataset}.${from.column} ${isValue ? 'goes into' : 'decides about the rows of'} ${to.dataset}.${to.column}`
    return [{ id: `${columnKey(from)} ${columnKey(to)}`, source: from.dataset, target: to.dataset, type: 'column' as const, data: { from: start, to: end, isValue, title }, zIndex: 0 }]
  })
}

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

function toFlowNode(node: LineageNode, lit: Lit | null, request: FlowRequest): FlowNode {
  const { layout, focus, selected, neighbours, visible, columns, path } = request
  const onPath = path?.columns.get(node.dataset)
  const shown = columns.get(node.dataset) ?? 'none'
  return {
    id: node.dataset,
    type: 'dataset',
    position: layout.nodes.get(node.dataset) ?? { x: 0, y: 0 },
    width: NODE_WIDTH,
    height: nodeHeight(node, shown, onPath),
    data: {
      node,
      path: onPath,
      chosen: path?.start.dataset === node.dataset ? path.start.column : null,
      shown,
      focus: node.dataset === focus,
      selected: node.dataset === selected,
      flat: path === null ? lit !== null && !lit.up.has(node.dataset) && !lit.down.has(node.dataset) : onPath === undefined,
      hidden: hiddenNeighbours(node.dataset, neighbours, visible),
    },
  }
}

interface EdgeRequest {
  edge: LineageGraph['edges'][number]
  points: readonly Point[]
  on: boolean
  /** Version of the source that the graph shows. */
  version: number | null
}

function toFlowEdge({ edge, points, on, version }: EdgeRequest): DatasetEdge {
  const freshness = edgeFreshness(edge, version)
  return { id: edgeId(edge), source: edge.from, target: edge.to, type: 'lineage', data: { points, on, freshness, title: edgeTitle(edge, freshness, version) }, zIndex: on ? 1 : 0 }
}

export function edgeFreshness(edge: { fromVersion: number | null }, version: number | null): EdgeFreshness {
  if (edge.fromVersion === null) return 'planned'
  return version !== null && edge.fromVersion < version ? 'older' : 'current'
}

function edgeTitle(edge: EdgeRequest['edge'], freshness: EdgeFreshness, version: number | null): string {
  if (freshness === 'planned') return `${edge.to} will be made from ${edge.from}`
  const made = `${edge.to} v${edge.toVersion ?? '?'} was made from ${edge.from} v${edge.fromVersion ?? '?'}`
  return freshness === 'older' ? `${made}; v${version ?? '?'} is current` : made
}

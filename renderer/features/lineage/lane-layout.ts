import type { ElkNode } from 'elkjs/lib/elk-api.js'
import { type Zone, zoneIndex, ZONES } from '../../../shared/domain/zone.ts'
import { NODE_WIDTH, PORT_Y } from './node-size.ts'

/**
 * Places the graph in the five zones. ELK decides the order within columns and the way of long edges, with every zone as a
 * partition of its own; its x is then stretched into lanes of fixed places, so that a zone is always found where it was.
 */
export interface LayoutNode {
  readonly id: string
  readonly zone: Zone
  readonly height: number
}

export interface LayoutEdge {
  readonly id: string
  readonly from: string
  readonly to: string
}

export interface Point {
  readonly x: number
  readonly y: number
}

export interface Lane {
  readonly zone: Zone
  readonly x: number
  readonly width: number
}

export interface LaneLayout {
  readonly nodes: ReadonlyMap<string, Point>
  readonly paths: ReadonlyMap<string, readonly Point[]>
  readonly lanes: readonly Lane[]
  readonly width: number
  readonly height: number
}

/** Above the first row of nodes. */
const TOP = 12
const LANE_PADDING = 12
export const COLUMN_GAP = 40
export const ROW_GAP = 18
const BOTTOM = 24
/** An empty lane keeps its place, narrower. */
const EMPTY_LANE = 132

const OPTIONS = {
  'elk.algorithm': 'layered',
  'elk.direction': 'RIGHT',
  'elk.partitioning.activate': 'true',
  'elk.edgeRouting': 'POLYLINE',
  'elk.layered.considerModelOrder.strategy': 'NODES_AND_EDGES',
  'elk.layered.crossingMinimization.greedySwitch.type': 'TWO_SIDED',
  'elk.layered.nodePlacement.strategy': 'NETWORK_SIMPLEX',
  'elk.separateConnectedComponents': 'false',
  'elk.spacing.nodeNode': String(ROW_GAP),
  'elk.spacing.edgeNode': '14',
  'elk.spacing.edgeEdge': '10',
  'elk.layered.spacing.nodeNodeBetweenLayers': String(COLUMN_GAP),
  'elk.padding': `[top=0,left=0,bottom=0,right=0]`,
}

/** The question to ELK. The order of nodes is a wish: data types stay together where edges allow it. */
export function toElkGraph(nodes: readonly LayoutNode[], edges: readonly LayoutEdge[]): ElkNode {
  const known = new Set(nodes.map((node) => node.id))
  return {
    id: 'graph',
    layoutOptions: OPTIONS,
    children: nodes.map(({ id, zone, height }) => ({
      id,
      width: NODE_WIDTH,
      height,
      layoutOptions: { 'elk.partitioning.partition': String(zoneIndex(zone)), 'elk.portConstraints': 'FIXED_POS' },
      ports: [
        { id: `${id} in`, x: 0, y: PORT_Y, width: 0, height: 0, layoutOptions: { 'elk.port.side': 'WEST' } },
        { id: `${id} out`, x: NODE_WIDTH, y: PORT_Y, width: 0, height: 0, layoutOptions: { 'elk.port.side': 'EAST' } },
      ],
    })),
    edges: edges.filter((edge) => known.has(edge.from) && known.has(edge.to)).map(({ id, from, to }) => ({ id, sources: [`${from} out`], targets: [`${to} in`] })),
  }
}

interface ElkColumn {
  readonly zone: Zone
  readonly left: number
}

/** ELK's answer in lanes that fill at least `viewWidth`. */
export function toLaneLayout(answer: ElkNode, nodes: readonly LayoutNode[], viewWidth: number): LaneLayout {
  const zones = new Map(nodes.map((node) => [node.id, node.zone]))
  const children = answer.children ?? []
  const columns = columnsOf(children, zones)
  const lanes = placeLanes(columns, viewWidth)
  const toX = stretch(columns, lanes)
  const place = ({ x, y }: Point): Point => ({ x: toX(x), y: y + TOP })
  const bottom = Math.max(0, ...children.map((child) => (child.y ?? 0) + (child.height ?? 0)))
  const last = lanes.at(-1)
  return {
    nodes: new Map(children.map((child) => [child.id, place({ x: child.x ?? 0, y: child.y ?? 0 })])),
    paths: new Map((answer.edges ?? []).map((edge) => [edge.id ?? '', (edge.sections ?? []).flatMap((section) => [section.startPoint, ...(section.bendPoints ?? []), section.endPoint]).map(place)])),
    lanes,
    width: last === undefined ? 0 : last.x + last.width,
    height: bottom + TOP + BOTTOM,
  }
}

/** ELK's layers from left to right, with the zone of what stands in them. */
function columnsOf(children: readonly ElkNode[], zones: ReadonlyMap<string, Zone>): ElkColumn[] {
  const columns: ElkColumn[] = []
  for (const child of [...children].sort((a, b) => (a.x ?? 0) - (b.x ?? 0))) {
    const left = child.x ?? 0
    const zone = zones.get(child.id)
    const last = columns.at(-1)
    if (zone !== undefined && (last === undefined || left - last.left > NODE_WIDTH / 2)) columns.push({ zone, left })
  }
  return columns
}

/** Five lanes side by side; what the view has left over is shared among those that hold something. */
function placeLanes(columns: readonly ElkColumn[], viewWidth: number): Lane[] {
  const counts = ZONES.map((zone) => columns.filter((column) => column.zone === zone).length)
  const widths = counts.map((count) => (count === 0 ? EMPTY_LANE : count * NODE_WIDTH + (count - 1) * COLUMN_GAP + 2 * LANE_PADDING))
  const filled = counts.filter((count) => count > 0).length
  const spare = Math.max(0, viewWidth - widths.reduce((sum, width) => sum + width, 0))
  const shares = counts.map((count) => (filled === 0 ? spare / ZONES.length : count > 0 ? spare / filled : 0))
  let x = 0
  return ZONES.map((zone, index) => {
    const lane = { zone, x, width: (widths[index] ?? 0) + (shares[index] ?? 0) }
    x += lane.width
    return lane
  })
}

/** Maps ELK's x to ours: straight across each column, evenly between columns. */
function stretch(columns: readonly ElkColumn[], lanes: readonly Lane[]): (x: number) => number {
  const stops = columns.flatMap((column) => {
    const lane = lanes.find((item) => item.zone === column.zone)
    const siblings = columns.filter((item) => item.zone === column.zone)
    const width = siblings.length * NODE_WIDTH + (siblings.length - 1) * COLUMN_GAP
    const start = lane === undefined ? 0 : lane.x + (lane.width - width) / 2
    const to = start + siblings.indexOf(column) * (NODE_WIDTH + COLUMN_GAP)
    return [
      { from: column.left, to },
      { from: column.left + NODE_WIDTH, to: to + NODE_WIDTH },
    ]
  })
  return (x) => interpolate(stops, x)
}

function interpolate(stops: readonly { from: number; to: number }[], x: number): number {
  const first = stops[0]
  const last = stops.at(-1)
  if (first === undefined || last === undefined) return x
  if (x <= first.from) return first.to + (x - first.from)
  if (x >= last.from) return last.to + (x - last.from)
  const after = stops.findIndex((stop) => stop.from >= x)
  const a = stops[after - 1] ?? first
  const b = stops[after] ?? last
  return b.from === a.from ? b.to : a.to + ((x - a.from) / (b.from - a.from)) * (b.to - a.to)
}

/** An SVG path through the points, leaving and entering each of them horizontally. */
export function smoothPath(points: readonly Point[]): string {
  const [first, ...rest] = points
  if (first === undefined) return ''
  let path = `M${round(first.x)} ${round(first.y)}`
  let at = first
  for (const point of rest) {
    if (Math.abs(point.y - at.y) < 0.5) path += `L${round(point.x)} ${round(point.y)}`
    else {
      const reach = (point.x - at.x) / 2
      path += `C${round(at.x + reach)} ${round(at.y)} ${round(point.x - reach)} ${round(point.y)} ${round(point.x)} ${round(point.y)}`
    }
    at = point
  }
  return path
}

function round(value: number): number {
  return Math.round(value * 10) / 10
}

import type { ElkNode } from 'elkjs/lib/elk-api.js'
import { type Zone, zoneIndex } from '../../../shared/domain/zone.ts'
import { COLUMN_GAP, type LayoutEdge, type LayoutNode, ROW_GAP } from './lane-layout.ts'
import { NODE_WIDTH, PORT_Y } from './node-size.ts'

/**
 * The places of a large graph, in milliseconds where ELK would take minutes: layers by zone and by the longest way inside it, each
 * ordered by the middle of its neighbours, sweep by sweep (Sugiyama's method without its last steps). Edges are single curves.
 */
export function fastLayout(nodes: readonly LayoutNode[], edges: readonly LayoutEdge[]): ElkNode {
  const known = new Map(nodes.map((node) => [node.id, node]))
  const drawn = edges.filter(({ from, to }) => from !== to && known.has(from) && known.has(to))
  const layers = layersOf(nodes, drawn)
  orderLayers(layers, drawn)
  const places = placesOf(layers)
  return {
    id: 'graph',
    children: nodes.map(({ id, height }) => ({ id, width: NODE_WIDTH, height, ...(places.get(id) ?? { x: 0, y: 0 }) })),
    edges: drawn.map(({ id, from, to }) => {
      const [start, end] = [places.get(from) ?? { x: 0, y: 0 }, places.get(to) ?? { x: 0, y: 0 }]
      return { id, sources: [from], targets: [to], sections: [{ id, startPoint: { x: start.x + NODE_WIDTH, y: start.y + PORT_Y }, endPoint: { x: end.x, y: end.y + PORT_Y } }] }
    }),
  }
}

type Layer = LayoutNode[]

/** From left to right; no zone shares a layer with another. */
function layersOf(nodes: readonly LayoutNode[], edges: readonly LayoutEdge[]): Layer[] {
  const zones = new Map<string, Zone>(nodes.map(({ id, zone }) => [id, zone]))
  const into = Map.groupBy(edges.filter(({ from, to }) => zones.get(from) === zones.get(to)), ({ to }) => to)
  const depths = new Map<string, number>()
  const open = new Set<string>()
  const depthOf = (id: string): number => {
    const depth = depths.get(id)
    if (depth !== undefined) return depth
    if (open.has(id)) return 0
    open.add(id)
    const found = Math.max(0, ...(into.get(id) ?? []).map(({ from }) => depthOf(from) + 1))
    open.delete(id)
    depths.set(id, found)
    return found
  }
  const layers = Map.groupBy(nodes, ({ id, zone }) => zoneIndex(zone) * 10_000 + depthOf(id))
  return [...layers].toSorted(([a], [b]) => a - b).map(([, layer]) => layer)
}

const SWEEPS = 6

function orderLayers(layers: Layer[], edges: readonly LayoutEdge[]): void {
  const sources = Map.groupBy(edges, ({ to }) => to)
  const targets = Map.groupBy(edges, ({ from }) => from)
  const rows = new Map<string, number>()
  const number = (layer: Layer): void => layer.forEach(({ id }, row) => rows.set(id, layer.length === 0 ? 0 : row / layer.length))
  layers.forEach(number)
  for (let sweep = 0; sweep < SWEEPS; sweep += 1) {
    const isDown = sweep % 2 === 0
    for (const layer of isDown ? layers : layers.toReversed()) {
      const middle = ({ id }: LayoutNode): number => {
        const others = (isDown ? (sources.get(id) ?? []).map(({ from }) => from) : (targets.get(id) ?? []).map(({ to }) => to)).map((other) => rows.get(other) ?? 0)
        return others.length === 0 ? (rows.get(id) ?? 0) : others.reduce((sum, row) => sum + row, 0) / others.length
      }
      const middles = new Map(layer.map((node) => [node.id, middle(node)]))
      layer.sort((a, b) => (middles.get(a.id) ?? 0) - (middles.get(b.id) ?? 0))
      number(layer)
    }
  }
}

/** Layers of equal height: a shorter one is spread over the height of the tallest, so that neighbours stand near each other. */
function placesOf(layers: readonly Layer[]): Map<string, { x: number; y: number }> {
  const heights = layers.map((layer) => layer.reduce((sum, { height }) => sum + height + ROW_GAP, 0))
  const tallest = Math.max(0, ...heights)
  return new Map(
    layers.flatMap((layer, column) => {
      const gap = ROW_GAP + (layer.length === 0 ? 0 : (tallest - (heights[column] ?? 0)) / layer.length)
      let y = (gap - ROW_GAP) / 2
      return layer.map(({ id, height }) => {
        const place = { x: column * (NODE_WIDTH + COLUMN_GAP), y }
        y += height + gap
        return [id, place] as const
      })
    }),
  )
}

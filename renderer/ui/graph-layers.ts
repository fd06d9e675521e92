import { type Zone, zoneIndex } from '../../shared/domain/zone.ts'

interface LayerNode {
  readonly id: string
  readonly zone: Zone
}

interface LayerEdge {
  readonly from: string
  readonly to: string
}

/**
 * The nodes of a graph in layers by zone and by the longest way inside it, each ordered by the middle of its neighbours, sweep by sweep (Sugiyama's method
 * without its last steps).
 */
export function graphLayers<Node extends LayerNode>(nodes: readonly Node[], edges: readonly LayerEdge[]): Node[][] {
  const layers = layersOf(nodes, edges)
  orderLayers(layers, edges)
  return layers
}

/** From left to right; no zone shares a layer with another. */
function layersOf<Node extends LayerNode>(nodes: readonly Node[], edges: readonly LayerEdge[]): Node[][] {
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

function orderLayers(layers: LayerNode[][], edges: readonly LayerEdge[]): void {
  const sources = Map.groupBy(edges, ({ to }) => to)
  const targets = Map.groupBy(edges, ({ from }) => from)
  const rows = new Map<string, number>()
  const number = (layer: readonly LayerNode[]): void => layer.forEach(({ id }, row) => rows.set(id, layer.length === 0 ? 0 : row / layer.length))
  layers.forEach(number)
  for (let sweep = 0; sweep < SWEEPS; sweep += 1) {
    const isDown = sweep % 2 === 0
    for (const layer of isDown ? layers : layers.toReversed()) {
      const middle = ({ id }: LayerNode): number => {
        const others = (isDown ? (sources.get(id) ?? []).map(({ from }) => from) : (targets.get(id) ?? []).map(({ to }) => to)).map((other) => rows.get(other) ?? 0)
        return others.length === 0 ? (rows.get(id) ?? 0) : others.reduce((sum, row) => sum + row, 0) / others.length
      }
      const middles = new Map(layer.map((node) => [node.id, middle(node)]))
      layer.sort((a, b) => (middles.get(a.id) ?? 0) - (middles.get(b.id) ?? 0))
      number(layer)
    }
  }
}

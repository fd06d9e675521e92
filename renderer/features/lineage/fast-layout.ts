import type { ElkNode } from 'elkjs/lib/elk-api.js'
import { graphLayers } from '../../ui/graph-layers.ts'
import { COLUMN_GAP, type LayoutEdge, type LayoutNode, ROW_GAP } from './lane-layout.ts'
import { NODE_WIDTH, PORT_Y } from './node-size.ts'

/**
 * The places of a large graph, in milliseconds where ELK would take minutes: layers by zone and by the longest way inside it, each
 * ordered by the middle of its neighbours, sweep by sweep (Sugiyama's method without its last steps). Edges are single curves.
 */
export function fastLayout(nodes: readonly LayoutNode[], edges: readonly LayoutEdge[]): ElkNode {
  const known = new Map(nodes.map((node) => [node.id, node]))
  const drawn = edges.filter(({ from, to }) => from !== to && known.has(from) && known.has(to))
  const layers = graphLayers(nodes, drawn)
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

/** Layers of equal height: a shorter one is spread over the height of the tallest, so that neighbours stand near each other. */
function placesOf(layers: readonly (readonly LayoutNode[])[]): Map<string, { x: number; y: number }> {
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

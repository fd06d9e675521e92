import ELK from 'elkjs/lib/elk.bundled.js'
import { describe, expect, it } from 'vitest'
import type { Zone } from '../../../shared/domain/zone.ts'
import { type LayoutEdge, type LayoutNode, smoothPath, toElkGraph, toLaneLayout } from './lane-layout.ts'
import { NODE_WIDTH, nodeHeight, PORT_Y } from './node-size.ts'

const node = (id: string, zone: Zone, height = 72): LayoutNode => ({ id, zone, height })
const edge = (from: string, to: string): LayoutEdge => ({ id: `${from} ${to}`, from, to })

const NODES = [
  node('orphanet', 'raw'), node('records', 'preprocessed'), node('estimates', 'processed'), node('ranked', 'processed'), node('prevalence', 'curated'), node('landscape', 'results'),
  node('ema', 'raw'), node('products', 'preprocessed'), node('drugs', 'curated', 200), node('orphan_drugs', 'results'),
]
const EDGES = [
  edge('orphanet', 'records'), edge('records', 'estimates'), edge('estimates', 'ranked'), edge('ranked', 'prevalence'), edge('prevalence', 'landscape'),
  edge('ema', 'products'), edge('products', 'drugs'), edge('ranked', 'drugs'), edge('drugs', 'orphan_drugs'), edge('orphanet', 'landscape'), edge('unknown', 'drugs'),
]

async function layOut(nodes: readonly LayoutNode[], edges: readonly LayoutEdge[], viewWidth: number) {
  return toLaneLayout(await new ELK().layout(toElkGraph(nodes, edges)), nodes, viewWidth)
}

describe('the layout in lanes', () => {
  it('puts every node inside the lane of its zone, and fills the view', async () => {
    const layout = await layOut(NODES, EDGES, 1_600)
    for (const { id, zone } of NODES) {
      const lane = layout.lanes.find((item) => item.zone === zone)
      const x = layout.nodes.get(id)?.x ?? Number.NaN
      expect(x).toBeGreaterThanOrEqual((lane?.x ?? 0) + 8)
      expect(x + NODE_WIDTH).toBeLessThanOrEqual((lane?.x ?? 0) + (lane?.width ?? 0) - 8)
    }
    expect(layout.width).toBeCloseTo(1_600)
  })

  it('lets no two nodes touch, also when they read one another inside a zone', async () => {
    const { nodes } = await layOut(NODES, EDGES, 1_080)
    const boxes = NODES.map(({ id, height }) => ({ id, height, ...(nodes.get(id) ?? { x: 0, y: 0 }) }))
    for (const a of boxes) {
      for (const b of boxes) {
        if (a.id >= b.id) continue
        const apart = a.x + NODE_WIDTH < b.x || b.x + NODE_WIDTH < a.x || a.y + a.height < b.y || b.y + b.height < a.y
        expect(apart, `${a.id} and ${b.id}`).toBe(true)
      }
    }
    expect((nodes.get('ranked')?.x ?? 0) - (nodes.get('estimates')?.x ?? 0)).toBeGreaterThan(NODE_WIDTH)
  })

  it('leads edges from the head of one node to the head of the other, around what stands between', async () => {
    const { nodes, paths } = await layOut(NODES, EDGES, 1_080)
    const path = paths.get('orphanet landscape') ?? []
    const from = nodes.get('orphanet') ?? { x: 0, y: 0 }
    const to = nodes.get('landscape') ?? { x: 0, y: 0 }
    expect(path[0]?.x).toBeCloseTo(from.x + NODE_WIDTH)
    expect(path[0]?.y).toBeCloseTo(from.y + PORT_Y)
    expect(path.at(-1)?.x).toBeCloseTo(to.x)
    expect(path.at(-1)?.y).toBeCloseTo(to.y + PORT_Y)
    expect(paths.has('unknown drugs')).toBe(false)
  })

  it('keeps five lanes when some are empty, and survives an empty graph', async () => {
    const one = await layOut([node('a', 'curated')], [], 900)
    expect(one.lanes.map((lane) => lane.zone)).toEqual(['raw', 'preprocessed', 'processed', 'curated', 'results'])
    expect(one.width).toBeCloseTo(900)
    expect((await layOut([], [], 500)).height).toBeGreaterThan(0)
  })
})

describe('smoothPath', () => {
  it('is straight on one height and bends between heights', () => {
    expect(smoothPath([{ x: 0, y: 5 }, { x: 40, y: 5 }])).toBe('M0 5L40 5')
    expect(smoothPath([{ x: 0, y: 0 }, { x: 40, y: 20 }])).toBe('M0 0C20 0 20 20 40 20')
    expect(smoothPath([])).toBe('')
  })
})

describe('nodeHeight', () => {
  it('grows by a line a column, and one for what is left out', () => {
    const columns = Array.from({ length: 9 }, (_, i) => ({ name: `c${i}`, type: 'INTEGER', kind: 'number' as const, isProvenance: false }))
    expect(nodeHeight({ columns }, 'none')).toBe(72)
    expect(nodeHeight({ columns }, 'few')).toBe(72 + 6 + 7 * 20)
    expect(nodeHeight({ columns }, 'all')).toBe(72 + 6 + 9 * 20)
    expect(nodeHeight({ columns: [] }, 'all')).toBe(72)
  })
})

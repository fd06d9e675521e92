import { describe, expect, it } from 'vitest'
import { ZONES } from '../../../shared/domain/zone.ts'
import { fastLayout } from './fast-layout.ts'
import { type LayoutEdge, type LayoutNode, toLaneLayout } from './lane-layout.ts'
import { NODE_WIDTH, PORT_Y } from './node-size.ts'

const COUNT = 600
const NODES: LayoutNode[] = Array.from({ length: COUNT }, (_, at) => ({ id: `n${at}`, zone: ZONES[at % 5] ?? 'raw', height: 48 + (at % 3) * 40 }))
/** From zone to zone, some inside a zone, one around in a circle. */
const EDGES: LayoutEdge[] = NODES.flatMap((_, at) => [at + 1, at + 6, at * 7 + 5].filter((to) => to < COUNT && to % 5 >= at % 5).map((to) => ({ id: `n${at} n${to}`, from: `n${at}`, to: `n${to}` }))).concat([{ id: 'n10 n0', from: 'n10', to: 'n0' }, { id: 'n0 n10', from: 'n0', to: 'n10' }])

describe('the layout of a large graph', () => {
  const layout = toLaneLayout(fastLayout(NODES, EDGES), NODES, 1_200)
  const boxes = NODES.map(({ id, zone, height }) => ({ id, zone, height, ...(layout.nodes.get(id) ?? { x: Number.NaN, y: Number.NaN }) }))

  it('puts every node inside the lane of its zone', () => {
    for (const { id, zone, x } of boxes) {
      const lane = layout.lanes.find((item) => item.zone === zone)
      expect(x, id).toBeGreaterThanOrEqual(lane?.x ?? Number.NaN)
      expect(x + NODE_WIDTH, id).toBeLessThanOrEqual((lane?.x ?? 0) + (lane?.width ?? 0))
    }
  })

  it('lets no two nodes touch', () => {
    for (const [, column] of Map.groupBy(boxes, ({ x }) => x)) {
      const inOrder = column.toSorted((a, b) => a.y - b.y)
      for (const [at, box] of inOrder.slice(1).entries()) expect(box.y).toBeGreaterThan((inOrder[at]?.y ?? 0) + (inOrder[at]?.height ?? 0))
    }
    const columns = [...new Set(boxes.map(({ x }) => x))].toSorted((a, b) => a - b)
    for (const [at, x] of columns.slice(1).entries()) expect(x - (columns[at] ?? 0)).toBeGreaterThan(NODE_WIDTH)
  })

  it('draws every edge from the head of one node to the head of the other', () => {
    const at = new Map(boxes.map((box) => [box.id, box]))
    expect(layout.paths.size).toBe(EDGES.length)
    for (const { id, from, to } of EDGES) {
      const path = layout.paths.get(id) ?? []
      expect(path[0]?.x).toBeCloseTo((at.get(from)?.x ?? 0) + NODE_WIDTH)
      expect(path[0]?.y).toBeCloseTo((at.get(from)?.y ?? 0) + PORT_Y)
      expect(path.at(-1)?.x).toBeCloseTo(at.get(to)?.x ?? 0)
    }
  })

  it('brings neighbours near each other: chains keep their rows', () => {
    const chains = Array.from({ length: 100 }, (_, at) => at)
    const nodes = chains.flatMap((at) => [{ id: `a${at}`, zone: 'raw' as const, height: 72 }, { id: `b${(at * 37) % 100}`, zone: 'curated' as const, height: 72 }])
    const answer = fastLayout(nodes, chains.map((at) => ({ id: `e${at}`, from: `a${at}`, to: `b${at}` })))
    const y = new Map(answer.children?.map((child) => [child.id, child.y]))
    for (const at of chains) expect(y.get(`a${at}`)).toBe(y.get(`b${at}`))
  })
})

export type Direction = 'upstream' | 'downstream' | 'both'

/** Who is made from whom, both ways, for quick walks. */
export interface Neighbours {
  readonly upstream: ReadonlyMap<string, readonly string[]>
  readonly downstream: ReadonlyMap<string, readonly string[]>
}

interface EdgeEnds {
  readonly from: string
  readonly to: string
}

export function toNeighbours(edges: readonly EdgeEnds[]): Neighbours {
  const upstream = new Map<string, string[]>()
  const downstream = new Map<string, string[]>()
  for (const { from, to } of edges) {
    if (from === to) continue
    append(upstream, to, from)
    append(downstream, from, to)
  }
  return { upstream, downstream }
}

/** Everything reached from `start` one way, without `start`; at most `hops` steps away. */
export function reach(start: string, map: ReadonlyMap<string, readonly string[]>, hops = Number.POSITIVE_INFINITY): Set<string> {
  const found = new Set<string>()
  let edge = [start]
  for (let hop = 0; hop < hops && edge.length > 0; hop++) {
    edge = edge.flatMap((id) => map.get(id) ?? []).filter((id) => id !== start && !found.has(id) && found.add(id))
  }
  return found
}

/** The path through a dataset: itself, what it was made from and what was made from it. */
export function pathThrough(id: string, neighbours: Neighbours, direction: Direction): Set<string> {
  const path = new Set([id])
  if (direction !== 'downstream') for (const other of reach(id, neighbours.upstream)) path.add(other)
  if (direction !== 'upstream') for (const other of reach(id, neighbours.downstream)) path.add(other)
  return path
}

export interface VisibleRequest {
  readonly focus: string
  readonly neighbours: Neighbours
  readonly direction: Direction
  readonly hops: number
  /** Nodes whose neighbours were asked for, and on which side. */
  readonly expanded: readonly Expansion[]
}

export interface Expansion {
  readonly id: string
  readonly side: 'upstream' | 'downstream'
}

/** What is drawn around a focus: its hops, then what each expansion adds to a node that is already drawn. */
export function visibleAround({ focus, neighbours, direction, hops, expanded }: VisibleRequest): Set<string> {
  const visible = new Set([focus])
  if (direction !== 'downstream') for (const id of reach(focus, neighbours.upstream, hops)) visible.add(id)
  if (direction !== 'upstream') for (const id of reach(focus, neighbours.downstream, hops)) visible.add(id)
  for (const { id, side } of expanded) {
    if (visible.has(id)) for (const other of neighbours[side].get(id) ?? []) visible.add(other)
  }
  return visible
}

/** Neighbours of a drawn node that are not drawn. */
export function hiddenNeighbours(id: string, neighbours: Neighbours, visible: ReadonlySet<string>): { upstream: number; downstream: number } {
  const count = (map: ReadonlyMap<string, readonly string[]>) => (map.get(id) ?? []).filter((other) => !visible.has(other)).length
  return { upstream: count(neighbours.upstream), downstream: count(neighbours.downstream) }
}

interface Placed {
  readonly id: string
  readonly x: number
  readonly y: number
}

export type Arrow = 'left' | 'right' | 'up' | 'down'

/**
 * Where an arrow key leads from a node: left and right follow lineage to the nearest neighbour, up and down go to the next
 * node of the same column, or of any column when there is none.
 */
export function stepFrom(from: Placed, arrow: Arrow, { nodes, neighbours }: { nodes: readonly Placed[]; neighbours: Neighbours }): string | null {
  if (arrow === 'left' || arrow === 'right') {
    const ids = new Set(neighbours[arrow === 'left' ? 'upstream' : 'downstream'].get(from.id) ?? [])
    return nearest(nodes.filter((node) => ids.has(node.id)), (node) => Math.abs(node.y - from.y) + Math.abs(node.x - from.x) / 10)
  }
  const sign = arrow === 'down' ? 1 : -1
  const beyond = nodes.filter((node) => (node.y - from.y) * sign > 0)
  const column = beyond.filter((node) => Math.abs(node.x - from.x) < 8)
  return nearest(column.length > 0 ? column : beyond, (node) => Math.abs(node.y - from.y) + Math.abs(node.x - from.x))
}

function nearest(nodes: readonly Placed[], distance: (node: Placed) => number): string | null {
  return nodes.reduce<Placed | null>((best, node) => (best === null || distance(node) < distance(best) ? node : best), null)?.id ?? null
}

function append(map: Map<string, string[]>, key: string, value: string): void {
  const list = map.get(key)
  if (list === undefined) map.set(key, [value])
  else if (!list.includes(value)) list.push(value)
}

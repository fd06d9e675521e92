import type { DatasetId } from '../../../shared/domain/naming.ts'

/** A step as the graph sees it. */
export interface GraphNode {
  id: DatasetId
  /** It cannot run before these. */
  reads: readonly DatasetId[]
  /** It had better run after these (its checks look at them), where that is possible. */
  prefers: readonly DatasetId[]
}

/**
 * Nodes in an order in which each comes after those it reads; otherwise the order in which they were given. Those on a cycle keep
 * that order at the end. Names that are no node count as there already.
 */
export function topologicalOrder<N extends GraphNode>(nodes: readonly N[]): N[] {
  const waiting = new Map(nodes.map((node) => [node.id, node]))
  const order: N[] = []
  const isReady = ({ id, reads }: N): boolean => !reads.some((other) => other !== id && waiting.has(other))
  const isBest = (node: N): boolean => isReady(node) && !node.prefers.some((other) => other !== node.id && waiting.has(other))
  while (waiting.size > 0) {
    const left = [...waiting.values()]
    const next = left.find(isBest) ?? left.find(isReady) ?? left[0]
    if (next === undefined) break
    waiting.delete(next.id)
    order.push(next)
  }
  return order
}

/** One cycle of each knot of datasets that read each other, as the path that comes back to its start: `[a, b]` reads a → b → a. */
export function findCycles(nodes: readonly GraphNode[]): DatasetId[][] {
  const reads = new Map(nodes.map(({ id, reads: inputs }) => [id, inputs.filter((input) => nodes.some((node) => node.id === input))]))
  const cycles: DatasetId[][] = []
  const told = new Set<DatasetId>()
  for (const { id } of nodes) {
    if (told.has(id)) continue
    const cycle = shortestCycle(id, reads)
    if (cycle === null) continue
    for (const member of knotOf(id, reads)) told.add(member)
    cycles.push(cycle)
  }
  return cycles
}

type Reads = ReadonlyMap<DatasetId, readonly DatasetId[]>

/** Breadth first, so that the path named is as short as can be. */
function shortestCycle(start: DatasetId, reads: Reads): DatasetId[] | null {
  const cameFrom = new Map<DatasetId, DatasetId | null>([[start, null]])
  const queue: DatasetId[] = [start]
  for (const current of queue) {
    for (const next of reads.get(current) ?? []) {
      if (next === start) return pathTo(current, cameFrom)
      if (cameFrom.has(next)) continue
      cameFrom.set(next, current)
      queue.push(next)
    }
  }
  return null
}

function pathTo(end: DatasetId, cameFrom: ReadonlyMap<DatasetId, DatasetId | null>): DatasetId[] {
  const path: DatasetId[] = []
  for (let at: DatasetId | null = end; at !== null; at = cameFrom.get(at) ?? null) path.unshift(at)
  return path
}

/** Everything that both reads `start` and is read by it, directly or through others. */
function knotOf(start: DatasetId, reads: Reads): DatasetId[] {
  const downstream = new Map<DatasetId, DatasetId[]>()
  for (const [id, inputs] of reads) for (const input of inputs) downstream.set(input, [...(downstream.get(input) ?? []), id])
  const after = reachable(start, downstream)
  return [...reachable(start, reads)].filter((id) => after.has(id))
}

function reachable(start: DatasetId, edges: Reads): Set<DatasetId> {
  const seen = new Set([start])
  for (const id of seen) for (const next of edges.get(id) ?? []) seen.add(next)
  return seen
}

import type { VersionRow, VersionsReader } from '../ledger/versions.store.ts'

export interface GraphEdge {
  from: string
  to: string
  fromVersion: number | null
  toVersion: number | null
}

/** Which version of each dataset a graph is about. */
export interface VersionGraph {
  versions: Map<string, VersionRow>
  edges: GraphEdge[]
}

/**
 * The exact versions around one version: upstream what it was made from, step by step; downstream the newest version that was
 * made from it, the current one where it was. Every other dataset stands at its current version; as of a run, at the one of then.
 * @param declared edges that the pipelines declare, input to output
 * @param at.past what was current as of the run that is asked about; null for now
 */
export function versionGraph(reader: VersionsReader, declared: readonly { from: string; to: string }[], at: { start: VersionRow | null; past: readonly VersionRow[] | null }): VersionGraph {
  const { start, past } = at
  const versions = new Map((past ?? reader.allCurrent()).map((version) => [version.dataset, version]))
  const idsThen = past === null ? null : new Set(past.map(({ id }) => id))
  if (start !== null) {
    const exact = new Map<string, VersionRow>()
    walk(start, exact, (version) => reader.inputsOf(version.id))
    walk(start, exact, (version) => newestOfEach(reader.madeFrom(version.id).filter(({ id }) => idsThen === null || idsThen.has(id))))
    for (const [dataset, version] of exact) versions.set(dataset, version)
  }
  const edges = new Map<string, GraphEdge>()
  for (const { from, to } of declared) edges.set(`${from}>${to}`, { from, to, fromVersion: null, toVersion: versions.get(to)?.number ?? null })
  const byId = new Map([...versions.values()].map((version) => [version.id, version]))
  for (const { versionId, dataset: from, number } of reader.inputNames([...byId.keys()])) {
    const version = byId.get(versionId)
    if (version === undefined || from === version.dataset) continue
    edges.set(`${from}>${version.dataset}`, { from, to: version.dataset, fromVersion: number, toVersion: version.number })
  }
  return { versions, edges: [...edges.values()] }
}

function walk(start: VersionRow, found: Map<string, VersionRow>, next: (version: VersionRow) => VersionRow[]): void {
  const queue = [start]
  found.set(start.dataset, start)
  for (let version = queue.shift(); version !== undefined; version = queue.shift()) {
    for (const neighbour of next(version)) {
      if (found.has(neighbour.dataset)) continue
      found.set(neighbour.dataset, neighbour)
      queue.push(neighbour)
    }
  }
}

function newestOfEach(versions: readonly VersionRow[]): VersionRow[] {
  const newest = new Map<string, VersionRow>()
  for (const version of versions) {
    const known = newest.get(version.dataset)
    if (known === undefined || version.isCurrent || (!known.isCurrent && version.number > known.number)) newest.set(version.dataset, version)
  }
  return [...newest.values()]
}

export type Direction = 'upstream' | 'downstream' | 'both'

/** Hops of every dataset from the focus, along the arrows in the wanted direction; the focus is 0. */
export function distances(edges: readonly GraphEdge[], focus: string, direction: Direction): Map<string, number> {
  const found = new Map([[focus, 0]])
  const [into, outOf] = [Map.groupBy(edges, ({ to }) => to), Map.groupBy(edges, ({ from }) => from)]
  if (direction !== 'downstream') spread(found, focus, (at) => (into.get(at) ?? []).map(({ from }) => from))
  if (direction !== 'upstream') spread(found, focus, (at) => (outOf.get(at) ?? []).map(({ to }) => to))
  return found
}

function spread(found: Map<string, number>, focus: string, next: (dataset: string) => string[]): void {
  const seen = new Set([focus])
  const queue: [string, number][] = [[focus, 0]]
  for (let entry = queue.shift(); entry !== undefined; entry = queue.shift()) {
    const [dataset, distance] = entry
    for (const neighbour of next(dataset)) {
      if (seen.has(neighbour)) continue
      seen.add(neighbour)
      if (!found.has(neighbour)) found.set(neighbour, distance + 1)
      queue.push([neighbour, distance + 1])
    }
  }
}

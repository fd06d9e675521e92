import type { LineageGraph, LineageNode } from '../../../shared/contract/lineage.contract.ts'
import type { Zone } from '../../../shared/domain/zone.ts'
import { countOf } from '../../ui/format.ts'

/**
 * What of the graph is drawn: its visible datasets, the files at its ends, and one stack in place of many datasets that are
 * alike, so that a fan of forty takes the room of one.
 */
export type DrawnNode = DrawnDataset | DrawnFiles | DrawnFold

export interface DrawnDataset {
  readonly kind: 'dataset'
  readonly id: string
  readonly zone: Zone
  readonly node: LineageNode
}

/** The files that a dataset was read from, or that were handed out from it. */
export interface DrawnFiles {
  readonly kind: 'files'
  readonly id: string
  readonly zone: Zone
  readonly side: 'sources' | 'exports'
  readonly dataset: string
  /** Newest first. */
  readonly names: readonly string[]
  readonly sizeBytes: number
  /** Of the newest. */
  readonly at: string
}

/** Datasets of one zone that are made from the same and read by the same. */
export interface DrawnFold {
  readonly kind: 'fold'
  readonly id: string
  readonly zone: Zone
  readonly members: readonly LineageNode[]
}

/** `older`: made from a version that is no longer current. `planned`: only the pipeline says so, no version was made yet. */
export type EdgeFreshness = 'current' | 'older' | 'planned'

export interface DrawnEdge {
  readonly id: string
  readonly from: string
  readonly to: string
  readonly freshness: EdgeFreshness
  readonly title: string
}

export interface DrawnGraph {
  readonly nodes: readonly DrawnNode[]
  readonly edges: readonly DrawnEdge[]
}

export interface DrawRequest {
  readonly graph: LineageGraph
  readonly visible: ReadonlySet<string>
  readonly withFiles: boolean
  /** Datasets that are drawn by themselves: the focus, the chosen one, those on the path of a column. */
  readonly alone: ReadonlySet<string>
  /** Folds that somebody opened. */
  readonly opened: ReadonlySet<string>
}

/** From so many on, datasets that are alike are one stack. */
export const FOLD_FROM = 6

export function drawGraph(request: DrawRequest): DrawnGraph {
  const { graph, visible, withFiles } = request
  const nodes = graph.nodes.filter((node) => visible.has(node.dataset))
  const edges = graph.edges.filter(({ from, to }) => from !== to && visible.has(from) && visible.has(to))
  const folds = foldsOf(nodes, edges, request)
  const placeOf = new Map(folds.flatMap(({ id, members }) => members.map(({ dataset }) => [dataset, id] as const)))
  const single = nodes.filter(({ dataset }) => !placeOf.has(dataset))
  const files = withFiles ? filesOf(graph, single) : []
  return {
    nodes: [...single.map((node) => ({ kind: 'dataset' as const, id: node.dataset, zone: node.zone, node })), ...folds, ...files],
    edges: [...drawnEdges(graph, edges, placeOf), ...files.map(fileEdge)],
  }
}

interface Ends {
  readonly from: string
  readonly to: string
}

function foldsOf(nodes: readonly LineageNode[], edges: readonly Ends[], { alone, opened }: DrawRequest): DrawnFold[] {
  const upstream = Map.groupBy(edges, ({ to }) => to)
  const downstream = Map.groupBy(edges, ({ from }) => from)
  const alike = Map.groupBy(
    nodes.filter(({ dataset }) => !alone.has(dataset) && (upstream.has(dataset) || downstream.has(dataset))),
    ({ dataset, zone }) => `${zone} from ${(upstream.get(dataset) ?? []).map(({ from }) => from).toSorted().join(' ')} to ${(downstream.get(dataset) ?? []).map(({ to }) => to).toSorted().join(' ')}`,
  )
  return [...alike].flatMap(([likeness, members]) => {
    const [first] = members
    const id = `fold ${likeness}`
    return first === undefined || members.length < FOLD_FROM || opened.has(id) ? [] : [{ kind: 'fold' as const, id, zone: first.zone, members }]
  })
}

function filesOf({ sources, exports }: LineageGraph, nodes: readonly LineageNode[]): DrawnFiles[] {
  const read = Map.groupBy(sources, ({ dataset }) => dataset)
  const handedOut = Map.groupBy(exports, ({ dataset }) => dataset)
  return nodes.flatMap(({ dataset, zone }) => [
    ...filesNode({ dataset, zone, side: 'sources' }, (read.get(dataset) ?? []).map(({ fileName, sizeBytes, receivedAt }) => ({ name: fileName, sizeBytes, at: receivedAt }))),
    ...filesNode({ dataset, zone, side: 'exports' }, (handedOut.get(dataset) ?? []).map(({ path, sizeBytes, startedAt }) => ({ name: path.split(/[/\\]/).at(-1) ?? path, sizeBytes: sizeBytes ?? 0, at: startedAt }))),
  ])
}

function filesNode(end: Pick<DrawnFiles, 'dataset' | 'zone' | 'side'>, files: readonly { name: string; sizeBytes: number; at: string }[]): DrawnFiles[] {
  const newest = files.toSorted((a, b) => b.at.localeCompare(a.at))
  const [first] = newest
  if (first === undefined) return []
  return [{ kind: 'files', id: `${end.side} of ${end.dataset}`, ...end, names: newest.map(({ name }) => name), sizeBytes: files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0), at: first.at }]
}

function fileEdge({ id, side, dataset, names }: DrawnFiles): DrawnEdge {
  const [from, to] = side === 'sources' ? [id, dataset] : [dataset, id]
  const title = side === 'sources' ? `${dataset} was read from ${countOf(names.length, 'file')}` : `${countOf(names.length, 'file')} handed out from ${dataset}`
  return { id: edgeId({ from, to }), from, to, freshness: 'current', title }
}

function drawnEdges({ nodes }: LineageGraph, edges: LineageGraph['edges'], placeOf: ReadonlyMap<string, string>): DrawnEdge[] {
  const versions = new Map(nodes.map(({ dataset, version }) => [dataset, version]))
  const merged = Map.groupBy(edges, ({ from, to }) => edgeId({ from: placeOf.get(from) ?? from, to: placeOf.get(to) ?? to }))
  return [...merged].flatMap(([id, parts]) => {
    const [first] = parts
    if (first === undefined) return []
    const ends = { from: placeOf.get(first.from) ?? first.from, to: placeOf.get(first.to) ?? first.to }
    const states = parts.map((edge) => edgeFreshness(edge, versions.get(edge.from) ?? null))
    const freshness = states.includes('older') ? 'older' : states.every((state) => state === 'planned') ? 'planned' : 'current'
    const title = parts.length > 1 ? manyTitle(first, ends, parts.length) : edgeTitle(first, freshness, versions.get(first.from) ?? null)
    return [{ id, ...ends, freshness, title }]
  })
}

export function edgeId({ from, to }: Ends): string {
  return `${from} ${to}`
}

export function edgeFreshness(edge: { fromVersion: number | null }, version: number | null): EdgeFreshness {
  if (edge.fromVersion === null) return 'planned'
  return version !== null && edge.fromVersion < version ? 'older' : 'current'
}

function edgeTitle(edge: LineageGraph['edges'][number], freshness: EdgeFreshness, version: number | null): string {
  if (freshness === 'planned') return `${edge.to} will be made from ${edge.from}`
  const made = `${edge.to} v${edge.toVersion ?? '?'} was made from ${edge.from} v${edge.fromVersion ?? '?'}`
  return freshness === 'older' ? `${made}; v${version ?? '?'} is current` : made
}

function manyTitle(edge: Ends, drawn: Ends, count: number): string {
  return edge.from === drawn.from ? `${countOf(count, 'dataset')} made from ${edge.from}` : `${edge.to} is made from ${countOf(count, 'dataset')} like these`
}

import type { ColumnWay, DatasetColumns } from '../../../shared/contract/column-lineage.contract.ts'

/** A column of a dataset, as the graph knows it. */
export interface ColumnRef {
  readonly dataset: string
  readonly column: string
}

export interface ColumnEdge {
  readonly from: ColumnRef
  readonly to: ColumnRef
  /** Its values go into the other's; else it decides which rows there are, or how they are put together. */
  readonly isValue: boolean
  readonly ways: readonly ColumnWay[]
}

export interface ColumnPath {
  readonly start: ColumnRef
  /** Columns on the path by dataset, lower case; the chosen one among them. */
  readonly columns: ReadonlyMap<string, ReadonlySet<string>>
  readonly edges: readonly ColumnEdge[]
}

interface PathRequest {
  readonly datasets: readonly DatasetColumns[]
  readonly start: ColumnRef
  readonly direction: 'upstream' | 'downstream' | 'both'
  /** Also what decides about rows, next to the chosen column. */
  readonly withIndirect: boolean
}

/**
 * The way of a column's values through the graph, up to the files and down to the last dataset. What decides about rows is shown next to the
 * chosen column alone: further on nearly everything would be on the path.
 */
export function columnPath({ datasets, start, direction, withIndirect }: PathRequest): ColumnPath {
  const all = datasets.flatMap(({ dataset, columns }) =>
    columns.flatMap(({ column, sources }) => sources.map((source): ColumnEdge => ({ from: { dataset: source.dataset, column: source.column }, to: { dataset, column }, isValue: source.ways.includes('value'), ways: source.ways }))),
  )
  const found = new Map<string, ColumnEdge>()
  if (direction !== 'downstream') follow({ all, start, near: 'to', far: 'from', withIndirect, found })
  if (direction !== 'upstream') follow({ all, start, near: 'from', far: 'to', withIndirect, found })
  const columns = new Map([[start.dataset, new Set([start.column.toLowerCase()])]])
  for (const { from, to } of found.values()) for (const { dataset, column } of [from, to]) columns.set(dataset, (columns.get(dataset) ?? new Set<string>()).add(column.toLowerCase()))
  return { start, columns, edges: [...found.values()] }
}

interface Following {
  all: readonly ColumnEdge[]
  start: ColumnRef
  near: 'from' | 'to'
  far: 'from' | 'to'
  withIndirect: boolean
  found: Map<string, ColumnEdge>
}

function follow({ all, start, near, far, withIndirect, found }: Following): void {
  const byNear = Map.groupBy(all, (edge) => columnKey(edge[near]))
  const seen = new Set([columnKey(start)])
  let at = [columnKey(start)]
  for (let hop = 0; at.length > 0; hop++) {
    const edges = at.flatMap((key) => byNear.get(key) ?? []).filter(({ isValue }) => isValue || (withIndirect && hop === 0))
    for (const edge of edges) found.set(`${columnKey(edge.from)}>${columnKey(edge.to)}`, edge)
    at = [...new Set(edges.filter(({ isValue }) => isValue).map((edge) => columnKey(edge[far])))].filter((key) => !seen.has(key) && seen.add(key))
  }
}

export function columnKey({ dataset, column }: ColumnRef): string {
  return `${dataset}\u0000${column.toLowerCase()}`
}

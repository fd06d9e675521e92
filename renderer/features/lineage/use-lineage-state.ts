import { useCallback, useMemo, useState } from 'react'
import type { LineageGraph } from '../../../shared/contract/lineage.contract.ts'
import { zoneIndex } from '../../../shared/domain/zone.ts'
import type { Extent } from './lineage-toolbar.tsx'
import { type Direction, type Expansion, toNeighbours, visibleAround } from './neighbourhood.ts'

/** Graphs up to this size open whole when no focus is given; around a focus one hop is shown, of any graph. */
const SMALL_GRAPH = 120

/** What is looked at, and how; a new dataset in the address begins anew. */
export function useLineageState(graph: LineageGraph, dataset: string | null) {
  const known = graph.nodes.some((node) => node.dataset === dataset) ? dataset : null
  const opensWhole = known === null && graph.nodes.length <= SMALL_GRAPH
  const [focus, setFocus] = useState(() => known ?? startingFocus(graph))
  const [selected, setSelected] = useState<string | null>(known !== null || !opensWhole ? focus : null)
  const [direction, setDirection] = useState<Direction>('both')
  const [extent, setExtent] = useState<Extent>(opensWhole ? 'all' : 'around')
  const [hops, setHops] = useState(1)
  const [expanded, setExpanded] = useState<readonly Expansion[]>([])
  const expand = useCallback((id: string, side: Expansion['side']): void => setExpanded((now) => [...now, { id, side }]), [])
  const collapse = useCallback((id: string, side: Expansion['side']): void => setExpanded((now) => now.filter((one) => one.id !== id || one.side !== side)), [])
  const [withFiles, setWithFiles] = useState(true)
  const [openedFolds, setOpenedFolds] = useState<ReadonlySet<string>>(() => new Set())
  const openFold = useCallback((fold: string): void => setOpenedFolds((now) => new Set([...now, fold])), [])
  const neighbours = useMemo(() => toNeighbours(graph.edges), [graph.edges])
  const visible = useMemo(
    () => (extent === 'all' ? new Set(graph.nodes.map((node) => node.dataset)) : visibleAround({ focus, neighbours, direction, hops, expanded })),
    [extent, graph.nodes, focus, neighbours, direction, hops, expanded],
  )
  return {
    known,
    focus: extent === 'all' && known === null ? null : focus,
    scope: extent === 'all' ? 'all' : `around ${focus}`,
    selected,
    select: setSelected,
    direction,
    setDirection,
    extent,
    changeExtent: (next: Extent): void => {
      if (next === 'around' && graph.nodes.some((node) => node.dataset === selected)) setFocus(selected ?? focus)
      setExtent(next)
    },
    hops,
    setHops,
    expanded,
    expand,
    collapse,
    withFiles,
    setWithFiles,
    openedFolds,
    openFold,
    foldAgain: (): void => setOpenedFolds(new Set()),
    neighbours,
    visible,
  }
}

export type LineageState = ReturnType<typeof useLineageState>

/** Without a dataset in the address: the furthest dataset that has a version, else the furthest there is. */
function startingFocus(graph: LineageGraph): string {
  const rank = (node: LineageGraph['nodes'][number]) => (node.version === null ? 0 : 10) + zoneIndex(node.zone)
  return graph.nodes.reduce((best, node) => (rank(node) > rank(best) ? node : best)).dataset
}

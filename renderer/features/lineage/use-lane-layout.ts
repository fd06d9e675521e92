import ELK, { type ELK as ElkEngine, type ElkNode } from 'elkjs/lib/elk-api.js'
import elkWorkerUrl from 'elkjs/lib/elk-worker.min.js?url'
import { type RefObject, useEffect, useRef, useState } from 'react'
import { useStable } from '../../ui/use-stable.ts'
import { fastLayout } from './fast-layout.ts'
import { type LaneLayout, type LayoutEdge, type LayoutNode, toElkGraph, toLaneLayout } from './lane-layout.ts'

export interface LayoutState {
  /** The last layout that is done; it stays while the next is computed. */
  readonly layout: LaneLayout | null
  readonly error: unknown
}

/** The layout engine, once it is asked for; its worker lives as long as the screen. */
export type ElkHandle = RefObject<ElkEngine | null>

/** Starts the layout's worker with the screen, so that it is up by the time the graph is here. */
export function useElk(): ElkHandle {
  const elk = useRef<ElkEngine | null>(null)
  useEffect(() => {
    elk.current = new ELK({ workerUrl: elkWorkerUrl })
    return () => {
      elk.current?.terminateWorker()
      elk.current = null
    }
  }, [])
  return elk
}

interface LayoutRequest {
  readonly elk: ElkHandle
  readonly nodes: readonly LayoutNode[]
  readonly edges: readonly LayoutEdge[]
  readonly viewWidth: number
}

/** Above it, ELK takes seconds and soon minutes. */
const MOST_FOR_ELK = 250

async function layOut(elk: ElkEngine, { nodes, edges }: Pick<LayoutRequest, 'nodes' | 'edges'>): Promise<ElkNode> {
  return nodes.length > MOST_FOR_ELK ? fastLayout(nodes, edges) : elk.layout(toElkGraph(nodes, edges))
}

/** Lays the graph out, what is not large in a worker, so that a large one never holds up the window. */
export function useLaneLayout({ elk, nodes, edges, viewWidth }: LayoutRequest): LayoutState {
  const [state, setState] = useState<LayoutState>({ layout: null, error: null })
  const wanted = useStable({ nodes, edges, viewWidth })
  useEffect(() => {
    if (wanted.viewWidth === 0 || elk.current === null) return
    let stale = false
    layOut(elk.current, wanted).then(
      (answer) => {
        if (!stale) setState({ layout: toLaneLayout(answer, wanted.nodes, wanted.viewWidth), error: null })
      },
      (error: unknown) => {
        if (!stale) setState((before) => ({ ...before, error }))
      },
    )
    return () => {
      stale = true
    }
  }, [wanted, elk])
  return state
}

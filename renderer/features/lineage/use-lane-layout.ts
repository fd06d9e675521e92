import ELK, { type ELK as ElkEngine } from 'elkjs/lib/elk-api.js'
import elkWorkerUrl from 'elkjs/lib/elk-worker.min.js?url'
import { useEffect, useRef, useState } from 'react'
import { type LaneLayout, type LayoutEdge, type LayoutNode, toElkGraph, toLaneLayout } from './lane-layout.ts'

export interface LayoutState {
  /** The last layout that is done; it stays while the next is computed. */
  readonly layout: LaneLayout | null
  readonly error: unknown
}

/** Lays the graph out in a worker, so that a large one never holds up the window. */
export function useLaneLayout(nodes: readonly LayoutNode[], edges: readonly LayoutEdge[], viewWidth: number): LayoutState {
  const [state, setState] = useState<LayoutState>({ layout: null, error: null })
  const elk = useRef<ElkEngine | null>(null)
  useEffect(
    () => () => {
      elk.current?.terminateWorker()
      elk.current = null
    },
    [],
  )
  const key = JSON.stringify([nodes.map((node) => [node.id, node.height]), edges.map((edge) => edge.id), viewWidth])
  useEffect(() => {
    if (viewWidth === 0) return
    let stale = false
    elk.current ??= new ELK({ workerUrl: elkWorkerUrl })
    elk.current.layout(toElkGraph(nodes, edges)).then(
      (answer) => {
        if (!stale) setState({ layout: toLaneLayout(answer, nodes, viewWidth), error: null })
      },
      (error: unknown) => {
        if (!stale) setState((before) => ({ ...before, error }))
      },
    )
    return () => {
      stale = true
    }
  }, [key])
  return state
}

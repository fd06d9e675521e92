import type { EdgeProps } from '@xyflow/react'
import { smoothPath } from './lane-layout.ts'
import type { FlowEdge } from './lineage-flow.ts'

/** An edge along the way the layout found for it. */
export function LineageEdge({ data }: EdgeProps<FlowEdge>) {
  if (data === undefined) return null
  return (
    <g className={`ln-edge ${data.freshness}${data.on ? ' on' : ''}`}>
      <title>{data.title}</title>
      <path className='ln-edge-hit' d={smoothPath(data.points)} />
      <path className='ln-edge-line' d={smoothPath(data.points)} />
    </g>
  )
}

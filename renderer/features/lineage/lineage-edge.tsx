import type { EdgeProps } from '@xyflow/react'
import { smoothPath } from './lane-layout.ts'
import type { ColumnFlowEdge, DatasetEdge } from './lineage-flow.ts'

/** An edge along the way the layout found for it. */
export function LineageEdge({ data }: EdgeProps<DatasetEdge>) {
  if (data === undefined) return null
  return (
    <g className={`ln-edge ${data.freshness}${data.on ? ' on' : ''}`}>
      <title>{data.title}</title>
      <path className='ln-edge-hit' d={smoothPath(data.points)} />
      <path className='ln-edge-line' d={smoothPath(data.points)} />
    </g>
  )
}

/** Radius of the rings at the ends, which stand beside the nodes that lie over the lines. */
const PORT_PX = 3.5

/** From column to column; values solid, what decides about rows dashed. */
export function ColumnEdgeLine({ data }: EdgeProps<ColumnFlowEdge>) {
  if (data === undefined) return null
  const { from, to, isValue, title } = data
  const bend = Math.max(16, Math.abs(to.x - from.x) / 2)
  return (
    <g className={`ln-column-edge${isValue ? '' : ' indirect'}`}>
      <title>{title}</title>
      <path d={`M${from.x} ${from.y}C${from.x + bend} ${from.y} ${to.x - bend} ${to.y} ${to.x} ${to.y}`} />
      <circle cx={from.x + PORT_PX} cy={from.y} r={PORT_PX} />
      <circle cx={to.x - PORT_PX} cy={to.y} r={PORT_PX} />
    </g>
  )
}

import type { EdgeProps } from '@xyflow/react'
import { smoothPath } from './lane-layout.ts'
import type { ColumnEdgeData, ColumnFlowEdge, DatasetEdge } from './lineage-flow.ts'

/** An edge along the way the layout found for it. */
export function LineageEdge({ data }: EdgeProps<DatasetEdge>) {
  if (data === undefined) return null
  const path = smoothPath(data.points)
  return (
    <g className={`ln-edge ${data.freshness}${data.on ? ' on' : ''}`}>
      <title>{data.title}</title>
      <path className='ln-edge-hit' d={path} />
      <path className='ln-edge-line' d={path} />
    </g>
  )
}

/** Radius of the rings at the ends, which stand beside the nodes that lie over the lines. */
const PORT_PX = 3.5

export function ColumnEdgeLine({ data }: EdgeProps<ColumnFlowEdge>) {
  return data === undefined ? null : columnEdgeShape(data)
}

/** From column to column; values solid, what decides about rows dashed and with the word for how. */
export function columnEdgeShape({ from, to, isValue, ways, title }: ColumnEdgeData) {
  const bend = Math.max(16, Math.abs(to.x - from.x) / 2)
  return (
    <g className={`ln-column-edge${isValue ? '' : ' indirect'}`}>
      <title>{title}</title>
      <path d={`M${from.x} ${from.y}C${from.x + bend} ${from.y} ${to.x - bend} ${to.y} ${to.x} ${to.y}`} />
      {ways !== '' && <text x={(from.x + to.x) / 2} y={(from.y + to.y) / 2 - 4} textAnchor='middle'>{ways}</text>}
      <circle cx={from.x + PORT_PX} cy={from.y} r={PORT_PX} />
      <circle cx={to.x - PORT_PX} cy={to.y} r={PORT_PX} />
    </g>
  )
}

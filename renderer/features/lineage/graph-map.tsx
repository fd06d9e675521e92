import { useReactFlow, useViewport } from '@xyflow/react'
import { memo, type PointerEvent } from 'react'
import type { LaneLayout } from './lane-layout.ts'
import type { FlowNode } from './lineage-flow.ts'
import { NODE_WIDTH } from './node-size.ts'

const WIDTH = 180
const HEIGHT = 104
const MARGIN = 6

interface GraphMapProps {
  nodes: readonly FlowNode[]
  layout: LaneLayout
  size: { width: number; height: number }
}

/** The whole graph in small, and the part of it that is seen; pressing or dragging moves there. Its nodes are three shapes, however many there are. */
export function GraphMap({ nodes, layout, size }: GraphMapProps) {
  const flow = useReactFlow()
  const { x, y, zoom } = useViewport()
  const scale = Math.min((WIDTH - 2 * MARGIN) / Math.max(1, layout.width), (HEIGHT - 2 * MARGIN) / Math.max(1, layout.height))
  const left = (WIDTH - layout.width * scale) / 2
  const top = (HEIGHT - layout.height * scale) / 2
  const goTo = (event: PointerEvent<SVGSVGElement>): void => {
    const box = event.currentTarget.getBoundingClientRect()
    void flow.setCenter((event.clientX - box.left - left) / scale, (event.clientY - box.top - top) / scale, { zoom })
  }
  return (
    <div className='ln-mini' data-nodes={nodes.length}>
      <svg
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        role='img'
        aria-label={`Map of the graph, ${nodes.length} nodes`}
        onPointerDown={(event) => {
          event.currentTarget.setPointerCapture(event.pointerId)
          goTo(event)
        }}
        onPointerMove={(event) => {
          if (event.buttons === 1) goTo(event)
        }}
      >
        <g transform={`translate(${left} ${top}) scale(${scale})`}><Shapes nodes={nodes} least={1.5 / scale} /></g>
        <rect className='seen' x={left + (-x / zoom) * scale} y={top + (-y / zoom) * scale} width={(size.width / zoom) * scale} height={(size.height / zoom) * scale} />
      </svg>
    </div>
  )
}

/** Only drawn again when the graph is another, not while it is moved. */
const Shapes = memo(function Shapes({ nodes, least }: { nodes: readonly FlowNode[]; least: number }) {
  const kinds = Map.groupBy(nodes, ({ data }) => (data.selected ? 'selected' : data.flat ? 'flat' : 'plain'))
  return [...kinds].map(([kind, ofIt]) => <path key={kind} className={kind} d={ofIt.map((node) => box(node, least)).join('')} />)
})

function box({ position, height = 0 }: FlowNode, least: number): string {
  const tall = Math.max(least, height)
  return `M${Math.round(position.x)} ${Math.round(position.y)}h${NODE_WIDTH}v${Math.round(tall)}h${-NODE_WIDTH}z`
}

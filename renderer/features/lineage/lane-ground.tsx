import { useViewport } from '@xyflow/react'
import { ZoneMark } from '../../ui/zone-mark.tsx'
import type { Lane } from './lane-layout.ts'

/** The five strata behind the graph: they pan and zoom with it sideways, and always reach from top to bottom. */
export function LaneGround({ lanes, viewWidth }: { lanes: readonly Lane[]; viewWidth: number }) {
  const { x, zoom } = useViewport()
  const last = lanes.length - 1
  return (
    <div className='ln-ground' aria-hidden='true'>
      {lanes.map((lane, index) => {
        // The outer lanes reach to the edges of the view: there is nothing beyond raw and results.
        const left = index === 0 ? Math.min(0, lane.x * zoom + x) : lane.x * zoom + x
        const right = index === last ? Math.max(viewWidth, (lane.x + lane.width) * zoom + x) : (lane.x + lane.width) * zoom + x
        return <div key={lane.zone} className={`ln-lane z-${lane.zone}`} style={{ left, width: Math.max(0, right - left) }} />
      })}
    </div>
  )
}

/** The zones' names, above the nodes and never out of sight. */
export function LaneHeads({ lanes, viewWidth }: { lanes: readonly Lane[]; viewWidth: number }) {
  const { x, zoom } = useViewport()
  return (
    <div className='ln-heads'>
      {lanes.map((lane) => {
        const left = Math.max(0, lane.x * zoom + x)
        const right = Math.min(viewWidth, (lane.x + lane.width) * zoom + x)
        if (right - left < 24) return null
        return (
          <div key={lane.zone} className={`z-${lane.zone}`} style={{ left, width: right - left }}>
            <ZoneMark zone={lane.zone} size={14} />
            <span className='cut'>{lane.zone}</span>
          </div>
        )
      })}
    </div>
  )
}

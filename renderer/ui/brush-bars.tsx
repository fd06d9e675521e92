import { useId, useRef } from 'react'
import { countOf, formatCount } from './format.ts'
import { type BrushRange, useBrush } from './use-brush.ts'
import './brush-bars.css'

interface BrushBarsProps {
  /** Names the bars for those who hear them. */
  label: string
  bars: readonly { label: string; count: number }[]
  selected: BrushRange | null
  onSelect: (range: BrushRange) => void
  onClear: () => void
}

/** Bars of which a run is chosen, by mouse or keys. */
export function BrushBars({ label, bars, selected, onSelect, onClear }: BrushBarsProps) {
  const id = useId()
  const box = useRef<HTMLDivElement>(null)
  const { range, active, handlers } = useBrush({ box, count: bars.length, selected, onSelect, onClear })
  const most = Math.max(1, ...bars.map(({ count }) => count))
  return (
    <div
      {...handlers}
      ref={box}
      className='brush-bars'
      role='listbox'
      aria-label={label}
      aria-multiselectable='true'
      aria-orientation='horizontal'
      aria-activedescendant={active === null ? undefined : `${id}-${active}`}
      tabIndex={0}
    >
      {bars.map((bar, index) => {
        const isIn = range !== null && index >= range.from && index <= range.to
        return (
          <div
            key={bar.label}
            id={`${id}-${index}`}
            role='option'
            aria-selected={isIn}
            aria-label={`${bar.label}: ${countOf(bar.count, 'row')}`}
            title={`${bar.label}: ${formatCount(bar.count)}`}
            className={`${range !== null && !isIn ? 'out' : ''}${index === active ? ' at' : ''}`}
          >
            <i style={{ height: `${bar.count === 0 ? 0 : Math.max(4, (100 * bar.count) / most)}%` }} />
          </div>
        )
      })}
    </div>
  )
}

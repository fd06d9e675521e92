import { type KeyboardEvent, type PointerEvent, useRef } from 'react'
import './splitter.css'

interface SplitterProps {
  /** Of what is above it. */
  share: number
  onShare: (share: number) => void
}

const [LEAST, MOST, STEP] = [0.15, 0.85, 0.05]

/** The line between what is above and below, to be dragged, or moved with the arrows. */
export function Splitter({ share, onShare }: SplitterProps) {
  const line = useRef<HTMLDivElement>(null)
  const set = (next: number): void => onShare(Math.min(MOST, Math.max(LEAST, next)))
  const drag = (event: PointerEvent): void => {
    const box = line.current?.parentElement?.getBoundingClientRect()
    if (box !== undefined && event.buttons === 1 && box.height > 0) set((event.clientY - box.top) / box.height)
  }
  const onKeyDown = (event: KeyboardEvent): void => {
    const next = event.key === 'ArrowUp' ? share - STEP : event.key === 'ArrowDown' ? share + STEP : event.key === 'Home' ? LEAST : event.key === 'End' ? MOST : null
    if (next === null) return
    event.preventDefault()
    set(next)
  }
  return (
    <div
      ref={line}
      className='splitter'
      role='separator'
      aria-orientation='horizontal'
      aria-label='Height of the editor'
      aria-valuenow={Math.round(share * 100)}
      aria-valuemin={LEAST * 100}
      aria-valuemax={MOST * 100}
      tabIndex={0}
      onKeyDown={onKeyDown}
      onPointerDown={(event) => event.currentTarget.setPointerCapture(event.pointerId)}
      onPointerMove={drag}
    />
  )
}

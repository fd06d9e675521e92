import { type KeyboardEvent, type PointerEvent, type RefObject, useState } from 'react'

export interface BrushRange {
  /** First and last bar, from 0. */
  from: number
  to: number
}

interface BrushOptions {
  box: RefObject<HTMLElement | null>
  count: number
  selected: BrushRange | null
  onSelect: (range: BrushRange) => void
  onClear: () => void
}

interface Brush {
  /** What is chosen, or would be when let go. */
  range: BrushRange | null
  /** The bar that the keys are at. */
  active: number | null
  handlers: {
    onKeyDown: (event: KeyboardEvent) => void
    onFocus: () => void
    onBlur: () => void
    onPointerDown: (event: PointerEvent) => void
    onPointerMove: (event: PointerEvent) => void
    onPointerUp: () => void
    onPointerCancel: () => void
  }
}

/** Choosing a run of bars by dragging over them, or with the arrows, Shift and Enter. Esc lets go. */
export function useBrush({ box, count, selected, onSelect, onClear }: BrushOptions): Brush {
  const [brush, setBrush] = useState<{ anchor: number; at: number } | null>(null)
  const [cursor, setCursor] = useState<number | null>(null)
  const active = brush?.at ?? cursor
  const end = (): void => setBrush(null)
  const barAt = ({ clientX }: { clientX: number }): number => {
    const { left = 0, width = 1 } = box.current?.getBoundingClientRect() ?? {}
    return Math.min(count - 1, Math.max(0, Math.floor(((clientX - left) / width) * count)))
  }
  const choose = (): void => {
    if (active !== null) onSelect(brush === null ? { from: active, to: active } : rangeOf(brush))
    setCursor(active)
    end()
  }
  const letGo = (): boolean => {
    if (brush !== null) end()
    else if (selected !== null) onClear()
    else return false
    return true
  }
  const move = (key: string, isExtending: boolean): boolean => {
    const next = moved(key, active ?? selected?.from ?? -1, count)
    if (next === null) return false
    setBrush(isExtending ? { anchor: brush?.anchor ?? active ?? next, at: next } : null)
    setCursor(next)
    return true
  }
  return {
    range: brush === null ? selected : rangeOf(brush),
    active,
    handlers: {
      onKeyDown(event) {
        const isChosen = event.key === 'Enter' || event.key === ' '
        if (isChosen) choose()
        const isLetGo = event.key === 'Escape' && letGo()
        if (isLetGo) event.stopPropagation()
        if (isChosen || isLetGo || move(event.key, event.shiftKey)) event.preventDefault()
      },
      onFocus: () => setCursor((at) => at ?? selected?.from ?? 0),
      onBlur() {
        end()
        setCursor(null)
      },
      onPointerDown(event) {
        if (event.button !== 0) return
        event.currentTarget.setPointerCapture(event.pointerId)
        const bar = barAt(event)
        setBrush({ anchor: bar, at: bar })
      },
      onPointerMove: (event) => setBrush((now) => (now === null ? null : { ...now, at: barAt(event) })),
      onPointerUp() {
        if (brush !== null) onSelect(rangeOf(brush))
        end()
      },
      onPointerCancel: end,
    },
  }
}

function rangeOf({ anchor, at }: { anchor: number; at: number }): BrushRange {
  return { from: Math.min(anchor, at), to: Math.max(anchor, at) }
}

function moved(key: string, at: number, count: number): number | null {
  switch (key) {
    case 'ArrowRight':
      return Math.min(count - 1, at + 1)
    case 'ArrowLeft':
      return Math.max(0, at - 1)
    case 'Home':
      return 0
    case 'End':
      return count - 1
    default:
      return null
  }
}

import { type RefObject, useCallback, useEffect, useRef, useState } from 'react'

interface RowWindowOptions {
  count: number
  /** Every row has this height. */
  rowPx: number
  /** Rows kept beyond both edges. */
  overscan: number
  /** Height of a head that sticks to the top of the same scrolling box. */
  headPx?: number
}

export interface RowWindow {
  /** Put on the element that scrolls. */
  box: RefObject<HTMLDivElement | null>
  /** First and last row to draw; last is -1 when there is none. */
  first: number
  last: number
  totalPx: number
  /** Rows that fit. */
  fits: number
  /** Brings a row into sight, moving no more than needed. */
  reveal: (index: number) => void
  isAtEnd: () => boolean
}

/** Which rows of a long list are in sight. Rows of one height need arithmetic, not measuring. */
export function useRowWindow({ count, rowPx, overscan, headPx = 0 }: RowWindowOptions): RowWindow {
  const box = useRef<HTMLDivElement>(null)
  const [view, setView] = useState({ top: 0, height: 0 })
  useEffect(() => {
    const element = box.current
    if (element === null) return
    const look = (): void => {
      const next = { top: element.scrollTop, height: element.clientHeight - headPx }
      setView((now) => (now.top === next.top && now.height === next.height ? now : next))
    }
    const observer = new ResizeObserver(look)
    observer.observe(element)
    element.addEventListener('scroll', look, { passive: true })
    return () => {
      observer.disconnect()
      element.removeEventListener('scroll', look)
    }
  }, [headPx])
  const reveal = useCallback(
    (index: number) => {
      const element = box.current
      if (element === null) return
      const top = index * rowPx
      if (top < element.scrollTop) element.scrollTop = top
      else if (top + rowPx > element.scrollTop + element.clientHeight - headPx) element.scrollTop = top + rowPx - element.clientHeight + headPx
    },
    [rowPx, headPx],
  )
  const isAtEnd = useCallback(() => {
    const element = box.current
    return element === null || element.scrollHeight - element.scrollTop - element.clientHeight < rowPx * 2
  }, [rowPx])
  return {
    box,
    first: Math.max(0, Math.min(Math.floor(view.top / rowPx) - overscan, count - 1)),
    last: Math.min(count - 1, Math.ceil((view.top + view.height) / rowPx) + overscan),
    totalPx: count * rowPx,
    fits: Math.max(1, Math.floor(view.height / rowPx)),
    reveal,
    isAtEnd,
  }
}

/** The numbers from first to last. */
export function rowIndexes({ first, last }: { first: number; last: number }): number[] {
  return last < first ? [] : Array.from({ length: last - first + 1 }, (_, index) => first + index)
}

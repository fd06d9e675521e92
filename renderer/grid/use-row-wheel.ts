import type { GridApi } from 'ag-grid-community'
import { type RefObject, useEffect } from 'react'
import type { GridRow } from './grid-query.ts'
import { clampTopRow, type WheelGeometry, wheelNeedsRows, WheelStepper } from './wheel-stepper.ts'

/** After this long without a wheel event the top row is looked up again: the table may have been scrolled another way. */
const GESTURE_MS = 250

interface RowWheelRequest {
  readonly root: RefObject<HTMLElement | null>
  readonly api: GridApi<GridRow> | null
  readonly rowHeight: number
}

/** Counts the wheel in rows on tables that are squeezed, so that every row can be reached with it. */
export function useRowWheel({ root, api, rowHeight }: RowWheelRequest): void {
  useEffect(() => {
    const element = root.current
    if (element === null || api === null) return
    const stepper = new WheelStepper()
    let gesture = { top: 0, at: 0 }
    const onWheel = (event: WheelEvent): void => {
      const viewport = element.querySelector('.ag-grid-viewport')
      if (viewport === null || !(event.target instanceof Node) || !viewport.contains(event.target)) return
      const rowCount = api.getDisplayedRowCount()
      const geometry: WheelGeometry = { rowHeight, rowCount, pageRows: visibleRows(viewport, rowHeight) }
      if (!wheelNeedsRows(event, geometry)) return
      event.preventDefault()
      event.stopPropagation()
      const top = event.timeStamp - gesture.at < GESTURE_MS ? gesture.top : topRow(viewport, rowHeight)
      const next = clampTopRow(top + stepper.step(event, geometry), geometry)
      gesture = { top: next, at: event.timeStamp }
      if (next !== top) api.ensureIndexVisible(next, 'top')
    }
    element.addEventListener('wheel', onWheel, { capture: true, passive: false })
    return () => element.removeEventListener('wheel', onWheel, { capture: true })
  }, [root, api, rowHeight])
}

/** The row at the top of the view, read from the screen: pixel positions of the grid are squeezed on long tables. */
function topRow(viewport: Element, rowHeight: number): number {
  const edge = bodyTop(viewport) - rowHeight / 2
  let best = Number.POSITIVE_INFINITY
  for (const row of viewport.querySelectorAll('[row-index]')) {
    const index = Number(row.getAttribute('row-index'))
    if (Number.isInteger(index) && row.getBoundingClientRect().top >= edge) best = Math.min(best, index)
  }
  return Number.isFinite(best) ? best : 0
}

function visibleRows(viewport: Element, rowHeight: number): number {
  return Math.max(1, Math.floor((viewport.getBoundingClientRect().bottom - bodyTop(viewport)) / rowHeight))
}

/** Where rows begin below the header, which lies inside the scrolling box. */
function bodyTop(viewport: Element): number {
  const header = viewport.querySelector('.ag-header')
  return header === null ? viewport.getBoundingClientRect().top : header.getBoundingClientRect().bottom
}

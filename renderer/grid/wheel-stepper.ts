/**
 * Chromium draws no element taller than about 33 million pixels, so the grid squeezes long tables and one notch of the wheel
 * would skip rows. Above SQUEEZED_PX the wheel is therefore counted in rows; below it the browser's own scrolling stays.
 */
export const SQUEEZED_PX = 30_000_000

const LINE_PX = 100 / 3

export interface WheelInput {
  readonly deltaY: number
  readonly deltaX: number
  /** 0 pixels, 1 lines, 2 pages: as in WheelEvent. */
  readonly deltaMode: number
  readonly shiftKey: boolean
  readonly ctrlKey: boolean
}

export interface WheelGeometry {
  readonly rowHeight: number
  readonly rowCount: number
  readonly pageRows: number
}

/** True when the wheel must be counted in rows; sideways scrolling and zoom stay the browser's. */
export function wheelNeedsRows(input: WheelInput, { rowHeight, rowCount }: WheelGeometry): boolean {
  if (input.shiftKey || input.ctrlKey || input.deltaY === 0) return false
  return rowHeight * rowCount > SQUEEZED_PX && Math.abs(input.deltaY) >= Math.abs(input.deltaX)
}

/** Turns wheel movement into whole rows and keeps the rest for the next event, so that nothing is lost on a touch pad. */
export class WheelStepper {
  #rest = 0

  step(input: WheelInput, geometry: WheelGeometry): number {
    const px = input.deltaY * this.#unit(input.deltaMode, geometry)
    if (Math.sign(px) !== Math.sign(this.#rest)) this.#rest = 0
    const total = this.#rest + px
    const rows = Math.trunc(total / geometry.rowHeight)
    this.#rest = total - rows * geometry.rowHeight
    return rows
  }

  #unit(mode: number, { rowHeight, pageRows }: WheelGeometry): number {
    if (mode === 1) return LINE_PX
    return mode === 2 ? rowHeight * pageRows : 1
  }
}

/** The top row after a step, kept inside the table. */
export function clampTopRow(row: number, { rowCount, pageRows }: WheelGeometry): number {
  return Math.max(0, Math.min(row, rowCount - pageRows))
}

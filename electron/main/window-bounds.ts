export interface Bounds {
  x: number
  y: number
  width: number
  height: number
}

export const MIN_SIZE = { width: 960, height: 600 } as const
const DEFAULT_SIZE = { width: 1_440, height: 900 } as const

/** Bounds that lie wholly in the display's work area: a remembered place may be on a screen that is gone, or smaller now. */
export function fitBounds(wanted: Bounds | null, area: Bounds): Bounds {
  const width = Math.min(Math.max(wanted?.width ?? DEFAULT_SIZE.width, MIN_SIZE.width), area.width)
  const height = Math.min(Math.max(wanted?.height ?? DEFAULT_SIZE.height, MIN_SIZE.height), area.height)
  const centred = { x: area.x + Math.round((area.width - width) / 2), y: area.y + Math.round((area.height - height) / 2) }
  const clamp = (value: number, min: number, max: number): number => Math.min(Math.max(value, min), max)
  return {
    x: wanted === null ? centred.x : clamp(wanted.x, area.x, area.x + area.width - width),
    y: wanted === null ? centred.y : clamp(wanted.y, area.y, area.y + area.height - height),
    width,
    height,
  }
}

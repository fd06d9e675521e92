/** Quantities as people write them in workspace files: durations, ages, sizes, shares, and "how many may fail". */

export const DURATION_PATTERN = /^\d+(\.\d+)?\s*(ms|s|m|h)$/
export const AGE_PATTERN = /^\d+(\.\d+)?\s*(h|d|w)$/
export const CHANGE_PATTERN = /^[+-]?\d+(\.\d+)?\s*%$/
export const SIZE_PATTERN = /^\d+(\.\d+)?\s*[MGTmgt][Ii]?[Bb]$/
export const SHARE_PATTERN = /^(100(\.0+)?|\d{1,2}(\.\d+)?)\s*%$/

const MS_PER_UNIT: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 }
const MS_PER_AGE: Readonly<Record<string, number>> = { h: 3_600_000, d: 86_400_000, w: 604_800_000 }
/** Memory is counted in powers of two whichever way it is written, as operating systems and DuckDB's own reports do. */
const MB_PER_UNIT: Readonly<Record<string, number>> = { m: 1, g: 1_024, t: 1_048_576 }

/** Milliseconds of `500ms`, `2s`, `1.5m`, `1h` or a plain number of milliseconds; null when it is none of these. */
export function parseDurationMs(value: string | number): number | null {
  if (typeof value === 'number') return Number.isFinite(value) && value >= 0 ? Math.round(value) : null
  const text = value.trim()
  if (!DURATION_PATTERN.test(text)) return null
  const factor = MS_PER_UNIT[text.replaceAll(/[\d.\s]/g, '')]
  return factor === undefined ? null : Math.round(Number.parseFloat(text) * factor)
}

/** Milliseconds of `12h`, `1.5d`, `2w`; null when it is no age. */
export function parseAgeMs(value: string): number | null {
  const text = value.trim()
  const factor = AGE_PATTERN.test(text) ? MS_PER_AGE[text.slice(-1)] : undefined
  return factor === undefined ? null : Math.round(Number.parseFloat(text) * factor)
}

/** A change as a share: `-10%` is -0.1, `50%` and `+50%` are 0.5; null when it is none. */
export function parseChange(value: string): number | null {
  const text = value.trim()
  return CHANGE_PATTERN.test(text) ? Number.parseFloat(text) / 100 : null
}

/** Mebibytes of `4GB`, `512MB`, `1.5 GiB`; null when it is no size. */
export function parseSizeMb(value: string): number | null {
  const text = value.trim()
  if (!SIZE_PATTERN.test(text)) return null
  const factor = MB_PER_UNIT[text.replaceAll(/[\d.\s]/g, '').charAt(0).toLowerCase()]
  return factor === undefined ? null : Math.floor(Number.parseFloat(text) * factor)
}

/** A number of things, or a share of all of them from 0 to 1. */
export type Tolerance = { count: number } | { share: number }

/** `5` is a count, `1%` a share; null when it is neither or more than all. */
export function parseTolerance(value: string | number): Tolerance | null {
  if (typeof value === 'number') return Number.isSafeInteger(value) && value >= 0 ? { count: value } : null
  const text = value.trim()
  return SHARE_PATTERN.test(text) ? { share: Number.parseFloat(text) / 100 } : null
}

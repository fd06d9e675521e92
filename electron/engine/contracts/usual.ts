import { isShare, type Metric } from '../../../shared/domain/metric.ts'
import { median } from '../../../shared/domain/run-flags.ts'

/** How a value stands to those before it. */
export interface Standing {
  isUsual: boolean
  /** Median of the values before, or their mean where deviations are counted. */
  usual: number
  /** Value minus usual: as a share of the usual one, or in points of a share, or in standard deviations. */
  deviation: number
}

export interface Bounds {
  /** Greatest deviation as a share: of the median, or in points where the metric is a share. */
  within: number | null
  /** Greatest deviation in standard deviations. */
  z: number | null
}

/** Below this part of the mean a spread is noise: values that were always the same would make anything unusual. */
const LEAST_SPREAD = 0.005

/** Deterministic: the same values give the same answer. Needs at least one value before. */
export function standingOf(metric: Metric, value: number, { before, within, z }: Bounds & { before: readonly number[] }): Standing {
  if (z !== null) {
    const mean = before.reduce((sum, each) => sum + each, 0) / before.length
    const spread = Math.sqrt(before.reduce((sum, each) => sum + (each - mean) ** 2, 0) / Math.max(1, before.length - 1))
    const least = isShare(metric) ? LEAST_SPREAD : LEAST_SPREAD * Math.abs(mean)
    const deviation = value === mean ? 0 : (value - mean) / Math.max(spread, least, Number.MIN_VALUE)
    return { isUsual: Math.abs(deviation) <= z, usual: mean, deviation }
  }
  const usual = median(before)
  const difference = value - usual
  const deviation = isShare(metric) ? difference : usual === 0 ? (difference === 0 ? 0 : Math.sign(difference)) : difference / Math.abs(usual)
  // A hair beyond the bound that comes of rounding is within it.
  return { isUsual: Math.abs(deviation) <= (within ?? 0) + 1e-12, usual, deviation }
}

/** What a step took and made on its last executions: medians, null where it never ran. */
export interface UsualStep {
  durationMs: number | null
  rows: number | null
  sizeBytes: number | null
}

/** Below this share, what is done says nothing about what is left. */
const LEAST_SHARE = 0.02

/**
 * How long a running step will go on: by its own pace as far as it has come, by the median of earlier runs for the rest. The further it
 * is, the more its own pace counts. Null: neither is known.
 */
export function stepEtaMs(elapsedMs: number, share: number | null, usualMs: number | null): number | null {
  const own = share !== null && share >= LEAST_SHARE ? (elapsedMs * (1 - share)) / share : null
  const learned = usualMs === null ? null : usualMs > elapsedMs ? usualMs - elapsedMs : null
  if (own === null || share === null) return learned
  if (learned === null) return own
  return share * own + (1 - share) * learned
}

/** Of a run whose steps go one after the other: what the running ones have left, and the medians of those that wait. Null: nothing is known of any. */
export function runEtaMs(running: readonly (number | null)[], waiting: readonly (number | null)[]): number | null {
  const parts = [...running, ...waiting]
  if (parts.every((part) => part === null)) return null
  return parts.reduce<number>((sum, part) => sum + (part ?? 0), 0)
}

/** A second of it, from the start on; null before there is anything to divide. */
export function perSecond(amount: number | null, elapsedMs: number): number | null {
  return amount === null || elapsedMs < 100 ? null : (amount / elapsedMs) * 1_000
}

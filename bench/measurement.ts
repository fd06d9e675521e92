/** One figure, what it stands beside, and whether it is good enough. */
export interface Measurement {
  name: string
  /** The figure that the aim is about. */
  value: number
  unit: 'x' | 'ms' | 's' | 'entities/s' | 'frames/s' | 'rows' | 'MB' | 'MB/s'
  /** What the value is compared with, in words with its own figure. */
  comparedWith: string
  /** null: for information only. */
  aim: { atMost: number } | { atLeast: number } | null
  /** Parts of the value, one line each. */
  details?: string[]
}

export function passes({ value, aim }: Measurement): boolean | null {
  if (aim === null) return null
  return 'atMost' in aim ? value <= aim.atMost : value >= aim.atLeast
}

/** One block a measurement, for people. */
export function measurementText(measurement: Measurement): string {
  const { name, value, unit, comparedWith, aim, details = [] } = measurement
  const verdict = passes(measurement)
  const mark = verdict === null ? 'for information' : verdict ? 'PASS' : 'SHORT'
  const aimText = aim === null ? 'none' : 'atMost' in aim ? `at most ${figure(aim.atMost)} ${unit}` : `at least ${figure(aim.atLeast)} ${unit}`
  return [`${name}: ${figure(value)} ${unit}   [${mark}]`, `  compared with: ${comparedWith}`, `  aim: ${aimText}`, ...details.map((line) => `  ${line}`)].join('\n')
}

/** Three digits that mean something, thousands apart. */
export function figure(value: number): string {
  const digits = Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2
  return value.toLocaleString('en', { minimumFractionDigits: digits, maximumFractionDigits: digits })
}

/** The value below which `share` of the values lie. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN
}

export async function timed<T>(work: () => Promise<T>): Promise<{ result: T; ms: number }> {
  const start = performance.now()
  const result = await work()
  return { result, ms: performance.now() - start }
}

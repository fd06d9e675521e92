import { formatCount } from './format.ts'

interface SparklineProps {
  /** Oldest first. */
  values: readonly number[]
  /** What is counted, for the text summary: "rows". */
  unit: string
  width?: number
  height?: number
}

/** The last few values as a line; those who do not see it hear first, last and range. */
export function Sparkline({ values, unit, width = 52, height = 18 }: SparklineProps) {
  if (values.length < 2) return null
  const low = Math.min(...values)
  const high = Math.max(...values)
  const x = (index: number): number => 2 + (index * (width - 5)) / (values.length - 1)
  const y = (value: number): number => height - 3 - (high === low ? 0.5 : (value - low) / (high - low)) * (height - 6)
  const last = values.at(-1) ?? 0
  return (
    <svg className='icon' width={width} height={height} role='img' aria-label={sparklineSummary(values, unit)}>
      <polyline
        points={values.map((value, index) => `${x(index).toFixed(1)},${y(value).toFixed(1)}`).join(' ')}
        fill='none'
        stroke='var(--text-3)'
        strokeWidth='1.2'
        strokeLinejoin='round'
      />
      <circle cx={x(values.length - 1)} cy={y(last)} r='1.9' fill='var(--accent)' />
    </svg>
  )
}

/** "6 versions, from 15,880 to 16,482 rows, lowest 15,880, highest 16,482". */
export function sparklineSummary(values: readonly number[], unit: string): string {
  const first = values[0] ?? 0
  const last = values.at(-1) ?? 0
  const range = `lowest ${formatCount(Math.min(...values))}, highest ${formatCount(Math.max(...values))}`
  return `${values.length} versions, from ${formatCount(first)} to ${formatCount(last)} ${unit}, ${range}`
}

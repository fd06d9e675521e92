interface TrendBarsProps {
  /** Oldest first; null where there is no value. */
  values: readonly (number | null)[]
  /** What each bar says on hover. */
  titles: readonly string[]
  /** Said to those who do not see it. */
  summary: string
  /** The last bar is out of line. */
  flagged?: boolean
  /** The last bar is the one that is looked at; else all are history. */
  hasOwn?: boolean
  width?: number
  height?: number
}

const MOST_BAR_PX = 9

/** The last values as bars from zero, the newest in the accent colour: a change of level is seen without reading a number. */
export function TrendBars({ values, titles, summary, flagged = false, hasOwn = true, width = 190, height = 22 }: TrendBarsProps) {
  const high = Math.max(1, ...values.map((value) => value ?? 0))
  const step = Math.min(MOST_BAR_PX, width / Math.max(1, values.length))
  const last = hasOwn ? values.length - 1 : values.length
  return (
    <svg className='icon' width={width} height={height} role='img' aria-label={summary}>
      {values.map((value, index) => {
        const tall = value === null ? 1 : Math.max(1, (value / high) * (height - 1))
        const fill = index < last ? 'var(--chart-7)' : flagged ? 'var(--degraded-fill)' : 'var(--chart-1)'
        return (
          <rect key={index} x={index * step} y={height - tall} width={Math.max(1, step - 1)} height={tall} fill={fill} opacity={index < last ? 0.5 : 1}>
            <title>{titles[index]}</title>
          </rect>
        )
      })}
    </svg>
  )
}

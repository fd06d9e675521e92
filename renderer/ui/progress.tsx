import type { StatusName } from './status.tsx'
import './progress.css'

interface ProgressProps {
  /** What progresses: "Run progress". */
  label: string
  /** 0 to 1; null when it cannot be known. */
  share: number | null
  status?: StatusName
  /** Px; the parent's width when absent. */
  width?: number
}

export function Progress({ label, share, status = 'running', width }: ProgressProps) {
  const percent = share === null ? null : Math.round(share * 100)
  return (
    <div
      className={`bar st-${status}${percent === null ? ' unknown' : ''}`}
      role='progressbar'
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={percent ?? undefined}
      style={width === undefined ? undefined : { width }}
    >
      <i style={percent === null ? undefined : { width: `${percent}%` }} />
    </div>
  )
}

/** Several states side by side in one bar; shares of the whole, 0 to 1. */
export function StackedProgress({ label, parts }: { label: string; parts: readonly { status: StatusName; share: number }[] }) {
  const total = Math.round(parts.reduce((sum, part) => sum + part.share, 0) * 100)
  return (
    <div className='bar' role='progressbar' aria-label={label} aria-valuemin={0} aria-valuemax={100} aria-valuenow={Math.min(100, total)}>
      {parts.filter((part) => part.share > 0).map((part) => (
        <i key={part.status} className={`st-${part.status}`} style={{ width: `${part.share * 100}%` }} />
      ))}
    </div>
  )
}

import { type ReactNode, useEffect, useState } from 'react'
import { Status } from './status.tsx'
import './state.css'

/** Nothing that says "loading" appears before this. Same as --delay-busy. */
const BUSY_DELAY_MS = 150

interface LoadingStateProps {
  /** The sentence: "Reading 10,204,118 rows". */
  children: ReactNode
  /** Skeleton rows, only where nothing was before. */
  rows?: number
  /** In the middle of the free space. */
  center?: boolean
  /** For example a Stop button. */
  actions?: ReactNode
}

export function LoadingState({ children, rows = 0, center = false, actions }: LoadingStateProps) {
  const shown = useDelayed(BUSY_DELAY_MS)
  if (!shown) return null
  return (
    <>
      <div className={`loading${center ? ' center' : ''}`} role='status'>
        <Status status='running' text={children} />
        {actions}
      </div>
      {rows > 0 && (
        <div className='skeleton' aria-hidden='true'>
          {Array.from({ length: rows }, (_, index) => (
            <i key={index} style={{ width: `${40 + ((index * 37) % 50)}%` }} />
          ))}
        </div>
      )}
    </>
  )
}

/** False until `delayMs` have passed since mounting. */
export function useDelayed(delayMs: number): boolean {
  const [passed, setPassed] = useState(false)
  useEffect(() => {
    const timer = setTimeout(() => setPassed(true), delayMs)
    return () => clearTimeout(timer)
  }, [delayMs])
  return passed
}

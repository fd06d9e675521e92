import { useEffect, useState } from 'react'
import { problemOf } from '../api/problem-of.ts'
import { Button } from '../ui/button.tsx'
import { formatCount } from '../ui/format.ts'
import { useDelayed } from '../ui/loading-state.tsx'
import { Status } from '../ui/status.tsx'
import type { PageFailure } from './page-scheduler.ts'

interface GridBarsProps {
  /** What is being waited for, in words; null when nothing. */
  busy: string | null
  onStop: () => void
  /** Why the wanted query could not be shown; the old rows stay. */
  failure: unknown
  onRetry: () => void
  onBack: () => void
  /** Rows further down that could not be read. */
  blockFailure: PageFailure | null
  onRetryBlocks: () => void
}

/** Under the rows: what is awaited and what went wrong, each with its way out. */
export function GridBars({ busy, onStop, failure, onRetry, onBack, blockFailure, onRetryBlocks }: GridBarsProps) {
  return (
    <>
      {busy !== null && <BusyBar key={busy} text={busy} onStop={onStop} />}
      {failure !== null && (
        <FailureBar error={failure} what='These rows could not be read, the earlier ones stay'>
          <Button small icon='retry' onClick={onRetry}>Try again</Button>
          <Button small variant='quiet' onClick={onBack}>Keep the rows shown</Button>
        </FailureBar>
      )}
      {blockFailure !== null && (
        <FailureBar error={blockFailure.error} what={`Rows ${formatCount(blockFailure.startRow + 1)} to ${formatCount(blockFailure.endRow)} could not be read`}>
          <Button small icon='retry' onClick={onRetryBlocks}>Try again</Button>
        </FailureBar>
      )}
    </>
  )
}

function BusyBar({ text, onStop }: { text: string; onStop: () => void }) {
  const shown = useDelayed(150)
  const seconds = useSeconds()
  if (!shown) return null
  return (
    <div className='grid-bar' role='status'>
      <Status status='running' text={text} />
      <span className='grow' />
      <span className='t3' aria-hidden='true'>{`${seconds.toFixed(1)} s`}</span>
      <Button small onClick={onStop}>Stop</Button>
    </div>
  )
}

function FailureBar({ error, what, children }: { error: unknown; what: string; children: React.ReactNode }) {
  const problem = problemOf(error)
  return (
    <div className='grid-bar' role='alert'>
      <Status status='failed' text={what} />
      <span className='grid-bar-text cut' title={problem.message}>{[problem.message, problem.hint].filter((text) => text !== null).join('. ')}</span>
      <span className='grow' />
      {children}
    </div>
  )
}

function useSeconds(): number {
  const [seconds, setSeconds] = useState(0)
  useEffect(() => {
    const start = performance.now()
    const timer = setInterval(() => setSeconds((performance.now() - start) / 1000), 100)
    return () => clearInterval(timer)
  }, [])
  return seconds
}

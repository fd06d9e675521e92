import type { ReactNode } from 'react'
import type { EntityState, RunState, StepState } from '../../shared/domain/run-status.ts'
import { sentence } from './format.ts'
import './status.css'

/** Everything that can be in a state, in the words and silhouettes of the visual language. */
export type StatusName =
  | 'queued'
  | 'running'
  | 'waiting'
  | 'succeeded'
  | 'reused'
  | 'degraded'
  | 'failed'
  | 'cancelled'
  | 'interrupted'
  | 'pending'
  | 'skipped'
  | 'quarantined'
  | 'retrying'
  | 'warning'

const F = 'var(--fill)'
const K = 'var(--surface)'

const RUNNING = (
  <>
    <circle cx='7' cy='7' r='5' fill='none' stroke={F} strokeWidth='1.8' opacity='.3' />
    <path className='status-spin' d='M7 2a5 5 0 014.33 7.5' fill='none' stroke={F} strokeWidth='2.2' strokeLinecap='round' />
  </>
)
const TRIANGLE = (
  <>
    <path d='M7 1.3l6.2 11H.8z' fill={F} stroke={F} strokeWidth='1' strokeLinejoin='round' />
    <path d='M7 5v3.4M7 10.3v.1' stroke={K} strokeWidth='1.6' strokeLinecap='round' />
  </>
)

/** Silhouettes that differ without colour: ring, turning ring, square with bars, disc, ring with check, triangle, octagon ... */
const MARKS: Readonly<Record<StatusName, ReactNode>> = {
  queued: <circle cx='7' cy='7' r='5' fill='none' stroke={F} strokeWidth='1.5' strokeDasharray='2.1 1.83' />,
  running: RUNNING,
  retrying: RUNNING,
  waiting: (
    <>
      <rect x='1.5' y='1.5' width='11' height='11' rx='2' fill={F} />
      <path d='M5.3 4.3v5.4M8.7 4.3v5.4' stroke={K} strokeWidth='1.7' />
    </>
  ),
  succeeded: (
    <>
      <circle cx='7' cy='7' r='5.7' fill={F} />
      <path d='M4.3 7.2l1.9 1.9 3.5-3.9' fill='none' stroke={K} strokeWidth='1.6' strokeLinecap='round' strokeLinejoin='round' />
    </>
  ),
  reused: (
    <>
      <circle cx='7' cy='7' r='5.1' fill='none' stroke={F} strokeWidth='1.3' />
      <path d='M4.6 7.1l1.7 1.7 3.1-3.5' fill='none' stroke={F} strokeWidth='1.5' strokeLinecap='round' strokeLinejoin='round' />
    </>
  ),
  degraded: TRIANGLE,
  warning: TRIANGLE,
  failed: (
    <>
      <path d='M4.6 1.2h4.8l3.4 3.4v4.8l-3.4 3.4H4.6L1.2 9.4V4.6z' fill={F} />
      <path d='M4.9 4.9l4.2 4.2M9.1 4.9L4.9 9.1' stroke={K} strokeWidth='1.6' strokeLinecap='round' />
    </>
  ),
  cancelled: (
    <>
      <circle cx='7' cy='7' r='5' fill='none' stroke={F} strokeWidth='1.6' />
      <path d='M3.6 10.4l6.8-6.8' stroke={F} strokeWidth='1.6' />
    </>
  ),
  interrupted: <path d='M5.7 1.4a5.7 5.7 0 000 11.2zM8.3 1.4a5.7 5.7 0 010 11.2z' fill={F} />,
  pending: <circle cx='7' cy='7' r='2.2' fill='none' stroke={F} strokeWidth='1.4' />,
  skipped: <path d='M3 3.5L7 7l-4 3.5M7 3.5L11 7l-4 3.5' fill='none' stroke={F} strokeWidth='1.5' strokeLinejoin='round' />,
  quarantined: (
    <>
      <rect x='1.8' y='1.8' width='10.4' height='10.4' rx='1.5' fill='none' stroke={F} strokeWidth='1.5' />
      <path d='M7 4.3v3.2M7 9.6v.1' stroke={F} strokeWidth='1.7' strokeLinecap='round' />
    </>
  ),
}

/** The silhouette alone; only where the word stands beside it already. */
export function StatusMark({ status, size = 14 }: { status: StatusName; size?: number }) {
  return (
    <svg className={`st-mark st-${status}`} width={size} height={size} viewBox='0 0 14 14' aria-hidden='true'>
      {MARKS[status]}
    </svg>
  )
}

interface StatusProps {
  status: StatusName
  /** The word; the state's own when absent. */
  text?: ReactNode
  /** For page heads. */
  pill?: boolean
  /** 11 px, for cards. */
  small?: boolean
  /** Explains the word on hover. */
  title?: string | undefined
}

/** Mark and word, always together. */
export function Status({ status, text, pill = false, small = false, title }: StatusProps) {
  return (
    <span className={`status st-${status}${pill ? ' pill' : ''}${small ? ' small' : ''}`} title={title}>
      <StatusMark status={status} size={small ? 12 : 14} />
      <span>{text ?? sentence(status)}</span>
    </span>
  )
}

/** How a run is shown: `degraded` is a fact beside the state, but reads as one. */
export function runStatus(run: { state: RunState; degraded: boolean }): StatusName {
  if (run.state === 'succeeded' && run.degraded) return 'degraded'
  if (run.state === 'planning' || run.state === 'cancelling') return 'running'
  return run.state
}

/** The word for a run's state: planning and cancelling turn like running, but say what they are. */
export function runWord(run: { state: RunState; degraded: boolean }): string {
  if (run.state === 'planning' || run.state === 'cancelling') return sentence(run.state)
  return sentence(runStatus(run))
}

export function stepStatus(state: StepState): StatusName {
  return state
}

export function entityStatus(state: EntityState): StatusName {
  return state
}

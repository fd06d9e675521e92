import { FINISHED_RUN_STATES, type RunState } from './run-status.ts'

interface MemberState {
  state: RunState
  degraded: boolean
}

/** How a group of runs stands, as one state: what still moves comes before what waits, and the worst end before the better. */
export function groupState(runs: readonly MemberState[]): MemberState {
  const has = (state: RunState): boolean => runs.some((run) => run.state === state)
  const degraded = runs.some((run) => run.degraded)
  const open = runs.some(({ state }) => !FINISHED_RUN_STATES.has(state))
  const order: readonly RunState[] = open ? ['cancelling', 'running', 'planning', 'waiting'] : ['failed', 'interrupted', 'cancelled']
  const state = order.find(has)
  if (state !== undefined) return { state, degraded: false }
  // Some are done and the rest wait for their turn.
  if (open) return { state: runs.every((run) => run.state === 'queued') ? 'queued' : 'running', degraded: false }
  return { state: 'succeeded', degraded }
}

import { describe, expect, it } from 'vitest'
import { groupState } from './group-state.ts'
import type { RunState } from './run-status.ts'

const stateOf = (...states: RunState[]): RunState => groupState(states.map((state) => ({ state, degraded: false }))).state

describe('the state of a group', () => {
  it('is running as long as anything moves, and waiting when all that is left waits for a person', () => {
    expect(stateOf('queued', 'queued')).toBe('queued')
    expect(stateOf('succeeded', 'queued')).toBe('running')
    expect(stateOf('waiting', 'running', 'queued')).toBe('running')
    expect(stateOf('succeeded', 'waiting', 'queued')).toBe('waiting')
    expect(stateOf('failed', 'cancelling')).toBe('cancelling')
  })

  it('is that of its worst run in the end', () => {
    expect(stateOf('succeeded', 'succeeded')).toBe('succeeded')
    expect(stateOf('succeeded', 'failed', 'cancelled')).toBe('failed')
    expect(stateOf('succeeded', 'cancelled')).toBe('cancelled')
    expect(groupState([{ state: 'succeeded', degraded: true }, { state: 'succeeded', degraded: false }])).toEqual({ state: 'succeeded', degraded: true })
  })
})

import { describe, expect, it } from 'vitest'
import { ProblemError } from './problem.ts'
import { CANCELLABLE_RUN_STATES, FINISHED_RUN_STATES, nextEntityState, nextRunState, nextStepState, RESUMABLE_RUN_STATES, RUN_STATES } from './run-status.ts'

describe('run states', () => {
  it('go from queued over planning and running to succeeded', () => {
    expect(nextRunState(nextRunState(nextRunState('queued', 'planning'), 'running'), 'succeeded')).toBe('succeeded')
  })

  it('refuse an illegal move with a conflict that names both ends', () => {
    expect(() => nextRunState('succeeded', 'running')).toThrow(ProblemError)
    expect(() => nextRunState('succeeded', 'running')).toThrow(/succeeded cannot become running/)
  })

  it('leave succeeded for the queue alone, whatever is tried', () => {
    for (const to of RUN_STATES.filter((state) => state !== 'queued')) expect(() => nextRunState('succeeded', to)).toThrow()
  })

  it('are cancellable exactly while something is queued or alive', () => {
    expect([...CANCELLABLE_RUN_STATES].sort()).toEqual(['cancelling', 'planning', 'queued', 'running', 'waiting'])
  })

  it('are resumable exactly when they ended without success', () => {
    expect([...RESUMABLE_RUN_STATES].sort()).toEqual(['cancelled', 'failed', 'interrupted'])
    for (const state of RESUMABLE_RUN_STATES) expect(FINISHED_RUN_STATES.has(state)).toBe(true)
  })

  it('reach a finished state from every living one by interruption; what waits for a person is not alive', () => {
    for (const state of RUN_STATES.filter((candidate) => !FINISHED_RUN_STATES.has(candidate) && candidate !== 'waiting')) expect(nextRunState(state, 'interrupted')).toBe('interrupted')
    expect(() => nextRunState('waiting', 'interrupted')).toThrow(/waiting cannot become interrupted/)
  })

  it('leave waiting by a decision or a cancel alone', () => {
    const reachable = RUN_STATES.filter((to) => {
      try {
        return nextRunState('waiting', to) === to
      } catch {
        return false
      }
    })
    expect(reachable).toEqual(['queued', 'failed', 'cancelled'])
  })
})

describe('step and entity states', () => {
  it('let a failed step wait for its next pass, and nothing run twice at once', () => {
    expect(nextStepState('failed', 'pending')).toBe('pending')
    expect(() => nextStepState('succeeded', 'running')).toThrow()
  })

  it('keep a succeeded entity succeeded', () => {
    expect(() => nextEntityState('succeeded', 'failed')).toThrow()
    expect(nextEntityState('failed', 'succeeded')).toBe('succeeded')
  })
})

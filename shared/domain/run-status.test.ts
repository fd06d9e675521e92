import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ProblemError } from './problem.ts'
import { CANCELLABLE_RUN_STATES, ENTITY_STATES, FINISHED_STEP_STATES, FINISHED_RUN_STATES, nextEntityState, nextRunState, nextStepState, RESUMABLE_RUN_STATES, RUN_STATES, type RunState, STEP_STATES } from './run-status.ts'

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

/** A walk by any words: what is refused changes nothing. */
function walk<S extends string>(start: S, words: readonly S[], next: (from: S, to: S) => S): S[] {
  const path = [start]
  for (const to of words) {
    const from = path.at(-1) ?? start
    try {
      path.push(next(from, to))
    } catch (error) {
      if (!(error instanceof ProblemError)) throw error
    }
  }
  return path
}

const words = <S extends string>(states: readonly S[]) => fc.array(fc.constantFrom(...states), { maxLength: 40 })

describe('any sequence of moves', () => {
  it('takes a run through planning before it runs, and to success only from work that was alive', () => {
    fc.assert(
      fc.property(words(RUN_STATES), (states) => {
        const path = walk('queued', states, nextRunState)
        const came = (to: RunState): (RunState | undefined)[] => path.flatMap((state, i) => (i > 0 && state === to ? [path[i - 1]] : []))
        expect(came('running').every((from) => from === 'planning')).toBe(true)
        expect(came('planning').every((from) => from === 'queued')).toBe(true)
        expect(came('waiting').every((from) => from === 'running')).toBe(true)
        expect(came('succeeded').every((from) => from === 'running' || from === 'cancelling')).toBe(true)
      }),
    )
  })

  it('makes a step pending again before it runs again', () => {
    fc.assert(
      fc.property(words(STEP_STATES), (states) => {
        const path = walk('pending', states, nextStepState)
        const after = path.filter((_, i) => FINISHED_STEP_STATES.has(path[i - 1] ?? 'pending'))
        expect(after.every((state) => state === 'pending')).toBe(true)
      }),
    )
  })

  it('never undoes the success of an entity', () => {
    fc.assert(
      fc.property(words(ENTITY_STATES), (states) => {
        const path = walk('pending', states, nextEntityState)
        expect(path.includes('succeeded') ? path.slice(path.indexOf('succeeded')) : []).toEqual(path.includes('succeeded') ? ['succeeded'] : [])
      }),
    )
  })

  it('can always come to an end: from every state of a run a finished one is reachable', () => {
    for (const start of RUN_STATES) {
      const seen = new Set([start])
      for (const from of seen) for (const to of RUN_STATES) if (walk(from, [to], nextRunState).length === 2) seen.add(to)
      expect([...seen].some((state) => FINISHED_RUN_STATES.has(state))).toBe(true)
    }
  })
})

import { describe, expect, it } from 'vitest'
import type { EngineEvent } from '../../shared/contract/runs.contract.ts'
import { effectsOf } from './event-effects.ts'

const EVENT: EngineEvent = { seq: 1, at: '2026-11-23T10:00:00Z', kind: 'run', dataType: 'drugs', runNumber: 3, dataset: null, text: null, share: null }

describe('what events make old', () => {
  it('a step makes its run, the run\'s entities and the overview old, not other runs', () => {
    const { topics } = effectsOf([{ ...EVENT, kind: 'step', dataset: 'drugs.raw.x', text: 'succeeded' }])
    expect([...topics].sort()).toEqual(['overview', 'run-entities:drugs#3', 'run:drugs#3'])
  })

  it('a publication makes datasets, lineage and entities old', () => {
    expect([...effectsOf([{ ...EVENT, kind: 'publish' }]).topics]).toEqual(expect.arrayContaining(['datasets', 'lineage', 'entities', 'overview']))
  })

  it('a log line touches only the log of its run', () => {
    expect([...effectsOf([{ ...EVENT, kind: 'log', text: 'hello' }]).topics]).toEqual(['run-log:drugs#3'])
  })

  it('progress is written in place and asks for nothing; only the last of a batch counts', () => {
    const { topics, progress } = effectsOf([
      { ...EVENT, kind: 'progress', dataset: 'drugs.raw.x', share: 0.1, text: '1 of 10' },
      { ...EVENT, kind: 'progress', dataset: 'drugs.raw.x', share: 0.4, text: '4 of 10' },
    ])
    expect(topics.size).toBe(0)
    expect(progress).toEqual([{ dataType: 'drugs', runNumber: 3, dataset: 'drugs.raw.x', share: 0.4, note: '4 of 10' }])
  })
})

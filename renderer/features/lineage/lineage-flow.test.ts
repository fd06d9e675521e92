import { describe, expect, it } from 'vitest'
import { nodeStatus } from './lineage-flow.ts'

const checks = { passed: 3, warned: 0, quarantined: 0, blocked: 0 }

describe('nodeStatus', () => {
  it('lets failing checks speak before success', () => {
    expect(nodeStatus({ state: 'succeeded', checks })).toEqual({ status: 'succeeded', word: undefined })
    expect(nodeStatus({ state: 'succeeded', checks: { ...checks, warned: 1 } })).toEqual({ status: 'warning', word: 'Warnings' })
    expect(nodeStatus({ state: 'reused', checks: { ...checks, warned: 1, blocked: 1 } })).toEqual({ status: 'failed', word: 'Checks failed' })
    expect(nodeStatus({ state: 'running', checks: { ...checks, warned: 1 } }).status).toBe('running')
  })
})

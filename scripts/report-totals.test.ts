import { describe, expect, it } from 'vitest'
import { e2eTotals, vitestTotals } from './report-totals.mjs'

describe('totals of a test run', () => {
  it('count a test file that cannot be loaded as a failure', () => {
    const report = {
      numPassedTests: 3,
      numFailedTests: 1,
      numPendingTests: 2,
      numTodoTests: 0,
      testResults: [
        { status: 'passed', assertionResults: [{}, {}, {}] },
        { status: 'failed', assertionResults: [{}] },
        { status: 'failed', assertionResults: [] },
      ],
    }
    expect(vitestTotals(report)).toEqual({ passed: 3, failed: 2, skipped: 2 })
  })

  it('count errors outside of tests and tests that pass at the second try as failures', () => {
    expect(e2eTotals({ stats: { expected: 5, unexpected: 1, flaky: 1, skipped: 2 }, errors: [{}] })).toEqual({ passed: 5, failed: 3, skipped: 2 })
  })

  it('are zero where a runner never got to write its report', () => {
    expect(vitestTotals(null)).toEqual({ passed: 0, failed: 0, skipped: 0 })
    expect(e2eTotals(null)).toEqual({ passed: 0, failed: 0, skipped: 0 })
  })
})

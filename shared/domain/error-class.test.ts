import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { backoffMs, classifyProblem, DEFAULT_RETRY } from './error-class.ts'
import { errorSignature } from './error-signature.ts'
import { ProblemError, toProblem } from './problem.ts'

describe('classifying', () => {
  it('knows a locked database, a full disk and bad values by their messages', () => {
    const classOf = (message: string): string => classifyProblem(toProblem(new Error(message)))
    expect(classOf('SQLITE_BUSY: database is locked')).toBe('busy')
    expect(classOf('ENOSPC: no space left on device, write')).toBe('disk_full')
    expect(classOf('Conversion Error: Could not convert string "x" to INT32')).toBe('bad_data')
    expect(classOf('x is not a function')).toBe('bad_code')
  })

  it('believes the thrower before the message', () => {
    expect(classifyProblem(new ProblemError('STEP_FAILED', 'database is locked', { details: { errorClass: 'bad_code' } }).problem)).toBe('bad_code')
  })

  it('never retries bad data or bad code', () => {
    expect(DEFAULT_RETRY.bad_data.attempts).toBe(1)
    expect(DEFAULT_RETRY.bad_code.attempts).toBe(1)
  })
})

it('backs off within its ceiling, never below half of it', () => {
  const policy = { attempts: 10, baseDelayMs: 100, maxDelayMs: 5_000 }
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 12 }), fc.double({ min: 0, max: 1, noNaN: true }), (attempt, random) => {
      const ceiling = Math.min(5_000, 100 * 2 ** (attempt - 1))
      const ms = backoffMs(policy, attempt, random)
      expect(ms).toBeGreaterThanOrEqual(Math.floor(ceiling / 2))
      expect(ms).toBeLessThanOrEqual(ceiling)
    }),
  )
})

it('gives errors that differ only in values one signature', () => {
  expect(errorSignature('NCT05640219: "2026-02-30" does not exist')).toBe(errorSignature('NCT05640220: "2024-13-01" does not exist'))
  expect(errorSignature('12 of 40 rows')).toBe(errorSignature('3 of 9 rows'))
  expect(errorSignature('phase is unknown')).not.toBe(errorSignature('status is unknown'))
})

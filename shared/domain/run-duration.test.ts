import { describe, expect, it } from 'vitest'
import { waitedSoFarMs, workedMs } from './run-duration.ts'

const at = (minute: number): string => new Date(minute * 60_000).toISOString()
const MIN = 60_000
const RUN = { startedAt: at(0), durationMs: null, waitedMs: 0, waitingSince: null }

describe('the time of a run', () => {
  it('stands still while the run waits, and the wait counts up', () => {
    const waiting = { ...RUN, waitedMs: 5 * MIN, waitingSince: at(10) }
    expect(workedMs(waiting, 100 * MIN)).toBe(5 * MIN)
    expect(waitedSoFarMs(waiting, 100 * MIN)).toBe(95 * MIN)
  })

  it('goes on without the waits when somebody has decided, and is settled at the end', () => {
    expect(workedMs({ ...RUN, waitedMs: 5 * MIN }, 12 * MIN)).toBe(7 * MIN)
    expect(workedMs({ ...RUN, waitedMs: 5 * MIN, durationMs: 8 * MIN }, 900 * MIN)).toBe(8 * MIN)
    expect(workedMs({ ...RUN, startedAt: null }, 0)).toBeNull()
  })
})

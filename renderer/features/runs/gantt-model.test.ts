import { describe, expect, it } from 'vitest'
import type { Run, RunStep } from '../../../shared/contract/runs.contract.ts'
import { PLAIN_RUN } from '../../../shared/domain/run-options.ts'
import { layOutGantt, runShare, timeLeftMs } from './gantt-model.ts'

const START = Date.parse('2026-11-23T10:00:00Z')
const at = (seconds: number): string => new Date(START + seconds * 1_000).toISOString()

const RUN: Run = {
  dataType: 'drugs', runNumber: 1, state: 'running', degraded: false, trigger: 'window', attempt: 1, entities: null, options: PLAIN_RUN, queuedAt: at(0), startedAt: at(0), finishedAt: null,
  group: null, durationMs: null, waitedMs: 0, waitingSince: null, rowsOut: 0, quarantined: 0, entitiesFailed: 0, problem: null, summary: '', flags: [],
}
const STEP: RunStep = {
  dataset: 'drugs.raw.a', kind: 'sql', zone: 'raw', name: 'a', position: 0, state: 'pending', attempt: 1, startedAt: null, finishedAt: null, durationMs: null, rowsOut: null, rowsIn: null,
  quarantined: 0, skipped: 0, sizeBytes: null, version: null, share: null, note: null, entities: null, retry: null, degraded: false, problem: null, expectedMs: null, inputs: [], drift: null,
}
const done = (from: number, to: number): RunStep => ({ ...STEP, state: 'succeeded', startedAt: at(from), finishedAt: at(to), durationMs: (to - from) * 1_000 })

describe('the chart of steps', () => {
  it('draws what happened, and expects the running step to end by its share and the rest behind it', () => {
    const steps = [done(0, 4), { ...STEP, state: 'running' as const, startedAt: at(4), share: 0.5, expectedMs: 99_000 }, { ...STEP, expectedMs: 3_000 }]
    const gantt = layOutGantt(RUN, steps, START + 10_000)
    expect(gantt.nowMs).toBe(10_000)
    expect(gantt.rows[0]?.done).toEqual({ from: 0, to: 4_000 })
    expect(gantt.rows[1]).toMatchObject({ done: { from: 4_000, to: 10_000 }, expected: { from: 10_000, to: 16_000 } })
    expect(gantt.rows[2]).toMatchObject({ done: null, expected: { from: 16_000, to: 19_000 } })
    expect(gantt.lengthMs).toBeGreaterThan(19_000)
  })

  it('has no now and expects nothing once the run is over', () => {
    const gantt = layOutGantt({ ...RUN, state: 'failed' }, [done(0, 4), { ...STEP, state: 'skipped', expectedMs: 3_000 }], START + 999_000)
    expect(gantt.nowMs).toBeNull()
    expect(gantt.rows[1]).toMatchObject({ done: null, expected: null })
    expect(gantt.lengthMs).toBeLessThan(5_000)
  })

  it('stands still while the run waits for a person', () => {
    const gantt = layOutGantt({ ...RUN, state: 'waiting', waitingSince: at(4) }, [done(0, 4), { ...STEP, expectedMs: 2_000 }], START + 999_000)
    expect(gantt.nowMs).toBe(4_000)
    expect(gantt.rows[1]?.expected).toEqual({ from: 4_000, to: 6_000 })
  })

  it('leaves out the night between an interrupted attempt and its resume', () => {
    const gantt = layOutGantt({ ...RUN, state: 'succeeded' }, [done(0, 5), done(36_000, 36_005)], START + 40_000_000)
    expect(gantt.rows[1]?.done).toEqual({ from: 5_000, to: 10_000 })
    expect(gantt.pauses).toEqual([{ atMs: 5_000, lengthMs: 35_995_000 }])
  })

  it('chooses at most ten ticks, whatever the length', () => {
    for (const seconds of [0.02, 1, 7, 61, 900, 90_000]) {
      expect(layOutGantt({ ...RUN, state: 'succeeded' }, [done(0, seconds)], START).ticks.length).toBeLessThanOrEqual(10)
    }
  })
})

describe('how far a run is', () => {
  it('weighs steps by what they usually take', () => {
    const share = runShare([{ ...done(0, 1), expectedMs: 1_000 }, { ...STEP, state: 'running', share: 0.5, expectedMs: 3_000 }])
    expect(share.succeeded).toBeCloseTo(0.25)
    expect(share.running).toBeCloseTo(0.375)
  })

  it('knows the time left only when every step ahead is known', () => {
    const running = { ...STEP, state: 'running' as const, startedAt: at(0), share: 0.25 }
    expect(timeLeftMs(RUN, [running, { ...STEP, expectedMs: 2_000 }], START + 10_000)).toBe(32_000)
    expect(timeLeftMs(RUN, [running, STEP], START + 10_000)).toBeNull()
  })
})

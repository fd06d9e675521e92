import type { Run, RunStep } from '../../../shared/contract/runs.contract.ts'
import { FINISHED_RUN_STATES, FINISHED_STEP_STATES } from '../../../shared/domain/run-status.ts'
import { stepEtaMs } from '../../../shared/domain/step-eta.ts'

/** All times in ms on the chart's own axis, which begins with the first step and leaves out long pauses. */
export interface GanttBar {
  from: number
  to: number
}
export interface GanttRow {
  step: RunStep
  /** What happened, up to now. */
  done: GanttBar | null
  /** What earlier runs let expect. */
  expected: GanttBar | null
}
export interface Gantt {
  rows: GanttRow[]
  lengthMs: number
  /** Null when the run is over. */
  nowMs: number | null
  tickMs: number
  ticks: number[]
  /** Where a pause was left out: between an attempt and its resume. */
  pauses: { atMs: number; lengthMs: number }[]
}

const TICKS_MS = [10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 15_000, 30_000, 60_000, 120_000, 300_000, 600_000, 1_800_000, 3_600_000, 7_200_000, 21_600_000]
const MAX_TICKS = 8
/** Time in which no step ran, longer than this, is a pause: nobody waits an hour between two steps. */
const PAUSE_MS = 20_000

export function layOutGantt(run: Run, steps: readonly RunStep[], now: number): Gantt {
  const over = FINISHED_RUN_STATES.has(run.state)
  const time = axisOf(run, steps, now)
  let cursor = 0
  const rows = steps.map((step): GanttRow => {
    const done = doneBar(step, now, time.place)
    if (done !== null) cursor = Math.max(cursor, done.to)
    return { step, done, expected: null }
  })
  // While it waits for a person, nothing happens that a chart could show.
  const nowMs = over ? null : run.waitingSince === null ? Math.max(cursor, time.place(now)) : cursor
  if (nowMs !== null) addExpected(rows, nowMs)
  const end = Math.max(1, nowMs ?? 0, ...rows.flatMap((row) => [row.done?.to ?? 0, row.expected?.to ?? 0]))
  const lengthMs = end * 1.03
  const tickMs = TICKS_MS.find((tick) => lengthMs / tick <= MAX_TICKS) ?? Math.ceil(lengthMs / MAX_TICKS)
  const ticks = Array.from({ length: Math.floor(lengthMs / tickMs) }, (_, index) => (index + 1) * tickMs).filter((tick) => tick < lengthMs * 0.985)
  return { rows, lengthMs, nowMs, tickMs, ticks, pauses: time.pauses }
}

/** Time left by what earlier runs took and how far the present step is; null when too little is known. */
export function timeLeftMs(run: Run, steps: readonly RunStep[], now: number): number | null {
  if (FINISHED_RUN_STATES.has(run.state)) return null
  let left = 0
  for (const step of steps) {
    if (FINISHED_STEP_STATES.has(step.state)) continue
    const elapsedMs = step.startedAt === null ? 0 : Math.max(0, now - Date.parse(step.startedAt))
    const stepLeft = step.startedAt === null ? step.expectedMs : stepEtaMs(elapsedMs, step.share, step.expectedMs)
    if (stepLeft === null) return null
    left += stepLeft
  }
  return left
}

/** Share of the whole run that is done, each step weighted by what it takes; 0 to 1. */
export function runShare(all: readonly RunStep[]): { succeeded: number; reused: number; failed: number; running: number } {
  // What is left out takes no time of the run.
  const steps = all.filter((step) => step.state !== 'skipped')
  const weights = steps.map((step) => Math.max(50, step.expectedMs ?? step.durationMs ?? 1_000))
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  const share = { succeeded: 0, reused: 0, failed: 0, running: 0 }
  if (total === 0) return share
  for (const [index, step] of steps.entries()) {
    const part = (weights[index] ?? 0) / total
    if (step.state === 'succeeded' || step.state === 'reused' || step.state === 'failed') share[step.state] += part
    else if (step.state === 'running' || step.state === 'retrying') share.running += part * (step.share ?? 0)
  }
  return share
}

function doneBar(step: RunStep, now: number, place: (at: number) => number): GanttBar | null {
  if (step.startedAt === null) return null
  const started = Date.parse(step.startedAt)
  const finished = step.finishedAt === null ? (FINISHED_STEP_STATES.has(step.state) ? started + (step.durationMs ?? 0) : now) : Date.parse(step.finishedAt)
  const from = place(started)
  return { from, to: Math.max(from, place(Math.max(started, finished))) }
}

/** Running steps are expected to their end, waiting ones one after another behind them. */
function addExpected(rows: GanttRow[], nowMs: number): void {
  let cursor = nowMs
  for (const row of rows) {
    if (row.done === null || FINISHED_STEP_STATES.has(row.step.state)) continue
    const length = row.step.share !== null && row.step.share > 0.02 ? (nowMs - row.done.from) / row.step.share : row.step.expectedMs
    if (length === null || row.done.from + length <= nowMs) continue
    row.expected = { from: nowMs, to: row.done.from + length }
    cursor = Math.max(cursor, row.expected.to)
  }
  for (const row of rows) {
    if (row.done !== null || row.step.expectedMs === null || FINISHED_STEP_STATES.has(row.step.state)) continue
    row.expected = { from: cursor, to: cursor + row.step.expectedMs }
    cursor = row.expected.to
  }
}

interface Axis {
  place: (at: number) => number
  pauses: { atMs: number; lengthMs: number }[]
}

/** Maps clock time to the chart, taking out the time in which nothing ran. */
function axisOf(run: Run, steps: readonly RunStep[], now: number): Axis {
  const over = FINISHED_RUN_STATES.has(run.state)
  const spans = steps.flatMap((step) => {
    if (step.startedAt === null) return []
    const from = Date.parse(step.startedAt)
    return [{ from, to: step.finishedAt === null ? (over ? from + (step.durationMs ?? 0) : now) : Date.parse(step.finishedAt) }]
  })
  spans.sort((a, b) => a.from - b.from)
  const origin = spans[0]?.from ?? (run.startedAt === null ? now : Date.parse(run.startedAt))
  const gaps: { from: number; to: number }[] = []
  let busyUntil = origin
  for (const span of spans) {
    if (span.from - busyUntil > PAUSE_MS) gaps.push({ from: busyUntil, to: span.from })
    busyUntil = Math.max(busyUntil, span.to)
  }
  const place = (at: number): number => at - origin - gaps.reduce((sum, gap) => sum + Math.min(Math.max(0, at - gap.from), gap.to - gap.from), 0)
  return { place, pauses: gaps.map((gap) => ({ atMs: place(gap.to), lengthMs: gap.to - gap.from })) }
}

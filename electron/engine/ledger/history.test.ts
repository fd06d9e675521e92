import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ProblemError } from '../../../shared/domain/problem.ts'
import { createEntitiesStore } from './entities.store.ts'
import { createEventsStore } from './events.store.ts'
import { createHistoryStore } from './history.store.ts'
import { type Ledger, openLedger } from './ledger.ts'
import { createRunsStore, type RunRow, type RunsStore } from './runs.store.ts'
import { createStepsStore, type StepsStore } from './steps.store.ts'

const DAY = 86_400_000
let dir: string
let ledger: Ledger
let runs: RunsStore
let steps: StepsStore
let now = Date.parse('2026-03-01T12:00:00Z')

beforeEach(async () => {
  dir = await mkdtemp(path.join(tmpdir(), 'strata-history-'))
  ledger = await openLedger(path.join(dir, 'ledger.sqlite'))
  const events = createEventsStore(ledger)
  runs = createRunsStore(ledger, events, () => now)
  steps = createStepsStore(ledger, events, () => now)
})

afterEach(async () => {
  ledger.close()
  await rm(dir, { recursive: true })
})

interface Course {
  dataType?: string
  trigger?: 'window' | 'cli'
  ms?: number
  rows?: number
  /** Fails with this message instead. */
  failure?: string
}

/** A run with one SQL step, a day after the one before. */
function finishedRun({ dataType = 'drugs', trigger = 'cli', ms = 10_000, rows = 1_000, failure }: Course = {}): RunRow {
  now += DAY
  const { id } = runs.create({ dataType, entities: null, trigger })
  steps.plan(id, [{ dataset: `${dataType}.curated.a`, dataType, kind: 'sql' }])
  runs.transition(id, 'planning', { startedAt: now })
  runs.transition(id, 'running', {})
  const [step] = steps.ofRun(id)
  if (step === undefined) throw new Error('no step')
  steps.transition(step.id, 'running', { startedAt: now })
  if (failure !== undefined) {
    const { problem } = new ProblemError('SQL_FAILED', failure, { details: { dataset: step.dataset } })
    steps.transition(step.id, 'failed', { finishedAt: now + ms, problem })
    return runs.transition(id, 'failed', { finishedAt: now + ms, problem, summary: failure })
  }
  steps.transition(step.id, 'succeeded', { finishedAt: now + ms, rowsOut: rows })
  return runs.transition(id, 'succeeded', { finishedAt: now + ms, summary: `${rows} rows` })
}

const numbers = (filter: Partial<Parameters<RunsStore['list']>[0]>): number[] => runs.list({ offset: 0, limit: 100, ...filter }).runs.map((run) => run.runNumber)

describe('the list of runs', () => {
  it('is narrowed by type, state, trigger, text and date together, newest first', () => {
    finishedRun()
    finishedRun({ trigger: 'window' })
    const failed = finishedRun({ failure: 'could not convert "x" to INT' })
    finishedRun({ dataType: 'trials', failure: 'could not convert "y" to INT' })
    expect(numbers({ dataType: 'drugs' })).toEqual([3, 2, 1])
    expect(numbers({ triggers: ['window'] })).toEqual([2])
    expect(numbers({ states: ['failed'], dataType: 'drugs', text: 'Convert', triggers: ['cli'] })).toEqual([3])
    expect(numbers({ states: ['failed', 'succeeded'], dataType: 'drugs' })).toEqual([3, 2, 1])
    expect(numbers({ dataType: 'drugs', from: failed.queuedAt })).toEqual([3])
    expect(numbers({ dataType: 'drugs', to: failed.queuedAt, limit: 1 })).toEqual([2])
    expect(runs.list({ offset: 1, limit: 1, text: 'could not' })).toMatchObject({ total: 2, runs: [{ runNumber: 3 }] })
  })

  it('finds runs by name and number, by short texts and by signs that mean something to SQL', () => {
    for (let count = 0; count < 12; count += 1) finishedRun()
    finishedRun({ failure: '100% of "rows" are_bad' })
    expect(numbers({ text: 'drugs #12' })).toEqual([12])
    expect(numbers({ text: '12' })).toEqual([12])
    expect(numbers({ text: '0%' })).toEqual([13])
    expect(numbers({ text: '"rows"' })).toEqual([13])
    expect(numbers({ text: 'nothing of the kind' })).toEqual([])
  })
})

describe('flags', () => {
  it('are put on a run when it succeeds, by the runs before it', () => {
    for (let count = 0; count < 10; count += 1) finishedRun()
    expect(finishedRun({ ms: 31_000, rows: 590 }).flags).toEqual([
      { kind: 'slower', dataset: null, ratio: 3.1, of: 10 },
      { kind: 'slower', dataset: 'drugs.curated.a', ratio: 3.1, of: 10 },
      { kind: 'fewer_rows', dataset: 'drugs.curated.a', ratio: 0.59, of: 10 },
    ])
    expect(finishedRun().flags).toEqual([])
  })
})

describe('looking back', () => {
  it('counts the runs of each day of the reader', () => {
    finishedRun()
    now -= DAY - 3_600_000
    finishedRun()
    const late = finishedRun({ failure: 'no' })
    const range = { from: new Date(now - 10 * DAY).toISOString(), to: new Date(now + DAY).toISOString() }
    const history = createHistoryStore(ledger)
    expect(history.calendar({ ...range, timeZone: 'UTC' })).toMatchObject([{ runs: 2, failed: 0, durationMs: 20_000 }, { day: late.queuedAt.slice(0, 10), runs: 1, failed: 1 }])
    expect(history.calendar({ ...range, timeZone: 'Etc/GMT-12' }).at(-1)?.day).toBe(new Date(now + DAY).toISOString().slice(0, 10))
    expect(history.calendar({ ...range, dataType: 'trials', timeZone: 'UTC' })).toEqual([])
  })

  it('ends a day with the clocks of the reader, also in the nights in which they are changed', () => {
    const queuedAt = (time: string): void => {
      now = Date.parse(time) - DAY
      finishedRun()
    }
    // Berlin: summer from 29 March to 25 October 2026.
    for (const time of ['2026-03-28T22:30Z', '2026-03-28T23:30Z', '2026-03-29T21:30Z', '2026-03-29T22:30Z', '2026-10-24T22:30Z', '2026-10-25T22:30Z', '2026-10-25T23:30Z']) queuedAt(time)
    const history = createHistoryStore(ledger)
    const days = history.calendar({ from: '2026-01-01T00:00:00Z', to: '2026-12-31T00:00:00Z', timeZone: 'Europe/Berlin' })
    expect(days.map(({ day, runs }) => [day, runs])).toEqual([['2026-03-28', 1], ['2026-03-29', 2], ['2026-03-30', 1], ['2026-10-25', 2], ['2026-10-26', 1]])
  })

  it('gives the trend of each step up to the asked run, oldest first', () => {
    finishedRun({ rows: 1 })
    const second = finishedRun({ rows: 2 })
    finishedRun({ rows: 3 })
    const [trend] = createHistoryStore(ledger).trends(second, 30)
    expect(trend).toMatchObject({ dataset: 'drugs.curated.a', points: [{ runNumber: 1, rows: 1 }, { runNumber: 2, rows: 2, durationMs: 10_000 }] })
  })

  it('groups the same error over entities and runs, with where it was first and last seen', () => {
    finishedRun({ failure: 'could not convert "x" to 17' })
    finishedRun({ failure: 'another thing' })
    const { id } = finishedRun()
    const [step] = steps.ofRun(id)
    const entities = createEntitiesStore(ledger)
    entities.addPending({ stepId: step?.id ?? 0, dataType: 'drugs', at: now }, ['A', 'B'])
    const error = { message: 'could not convert "y" to 18', signature: 'could not convert "…" to <n>', errorClass: 'bad_data' }
    entities.saveProcessingResults(step?.id ?? 0, { journalBytes: 0, at: now, results: ['A', 'B'].map((entityId) => ({ entityId, state: 'failed', attempts: 1, rows: 0, durationMs: 1, error })) })
    const groups = createHistoryStore(ledger).errors('drugs')
    expect(groups).toHaveLength(2)
    expect(groups[0]).toMatchObject({
      signature: 'could not convert "…" to <n>', entities: 2, runs: 1, firstRun: { dataType: 'drugs', runNumber: 1 }, lastRun: { dataType: 'drugs', runNumber: 3 }, datasets: ['drugs.curated.a'],
    })
    expect(createHistoryStore(ledger).errors('trials')).toEqual([])
  })
})

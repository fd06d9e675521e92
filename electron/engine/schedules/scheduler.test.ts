import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import type { Actor } from '../../../shared/domain/actor.ts'
import { createAuditStore } from '../ledger/audit.store.ts'
import { createEventsStore } from '../ledger/events.store.ts'
import { openLedger } from '../ledger/ledger.ts'
import { createRunsStore, type RunRow } from '../ledger/runs.store.ts'
import { createSchedulesStore } from '../ledger/schedules.store.ts'
import { createVersionsStore } from '../ledger/versions.store.ts'
import type { DataTypeModel, ExtractStep, ScheduleSpec, TriggerSpec, WorkspaceModel } from '../workspace/model.ts'
import { createLayout } from '../zones/layout.ts'
import { createScheduler, type Scheduler } from './scheduler.ts'

/** The real ledger, the real folder, and a clock that a test turns. Runs are queued, and end when the test says so. */
interface Bench {
  dir: string
  now: number
  scheduler: Scheduler
  models: DataTypeModel[]
  at(text: string): Promise<void>
  started(): { dataType: string; trigger: string }[]
  end(dataType: string): void
  notes(dataType: string): string[]
  audit(): string[]
  /** As after a restart: nothing remembered but what the ledger keeps. */
  restart(): void
}

const ME: Actor = { kind: 'person', via: 'cli', account: 'me' }
const closers: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of closers.splice(0)) await close()
})

const SOURCE: ExtractStep['source'] = {
  name: 'files', files: ['inbox/*.csv'], format: 'csv', keep: 'copy', record: null, lists: [], columns: {}, tolerate: null,
  csv: { delimiter: null, quote: null, escape: null, header: true, nullText: [], skipLines: 0, comment: null },
}

function dataType(name: string, { schedule = null, triggers = {} }: { schedule?: ScheduleSpec | null; triggers?: Partial<TriggerSpec> }): DataTypeModel {
  const step = { kind: 'extract', dataset: `${name}.raw.files`, dataType: name, zone: 'raw', name: 'files', file: '', inputs: [], contract: null, drift: 'warn', retry: {}, source: SOURCE } as unknown as ExtractStep
  return { name, label: name, description: null, entityKey: null, entityNames: { labels: [], identifiers: [] }, steps: [step], runnable: true, retry: {}, gates: [], tests: [], parameters: [], schedule, triggers: { files: [], after: [], ...triggers } }
}

async function makeBench(models: DataTypeModel[], start: string): Promise<Bench> {
  const dir = await mkdtemp(join(tmpdir(), 'strata-schedule-'))
  await mkdir(join(dir, 'inbox'))
  const ledger = await openLedger(join(dir, 'ledger.sqlite'))
  const clock = (): number => bench.now
  const events = createEventsStore(ledger)
  const runs = createRunsStore(ledger, events, clock)
  const schedules = createSchedulesStore(ledger, runs)
  const audit = createAuditStore(ledger)
  const complaints: string[] = []
  const parts = {
    ledger, schedules, events, audit, clock,
    versions: createVersionsStore(ledger, events),
    workspace: { current: () => ({ dataTypes: bench.models }) as WorkspaceModel, checkedAt: clock, modelWith: () => Promise.reject(new Error('not here')), reload: () => Promise.reject(new Error('not here')) },
    layout: createLayout(dir),
    log: (_level: string, text: string) => void complaints.push(text),
  }
  const open = (): Scheduler => createScheduler(parts, { start: (request): RunRow => runs.create(request) }, { isLive: false, settleMs: 10_000, patienceMs: 600_000 })
  closers.push(async () => {
    await bench.scheduler.close()
    ledger.close()
    await rm(dir, { recursive: true, force: true })
    expect(complaints).toEqual([])
  })
  const bench: Bench = {
    dir,
    now: Date.parse(start),
    models,
    scheduler: open(),
    async at(text) {
      bench.now = Date.parse(text)
      await bench.scheduler.tick()
    },
    started: () => runs.list({ offset: 0, limit: 100 }).runs.map(({ dataType: name, trigger }) => ({ dataType: name, trigger })).toReversed(),
    end(name) {
      for (const run of schedules.openRuns(name)) {
        runs.transition(run.id, 'planning', { startedAt: bench.now })
        runs.transition(run.id, 'running', {})
        runs.transition(run.id, 'succeeded', { finishedAt: bench.now })
      }
    },
    notes: (name) => schedules.starts({ dataType: name, offset: 0, limit: 100 }).starts.map(({ outcome, note }) => `${outcome}: ${note}`).toReversed(),
    audit: () => audit.after(0, {}, 10).map(({ action, target }) => `${action} ${target}`),
    restart: () => void (bench.scheduler = open()),
  }
  await bench.scheduler.tick()
  return bench
}

const daily = (missed: ScheduleSpec['missed'] = 'run_once'): ScheduleSpec => ({ cron: '0 6 * * *', timeZone: 'Europe/Berlin', missed })
const RUN = { dataType: 'a', trigger: 'schedule' }

describe('a schedule', () => {
  it('starts a run when its time comes, once', async () => {
    const bench = await makeBench([dataType('a', { schedule: daily() })], '2026-06-01T03:00:00Z')
    await bench.at('2026-06-01T03:59:59Z')
    expect(bench.started()).toEqual([])
    await bench.at('2026-06-01T04:00:05Z')
    await bench.at('2026-06-01T04:00:20Z')
    expect(bench.started()).toEqual([RUN])
    expect(bench.notes('a')).toEqual(['started: On time'])
  })

  it('keeps to the clocks of its time zone over the change', async () => {
    const bench = await makeBench([dataType('a', { schedule: daily() })], '2026-03-28T12:00:00Z')
    await bench.at('2026-03-29T03:59:00Z')
    expect(bench.started()).toEqual([])
    await bench.at('2026-03-29T04:00:10Z')
    bench.end('a')
    expect(bench.started()).toHaveLength(1)
    await bench.at('2026-10-25T04:59:00Z')
    const before = bench.started().length
    bench.end('a')
    await bench.at('2026-10-25T05:00:10Z')
    expect(bench.started()).toHaveLength(before + 1)
    expect(bench.notes('a').at(-1)).toBe('started: On time')
  })

  it('makes up once for all the times that passed while Strata was closed', async () => {
    const bench = await makeBench([dataType('a', { schedule: daily() })], '2026-06-01T03:00:00Z')
    bench.restart()
    await bench.at('2026-06-04T12:00:00Z')
    await bench.at('2026-06-04T12:00:20Z')
    expect(bench.started()).toEqual([RUN])
    expect(bench.notes('a')).toEqual(['missed: 4 times were missed since 2026-06-01T04:00:00.000Z'])
  })

  it('passes missed times over when it is told to, and says so', async () => {
    const bench = await makeBench([dataType('a', { schedule: daily('skip') })], '2026-06-01T03:00:00Z')
    await bench.at('2026-06-02T12:00:00Z')
    expect(bench.started()).toEqual([])
    expect(bench.notes('a')).toEqual(['skipped: 2 times were missed since 2026-06-01T04:00:00.000Z'])
    await bench.at('2026-06-03T04:00:10Z')
    expect(bench.started()).toEqual([RUN])
  })

  it('starts nothing while the run before goes on', async () => {
    const bench = await makeBench([dataType('a', { schedule: daily() })], '2026-06-01T03:00:00Z')
    await bench.at('2026-06-01T04:00:05Z')
    await bench.at('2026-06-02T04:00:05Z')
    expect(bench.started()).toHaveLength(1)
    expect(bench.notes('a').at(-1)).toBe('busy: On time; a #1 was queued')
  })

  it('holds from when it is first seen, and so does another in its place', async () => {
    const bench = await makeBench([dataType('a', { schedule: daily() })], '2026-06-01T05:00:00Z')
    bench.models = [dataType('a', { schedule: { ...daily(), cron: '0 3 * * *' } })]
    await bench.at('2026-06-01T06:00:00Z')
    expect(bench.notes('a')).toEqual([])
  })

  it('rests while it is paused, makes up for nothing, and the audit trail knows who', async () => {
    const bench = await makeBench([dataType('a', { schedule: daily() })], '2026-06-01T03:00:00Z')
    bench.scheduler.pause('a', ME)
    bench.restart()
    await bench.at('2026-06-03T12:00:00Z')
    bench.scheduler.resume('a', ME)
    await bench.at('2026-06-03T12:01:00Z')
    expect(bench.started()).toEqual([])
    await bench.at('2026-06-04T04:00:01Z')
    expect(bench.started()).toEqual([RUN])
    expect(bench.audit()).toEqual(['pause_schedule a', 'resume_schedule a'])
    expect(() => bench.scheduler.pause('b', ME)).toThrow(/no data type b/)
  })
})

describe('new files', () => {
  const watching = (): DataTypeModel => dataType('a', { triggers: { files: ['files'] } })
  const deliver = async (bench: Bench, name: string, text: string): Promise<void> => {
    await mkdir(dirname(join(bench.dir, 'inbox', name)), { recursive: true })
    await writeFile(join(bench.dir, 'inbox', name), text)
  }

  it('start a run when nothing more is written to them', async () => {
    const bench = await makeBench([watching()], '2026-06-01T00:00:00Z')
    await deliver(bench, 'a.csv', 'id\n1\n')
    await bench.at('2026-06-01T00:00:02Z')
    await deliver(bench, 'a.csv', 'id\n1\n2\n')
    await bench.at('2026-06-01T00:00:11Z')
    await deliver(bench, 'a.csv', 'id\n1\n2\n3\n')
    await bench.at('2026-06-01T00:00:20Z')
    await bench.at('2026-06-01T00:00:29Z')
    expect(bench.started()).toEqual([])
    expect(bench.scheduler.pendingFiles('a')).toBe(1)
    await bench.at('2026-06-01T00:00:31Z')
    expect(bench.started()).toEqual([{ dataType: 'a', trigger: 'files' }])
    expect(bench.notes('a')).toEqual(['started: New file inbox/a.csv'])
  })

  it('start one run each time they change, also over a restart', async () => {
    const bench = await makeBench([watching()], '2026-06-01T00:00:00Z')
    await deliver(bench, 'a.csv', 'id\n1\n')
    await bench.at('2026-06-01T00:00:02Z')
    await bench.at('2026-06-01T00:00:13Z')
    bench.end('a')
    bench.restart()
    for (const second of [20, 40]) await bench.at(`2026-06-01T00:00:${second}Z`)
    expect(bench.started()).toHaveLength(1)
    await deliver(bench, 'a.csv', 'id\n1\n22\n')
    for (const second of [50, 61]) await bench.at(new Date(Date.parse('2026-06-01T00:00:00Z') + second * 1_000).toISOString())
    expect(bench.started()).toHaveLength(2)
  })

  it('wait for a run that goes on, which may be reading them', async () => {
    const bench = await makeBench([{ ...watching(), schedule: daily() }], '2026-06-01T03:59:00Z')
    await bench.at('2026-06-01T04:00:01Z')
    await deliver(bench, 'a.csv', 'id\n1\n')
    await bench.at('2026-06-01T04:00:02Z')
    await bench.at('2026-06-01T04:00:15Z')
    expect(bench.notes('a').at(-1)).toMatch(/^busy: New file inbox\/a\.csv; a #1 was queued/)
    await deliver(bench, 'b.csv', 'id\n1\n')
    await bench.at('2026-06-01T04:00:20Z')
    bench.end('a')
    await bench.at('2026-06-01T04:00:40Z')
    expect(bench.started()).toHaveLength(2)
  })
})

describe('the run of another data type', () => {
  it('starts it when it succeeded, and once, also when nobody was there to see it', async () => {
    const bench = await makeBench([dataType('a', { schedule: daily() }), dataType('b', { triggers: { after: ['a'] } })], '2026-06-01T03:59:00Z')
    await bench.at('2026-06-01T04:00:01Z')
    bench.end('a')
    bench.restart()
    await bench.at('2026-06-01T08:00:00Z')
    await bench.at('2026-06-01T08:00:15Z')
    expect(bench.started()).toEqual([RUN, { dataType: 'b', trigger: 'after' }])
    expect(bench.notes('b')).toEqual(['started: After a #1'])
  })
})

import { fork } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { EngineEvent } from '../../../shared/contract/runs.contract.ts'
import { type Actor, ENGINE_ACTOR } from '../../../shared/domain/actor.ts'
import { createAuditStore } from './audit.store.ts'
import { createCommandsStore } from './commands.store.ts'
import { createEntitiesStore } from './entities.store.ts'
import { createEventsStore } from './events.store.ts'
import { type Ledger, openLedger } from './ledger.ts'
import { createRunsStore, type RunsStore } from './runs.store.ts'
import { createStepsStore, type StepsStore } from './steps.store.ts'
import { readTrail } from './read-trail.ts'
import { verifyChain } from './verify-chain.ts'
import { createVersionsStore, type NewVersion } from './versions.store.ts'
import { acquireWorkspaceLock } from './workspace-lock.ts'

let dir: string
let ledger: Ledger
let runs: RunsStore
let steps: StepsStore
let now = 1_000

beforeEach(async () => {
  dir = await mkdtemp(path.join(tmpdir(), 'strata-ledger-'))
  ledger = await openLedger(path.join(dir, 'ledger.sqlite'))
  const events = createEventsStore(ledger)
  runs = createRunsStore(ledger, events, () => (now += 1))
  steps = createStepsStore(ledger, events, () => now)
})

afterEach(async () => {
  ledger.close()
  await rm(dir, { recursive: true })
})

const newRun = (dataType = 'drugs') => runs.create({ dataType, entities: null, trigger: 'cli' })

function version(dataset: string, number: number, runId: number): NewVersion {
  return {
    dataset, number, runId, layout: 'plain', rowCount: 3, sizeBytes: 10, contentHash: 'h', columns: [], parts: [], rejectsName: null, quarantined: 0,
    sourceHash: null, createdAt: 5, inputs: [], deliveries: [], deliveryTimes: [],
  }
}

describe('a transaction', () => {
  it('delivers its events after the commit, and none when it is rolled back', () => {
    const heard: EngineEvent[] = []
    ledger.onEvents((events) => heard.push(...events))
    expect(() =>
      ledger.write(() => {
        newRun()
        throw new Error('power cut')
      }),
    ).toThrow('power cut')
    expect(heard).toEqual([])
    expect(runs.find('drugs', 1)).toBeNull()
    newRun()
    expect(heard.map((event) => event.text)).toEqual(['queued'])
  })
})

describe('the mark of the ledger', () => {
  it('stays while nothing is written, and is another after this or another program wrote', async () => {
    const first = ledger.mark()
    expect(runs.find('drugs', 1)).toBeNull()
    expect(ledger.mark()).toBe(first)
    newRun()
    const second = ledger.mark()
    expect(second).not.toBe(first)
    const other = await openLedger(path.join(dir, 'ledger.sqlite'))
    expect(ledger.mark()).toBe(second)
    createRunsStore(other, createEventsStore(other), () => 1).create({ dataType: 'trials', entities: null, trigger: 'cli' })
    other.close()
    expect(ledger.mark()).not.toBe(second)
  })
})

describe('runs', () => {
  it('are numbered per data type, rising, never reused', () => {
    expect([newRun('drugs'), newRun('trials'), newRun('drugs')].map((run) => run.runNumber)).toEqual([1, 1, 2])
    expect(runs.getNextRunNumber('drugs', 'entity-1')).toBe(3)
    expect(newRun('drugs').runNumber).toBe(4)
  })

  it('refuse an illegal transition and stay as they were', () => {
    const run = newRun()
    expect(() => runs.transition(run.id, 'succeeded', {})).toThrow(/queued cannot become succeeded/)
    expect(runs.byId(run.id).state).toBe('queued')
  })

  it('are found by data type, state and text, newest first', () => {
    newRun('drugs')
    const second = newRun('drugs')
    newRun('trials')
    runs.transition(second.id, 'cancelled', { summary: 'Cancelled by hand', finishedAt: 2 })
    const numbers = (filter: Parameters<RunsStore['list']>[0]) => runs.list(filter).runs.map((run) => `${run.dataType} #${run.runNumber}`)
    expect(numbers({ offset: 0, limit: 10 })).toEqual(['trials #1', 'drugs #2', 'drugs #1'])
    expect(numbers({ dataType: 'drugs', states: ['queued'], offset: 0, limit: 10 })).toEqual(['drugs #1'])
    expect(numbers({ text: 'by hand', offset: 0, limit: 10 })).toEqual(['drugs #2'])
    expect(runs.list({ offset: 1, limit: 1 })).toMatchObject({ total: 3, runs: [{ dataType: 'drugs', runNumber: 2 }] })
  })
})

describe('entities', () => {
  it('are processed in a run only when every entity step of it succeeded for them', () => {
    const entities = createEntitiesStore(ledger)
    const run = newRun()
    steps.plan(run.id, [
      { dataset: 'drugs.processed.a', dataType: 'drugs', kind: 'entity' },
      { dataset: 'drugs.processed.b', dataType: 'drugs', kind: 'entity' },
    ])
    const [first, second] = steps.ofRun(run.id)
    if (first === undefined || second === undefined) throw new Error('two steps')
    for (const step of [first, second]) entities.addPending({ stepId: step.id, dataType: 'drugs', at: 1 }, ['X', 'Y'])
    const done = { state: 'succeeded', attempts: 1, rows: 2, durationMs: 0.5, error: null } as const
    entities.saveProcessingResults(first.id, { results: [{ entityId: 'X', ...done }], journalBytes: 100, at: 2 })
    expect(entities.isEntityProcessed('X', 'drugs', 1)).toBe(false)
    expect(entities.isEntityProcessedIn('drugs.processed.a', { entityId: 'X', dataType: 'drugs', runNumber: 1 })).toBe(true)
    entities.saveProcessingResults(second.id, { results: [{ entityId: 'X', ...done }], journalBytes: 100, at: 3 })
    expect(entities.isEntityProcessed('X', 'drugs', 1)).toBe(true)
    expect(entities.isEntityProcessed('Y', 'drugs', 1)).toBe(false)
    expect(entities.isEntityProcessed('X', 'drugs', 2)).toBe(false)
    expect(steps.byId(first.id).journalBytes).toBe(100)
  })

  it('keep their result when they are planned again, and group failures by cause', () => {
    const entities = createEntitiesStore(ledger)
    const run = newRun()
    steps.plan(run.id, [{ dataset: 'drugs.processed.a', dataType: 'drugs', kind: 'entity' }])
    const stepId = steps.ofRun(run.id)[0]?.id ?? 0
    entities.addPending({ stepId, dataType: 'drugs', at: 1 }, ['A', 'B', 'C'])
    const failed = (message: string) => ({ state: 'failed', attempts: 1, rows: 0, durationMs: 1, error: { message, signature: 'bad <n>', errorClass: 'bad_data' } }) as const
    entities.saveProcessingResults(stepId, { results: [{ entityId: 'A', ...failed('bad 1') }, { entityId: 'B', ...failed('bad 2') }, { entityId: 'C', state: 'skipped', attempts: 1, rows: 0, durationMs: 1, error: null }], journalBytes: 0, at: 2 })
    entities.addPending({ stepId, dataType: 'drugs', at: 3 }, ['A', 'B', 'C', 'D'])
    expect(entities.errorGroups(run.id)).toEqual([{ signature: 'bad <n>', errorClass: 'bad_data', count: 2 }])
    expect(entities.ofRun(run.id, { states: ['failed'], offset: 0, limit: 10 }).entities.map(({ entityId, error }) => [entityId, error])).toEqual([['A', 'bad 1'], ['B', 'bad 2']])
    expect(entities.finished(stepId)).toEqual(new Set(['C']))
    expect(entities.history('A', 10)).toMatchObject([{ dataType: 'drugs', runNumber: 1, state: 'failed', error: 'bad 1' }])
  })
})

describe('versions', () => {
  it('become current together, and remember what they replaced', () => {
    const versions = createVersionsStore(ledger, createEventsStore(ledger))
    const run = newRun()
    steps.plan(run.id, ['drugs.raw.a', 'drugs.curated.b'].map((dataset) => ({ dataset, dataType: 'drugs', kind: 'sql' as const })))
    const first = versions.insert(version('drugs.raw.a', 1, run.id))
    const second = versions.insert({ ...version('drugs.curated.b', 1, run.id), inputs: [first.id] })
    expect(versions.current('drugs.raw.a')).toBeNull()
    versions.promote(run.id, [first.id, second.id], 9)
    expect(versions.allCurrent().map(({ dataset, number }) => `${dataset} v${number}`).sort()).toEqual(['drugs.curated.b v1', 'drugs.raw.a v1'])
    expect(versions.inputsOf(second.id).map(({ dataset }) => dataset)).toEqual(['drugs.raw.a'])
    expect(versions.madeFrom(first.id).map(({ dataset }) => dataset)).toEqual(['drugs.curated.b'])
    expect(ledger.all('SELECT from_version_id, to_version_id FROM promotions ORDER BY seq')[0]).toMatchObject({ from_version_id: null, to_version_id: first.id })
  })
})

it('runs a command once, whatever how often it is sent', () => {
  const commands = createCommandsStore(ledger)
  let calls = 0
  const send = () => commands.once({ id: '3f1c2a52-0000-4000-8000-000000000001', at: 1 }, Number, () => (calls += 1))
  expect([send(), send(), send()]).toEqual([1, 1, 1])
  expect(calls).toBe(1)
})

describe('the audit trail', () => {
  const person: Actor = { kind: 'person', via: 'window', account: 'anna' }

  it.each([
    [`UPDATE audit SET action = 'nothing' WHERE seq = 2`, 2],
    [`UPDATE audit SET value_after = '{"state":"succeeded"}' WHERE seq = 3`, 3],
    [`UPDATE audit SET account = 'somebody' WHERE seq = 1`, 1],
    [`UPDATE audit SET form = 1 WHERE seq = 2`, 2],
    [`DELETE FROM audit WHERE seq = 2`, 3],
  ])('shows where it was tampered with: %s', async (sql, brokenAt) => {
    const audit = createAuditStore(ledger)
    for (const action of ['run', 'cancel', 'publish']) audit.append({ actor: person, action, target: 'drugs #1', details: {}, before: { state: 'running' }, after: { state: 'failed' } }, 1)
    expect(await verifyChain(audit)).toMatchObject({ entries: 3, brokenAt: null })
    ledger.run(sql)
    expect(audit.firstBroken()).toBe(brokenAt)
    expect(await verifyChain(audit)).toMatchObject({ brokenAt })
  })

  it('holds over entries of the first ledger, which know no values and one word for who', async () => {
    const hash = createHash('sha256').update(JSON.stringify(['', 1, 'cli', 'run', 'drugs #1', '{}'])).digest('hex')
    ledger.run(`INSERT INTO audit (at, actor, action, target, details, previous_hash, hash) VALUES (1, 'cli', 'run', 'drugs #1', '{}', '', :hash)`, { hash })
    const audit = createAuditStore(ledger)
    audit.append({ actor: person, action: 'cancel', target: 'drugs #1', details: {} }, 2)
    expect(await verifyChain(audit)).toMatchObject({ entries: 2, brokenAt: null })
    const whole = { offset: 0, limit: 10 }
    expect((await readTrail(audit, {}, whole)).entries.map(({ actor }) => actor)).toEqual([person, { kind: 'person', via: 'cli', account: null }])
    expect((await readTrail(audit, { actor: 'person', via: 'cli' }, whole)).total).toBe(1)
  })

  it('filters by who, what, on what, when and any text', () => {
    const audit = createAuditStore(ledger)
    audit.append({ actor: person, action: 'run', target: 'drugs #1', details: {} }, 10)
    audit.append({ actor: ENGINE_ACTOR, action: 'publish', target: 'drugs #1', details: {}, after: { 'drugs.raw.x': 'v1' } }, 20)
    audit.append({ actor: person, action: 'override', target: 'drugs #2', details: { reason: 'Known gap' } }, 30)
    const found = (filter: Parameters<typeof audit.after>[1]): number[] => audit.after(0, filter, 10).map(({ seq }) => seq)
    expect(found({ actor: 'engine' })).toEqual([2])
    expect(found({ action: 'run', via: 'window' })).toEqual([1])
    expect(found({ target: 'drugs #1' })).toEqual([1, 2])
    expect(found({ text: 'known' })).toEqual([3])
    expect(found({ text: 'raw.x' })).toEqual([2])
    expect(found({ from: 20, to: 30 })).toEqual([2, 3])
    expect(audit.actions()).toEqual(['override', 'publish', 'run'])
  })

  it('pages through years of it, newest first, over the seams of what is read at once', async () => {
    const audit = createAuditStore(ledger)
    ledger.write(() => {
      for (let i = 1; i <= 12_000; i++) audit.append({ actor: person, action: i % 3 === 0 ? 'cancel' : 'run', target: `drugs #${i}`, details: {} }, i)
    })
    const seqs = async (filter: Parameters<typeof audit.after>[1], offset: number, limit: number) => {
      const { total, entries } = await readTrail(audit, filter, { offset, limit })
      return [total, ...entries.map(({ seq }) => seq)]
    }
    expect(await seqs({}, 4_998, 4)).toEqual([12_000, 7_002, 7_001, 7_000, 6_999])
    expect(await seqs({ action: 'cancel' }, 3_998, 10)).toEqual([4_000, 6, 3])
    expect(await seqs({ text: '#11999' }, 0, 10)).toEqual([1, 11_999])
    expect(await verifyChain(audit)).toMatchObject({ entries: 12_000, brokenAt: null })
  })
})

it('refuses a ledger from a newer Strata and leaves it alone', async () => {
  const file = path.join(dir, 'future.sqlite')
  const future = await openLedger(file)
  future.run('PRAGMA user_version = 99')
  future.close()
  await expect(openLedger(file)).rejects.toThrow(/newer Strata/)
})

it('lets a workspace lock go when its process is killed', async () => {
  const lockFile = path.join(dir, 'lock')
  const holderScript = path.join(dir, 'holder.mjs')
  const source = JSON.stringify(new URL('./workspace-lock.ts', import.meta.url).href)
  await writeFile(holderScript, `import { acquireWorkspaceLock } from ${source}; acquireWorkspaceLock(process.argv[2], { pid: process.pid, host: 'cli', since: 'now' }); process.send('held'); setInterval(() => {}, 1000)`)
  const holder = fork(holderScript, [lockFile], { execArgv: [] })
  await once(holder, 'message')
  const me = { pid: process.pid, host: 'cli', since: 'now' }
  expect(acquireWorkspaceLock(lockFile, me)).toEqual({ heldBy: { pid: holder.pid, host: 'cli', since: 'now' } })
  holder.kill('SIGKILL')
  await once(holder, 'exit')
  const lock = acquireWorkspaceLock(lockFile, me)
  expect(lock).toHaveProperty('release')
  if ('release' in lock) lock.release()
})

import { randomUUID } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import type { RunDetail, RunRef } from '../../../shared/contract/runs.contract.ts'
import type { RunPriority } from '../../../shared/domain/run-priority.ts'
import { FINISHED_RUN_STATES } from '../../../shared/domain/run-status.ts'
import { findAppFiles } from '../app-root.ts'
import { createInProcessClient, type StrataClient } from '../client.ts'
import { openEngine } from '../open-engine.ts'
import { openTestWorkspace, type TestWorkspace } from './test-workspace.ts'

/** Several runs over the real engine: who may run beside whom, with how much, and what a group of runs does. */

const SLOW = 'SELECT count(*) AS n, max(a.id) AS id FROM raw.files a, range(100000000000) r\n'
const FAST = 'SELECT id FROM raw.files\n'
const MEANS = `SELECT id, current_setting('threads') AS threads, current_setting('memory_limit') AS memory FROM raw.files\n`

function dataType(name: string, sql: string): Record<string, string> {
  return { [`pipelines/${name}/pipeline.yaml`]: 'sources:\n  files: { files: inbox/people.csv }\n', [`pipelines/${name}/curated/people.sql`]: sql }
}

/** `reader` reads `source`; `other` stands alone. */
const FILES = {
  'strata.yaml': 'name: shop\nlimits: { memory: 1GB, threads: 2, runs: 2 }\n',
  'inbox/people.csv': 'id,name\n1,Ada\n2,Grace\n',
  ...dataType('source', FAST),
  ...dataType('reader', 'SELECT f.id, s.id AS other FROM raw.files f JOIN source.curated.people s USING (id)\n'),
  ...dataType('other', FAST),
}

const start = (client: StrataClient, name: string, priority?: RunPriority): Promise<RunRef> =>
  client.runs.start({ commandId: randomUUID(), dataType: name, trigger: 'cli', ...(priority === undefined ? {} : { priority }) })

async function reaches(client: StrataClient, run: RunRef, isThere: (detail: RunDetail) => boolean): Promise<RunDetail> {
  for (;;) {
    const detail = await client.runs.get({ run })
    if (isThere(detail)) return detail
    await delay(10)
  }
}
const settled = (client: StrataClient, run: RunRef): Promise<RunDetail> => reaches(client, run, ({ run: { state } }) => FINISHED_RUN_STATES.has(state))
/** Its slow statement has begun. */
const isSlow = (client: StrataClient, run: RunRef): Promise<RunDetail> =>
  reaches(client, run, ({ run: { state }, steps }) => FINISHED_RUN_STATES.has(state) || steps.some(({ kind, state: step }) => kind === 'sql' && step === 'running'))

const write = (workspace: TestWorkspace, name: string, sql: string): Promise<void> => writeFile(join(workspace.dir, `pipelines/${name}/curated/people.sql`), sql)

describe('runs beside each other', () => {
  it('share memory and threads, and one alone has all of them', async () => {
    await using workspace = await openTestWorkspace({ files: { ...FILES, ...dataType('other', SLOW), ...dataType('source', MEANS) } })
    const { client } = workspace
    await workspace.run('source')
    expect((await workspace.rows('source.curated.people'))[0]).toMatchObject({ threads: '2', memory: '1.0 GiB' })

    const slow = await start(client, 'other')
    await isSlow(client, slow)
    await write(workspace, 'source', `${MEANS.trimEnd()} WHERE id <> ''\n`)
    await workspace.run('source')
    expect((await workspace.rows('source.curated.people'))[0]).toMatchObject({ threads: '1', memory: '512.0 MiB' })
    await client.runs.cancel({ run: slow })
    expect((await settled(client, slow)).run.state).toBe('cancelled')
  })

  it('are of different data types, and each says what it waits for', async () => {
    await using workspace = await openTestWorkspace({ files: { ...FILES, ...dataType('source', SLOW) } })
    const { client } = workspace
    const first = await start(client, 'source')
    await isSlow(client, first)
    const [again, reader, other] = [await start(client, 'source', 'low'), await start(client, 'reader'), await start(client, 'other')]
    expect((await settled(client, other)).run.state).toBe('succeeded')

    // A run gives its place back a moment after its end.
    await expect.poll(async () => (await client.queue.get()).running.length).toBe(1)
    const queue = await client.queue.get()
    expect(queue).toMatchObject({ limits: { runs: 2, memoryMb: 1_024, threads: 2 }, running: [{ run: first }] })
    expect(queue.waiting).toMatchObject([
      { run: reader, position: 1, priority: 'normal', waitingFor: [first], text: 'Waiting for source #1' },
      { run: again, position: 2, priority: 'low', waitingFor: [first] },
    ])
    expect((await client.runs.get({ run: reader })).run.summary).toBe('Waiting for source #1')

    expect(await client.runs.cancel({ run: again })).toMatchObject({ state: 'cancelled', startedAt: null })
    await client.runs.cancel({ run: first })
    expect((await settled(client, reader)).run).toMatchObject({ state: 'failed', problem: { code: 'NOT_FOUND' } })
    expect((await client.queue.get()).waiting).toEqual([])
  })
})

describe('a group', () => {
  it('runs every data type after those it reads, and is one thing afterwards', async () => {
    await using workspace = await openTestWorkspace({ files: FILES })
    const { client } = workspace
    const started = await client.runs.startAll({ commandId: randomUUID(), trigger: 'cli' })
    expect(started).toMatchObject({ group: 1, leftOut: [] })
    const ends = await Promise.all(started.runs.map((run) => settled(client, run)))
    const byType = new Map(ends.map(({ run }) => [run.dataType, run]))
    expect([...byType.values()].map(({ state }) => state)).toEqual(['succeeded', 'succeeded', 'succeeded'])
    expect(Date.parse(byType.get('reader')?.startedAt ?? '')).toBeGreaterThanOrEqual(Date.parse(byType.get('source')?.finishedAt ?? ''))
    expect(await workspace.rows('reader.curated.people')).toHaveLength(2)
    const group = await client.groups.get({ group: 1 })
    expect(group.finishedAt).not.toBeNull()
    expect(group.runs.map(({ dataType: name }) => name)).toEqual(started.runs.map(({ dataType: name }) => name))
  })

  it('leaves out who reads a data type that failed, says so, and goes on with the others', async () => {
    await using workspace = await openTestWorkspace({ files: { ...FILES, ...dataType('source', `SELECT CAST(name AS INTEGER) AS id FROM raw.files\n`) } })
    const { client } = workspace
    const { runs } = await client.runs.startAll({ commandId: randomUUID() })
    const ends = new Map((await Promise.all(runs.map((run) => settled(client, run)))).map(({ run }) => [run.dataType, run]))
    expect(ends.get('source')?.state).toBe('failed')
    expect(ends.get('other')?.state).toBe('succeeded')
    expect(ends.get('reader')).toMatchObject({ state: 'cancelled', startedAt: null, summary: 'Left out: it reads source, and source #1 failed', problem: { details: { leftOut: true } } })

    await write(workspace, 'source', FAST)
    await client.runs.resume({ commandId: randomUUID(), run: { dataType: 'source', runNumber: 1 } })
    expect((await settled(client, { dataType: 'source', runNumber: 1 })).run.state).toBe('succeeded')
    await client.runs.resume({ commandId: randomUUID(), run: { dataType: 'reader', runNumber: 1 } })
    expect((await settled(client, { dataType: 'reader', runNumber: 1 })).run.state).toBe('succeeded')
  })

  it('starts what its plans showed: it is refused when one is another by then, and a member says what changed while it waited', async () => {
    await using workspace = await openTestWorkspace({ files: { ...FILES, 'strata.yaml': 'name: shop\nlimits: { memory: 1GB, threads: 2, runs: 1 }\n', ...dataType('aside', SLOW) } })
    const { client } = workspace
    const plan = async (name: string): Promise<string> => (await client.runs.plan({ dataType: name })).hash
    const stale = await plan('source')
    await write(workspace, 'source', 'SELECT id, 1 AS one FROM raw.files\n')
    await write(workspace, 'aside', FAST)
    await workspace.run('source')
    await expect(client.runs.startAll({ commandId: randomUUID(), plans: { source: stale } })).rejects.toMatchObject({ code: 'CONFLICT', message: expect.stringContaining('source.raw.files') })

    await write(workspace, 'aside', SLOW)
    const slow = await start(client, 'aside')
    await isSlow(client, slow)
    const plans = { source: await plan('source'), reader: await plan('reader') }
    const { runs } = await client.runs.startAll({ commandId: randomUUID(), dataTypes: ['source', 'reader'], plans })
    await write(workspace, 'source', 'SELECT id, 2 AS one FROM raw.files\n')
    await client.runs.cancel({ run: slow })
    const [source, reader] = await Promise.all(runs.map((run) => settled(client, run)))
    expect(source?.planChanges).toMatchObject([{ since: 'plan', changes: [expect.stringMatching(/^source\.curated\.people was to be reused, and is now to run/)] }])
    expect(reader?.planChanges).toEqual([])
  })

  it('says that a member waits for one that waits at a gate', async () => {
    const gated = { 'pipelines/source/pipeline.yaml': 'sources:\n  files: { files: inbox/people.csv }\ngates:\n  look: { shows: curated.people }\n' }
    await using workspace = await openTestWorkspace({ files: { ...FILES, ...gated } })
    const { client } = workspace
    const { group } = await client.runs.startAll({ commandId: randomUUID() })
    await reaches(client, { dataType: 'source', runNumber: 1 }, ({ run }) => run.state === 'waiting')
    await settled(client, { dataType: 'other', runNumber: 1 })
    const members = await client.groups.get({ group })
    expect(members.state).toBe('waiting')
    expect(members.runs.find((run) => run.dataType === 'reader')).toMatchObject({ summary: 'Waiting for source #1', waitingFor: [{ dataType: 'source', runNumber: 1 }] })
    await client.groups.cancel({ group })
  })

  it('is cancelled as a whole', async () => {
    await using workspace = await openTestWorkspace({ files: { ...FILES, ...dataType('source', SLOW) } })
    const { client } = workspace
    const { group, runs } = await client.runs.startAll({ commandId: randomUUID() })
    await isSlow(client, { dataType: 'source', runNumber: 1 })
    const [reader] = (await client.groups.get({ group })).runs.filter((run) => run.dataType === 'reader')
    expect(reader).toMatchObject({ group, state: 'queued', summary: 'Waiting for source #1', reads: [{ dataType: 'source', runNumber: 1 }], waitingFor: [{ dataType: 'source', runNumber: 1 }], steps: { done: 0, total: 2 } })
    await client.groups.cancel({ group })
    const ends = await Promise.all(runs.map((run) => settled(client, run)))
    expect(ends.filter(({ run }) => run.state === 'cancelled').map(({ run }) => run.dataType)).toEqual(expect.arrayContaining(['source', 'reader']))
    expect(await client.groups.get({ group })).toMatchObject({ state: 'cancelled', finishedAt: expect.any(String) })
    await expect(client.groups.cancel({ group })).rejects.toThrow(/nothing to cancel/)
  })

  it('goes on after Strata was closed in the middle of it', async () => {
    await using workspace = await openTestWorkspace({ files: { ...FILES, ...dataType('source', SLOW) } })
    const { group } = await workspace.client.runs.startAll({ commandId: randomUUID() })
    await isSlow(workspace.client, { dataType: 'source', runNumber: 1 })
    await workspace.closeEngine()
    await write(workspace, 'source', FAST)
    const engine = await openEngine({ workspaceDir: workspace.dir, host: 'browser', files: findAppFiles(import.meta.url), env: process.env, log: () => {}, resumeInterrupted: true })
    try {
      const client = createInProcessClient(engine)
      const reader = await settled(client, { dataType: 'reader', runNumber: 1 })
      expect(reader.run.state).toBe('succeeded')
      expect((await client.groups.get({ group })).runs.map(({ state }) => state)).toEqual(['succeeded', 'succeeded', 'succeeded'])
    } finally {
      await engine.close()
    }
  })
})

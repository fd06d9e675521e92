import { randomUUID } from 'node:crypto'
import { readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import type { RunDetail, RunRef } from '../../../shared/contract/runs.contract.ts'
import { FINISHED_RUN_STATES } from '../../../shared/domain/run-status.ts'
import { findAppFiles } from '../app-root.ts'
import { createInProcessClient, type StrataClient } from '../client.ts'
import { openEngine } from '../open-engine.ts'
import { openTestWorkspace, type TestWorkspace } from './test-workspace.ts'

/** What the run manager promises, over the real engine, workers and files. */

const FILES = {
  'strata.yaml': 'name: shop\nlimits: { memory: 512MB, threads: 1 }\n',
  'inbox/orders.csv': 'order_id,amount\n1,10\n2,20\n3,30\n',
  'pipelines/shop/pipeline.yaml': 'entity: { key: order_id }\nsources:\n  orders: { files: inbox/*.csv, format: csv, keep: move }\n',
  'pipelines/shop/curated/orders.sql': 'SELECT order_id, CAST(amount AS INTEGER) AS amount FROM raw.orders\n',
  'pipelines/shop/curated/orders.yaml': 'key: [order_id]\n',
}

const PROCESSOR = (body: string): string => `import { defineProcessor, RetryableError } from 'strata'
import { z } from 'zod'
export default defineProcessor({ result: z.object({ doubled: z.int() }), async process(entityId, rows, context) { ${body} } })
`
const DOUBLED = {
  'pipelines/shop/processed/doubled.yaml': 'entity: { input: raw.orders, max_failed: 1 }\n',
  'pipelines/shop/processed/doubled.ts': PROCESSOR('return { doubled: 2 * Number(rows[0].amount) }'),
}

async function settled(client: StrataClient, run: RunRef): Promise<RunDetail> {
  for (;;) {
    const detail = await client.runs.get({ run })
    if (FINISHED_RUN_STATES.has(detail.run.state)) return detail
    await delay(20)
  }
}

async function resume({ client }: TestWorkspace, run: RunRef): Promise<RunDetail> {
  await client.runs.resume({ commandId: randomUUID(), run })
  return settled(client, run)
}

const put = (workspace: TestWorkspace, file: string, text: string): Promise<void> => writeFile(join(workspace.dir, file), text)
const FIRST: RunRef = { dataType: 'shop', runNumber: 1 }

describe('publishing', () => {
  it('makes nothing current when a check blocks, and everything at once when it holds', async () => {
    await using workspace = await openTestWorkspace({ files: { ...FILES, 'pipelines/shop/curated/orders.yaml': 'key: [order_id]\nrows: { min: 5 }\n' } })
    const blocked = await workspace.run('shop')
    expect(blocked.run).toMatchObject({ state: 'failed', problem: { code: 'CHECK_BLOCKED' } })
    expect(blocked.run.problem?.message).toContain('shop.curated.orders')
    expect((await workspace.client.datasets.list()).map((item) => item.version)).toEqual([null, null])

    await put(workspace, 'pipelines/shop/curated/orders.yaml', 'key: [order_id]\nrows: { min: 3 }\n')
    const mended = await resume(workspace, FIRST)
    expect(mended.run).toMatchObject({ state: 'succeeded', runNumber: 1, attempt: 2, problem: null })
    expect((await workspace.client.datasets.list()).every((item) => item.version !== null)).toBe(true)
    expect(await workspace.rows('shop.curated.orders')).toEqual([{ order_id: '1', amount: 10 }, { order_id: '2', amount: 20 }, { order_id: '3', amount: 30 }])
  })

  it('keeps the version before readable while a later run fails', async () => {
    await using workspace = await openTestWorkspace({ files: FILES })
    await workspace.run('shop')
    await put(workspace, 'inbox/orders.csv', 'order_id,amount\n4,none\n')
    const failed = await workspace.run('shop')
    expect(failed.run).toMatchObject({ state: 'failed', runNumber: 2 })
    expect(failed.run.problem?.message).toContain('none')
    expect(failed.run.problem?.details).toMatchObject({ dataset: 'shop.curated.orders', file: 'pipelines/shop/curated/orders.sql' })
    expect(await workspace.rows('shop.curated.orders')).toHaveLength(3)
  })
})

describe('the inbox', () => {
  it('is emptied into the raw zone, and read again from there when the source is declared anew', async () => {
    await using workspace = await openTestWorkspace({ files: FILES })
    await workspace.run('shop')
    expect(await readdir(join(workspace.dir, 'inbox'))).toEqual([])
    expect(await readFile(join(workspace.dir, 'zones/raw/shop/orders/v1/delivered/orders.csv'), 'utf8')).toBe(FILES['inbox/orders.csv'])

    const again = await workspace.run('shop')
    expect(again.steps.map((step) => step.state)).toEqual(['reused', 'reused'])

    await put(workspace, 'pipelines/shop/pipeline.yaml', FILES['pipelines/shop/pipeline.yaml'].replace('keep: move', 'keep: move, columns: { amount: INTEGER }'))
    const retyped = await workspace.run('shop')
    expect(retyped.steps.map((step) => step.state)).toEqual(['succeeded', 'succeeded'])
    const { columns, version } = await workspace.client.datasets.get({ dataset: 'shop.raw.orders' })
    expect(version).toBeGreaterThan(1)
    expect(columns.find((column) => column.name === 'amount')?.type).toBe('INTEGER')
  })

  it('keeps its files when they cannot be read', async () => {
    await using workspace = await openTestWorkspace({ files: { ...FILES, 'inbox/orders.csv': 'order_id,amount\n1,"ten\n2,20\n' } })
    const { run } = await workspace.run('shop')
    expect(run).toMatchObject({ state: 'failed', problem: { code: 'SOURCE_UNREADABLE' } })
    expect(await readdir(join(workspace.dir, 'inbox'))).toEqual(['orders.csv'])
    expect((await readdir(join(workspace.dir, 'zones/raw/shop/orders'))).filter((name) => name.startsWith('.tmp'))).toEqual([])
  })

  it('says which pattern found nothing', async () => {
    await using workspace = await openTestWorkspace({ files: FILES })
    await rm(join(workspace.dir, 'inbox/orders.csv'))
    const { run } = await workspace.run('shop')
    expect(run.problem).toMatchObject({ code: 'SOURCE_MISSING' })
    expect(run.problem?.message).toContain('inbox/*.csv')
    expect(run.problem?.hint).not.toBeNull()
  })
})

describe('entity steps', () => {
  it('let a poisonous entity fail alone, and mark the run degraded', async () => {
    const poison = PROCESSOR(`if (entityId === '2') throw new Error('order 2 is cursed'); return { doubled: 2 * Number(rows[0].amount) }`)
    await using workspace = await openTestWorkspace({ files: { ...FILES, ...DOUBLED, 'pipelines/shop/processed/doubled.ts': poison } })
    const { run, steps } = await workspace.run('shop')
    expect(run).toMatchObject({ state: 'succeeded', degraded: true, entitiesFailed: 1 })
    expect(steps.find((step) => step.kind === 'entity')?.entities).toMatchObject({ total: 3, succeeded: 2, failed: 1, skipped: 0 })
    expect(await workspace.rows('shop.processed.doubled')).toEqual([{ order_id: '1', doubled: '20' }, { order_id: '3', doubled: '60' }])
    const { entities } = await workspace.client.runs.entities({ run: FIRST, states: ['failed'] })
    expect(entities).toMatchObject([{ entityId: '2', error: 'order 2 is cursed', attempts: 1 }])
  })

  it('fail the run above the threshold, and on a resume process only what is not done', async () => {
    const calls = (dir: string): string => `const { appendFileSync } = await import('node:fs'); appendFileSync(${JSON.stringify(join(dir, 'calls.txt'))}, entityId + '\\n');`
    await using workspace = await openTestWorkspace({ files: { ...FILES, ...DOUBLED } })
    await put(workspace, 'pipelines/shop/processed/doubled.ts', PROCESSOR(`${calls(workspace.dir)} if (entityId !== '1') throw new Error('not yet'); return { doubled: 2 }`))
    const failed = await workspace.run('shop')
    expect(failed.run).toMatchObject({ state: 'failed', problem: { code: 'ENTITY_FAILED' } })

    await put(workspace, 'pipelines/shop/processed/doubled.ts', PROCESSOR(`${calls(workspace.dir)} return { doubled: 4 }`))
    expect((await resume(workspace, FIRST)).run).toMatchObject({ state: 'succeeded', degraded: false })
    expect((await readFile(join(workspace.dir, 'calls.txt'), 'utf8')).trim().split('\n')).toEqual(['1', '2', '3', '2', '3'])
    expect((await workspace.rows('shop.processed.doubled')).map((row) => row['doubled'])).toEqual(['2', '4', '4'])
  })

  it('of a narrowed run process the named entities and carry the others over', async () => {
    await using workspace = await openTestWorkspace({ files: { ...FILES, ...DOUBLED } })
    await workspace.run('shop')
    await put(workspace, 'pipelines/shop/processed/doubled.ts', PROCESSOR('return { doubled: 0 }'))
    const run = await workspace.client.runs.start({ commandId: randomUUID(), dataType: 'shop', entities: ['2'] })
    expect((await settled(workspace.client, run)).run.state).toBe('succeeded')
    expect((await workspace.rows('shop.processed.doubled')).map((row) => row['doubled'])).toEqual(['20', '0', '60'])
  })

  it('say at which line a processor that cannot be loaded is wrong', async () => {
    await using workspace = await openTestWorkspace({ files: { ...FILES, ...DOUBLED, 'pipelines/shop/processed/doubled.ts': `import { z } from 'zod'\nimport { nothing } from 'no-such-library'\nexport default nothing\n` } })
    const { run } = await workspace.run('shop')
    expect(run.problem).toMatchObject({ code: 'STEP_FAILED' })
    expect(run.problem?.message).toContain('no-such-library')
  })
})

describe('a run', () => {
  const SLOW = { ...FILES, ...DOUBLED, 'pipelines/shop/processed/doubled.ts': PROCESSOR('await new Promise((resolve) => setTimeout(resolve, 60_000)); return { doubled: 1 }') }

  async function startSlow(workspace: TestWorkspace): Promise<RunRef> {
    const run = await workspace.client.runs.start({ commandId: randomUUID(), dataType: 'shop' })
    for (;;) {
      const { steps } = await workspace.client.runs.get({ run })
      if (steps.some((step) => step.kind === 'entity' && step.state === 'running' && step.entities !== null)) return run
      await delay(20)
    }
  }

  it('cancelled in the middle stops within a second, publishes nothing and can go on', async () => {
    await using workspace = await openTestWorkspace({ files: SLOW })
    const run = await startSlow(workspace)
    const startedAt = performance.now()
    expect((await workspace.client.runs.cancel({ run })).state).toBe('cancelling')
    const { run: cancelled, steps } = await settled(workspace.client, run)
    expect(performance.now() - startedAt).toBeLessThan(5_000)
    expect(cancelled.state).toBe('cancelled')
    expect(steps.map((step) => step.state)).toEqual(['succeeded', 'cancelled', 'cancelled'])
    expect((await workspace.client.datasets.list()).every((item) => item.version === null)).toBe(true)
    await put(workspace, 'pipelines/shop/processed/doubled.ts', DOUBLED['pipelines/shop/processed/doubled.ts'])
    expect((await resume(workspace, run)).run.state).toBe('succeeded')
  })

  it('goes on in a new worker when its worker is killed', async () => {
    await using workspace = await openTestWorkspace({ files: { ...FILES, ...DOUBLED, 'pipelines/shop/processed/doubled.ts': PROCESSOR('await new Promise((resolve) => setTimeout(resolve, 1_500)); return { doubled: 1 }') } })
    const run = await startSlow(workspace)
    // Its entities are known a moment before the worker has them.
    await delay(600)
    const { workers } = await workspace.client.workspace.status()
    const worker = workers.find(({ kind }) => kind === 'run')
    process.kill(worker?.pid ?? 0, 'SIGKILL')
    const { run: done, steps } = await settled(workspace.client, run)
    expect(done.state).toBe('succeeded')
    expect(steps.find((step) => step.kind === 'entity')).toMatchObject({ attempt: 2, entities: { total: 3, succeeded: 3 } })
  })

  it('that was alive when the engine closed is interrupted, and goes on under its number', async () => {
    await using workspace = await openTestWorkspace({ files: { ...FILES, ...DOUBLED } })
    await workspace.run('shop')
    await put(workspace, 'pipelines/shop/processed/doubled.ts', SLOW['pipelines/shop/processed/doubled.ts'])
    const run = await startSlow(workspace)
    await workspace.closeEngine()
    await put(workspace, 'pipelines/shop/processed/doubled.ts', DOUBLED['pipelines/shop/processed/doubled.ts'])
    const engine = await openEngine({ workspaceDir: workspace.dir, host: 'browser', files: findAppFiles(import.meta.url), env: process.env, log: () => {}, resumeInterrupted: true })
    try {
      const client = createInProcessClient(engine)
      expect((await settled(client, run)).run).toMatchObject({ state: 'succeeded', runNumber: 2, attempt: 2 })
    } finally {
      await engine.close()
    }
  })

  it('is started once, however often the command is sent', async () => {
    await using workspace = await openTestWorkspace({ files: FILES })
    const commandId = randomUUID()
    const refs = await Promise.all([1, 2, 3].map(() => workspace.client.runs.start({ commandId, dataType: 'shop' })))
    expect(refs).toEqual([FIRST, FIRST, FIRST])
    await settled(workspace.client, FIRST)
    expect((await workspace.client.runs.list({})).total).toBe(1)
  })

  it('refuses to start on mistakes in its files, and says where the first one is', async () => {
    await using workspace = await openTestWorkspace({ files: { ...FILES, 'pipelines/shop/curated/orders.sql': 'SELECT * FROM raw.ordrs\n' } })
    const { run } = await workspace.run('shop')
    expect(run.problem).toMatchObject({ code: 'WORKSPACE_INVALID' })
    expect(run.problem?.message).toContain('pipelines/shop/curated/orders.sql:1')
  })
})

it('shows a page though the reader was killed between two of them', async () => {
  await using workspace = await openTestWorkspace({ files: FILES })
  await workspace.run('shop')
  const readers = async () => (await workspace.client.workspace.status()).workers.filter(({ kind }) => kind === 'reader').map(({ pid }) => pid)
  await workspace.client.datasets.page({ dataset: 'shop.raw.orders' })
  const [first] = await readers()
  process.kill(first ?? 0, 'SIGKILL')
  const page = await workspace.client.datasets.page({ dataset: 'shop.curated.orders', sort: [{ column: 'amount', direction: 'desc' }] })
  expect(page.rowsJson).toBe('[["3",30],["2",20],["1",10]]')
  expect(await readers()).not.toContain(first)
})

it('lets a second command line read while an engine has the workspace, and refuses it to write', async () => {
  await using workspace = await openTestWorkspace({ files: FILES })
  await workspace.run('shop')
  const engine = await openEngine({ workspaceDir: workspace.dir, host: 'cli', files: findAppFiles(import.meta.url), env: process.env, log: () => {}, resumeInterrupted: false })
  try {
    const client = createInProcessClient(engine)
    expect((await client.runs.list({})).total).toBe(1)
    expect((await client.datasets.page({ dataset: 'shop.curated.orders' })).totalRows).toBe(3)
    await expect(client.runs.start({ commandId: randomUUID(), dataType: 'shop' })).rejects.toMatchObject({ code: 'WORKSPACE_LOCKED' })
  } finally {
    await engine.close()
  }
  await expect(openEngine({ workspaceDir: workspace.dir, host: 'browser', files: findAppFiles(import.meta.url), env: process.env, log: () => {}, resumeInterrupted: false })).rejects.toThrow(/is open in Strata/)
})

import { randomUUID } from 'node:crypto'
import { readdir, rm, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { CopyStatus } from '../../../shared/contract/copies.contract.ts'
import { findAppFiles } from '../app-root.ts'
import { createInProcessClient, type StrataClient } from '../client.ts'
import { openEngine } from '../open-engine.ts'
import { openTestWorkspace, type TestWorkspace } from './test-workspace.ts'

// Copies that make a large version quick to look at, asked for as the window does.

const ROWS = 250_000
const MANY_ROWS = 2_500_000
const LARGE = 'shop.curated.orders'
const HUGE = 'shop.curated.huge'
const SMALL = 'shop.curated.few'
const select = (rows: number): string => `SELECT 'k' || i AS customer, (hash(i) % 1000)::INTEGER AS amount, md5(i::VARCHAR) AS remark FROM range(${rows}) t(i)\n`
const QUERY = { sort: [{ column: 'amount', direction: 'desc' as const }], filter: [{ column: 'amount', op: 'lt' as const, value: '900' }] }

let workspace: TestWorkspace
/** Added to the time that the engine sees. */
let shiftMs = 0
const complaints: string[] = []
let reopened: Awaited<ReturnType<typeof openEngine>>
let client: StrataClient
beforeAll(async () => {
  workspace = await openTestWorkspace({
    files: {
      'strata.yaml': 'name: shop\nlimits: { memory: 1GB, threads: 2, copies: 1GB }\n',
      'pipelines/shop/pipeline.yaml': 'label: Shop\nentity: { key: customer }\n',
      'pipelines/shop/curated/orders.sql': select(ROWS),
      'pipelines/shop/curated/huge.sql': select(MANY_ROWS),
      'pipelines/shop/curated/few.sql': select(100),
    },
  })
  await workspace.run('shop')
  await workspace.closeEngine()
  await open()
}, 120_000)
afterAll(async () => {
  await reopened.close()
  await workspace[Symbol.asyncDispose]()
  if (complaints.length > 0) throw new Error(`The engine logged errors:\n${complaints.join('\n')}`)
})

async function open(): Promise<void> {
  reopened = await openEngine({ workspaceDir: workspace.dir, host: 'cli', files: findAppFiles(import.meta.url), env: process.env, log: (level, text) => void (level === 'error' && complaints.push(text)), resumeInterrupted: false, clock: () => Date.now() + shiftMs })
  client = createInProcessClient(reopened)
}

async function reopenWithout(): Promise<void> {
  await reopened.close()
  await rm(join(workspace.dir, '.strata/cache/copies'), { recursive: true })
  await open()
}

async function made(ask: () => Promise<CopyStatus>): Promise<CopyStatus> {
  for (;;) {
    const status = await ask()
    if (status.state !== 'waiting' && status.state !== 'copying') return status
    await setTimeout(20)
  }
}

const files = async (ending: string): Promise<string[]> => {
  const root = join(workspace.dir, '.strata/cache/copies')
  return (await readdir(root, { recursive: true }).catch(() => [])).filter((name) => name.endsWith(ending)).map((name) => join(root, name))
}
const cacheOf = async () => (await client.workspace.status()).caches.find(({ name }) => name === 'copies')
const pages = async () => Promise.all([0, 1_000, 123_400, 224_000].map(async (offset) => (await client.datasets.page({ dataset: LARGE, ...QUERY, offset, limit: 150 })).rowsJson))

describe('copies of a large version', () => {
  it('are made in the background, give the same pages, and are found again by the next engine', async () => {
    const before = await pages()
    const unsorted = (await client.datasets.page({ dataset: LARGE, offset: 77_777 })).rowsJson
    expect(await client.datasets.prepare({ dataset: LARGE })).toMatchObject({ state: expect.stringMatching(/waiting|copying/) })
    expect(await made(() => client.datasets.prepare({ dataset: LARGE }))).toEqual({ state: 'ready', share: 1, note: null })
    expect(await files('rows.ndjson')).toHaveLength(1)
    expect(await cacheOf()).toMatchObject({ sizeBytes: expect.any(Number), maxBytes: 2 ** 30 })
    await reopened.close()
    await open()
    expect((await client.datasets.prepare({ dataset: LARGE })).state).toBe('ready')
    expect(await pages()).toEqual(before)
    expect((await client.datasets.page({ dataset: LARGE, offset: 77_777 })).rowsJson).toBe(unsorted)
    expect((await cacheOf())?.sizeBytes).toBeGreaterThan(10_000_000)
  })

  it('are made anew where a file was cut', async () => {
    const before = await pages()
    const [rows = ''] = await files('rows.ndjson')
    await truncate(rows, 100)
    await reopened.close()
    await open()
    expect(await pages()).toEqual(before)
    expect((await client.datasets.prepare({ dataset: LARGE })).state).not.toBe('ready')
    expect((await made(() => client.datasets.prepare({ dataset: LARGE }))).state).toBe('ready')
    expect(await pages()).toEqual(before)
  })

  it('find an entity by its key', async () => {
    const ask = async (entityId: string) => (await client.entities.getDataForEntity({ entityId, limit: 5 })).slices.map(({ dataset, rowsJson }) => [dataset, rowsJson])
    const ids = ['k7', 'k123456', 'k249999', 'k', 'nobody']
    const before = await Promise.all(ids.map(ask))
    expect((await made(() => client.entities.prepare({}))).state).toBe('ready')
    expect(await files('.keys')).toHaveLength(2)
    await reopened.close()
    await open()
    expect(await Promise.all(ids.map(ask))).toEqual(before)
    expect(before.map((slices) => slices.length)).toEqual([3, 2, 2, 0, 0])
  })

  it('are not needed of a small one', async () => {
    expect(await client.datasets.prepare({ dataset: SMALL })).toEqual({ state: 'small', share: 1, note: null })
  })
})

describe('a copy that is being made', () => {
  it('stops when nobody asks for it any more, and leaves nothing', async () => {
    await reopenWithout()
    expect((await client.datasets.prepare({ dataset: HUGE })).state).toMatch(/waiting|copying/)
    await expect.poll(async () => (await client.datasets.prepare({ dataset: HUGE })).state, { timeout: 20_000 }).toBe('copying')
    shiftMs += 11_000
    await expect.poll(async () => (await client.workspace.status()).workers.some(({ kind }) => kind === 'copy'), { timeout: 20_000 }).toBe(false)
    // The process is gone before what it left behind is.
    await expect.poll(() => files('rows.ndjson'), { timeout: 20_000 }).toEqual([])
  })

  it('is refused where there is no room', async () => {
    expect((await made(() => client.datasets.prepare({ dataset: LARGE }))).state).toBe('ready')
    await writeFile(join(workspace.dir, 'strata.yaml'), 'name: shop\nlimits: { memory: 1GB, threads: 2, copies: 2MB }\n')
    await client.workspace.check()
    const status = await made(() => client.datasets.prepare({ dataset: HUGE }))
    expect(status).toMatchObject({ state: 'refused', note: expect.stringMatching(/would take about \d+ MB, but copies may take 3 MB/) })
    // What was there before goes, where it is more than there may be.
    await expect.poll(async () => (await cacheOf())?.sizeBytes, { timeout: 10_000 }).toBe(0)
  })
})

describe('an engine that stays', () => {
  it('makes the indexes of keys as soon as somebody asks for an entity', async () => {
    await using small = await openTestWorkspace({
      files: { 'strata.yaml': 'name: shop\n', 'pipelines/shop/pipeline.yaml': 'label: Shop\nentity: { key: customer }\n', 'pipelines/shop/curated/orders.sql': select(ROWS) },
    })
    await small.run('shop')
    await small.closeEngine()
    const engine = await openEngine({ workspaceDir: small.dir, host: 'browser', files: findAppFiles(import.meta.url), env: process.env, log: (level, text) => void (level === 'error' && complaints.push(text)), resumeInterrupted: false })
    try {
      const { slices } = await createInProcessClient(engine).entities.getDataForEntity({ entityId: 'k77' })
      expect(slices.map(({ rowCount }) => rowCount)).toEqual([1])
      const keys = async (): Promise<number> => (await readdir(join(small.dir, '.strata/cache/copies'), { recursive: true }).catch(() => [])).filter((name) => name.endsWith('.keys')).length
      await expect.poll(keys, { timeout: 20_000 }).toBe(1)
    } finally {
      await engine.close()
    }
  })
})

describe('a copy of rows with a sensitive column', () => {
  it('shows masks to whom the values are masked, finds entities by a masked key, and is not the one of somebody who may see them', async () => {
    await using club = await openTestWorkspace({
      files: {
        'strata.yaml': 'name: shop\n',
        'pipelines/shop/pipeline.yaml': 'label: Shop\nentity: { key: customer }\n',
        'pipelines/shop/curated/orders.sql': select(ROWS),
        'pipelines/shop/curated/orders.yaml': 'columns:\n  customer: { sensitive: true }\n',
      },
    })
    await club.run('shop')
    const { datasets, entities } = club.client
    const found = async (entityId: string) => (await entities.getDataForEntity({ entityId })).slices.map(({ rowsJson }) => rowsJson)
    const seen = async (offset: number): Promise<string> => (await datasets.page({ dataset: LARGE, sort: QUERY.sort, offset, limit: 3 })).rowsJson
    const before = [await found('k77'), await seen(100_000)]
    expect(JSON.stringify(before)).not.toContain('k77')
    expect((await made(() => entities.prepare({}))).state).toBe('ready')
    const after = [await found('k78'), await seen(100_003), await seen(100_001)]
    expect(after[0]).toHaveLength(1)
    expect(JSON.stringify(after)).not.toMatch(/"k\d+\\?"/)
    await club.client.masks.reveal({ commandId: randomUUID(), dataset: LARGE, columns: ['customer'], reason: 'A letter has to go out' })
    const revealed = await seen(100_002)
    expect(revealed).toMatch(/"k\d+"/)
    expect((await made(() => datasets.prepare({ dataset: LARGE }))).state).toBe('ready')
    expect((await readdir(join(club.dir, '.strata/cache/copies', LARGE, 'v1'))).length).toBe(2)
    expect(await seen(100_004)).toMatch(/"k\d+"/)
  })
})

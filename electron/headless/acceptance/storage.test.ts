import { randomUUID } from 'node:crypto'
import { chmod, readFile, readdir, rename, rm, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import type { Upkeep } from '../../../shared/contract/storage.contract.ts'
import { findAppFiles } from '../app-root.ts'
import { createInProcessClient, type StrataClient } from '../client.ts'
import { openEngine } from '../open-engine.ts'
import { openTestWorkspace, type TestWorkspace } from './test-workspace.ts'

/** Retention, verify and disk use, over the real engine, workers and files. */

const FILES = {
  'strata.yaml': 'name: shop\nlimits: { memory: 512MB, threads: 1 }\nretention:\n  raw: { keep_versions: 2 }\n  curated: { keep_versions: 1 }\n',
  'inbox/orders.csv': 'order_id,amount\n1,10\nbroken\n',
  'pipelines/shop/pipeline.yaml': 'sources:\n  orders: { files: inbox/*.csv, format: csv }\n',
  'pipelines/shop/curated/orders.sql': 'SELECT order_id, CAST(amount AS INTEGER) AS amount FROM raw.orders\n',
}
const CURATED = 'shop.curated.orders'

async function ended(client: StrataClient, started: Upkeep): Promise<Upkeep> {
  let state = started
  while (state.state === 'running') {
    await delay(20)
    state = await client.storage.get({ id: state.id })
  }
  return state
}

const verified = async ({ client }: TestWorkspace): Promise<Upkeep> => ended(client, await client.storage.verify({ commandId: randomUUID() }))
const collected = async ({ client }: TestWorkspace): Promise<Upkeep> => ended(client, await client.storage.gc({ commandId: randomUUID() }))

async function withRuns(count: number): Promise<TestWorkspace> {
  const workspace = await openTestWorkspace({ files: FILES })
  for (let run = 1; run <= count; run += 1) {
    await writeFile(join(workspace.dir, 'inbox/orders.csv'), `order_id,amount\n1,${run}0\nbroken\n`)
    await workspace.run('shop')
  }
  return workspace
}

/** The one part of a version, whatever the writer called it. */
async function partOf({ dir }: TestWorkspace, version: string): Promise<string> {
  const name = (await readdir(join(dir, version))).find((entry) => entry.endsWith('.parquet') && !entry.startsWith('rejects'))
  return join(dir, version, name ?? '')
}

async function overwrite(file: string, change: (content: Buffer) => Buffer): Promise<void> {
  await chmod(file, 0o644)
  await writeFile(file, change(await readFile(file)))
}

describe('gc', () => {
  it('does what its preview says, keeps what is pinned, and everything that stays can be read', async () => {
    await using workspace = await withRuns(4)
    const { client } = workspace
    await client.storage.pin({ commandId: randomUUID(), dataset: CURATED, version: 1, reason: 'the report of March' })
    const preview = await client.storage.retention()
    const going = ['shop.raw.orders v1', 'shop.raw.orders v2', 'shop.curated.orders v2', 'shop.curated.orders v3']
    expect(preview.versions.map(({ dataset, version }) => `${dataset} v${version}`).sort()).toEqual(going.sort())
    const done = await collected(workspace)
    expect(done).toMatchObject({ state: 'succeeded', versions: 4, sizeBytes: preview.sizeBytes })

    const { versions } = await client.datasets.get({ dataset: CURATED })
    expect(versions.map(({ version, removedAt, pinReason }) => [version, removedAt === null, pinReason])).toEqual([[4, true, null], [3, false, null], [2, false, null], [1, true, 'the report of March']])
    for (const version of [1, 4]) expect(await client.datasets.page({ dataset: CURATED, version })).toMatchObject({ rowCount: 1 })
    const removed = { data: { code: 'VERSION_REMOVED', message: expect.stringContaining('shop.curated.orders v2 was removed by the retention policy') as string } }
    await expect(client.datasets.page({ dataset: CURATED, version: 2 })).rejects.toMatchObject(removed)
    await expect(client.query.run({ sql: `SELECT * FROM ${CURATED}`, asOf: { dataType: 'shop', runNumber: 2 } })).rejects.toMatchObject(removed)
    await expect(client.publish.preview({ change: { kind: 'rollback_run', run: { dataType: 'shop', runNumber: 4 } } })).rejects.toMatchObject({ data: { code: 'VERSION_REMOVED' } })
    expect((await collected(workspace)).versions).toBe(0)
    expect((await workspace.run('shop')).run.state).toBe('succeeded')
  })

  it('keeps what a failed run needs to go on, until a later run has succeeded; then that run makes it anew', async () => {
    await using workspace = await withRuns(2)
    const { client } = workspace
    const keptRuns = async (): Promise<number[]> => (await client.datasets.get({ dataset: 'shop.raw.orders' })).versions.filter(({ removedAt }) => removedAt === null).map(({ runNumber }) => runNumber)
    await writeFile(join(workspace.dir, 'inbox/orders.csv'), 'order_id,amount\n1,none\n')
    expect((await workspace.run('shop')).run).toMatchObject({ state: 'failed', runNumber: 3 })
    await collected(workspace)
    expect(await keptRuns()).toContain(3)
    for (let run = 0; run < 3; run += 1) {
      await writeFile(join(workspace.dir, 'inbox/orders.csv'), `order_id,amount\n1,${run}\n`)
      await workspace.run('shop')
    }
    await collected(workspace)
    expect(await keptRuns()).not.toContain(3)
    const ref = { dataType: 'shop', runNumber: 3 }
    await client.runs.resume({ commandId: randomUUID(), run: ref })
    let { run } = await client.runs.get({ run: ref })
    for (; !['succeeded', 'failed'].includes(run.state); { run } = await client.runs.get({ run: ref })) await delay(20)
    expect(run).toMatchObject({ state: 'succeeded', summary: expect.stringMatching(/^(?:Not published: #6 has published newer data since; .*|Nothing new in 2 datasets)$/) })
  })
})

describe('verify', () => {
  it('finds nothing in an untouched workspace', async () => {
    await using workspace = await withRuns(2)
    expect(await verified(workspace)).toMatchObject({ state: 'succeeded', damaged: 0, versions: 4 })
  })

  it('finds a flipped byte, a missing part and an extra file, and forgets them when they are put right', async () => {
    await using workspace = await withRuns(2)
    await verified(workspace)
    const flipped = await partOf(workspace, 'zones/curated/shop/orders/v2')
    const original = await readFile(flipped)
    await overwrite(flipped, (content) => Buffer.concat([content.subarray(0, 20), Buffer.from([(content[20] ?? 0) ^ 1]), content.subarray(21)]))
    const missing = await partOf(workspace, 'zones/curated/shop/orders/v1')
    await rename(missing, `${missing}.elsewhere`)
    await overwrite(join(workspace.dir, 'zones/raw/shop/orders/v1/delivered/orders.csv'), () => Buffer.from('order_id,amount\n1,99\n'))
    await overwrite(join(workspace.dir, 'zones/raw/shop/orders/v2/manifest.json'), (content) => Buffer.from(content.toString('utf8').replace('"rowCount": 1', '"rowCount": 7')))

    expect(await verified(workspace)).toMatchObject({ state: 'succeeded', damaged: 5 })
    const { damages } = await workspace.client.storage.damages({})
    expect(damages.map(({ path, kind }) => `${kind} ${path.replace(/^zones\//, '').replace(/part-\w+/, 'part')}`).sort()).toEqual([
      'changed curated/shop/orders/v2/part.parquet', 'changed raw/shop/orders/v1/delivered/orders.csv', 'changed raw/shop/orders/v2/manifest.json',
      'missing curated/shop/orders/v1/part.parquet', 'unexpected curated/shop/orders/v1/part.parquet.elsewhere',
    ])
    expect((await workspace.client.datasets.list()).find(({ dataset }) => dataset === CURATED)).toMatchObject({ damagedFiles: 1 })

    await writeFile(flipped, original)
    await rename(`${missing}.elsewhere`, missing)
    expect(await verified(workspace)).toMatchObject({ damaged: 2 })
    expect((await workspace.client.datasets.list()).find(({ dataset }) => dataset === CURATED)).toMatchObject({ damagedFiles: 0 })
  })

  it('is not needed to notice a part that is gone when it is read: the problem names the file, and the dataset is marked', async () => {
    await using workspace = await withRuns(1)
    const part = await partOf(workspace, 'zones/curated/shop/orders/v1')
    await rm(part)
    const gone = { data: { code: 'FILE_CHANGED', message: expect.stringMatching(/^zones\/curated\/shop\/orders\/v1\/.+ is missing$/) as string } }
    await expect(workspace.client.datasets.page({ dataset: CURATED })).rejects.toMatchObject(gone)
    await expect(workspace.client.query.run({ sql: `SELECT * FROM ${CURATED}` })).rejects.toMatchObject({ data: { code: 'FILE_CHANGED' } })
    expect((await workspace.client.datasets.get({ dataset: CURATED })).versions[0]).toMatchObject({ damagedFiles: 1 })

    const again = await workspace.run('shop')
    expect(again.steps.map(({ state }) => state)).toEqual(['reused', 'succeeded'])
    expect(await workspace.rows(CURATED)).toHaveLength(1)
  })

  it('can be cancelled, and only one at a time touches the files', async () => {
    await using workspace = await withRuns(1)
    const started = await workspace.client.storage.verify({ commandId: randomUUID() })
    await expect(workspace.client.storage.gc({ commandId: randomUUID() })).rejects.toThrow('verify is running')
    await workspace.client.storage.cancel({ id: started.id })
    expect(await ended(workspace.client, started)).toMatchObject({ state: 'cancelled' })
    expect(await verified(workspace)).toMatchObject({ state: 'succeeded' })
  })
})

describe('opening', () => {
  async function reopened(dir: string, use: (client: StrataClient) => Promise<void>): Promise<void> {
    const engine = await openEngine({ workspaceDir: dir, host: 'browser', files: findAppFiles(import.meta.url), env: process.env, log: () => undefined, resumeInterrupted: false })
    try {
      await use(createInProcessClient(engine))
    } finally {
      await engine.close()
    }
  }

  /** The end of the check with this number. */
  async function checked(client: StrataClient, nth: number): Promise<Upkeep | undefined> {
    for (let tries = 0; tries < 500; tries += 1) {
      const { total, upkeep } = await client.storage.list({ kind: 'check' })
      if (total === nth && upkeep[0] !== undefined && upkeep[0].state !== 'running') return upkeep[0]
      await delay(10)
    }
    return undefined
  }

  it('notices files that were changed while Strata was closed, by their size and time, and believes a file whose content is right', async () => {
    await using workspace = await withRuns(1)
    await workspace.closeEngine()
    const later = new Date(Date.now() + 60_000)
    await utimes(join(workspace.dir, 'zones/raw/shop/orders/v1/delivered/orders.csv'), later, later)
    await reopened(workspace.dir, async (client) => {
      expect(await checked(client, 1)).toMatchObject({ state: 'succeeded', damaged: 0, versions: 1 })
    })
    await overwrite(await partOf(workspace, 'zones/curated/shop/orders/v1'), (content) => content.subarray(0, content.length - 5))
    await reopened(workspace.dir, async (client) => {
      expect(await checked(client, 2)).toMatchObject({ damaged: 1, versions: 1 })
      expect((await client.datasets.list()).find(({ dataset }) => dataset === CURATED)).toMatchObject({ damagedFiles: 1 })
      expect((await client.workspace.overview()).attention).toMatchObject([{ kind: 'damaged_files', dataset: CURATED }, { kind: 'quarantine' }])
    })
  })
})

describe('disk use', () => {
  it('adds up to the files that are there, by version', async () => {
    await using workspace = await withRuns(2)
    const use = await workspace.client.storage.disk()
    expect(use.folders.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0)).toBe(use.totalBytes)
    expect(use.versions.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0)).toBe(use.folders.find(({ path }) => path === 'zones')?.sizeBytes)
    expect(use.versions.filter(({ isCurrent }) => isCurrent).map(({ dataset, version, runNumber }) => `${dataset} v${version} #${runNumber ?? ''}`).sort()).toEqual(['shop.curated.orders v2 #2', 'shop.raw.orders v2 #2'])
  })
})

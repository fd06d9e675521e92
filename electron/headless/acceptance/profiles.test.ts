import { existsSync } from 'node:fs'
import { readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readProblem } from '../read-problem.ts'
import { openTestWorkspace, type TestWorkspace } from './test-workspace.ts'

// What is in the columns of a version, asked for as the window and the command line do.

let workspace: TestWorkspace
const DATASET = 'shop.curated.orders'
const SQL = "SELECT i AS id, 'c' || i % 7 AS customer, CASE WHEN i % 10 = 0 THEN NULL ELSE i % 50 END AS amount FROM range(ROWS) t(i)\n"

beforeAll(async () => {
  workspace = await openTestWorkspace({
    files: { 'strata.yaml': 'name: shop\nlimits: { memory: 1GB, threads: 2 }\n', 'pipelines/shop/pipeline.yaml': 'label: Shop\n', 'pipelines/shop/curated/orders.sql': SQL.replace('ROWS', '1000') },
  })
  await workspace.run('shop')
})
afterAll(() => workspace[Symbol.asyncDispose]())

const kept = (version: number): string => join(workspace.dir, `.strata/cache/profiles/${DATASET}/v${version}.json`)

describe('the profile of a dataset', () => {
  it('is computed once per version and kept in the cache, which may be deleted or damaged', async () => {
    const { datasets } = workspace.client
    const first = await datasets.profile({ dataset: DATASET })
    expect(first).toMatchObject({ dataset: DATASET, version: 1, rowCount: 1_000, fromCache: false })
    expect(first.columns.map(({ column, nulls, distinct }) => [column.name, nulls, distinct])).toEqual([['id', 0, 1_000], ['customer', 0, 7], ['amount', 100, 45]])
    const again = await datasets.profile({ dataset: DATASET, version: 1 })
    expect(again).toEqual({ ...first, fromCache: true })
    await rm(kept(1))
    expect(await datasets.profile({ dataset: DATASET })).toMatchObject({ fromCache: false })
    await writeFile(kept(1), (await readFile(kept(1), 'utf8')).slice(0, 100))
    expect(await datasets.profile({ dataset: DATASET })).toMatchObject({ fromCache: false, columns: first.columns })
  })

  it('is the same work for all who ask at once', async () => {
    const { datasets } = workspace.client
    await rm(kept(1), { force: true })
    const answers = await Promise.all([1, 2, 3].map(() => datasets.profile({ dataset: DATASET })))
    expect(new Set(answers.map(({ computedAt, tookMs }) => `${computedAt} ${tookMs}`)).size).toBe(1)
  })

  it('tells how far it is, stops when nobody waits any more, and begins anew for the next', async () => {
    const { datasets } = workspace.client
    await writeFile(join(workspace.dir, 'pipelines/shop/curated/orders.sql'), SQL.replace('ROWS', '3000000').replace("'c' || i % 7", 'md5(i::VARCHAR)'))
    await workspace.run('shop')
    const stop = new AbortController()
    const asked = datasets.profile({ dataset: DATASET }, { signal: stop.signal }).then(() => null, readProblem)
    let at = await datasets.profileProgress({ dataset: DATASET })
    while (at?.note == null) {
      await new Promise((resolve) => setTimeout(resolve, 5))
      at = await datasets.profileProgress({ dataset: DATASET })
    }
    expect(['id', 'customer', 'amount']).toContain(at.note)
    stop.abort()
    expect((await asked)?.code).toBe('CANCELLED')
    while ((await datasets.profileProgress({ dataset: DATASET })) !== null) await new Promise((resolve) => setTimeout(resolve, 5))
    expect(existsSync(kept(2))).toBe(false)
    const profile = await datasets.profile({ dataset: DATASET })
    expect(profile).toMatchObject({ version: 2, rowCount: 3_000_000, fromCache: false })
    // Of the version before it is known, so the figures of both are told.
    expect(profile.columns.find(({ column }) => column.name === 'amount')?.trend).toEqual([
      { version: 1, nullShare: 0.1, distinct: 45, mean: 25 }, { version: 2, nullShare: 0.1, distinct: 45, mean: 25 },
    ])
  })

  it('of what is not there, says so', async () => {
    expect(await workspace.client.datasets.profile({ dataset: 'shop.curated.nothing' }).then(() => null, readProblem)).toMatchObject({ code: 'NOT_FOUND' })
  })
})

import { randomUUID } from 'node:crypto'
import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { retryText } from '../../../shared/domain/retry-wait.ts'
import { FINISHED_RUN_STATES } from '../../../shared/domain/run-status.ts'
import { openTestWorkspace } from './test-workspace.ts'

const FILES = {
  'strata.yaml': 'name: shop\nlimits: { memory: 256MB, threads: 1 }\nretry: { busy: { attempts: 2, base_delay: 2s, max_delay: 2s } }\n',
  'data/orders.csv': 'order_id,amount\n1,10\n2,20\n',
  'data/rates.csv': 'currency,rate\nEUR,1\n',
  'pipelines/shop/pipeline.yaml': 'sources:\n  orders: { files: data/orders.csv }\n  rates: { files: data/rates.csv, optional: true }\n',
  'pipelines/shop/curated/orders.sql': 'SELECT order_id, amount, currency FROM raw.orders, raw.rates\n',
}

it('A step that waits to be tried again says how long, and tries as often as the workspace allows', async () => {
  await using workspace = await openTestWorkspace({ files: { ...FILES, 'pipelines/shop/curated/orders.sql': "SELECT error('database is locked') AS never FROM raw.orders\n" } })
  const run = await workspace.client.runs.start({ commandId: randomUUID(), dataType: 'shop' })
  const waits: string[] = []
  const told: string[] = []
  let detail = await workspace.client.runs.get({ run })
  while (!FINISHED_RUN_STATES.has(detail.run.state)) {
    for (const { retry, note } of detail.steps) {
      if (retry === null) continue
      waits.push(note ?? '')
      const seconds = Number(/in (\d+) s/.exec(note ?? '')?.[1])
      told.push(retryText(retry, retry.at - seconds * 1_000))
    }
    for await (const _ of await workspace.client.runs.events({ afterSeq: detail.seq })) break
    detail = await workspace.client.runs.get({ run })
  }
  expect(detail.run.state).toBe('failed')
  expect(detail.steps.find(({ name, zone }) => name === 'orders' && zone === 'curated')).toMatchObject({ state: 'failed', attempt: 2, retry: null })
  expect(told).toEqual(waits)
  expect(waits[0]).toMatch(/^Retrying in [12] s, attempt 2 of 2: Invalid Input Error: database is locked/)
})

it('Where an optional source is gone, its last good version stands in, and the run is degraded', async () => {
  await using workspace = await openTestWorkspace({ files: FILES })
  expect((await workspace.run('shop')).run).toMatchObject({ state: 'succeeded', degraded: false })
  await rm(join(workspace.dir, 'data/rates.csv'))
  await writeFile(join(workspace.dir, 'data/orders.csv'), 'order_id,amount\n1,10\n2,20\n3,30\n')
  const { run, steps } = await workspace.run('shop')
  expect(run).toMatchObject({ state: 'succeeded', degraded: true })
  expect(run.summary).toContain('1 optional source from an earlier run')
  const rates = steps.find(({ name }) => name === 'rates')
  expect(rates).toMatchObject({ state: 'reused', degraded: true, version: 1 })
  expect(rates?.note).toContain('v1 of #1 stands in')
  expect(await workspace.rows('shop.curated.orders')).toHaveLength(3)

  await writeFile(join(workspace.dir, 'data/rates.csv'), 'currency,rate\nEUR,1\nCHF,2\n')
  expect((await workspace.run('shop')).run).toMatchObject({ state: 'succeeded', degraded: false })
  expect(await workspace.rows('shop.curated.orders')).toHaveLength(6)
})

it('An optional source that never was there still fails the run', async () => {
  await using workspace = await openTestWorkspace({ files: FILES })
  await rm(join(workspace.dir, 'data/rates.csv'))
  expect((await workspace.run('shop')).run).toMatchObject({ state: 'failed', problem: { code: 'SOURCE_MISSING' } })
})

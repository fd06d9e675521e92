import { randomUUID } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { openTestWorkspace } from './test-workspace.ts'

/** Comparing versions and runs, over the real engine, workers and files. */

const SQL = 'SELECT order_id, CAST(amount AS INTEGER) AS amount FROM raw.orders\n'
const FILES = {
  'strata.yaml': 'name: shop\nlimits: { memory: 512MB, threads: 1 }\n',
  'inbox/orders.csv': 'order_id,amount\n1,10\n2,20\n3,30\n',
  'pipelines/shop/pipeline.yaml': 'sources:\n  orders: { files: inbox/*.csv, format: csv }\n',
  'pipelines/shop/curated/orders.sql': SQL,
  'pipelines/shop/curated/orders.yaml': 'key: [order_id]\n',
}
const ORDERS = 'shop.curated.orders'

describe('comparing two versions', () => {
  it('goes by the key of the contract, and takes the version before and the current one when none are named', async () => {
    await using workspace = await openTestWorkspace({ files: FILES })
    const { client } = workspace
    await workspace.run('shop')
    await expect(client.compare.versions({ dataset: ORDERS })).rejects.toThrow('is its first version')
    await writeFile(join(workspace.dir, 'inbox/orders.csv'), 'order_id,amount\n2,21\n3,30\n4,40\n')
    await workspace.run('shop')

    const diff = await client.compare.versions({ dataset: ORDERS })
    expect(diff).toMatchObject({
      key: ['order_id'], keyOrigin: 'contract', from: { version: 1, runNumber: 1 }, to: { version: 2, runNumber: 2 },
      counts: { added: 1, removed: 1, changed: 1, unchanged: 1 }, changedColumns: [{ column: 'amount', count: 1 }], duplicates: null, fromCache: false,
    })
    expect(await client.compare.versions({ dataset: ORDERS })).toMatchObject({ fromCache: true })
    const page = await client.compare.page({ dataset: ORDERS, kind: 'changed' })
    expect(page).toMatchObject({ total: 1, rowCount: 1 })
    expect(JSON.parse(page.rowsJson)).toEqual([[['2', 20], ['2', 21], [1]]])
    expect(await client.compare.page({ dataset: ORDERS, kind: 'added', offset: 1 })).toMatchObject({ total: 1, rowCount: 0, rowsJson: '[]' })
  })

  it('writes what differs to a file, with a manifest that names both versions', async () => {
    await using workspace = await openTestWorkspace({ files: FILES })
    const { client } = workspace
    await workspace.run('shop')
    await writeFile(join(workspace.dir, 'inbox/orders.csv'), 'order_id,amount\n2,21\n3,30\n4,40\n')
    await workspace.run('shop')
    let done = await client.exports.start({ commandId: randomUUID(), dataset: ORDERS, format: 'csv', against: { version: 1 } })
    while (done.state === 'running') {
      await delay(20)
      done = await client.exports.get({ id: done.id })
    }
    expect(done).toMatchObject({ state: 'succeeded', version: 2, rowCount: 4, against: { version: 1, key: ['order_id'], kinds: ['added', 'removed', 'changed'] } })
    expect((await readFile(done.path, 'utf8')).split('\r\n')).toEqual(['_change,_changed,order_id,amount', 'before,amount,2,20', 'after,amount,2,21', 'added,,4,40', 'removed,,1,10', ''])
    const manifest: unknown = JSON.parse(await readFile(`${done.path}.manifest.json`, 'utf8'))
    expect(manifest).toMatchObject({ dataset: ORDERS, version: 2, run: 'shop #2', sha256: done.sha256, difference: { from: { version: 1, run: 'shop #1' }, key: ['order_id'] } })
    const narrowed = client.exports.start({ commandId: randomUUID(), dataset: ORDERS, format: 'csv', against: { version: 1 }, columns: ['amount'] })
    await expect(narrowed).rejects.toMatchObject({ code: 'BAD_INPUT' })
    await expect(client.exports.start({ commandId: randomUUID(), dataset: ORDERS, format: 'csv', against: { version: 1, key: ['order'] } })).rejects.toMatchObject({ code: 'BAD_INPUT' })
  })

  it('compares whole rows where there is no key, and by the columns that are chosen', async () => {
    await using workspace = await openTestWorkspace({ files: FILES })
    const { client } = workspace
    await workspace.run('shop')
    await writeFile(join(workspace.dir, 'inbox/orders.csv'), 'order_id,amount\n1,10\n2,21\n3,30\n')
    await workspace.run('shop')
    const raw = { dataset: 'shop.raw.orders' }
    expect(await client.compare.versions(raw)).toMatchObject({ keyOrigin: 'none', counts: { added: 1, removed: 1, changed: 0, unchanged: 2 } })
    expect(await client.compare.versions({ ...raw, key: ['order_id'] })).toMatchObject({ keyOrigin: 'chosen', counts: { added: 0, removed: 0, changed: 1, unchanged: 2 } })
  })

  it('lists columns that came, went and changed their type', async () => {
    await using workspace = await openTestWorkspace({ files: FILES })
    await workspace.run('shop')
    await writeFile(join(workspace.dir, 'pipelines/shop/curated/orders.sql'), `SELECT order_id, CAST(amount AS BIGINT) AS amount, 'EUR' AS currency FROM raw.orders\n`)
    await workspace.run('shop')
    expect(await workspace.client.compare.versions({ dataset: ORDERS })).toMatchObject({
      schema: { added: [{ name: 'currency', type: 'VARCHAR' }], removed: [], retyped: [{ name: 'amount', from: 'INTEGER', to: 'BIGINT' }] },
      counts: { added: 0, removed: 0, changed: 0, unchanged: 3 },
    })
  })
})

describe('comparing two runs', () => {
  it('tells what differs in code, schema, checks, files and data, long after the files have changed', async () => {
    await using workspace = await openTestWorkspace({ files: FILES })
    const { client } = workspace
    await workspace.run('shop')
    await writeFile(join(workspace.dir, 'inbox/orders.csv'), 'order_id,amount\n1,10\n2,20\n')
    await writeFile(join(workspace.dir, 'pipelines/shop/curated/orders.sql'), SQL.replace(' FROM', ", 'EUR' AS currency\nFROM"))
    await writeFile(join(workspace.dir, 'pipelines/shop/curated/orders.yaml'), 'key: [order_id]\nrows: { min: 3, severity: warn }\n')
    await workspace.run('shop')
    await writeFile(join(workspace.dir, 'pipelines/shop/curated/orders.sql'), 'SELECT 1 AS order_id\n')

    const runs = { from: { dataType: 'shop', runNumber: 1 }, to: { dataType: 'shop', runNumber: 2 } }
    const diff = await client.compare.runs(runs)
    expect(diff.steps).toMatchObject([
      { dataset: 'shop.raw.orders', code: 'same', data: { isSame: false } },
      {
        dataset: ORDERS, code: 'changed', from: { rowsOut: 3 }, to: { rowsOut: 2 },
        files: [{ file: 'pipelines/shop/curated/orders.sql', state: 'changed' }, { file: 'pipelines/shop/curated/orders.yaml', state: 'changed' }],
        data: { fromVersion: 1, toVersion: 2, isSame: false, schema: { added: [{ name: 'currency' }] } },
      },
    ])
    expect(diff.deliveries).toMatchObject([{ dataset: 'shop.raw.orders', fileName: 'orders.csv' }])
    expect(diff.checks[0]).toMatchObject({ dataset: ORDERS, from: null, to: { passed: false, severity: 'warn' } })
    const { files } = await client.compare.code({ ...runs, dataset: ORDERS })
    expect(files[0]).toEqual({ file: 'pipelines/shop/curated/orders.sql', from: SQL, to: SQL.replace(' FROM', ", 'EUR' AS currency\nFROM") })
  })

  it('shows what changed in a module that a processor imports from another one', async () => {
    const RATE = 'pipelines/shop/lib/rate.ts'
    const rated = {
      'pipelines/shop/pipeline.yaml': 'entity: { key: order_id }\nsources:\n  orders: { files: inbox/*.csv, format: csv }\n',
      'pipelines/shop/processed/taxed.yaml': 'entity: { input: raw.orders }\n',
      'pipelines/shop/processed/taxed.ts': `import { defineProcessor } from 'strata'
import { z } from 'zod'
import { taxOf } from '../lib/tax.ts'
export default defineProcessor({ result: z.object({ tax: z.int() }), process: (id, rows) => ({ tax: taxOf(Number(rows[0].amount)) }) })
`,
      'pipelines/shop/lib/tax.ts': "import { RATE } from './rate.ts'\nexport const taxOf = (amount: number): number => Math.round(amount * RATE)\n",
      [RATE]: 'export const RATE = 2\n',
    }
    await using workspace = await openTestWorkspace({ files: { ...FILES, ...rated } })
    await workspace.run('shop')
    await writeFile(join(workspace.dir, RATE), 'export const RATE = 3\n')
    await workspace.run('shop')
    expect(await workspace.rows('shop.processed.taxed')).toMatchObject([{ tax: '30' }, { tax: '60' }, { tax: '90' }])

    const runs = { from: { dataType: 'shop', runNumber: 1 }, to: { dataType: 'shop', runNumber: 2 } }
    const step = (await workspace.client.compare.runs(runs)).steps.find(({ dataset }) => dataset === 'shop.processed.taxed')
    expect(step).toMatchObject({ code: 'changed' })
    expect(step?.files.filter(({ state }) => state === 'changed').map(({ file }) => file)).toEqual([RATE])
    const { files } = await workspace.client.compare.code({ ...runs, dataset: 'shop.processed.taxed' })
    expect(files.find(({ file }) => file === RATE)).toEqual({ file: RATE, from: 'export const RATE = 2\n', to: 'export const RATE = 3\n' })
  })

  it('refuses runs of two data types', async () => {
    await using workspace = await openTestWorkspace({ files: { ...FILES, 'pipelines/other/pipeline.yaml': 'sources:\n  orders: { files: inbox/*.csv, format: csv }\n' } })
    await workspace.run('shop')
    await workspace.run('other')
    await expect(workspace.client.compare.runs({ from: { dataType: 'shop', runNumber: 1 }, to: { dataType: 'other', runNumber: 1 } })).rejects.toThrow('different data types')
  })
})

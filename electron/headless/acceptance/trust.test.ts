import { randomUUID } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parseRows } from '../rows-json.ts'
import { openTestWorkspace } from './test-workspace.ts'

// Rules against history, drift of columns and the rows that break a rule, through runs of the real engine.

const ORDERS = 'shop.curated.orders'
const FILES = {
  'strata.yaml': 'name: shop\n',
  'pipelines/shop/pipeline.yaml': 'sources:\n  orders: { files: inbox/orders.csv, format: csv }\n',
  'pipelines/shop/curated/orders.sql': 'SELECT order_id::INTEGER AS order_id, * EXCLUDE (order_id, _file, _record) FROM raw.orders\n',
  'pipelines/shop/curated/orders.yaml':
    'key: order_id\ndrift: block\ncolumns:\n  status:\n    rules: [{ accepted_values: { values: [new, paid], severity: warn } }]\ngrowth: { min: -60%, severity: warn }\nanomalies:\n  at_least: 2\n  rows: 30%\n  shares: { columns: status, within: 25% }\n',
}

function orders(count: number, status: (i: number) => string, columns = 'order_id,status'): string {
  return `${columns}\n${Array.from({ length: count }, (_, i) => `${i + 1},${status(i)}`).join('\n')}\n`
}

describe('trust in a dataset', () => {
  it('grows with its history: what is unusual warns, other columns block until somebody lets them pass', async () => {
    await using workspace = await openTestWorkspace({ files: { ...FILES, 'inbox/orders.csv': orders(100, (i) => (i % 2 === 0 ? 'new' : 'paid')) } })
    const { client, dir } = workspace
    const inbox = join(dir, 'inbox/orders.csv')
    const broken = async (text: string) => {
      await writeFile(inbox, text)
      const { run, checks } = await workspace.run('shop')
      return { state: run.state, found: checks.filter(({ passed, dataset }) => !passed && dataset === ORDERS).map(({ rule, message }) => `${rule}: ${message}`) }
    }
    expect((await workspace.run('shop')).run.state).toBe('succeeded')
    expect(await broken(orders(110, (i) => (i % 2 === 0 ? 'new' : 'paid')))).toEqual({ state: 'succeeded', found: [] })
    expect(await broken(orders(40, (i) => (i % 2 === 0 ? 'new' : 'lost')))).toEqual({
      state: 'succeeded',
      found: [
        'accepted_values(status): 20 of 40 rows have a status other than new, paid',
        'growth: 40 rows, 63.6% fewer than v2 (110); -60% is the least allowed',
        'anomaly(rows): 62% fewer rows than the median of the last 2 (40, usually 105)',
        'anomaly(shares(status)): The share of lost in status is 50 points above the median of the last 2 (50%, usually 0%)',
      ],
    })

    const rule = 'accepted_values(status)'
    const failing = await client.checks.failing({ dataset: ORDERS, rule, sort: [{ column: 'order_id', direction: 'desc' }], limit: 2 })
    expect(failing).toMatchObject({ version: 3, totalRows: 20, failingRows: 20 })
    expect(parseRows(failing.rowsJson)).toEqual([['lost', 40], ['lost', 38]])
    const { points } = await client.checks.trend({ dataset: ORDERS, rule })
    expect(points.map(({ runNumber, passed, measure }) => [runNumber, passed, measure?.value])).toEqual([[3, false, 20], [2, true, 0], [1, true, 0]])
    expect((await client.contracts.list({})).find(({ dataset }) => dataset === ORDERS)?.versions.map(({ state }) => state)).toEqual(['warns', 'holds', 'holds'])

    const drifted = await broken(orders(100, (i) => (i % 2 === 0 ? 'new,1' : 'paid,2'), 'order_id,state,place'))
    expect(drifted).toMatchObject({ state: 'failed', found: expect.arrayContaining(['drift: Against v3: place (VARCHAR) is new; status seems to be called state now']) })
    expect((await client.datasets.get({ dataset: ORDERS })).version).toBe(3)
    expect((await client.datasets.get({ dataset: 'shop.raw.orders', version: 4 })).versions[0]?.drift).toBe('place (VARCHAR) is new; status seems to be called state now')
    const blocked = await client.interventions.override({ commandId: randomUUID(), run: { dataType: 'shop', runNumber: 4 }, dataset: ORDERS, rule: 'drift', reason: 'The shop was told' })
    expect(blocked.stillBlocking).toEqual([])
  }, 120_000)
})

import { randomUUID } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { PublishChange } from '../../../shared/contract/publish.contract.ts'
import { openTestWorkspace, type TestWorkspace } from './test-workspace.ts'

/** Publishing, rolling back and looking back, over the real engine. */

const FILES = {
  'strata.yaml': 'name: shop\nlimits: { memory: 512MB, threads: 1 }\n',
  'inbox/orders.csv': 'order_id,amount\n1,10\n',
  'inbox/refunds.csv': 'refund_id,order_id\n7,1\n',
  'pipelines/orders/pipeline.yaml': 'sources:\n  orders: { files: inbox/orders.csv, format: csv }\n',
  'pipelines/orders/curated/totals.sql': 'SELECT order_id, CAST(amount AS INTEGER) AS amount FROM raw.orders\n',
  'pipelines/refunds/pipeline.yaml': 'sources:\n  refunds: { files: inbox/refunds.csv, format: csv }\n',
  'pipelines/refunds/curated/refunded.sql': 'SELECT r.refund_id, t.amount FROM raw.refunds r JOIN orders.curated.totals t USING (order_id)\n',
}

const deliver = ({ dir }: TestWorkspace, amount: number): Promise<void> => writeFile(join(dir, 'inbox/orders.csv'), `order_id,amount\n1,${amount}\n`)
const apply = ({ client }: TestWorkspace, change: PublishChange) => client.publish.apply({ commandId: randomUUID(), change, reason: 'the delivery was wrong' })

async function amounts({ client }: TestWorkspace, asOf?: { dataType: string; runNumber: number }): Promise<unknown> {
  const { rowsJson } = await client.query.run({ sql: 'SELECT amount FROM orders.curated.totals', ...(asOf === undefined ? {} : { asOf }) })
  return JSON.parse(rowsJson)
}

async function currents({ client }: TestWorkspace): Promise<Record<string, number | null>> {
  return Object.fromEntries((await client.datasets.list()).map(({ dataset, version }) => [dataset, version]))
}

/** Three runs of orders with other amounts, and one of refunds between the first two. */
async function withHistory(): Promise<TestWorkspace> {
  const workspace = await openTestWorkspace({ files: FILES })
  await workspace.run('orders')
  await workspace.run('refunds')
  for (const amount of [20, 30]) {
    await deliver(workspace, amount)
    await workspace.run('orders')
  }
  return workspace
}

describe('rolling back', () => {
  it('takes a run back to what was current just before it, in one publication, and forward again', async () => {
    await using workspace = await withHistory()
    const before = await currents(workspace)
    const change: PublishChange = { kind: 'rollback_run', run: { dataType: 'orders', runNumber: 3 } }
    const preview = await workspace.client.publish.preview({ change })
    expect(preview.changes).toMatchObject([
      { dataset: 'orders.raw.orders', from: { version: 3, runNumber: 3 }, to: { version: 2, runNumber: 2 } },
      { dataset: 'orders.curated.totals', from: { version: 3 }, to: { version: 2, rowCount: 1 } },
    ])
    expect(await currents(workspace)).toEqual(before)

    const done = await apply(workspace, change)
    expect(done).toMatchObject({ kind: 'rollback', runNumber: 3, reason: 'the delivery was wrong', changes: preview.changes })
    expect(await amounts(workspace)).toEqual([[20]])
    await expect(apply(workspace, change)).rejects.toThrow('orders #3 is rolled back already')

    await apply(workspace, { kind: 'promote_run', run: { dataType: 'orders', runNumber: 3 } })
    expect(await currents(workspace)).toEqual(before)
    await expect(apply(workspace, { kind: 'promote_run', run: { dataType: 'orders', runNumber: 3 } })).rejects.toThrow('current already')
  })

  it('withdraws what was published for the first time, and says what else it takes back', async () => {
    await using workspace = await withHistory()
    const change: PublishChange = { kind: 'rollback_run', run: { dataType: 'orders', runNumber: 1 } }
    const preview = await workspace.client.publish.preview({ change })
    expect(preview.changes.map(({ to }) => to)).toEqual([null, null])
    expect(preview.alsoUndone).toEqual(['publish of orders #2', 'publish of orders #3'])
    await apply(workspace, change)
    expect((await currents(workspace))['orders.curated.totals']).toBeNull()
    await expect(workspace.rows('orders.curated.totals')).rejects.toThrow('none is published')
  })

  it('takes one dataset to the version before, or to any that was published', async () => {
    await using workspace = await withHistory()
    const preview = await workspace.client.publish.preview({ change: { kind: 'rollback_dataset', dataset: 'orders.curated.totals' } })
    expect(preview.changes).toMatchObject([{ from: { version: 3 }, to: { version: 2 } }])
    await apply(workspace, { kind: 'rollback_dataset', dataset: 'orders.curated.totals', version: 1 })
    expect(await amounts(workspace)).toEqual([[10]])
    expect(await workspace.client.publish.preview({ change: { kind: 'rollback_dataset', dataset: 'orders.curated.totals', version: 3 } })).toMatchObject({ madeFrom: ['refunds.curated.refunded'] })
    await expect(apply(workspace, { kind: 'rollback_dataset', dataset: 'orders.curated.totals' })).rejects.toThrow('is the first that was published')
    await expect(apply(workspace, { kind: 'rollback_dataset', dataset: 'orders.curated.totals', version: 9 })).rejects.toThrow('has no version 9')
  })

  it('is told in the history of the data type, newest first, and in the audit trail', async () => {
    await using workspace = await withHistory()
    await apply(workspace, { kind: 'rollback_dataset', dataset: 'orders.curated.totals' })
    const { total, publications } = await workspace.client.publish.history({ dataType: 'orders' })
    expect(total).toBe(4)
    expect(publications.map(({ kind, runNumber }) => [kind, runNumber])).toEqual([['rollback', null], ['publish', 3], ['publish', 2], ['publish', 1]])
    const { publications: ofDataset } = await workspace.client.publish.history({ dataset: 'refunds.curated.refunded' })
    expect(ofDataset).toMatchObject([{ kind: 'publish', dataType: 'refunds', changes: [{ dataset: 'refunds.raw.refunds', from: null }, { dataset: 'refunds.curated.refunded', from: null }] }])
  })

  it('does a command once, however often it arrives', async () => {
    await using workspace = await withHistory()
    const command = { commandId: randomUUID(), change: { kind: 'rollback_dataset', dataset: 'orders.curated.totals' } as const, reason: 'sent twice' }
    const [first, second] = [await workspace.client.publish.apply(command), await workspace.client.publish.apply(command)]
    expect(second).toEqual(first)
    expect(await amounts(workspace)).toEqual([[20]])
  })
})

describe('as of a run', () => {
  it('shows what was current just after its publish, for all data types, whatever was rolled back later', async () => {
    await using workspace = await withHistory()
    const run = (runNumber: number, dataType = 'orders') => ({ dataType, runNumber })
    expect([await amounts(workspace, run(1)), await amounts(workspace, run(2)), await amounts(workspace, run(3)), await amounts(workspace, run(1, 'refunds'))]).toEqual([[[10]], [[20]], [[30]], [[10]]])
    await apply(workspace, { kind: 'rollback_run', run: run(3) })
    expect([await amounts(workspace), await amounts(workspace, run(3))]).toEqual([[[20]], [[30]]])
    expect(await workspace.client.datasets.get({ dataset: 'orders.curated.totals', asOf: run(1) })).toMatchObject({ version: 1 })
    expect(await workspace.client.datasets.list({ asOf: run(1) })).toContainEqual(expect.objectContaining({ dataset: 'orders.curated.totals', version: 1 }))
    expect(await workspace.client.compare.versions({ dataset: 'orders.curated.totals', fromAsOf: run(1) })).toMatchObject({ from: { version: 1 }, to: { version: (await workspace.client.datasets.get({ dataset: 'orders.curated.totals' })).version } })
    const { nodes } = await workspace.client.lineage.graph({ asOf: run(1) })
    expect(nodes.find(({ dataset }) => dataset === 'refunds.curated.refunded')?.version).toBeNull()
    expect(nodes.find(({ dataset }) => dataset === 'orders.curated.totals')?.version).toBe(1)
  })

  it('names what is missing: a run that never published, a dataset that was not there yet', async () => {
    await using workspace = await withHistory()
    await deliver(workspace, Number.NaN)
    expect((await workspace.run('orders')).run.state).toBe('failed')
    await expect(amounts(workspace, { dataType: 'orders', runNumber: 4 })).rejects.toMatchObject({ data: { message: 'orders #4 never published, so nothing was current as of it', hint: 'The nearest run that published is orders #3' } })
    await expect(workspace.client.query.run({ sql: 'SELECT * FROM refunds.curated.refunded', asOf: { dataType: 'orders', runNumber: 1 } })).rejects.toThrow('refunds.curated.refunded was not published as of orders #1')
    await expect(workspace.client.datasets.page({ dataset: 'orders.curated.totals', version: 1, asOf: { dataType: 'orders', runNumber: 1 } })).rejects.toThrow('not both')
  })
})

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readProblem } from '../read-problem.ts'
import { openTestWorkspace, type TestWorkspace } from './test-workspace.ts'

// What somebody asks for and then no longer wants, because they typed on, is stopped: nothing that they wait for stands behind it.

const DATASET = 'shop.curated.orders'
const ROWS = 3_000_000
const SQL = `SELECT i AS id, 'customer ' || md5(i::VARCHAR) AS customer, (hash(i) % 100000)::INTEGER AS amount, 'remark ' || md5((i + 1)::VARCHAR) AS remark FROM range(${ROWS}) t(i)\n`

let workspace: TestWorkspace
beforeAll(async () => {
  workspace = await openTestWorkspace({
    files: { 'strata.yaml': 'name: shop\nlimits: { memory: 2GB, threads: 2 }\n', 'pipelines/shop/pipeline.yaml': 'label: Shop\n', 'pipelines/shop/curated/orders.sql': SQL },
  })
  await workspace.run('shop')
}, 120_000)
afterAll(() => workspace[Symbol.asyncDispose]())

const LIKE = [{ column: 'remark', op: 'contains' as const, value: 'zzz' }]
const SORT = [{ column: 'customer', direction: 'desc' as const }, { column: 'amount', direction: 'asc' as const }]

type Client = TestWorkspace['client']
const PATHS: Readonly<Record<string, (datasets: Client['datasets'], signal: AbortSignal) => Promise<unknown>>> = {
  'a sorted page': (datasets, signal) => datasets.page({ dataset: DATASET, sort: SORT, offset: 1_000_000 }, { signal }),
  'a filtered page': (datasets, signal) => datasets.page({ dataset: DATASET, filter: LIKE }, { signal }),
  'a count': (datasets, signal) => datasets.count({ dataset: DATASET, filter: LIKE }, { signal }),
  'values to choose from': (datasets, signal) => datasets.values({ dataset: DATASET, column: 'customer', filter: [], containing: 'abc' }, { signal }),
  'a search for cells': (datasets, signal) => datasets.find({ dataset: DATASET, columns: ['customer', 'remark'], sort: SORT, filter: [], text: 'zzz', from: null, backward: false }, { signal }),
  'a chart': (datasets, signal) => datasets.chart({ dataset: DATASET, filter: LIKE, spec: { kind: 'histogram', x: 'amount', bins: 40 } }, { signal }),
  'a profile': (datasets, signal) => datasets.profile({ dataset: DATASET }, { signal }),
}

const isBusy = async (): Promise<boolean> => (await workspace.client.workspace.status()).workers.some((worker) => worker.isBusy)

describe('what is no longer wanted', () => {
  for (const [name, ask] of Object.entries(PATHS)) {
    it(`is stopped: ${name}`, async () => {
      const { datasets } = workspace.client
      await datasets.page({ dataset: DATASET })
      const stop = new AbortController()
      const asked = ask(datasets, stop.signal).then(() => 'answered', (error: unknown) => readProblem(error).code)
      await expect.poll(isBusy, { interval: 1 }).toBe(true)
      stop.abort()
      expect(await asked).toBe('CANCELLED')
      await expect.poll(isBusy, { timeout: 5_000, interval: 5 }).toBe(false)
      // The reader is the same process: it was not ended for not listening.
      expect((await datasets.page({ dataset: DATASET, offset: 500_000 })).rowCount).toBe(200)
    })
  }

  it('gives way to what is: an order that is made ahead for another view', async () => {
    const { datasets } = workspace.client
    await datasets.page({ dataset: DATASET, sort: SORT })
    const other = [{ column: 'amount', direction: 'asc' as const }]
    await datasets.page({ dataset: DATASET, sort: other })
    const [first, deep] = [await datasets.page({ dataset: DATASET, sort: other }), await datasets.page({ dataset: DATASET, sort: other, offset: ROWS - 200 })]
    expect(JSON.parse(first.rowsJson)[0][2]).toBe(0)
    expect(JSON.parse(deep.rowsJson).at(-1)[2]).toBe(99_999)
  })
})

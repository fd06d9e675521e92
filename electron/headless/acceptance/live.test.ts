import { randomUUID } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import type { RunLive } from '../../../shared/contract/live.contract.ts'
import { openTestWorkspace } from './test-workspace.ts'

const FILES = {
  'strata.yaml': 'name: shop\nlimits: { memory: 512MB, threads: 1 }\n',
  'inbox/orders.csv': `order_id,amount\n${Array.from({ length: 40 }, (_, index) => `${index},10`).join('\n')}\n`,
  'pipelines/shop/pipeline.yaml': 'entity: { key: order_id }\nsources:\n  orders: { files: inbox/*.csv, format: csv }\n',
  'pipelines/shop/processed/doubled.yaml': 'entity: { input: raw.orders, concurrency: 1 }\n',
  'pipelines/shop/processed/doubled.ts': `import { defineProcessor } from 'strata'
import { z } from 'zod'
export default defineProcessor({ result: z.object({ doubled: z.int() }), async process(entityId, rows) {
  await new Promise((resolve) => setTimeout(resolve, 60))
  return { doubled: 2 * Number(rows[0].amount) }
} })
`,
}

describe('a run that is going on', () => {
  it('tells rows that are on disk, pace, time left and the memory of its worker; nothing when it is over', async () => {
    await using workspace = await openTestWorkspace({ files: FILES })
    const { client } = workspace
    const run = await client.runs.start({ commandId: randomUUID(), dataType: 'shop', trigger: 'cli' })
    let live: RunLive = { steps: [], etaMs: null, memoryBytes: null }
    await expect.poll(async () => {
      live = await client.live.run({ run })
      return live.steps.some((step) => (step.rows ?? 0) > 0)
    }, { timeout: 20_000, interval: 50 }).toBe(true)
    const [step] = live.steps
    expect(step).toMatchObject({ dataset: 'shop.processed.doubled', rowsAreEstimated: false })
    expect(step?.rowsPerSecond).toBeGreaterThan(0)
    expect(step?.bytes).toBeGreaterThan(0)
    expect(step?.etaMs).toBeGreaterThan(0)
    expect(live.etaMs).toBe(step?.etaMs)
    await client.runs.cancel({ run })
    await expect.poll(async () => (await client.runs.get({ run })).run.state, { timeout: 10_000 }).toBe('cancelled')
    expect(await client.live.run({ run })).toEqual({ steps: [], etaMs: null, memoryBytes: null })
  })
})

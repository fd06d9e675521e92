import { randomUUID } from 'node:crypto'
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import type { PlanRequest, RunPlan } from '../../../shared/contract/plan.contract.ts'
import type { RunDetail, RunRef } from '../../../shared/contract/runs.contract.ts'
import { FINISHED_RUN_STATES } from '../../../shared/domain/run-status.ts'
import { openTestWorkspace, type TestWorkspace } from './test-workspace.ts'

/** Plan, reuse, selection, parameters, fix and continue: over the real engine, workers and files. */

const FILES = {
  'strata.yaml': 'name: shop\nlimits: { memory: 512MB, threads: 1 }\n',
  'inbox/orders.csv': 'order_id,customer,amount\n1,ada,10\n2,bob,20\n3,ada,30\n',
  'pipelines/shop/pipeline.yaml': `entity: { key: order_id }
sources:
  orders: { files: inbox/*.csv, format: csv }
parameters:
  least: { type: number, default: 0, description: Orders below are left out }
  since: { type: date, default: '2026-01-01' }
`,
  'pipelines/shop/preprocessed/orders.sql': 'SELECT order_id, customer, CAST(amount AS INTEGER) AS amount FROM raw.orders\n',
  'pipelines/shop/processed/large.sql': "SELECT * FROM preprocessed.orders WHERE amount >= getvariable('least')\n",
  'pipelines/shop/processed/customers.sql': 'SELECT DISTINCT customer FROM preprocessed.orders\n',
  'pipelines/shop/curated/totals.sql': 'SELECT customer, CAST(sum(amount) AS BIGINT) AS total FROM processed.large GROUP BY customer\n',
  'pipelines/shop/curated/totals.yaml': 'key: [customer]\n',
}
const STEPS = ['raw.orders', 'preprocessed.orders', 'processed.customers', 'processed.large', 'curated.totals']

async function put({ dir }: TestWorkspace, file: string, text: string): Promise<void> {
  await mkdir(dirname(join(dir, file)), { recursive: true })
  await writeFile(join(dir, file), text)
}

async function settled({ client }: TestWorkspace, run: RunRef): Promise<RunDetail> {
  for (;;) {
    const detail = await client.runs.get({ run })
    if (FINISHED_RUN_STATES.has(detail.run.state)) return detail
    await delay(20)
  }
}

const plan = ({ client }: TestWorkspace, wanted: Partial<PlanRequest> = {}): Promise<RunPlan> => client.runs.plan({ dataType: 'shop', ...wanted })

/** Runs exactly what was planned, and holds every step against the plan. */
async function runAsPlanned(workspace: TestWorkspace, wanted: Partial<PlanRequest> = {}): Promise<{ plan: RunPlan; detail: RunDetail }> {
  const planned = await plan(workspace, wanted)
  const run = await workspace.client.runs.start({ commandId: randomUUID(), dataType: 'shop', trigger: 'cli', planHash: planned.hash, ...wanted })
  const detail = await settled(workspace, run)
  for (const step of planned.steps) {
    const state = detail.steps.find(({ dataset }) => dataset === step.dataset)?.state ?? ''
    const allowed = step.action === 'skip' ? ['skipped'] : step.action === 'reuse' ? ['reused'] : step.certain ? ['succeeded'] : ['succeeded', 'reused']
    expect(allowed, `${step.dataset} was planned as ${step.action}`).toContain(state)
  }
  return { plan: planned, detail }
}

const statesOf = ({ steps }: RunDetail): Record<string, string> => Object.fromEntries(steps.map(({ dataset, state }) => [dataset.replace('shop.', ''), state]))
const actionsOf = ({ steps }: RunPlan): Record<string, string> => Object.fromEntries(steps.map(({ dataset, action, certain }) => [dataset.replace('shop.', ''), certain ? action : 'maybe']))
const all = (state: string): Record<string, string> => Object.fromEntries(STEPS.map((step) => [step, state]))
const reasonsOf = ({ steps }: RunPlan, dataset: string): string[] => steps.find((step) => step.dataset === `shop.${dataset}`)?.reasons.map(({ kind, text }) => `${kind}: ${text}`) ?? []

describe('reuse', () => {
  it('makes a second run with nothing changed write no data, start no worker and keep the check results', async () => {
    await using workspace = await openTestWorkspace({ files: FILES })
    const first = await runAsPlanned(workspace)
    expect(actionsOf(first.plan)).toEqual(all('run'))
    const runWorkers = async (): Promise<(number | null)[]> => (await workspace.client.workspace.status()).workers.filter(({ kind }) => kind === 'run').map(({ pid }) => pid)
    const workers = await runWorkers()
    const before = await readdir(join(workspace.dir, 'zones'), { recursive: true })
    const checksOfTotals = async (): Promise<unknown> => (await workspace.client.datasets.get({ dataset: 'shop.curated.totals' })).checks
    const checked = await checksOfTotals()
    const { detail, plan: second } = await runAsPlanned(workspace)
    expect(actionsOf(second)).toEqual(all('reuse'))
    expect(checked).toHaveLength(2)
    expect(await checksOfTotals()).toEqual(checked)
    expect(detail.run.summary).toBe('Nothing new in 5 datasets')
    expect(detail.checks).toHaveLength(first.detail.checks.length)
    expect(await readdir(join(workspace.dir, 'zones'), { recursive: true })).toEqual(before)
    expect(detail.steps[1]?.note).toBe('Same code and inputs as #1')
    expect(await runWorkers()).toEqual(workers)
  })

  it('runs an edited step and what reads it, not its neighbours; a statement that is only written differently is the same', async () => {
    await using workspace = await openTestWorkspace({ files: FILES })
    await workspace.run('shop')
    await put(workspace, 'pipelines/shop/preprocessed/orders.sql', '-- typed\nselect order_id, customer,\n  CAST(amount AS INTEGER) AS amount\nFROM raw.orders\n')
    expect(actionsOf(await plan(workspace))).toEqual(all('reuse'))

    await put(workspace, 'pipelines/shop/processed/large.sql', 'SELECT * FROM preprocessed.orders WHERE amount > 15\n')
    const { detail, plan: edited } = await runAsPlanned(workspace)
    expect(reasonsOf(edited, 'processed.large')).toEqual(['code: processed/large.sql changed since #1', 'parameter: least is not used, was 0'])
    expect(statesOf(detail)).toEqual({ ...all('reused'), 'processed.large': 'succeeded', 'curated.totals': 'succeeded' })
    expect((await workspace.rows('shop.curated.totals')).map((row) => row['total'])).toEqual(['30', '20'])
  })

  it('stops the wave where a step that ran gives what it gave before', async () => {
    await using workspace = await openTestWorkspace({ files: FILES })
    await workspace.run('shop')
    await put(workspace, 'pipelines/shop/preprocessed/orders.sql', 'SELECT order_id, lower(customer) AS customer, CAST(amount AS INTEGER) AS amount FROM raw.orders\n')
    const { detail, plan: edited } = await runAsPlanned(workspace)
    expect(actionsOf(edited)).toEqual({ 'raw.orders': 'reuse', 'preprocessed.orders': 'run', 'processed.customers': 'maybe', 'processed.large': 'maybe', 'curated.totals': 'maybe' })
    expect(statesOf(detail)).toEqual({ ...all('reused'), 'preprocessed.orders': 'succeeded' })
  })

  it('goes back to an older version when the code does', async () => {
    await using workspace = await openTestWorkspace({ files: FILES })
    await workspace.run('shop')
    await put(workspace, 'pipelines/shop/processed/customers.sql', 'SELECT 1 AS one\n')
    await workspace.run('shop')
    await put(workspace, 'pipelines/shop/processed/customers.sql', FILES['pipelines/shop/processed/customers.sql'])
    const { detail } = await runAsPlanned(workspace)
    expect(statesOf(detail)).toEqual(all('reused'))
    expect((await workspace.client.datasets.get({ dataset: 'shop.processed.customers' })).version).toBe(1)
  })

  it('keeps the data and holds them against a contract that changed', async () => {
    await using workspace = await openTestWorkspace({ files: FILES })
    await workspace.run('shop')
    await put(workspace, 'pipelines/shop/curated/totals.yaml', 'key: [customer]\nrows: { min: 9 }\n')
    const planned = await plan(workspace)
    expect(planned.steps.at(-1)).toMatchObject({ action: 'reuse', checksAgain: true })
    expect((await workspace.run('shop')).run).toMatchObject({ state: 'failed', problem: { code: 'CHECK_BLOCKED' } })

    await put(workspace, 'pipelines/shop/curated/totals.yaml', 'key: [customer]\nrows: { min: 2 }\n')
    const { detail } = await runAsPlanned(workspace)
    expect(statesOf(detail)).toEqual(all('reused'))
    expect(detail.checks.filter(({ rule }) => rule === 'row_count')).toMatchObject([{ passed: true }])
  })

  it('does again what depends on the moment, and what imports something that changed', async () => {
    const processor = `import { defineProcessor } from 'strata'
import { z } from 'zod'
import { factor } from '../lib/factor.ts'
export default defineProcessor({ result: z.object({ value: z.number() }), process: (id, rows, { parameters }) => ({ value: factor * Number(rows[0].amount) + Number(parameters.least) }) })
`
    await using workspace = await openTestWorkspace({
      files: {
        ...FILES,
        'pipelines/shop/results/today.sql': 'SELECT current_date AS day, count(*) AS n FROM curated.totals\n',
        'pipelines/shop/lib/factor.ts': 'export const factor = 2\n',
        'pipelines/shop/processed/scaled.ts': processor,
        'pipelines/shop/processed/scaled.yaml': 'entity: { input: raw.orders }\n',
      },
    })
    await workspace.run('shop')
    const same = await plan(workspace)
    expect(reasonsOf(same, 'results.today')).toEqual(['volatile: Uses current_date, which answers differently every time'])
    expect(actionsOf(same)).toMatchObject({ 'processed.scaled': 'reuse', 'results.today': 'run' })
    await put(workspace, 'pipelines/shop/lib/factor.ts', 'export const factor = 3\n')
    const { plan: edited } = await runAsPlanned(workspace)
    expect(reasonsOf(edited, 'processed.scaled')).toEqual(['code: processed/scaled.ts or what it imports changed since #1'])
    expect((await workspace.rows('shop.processed.scaled')).map((row) => Number(row['value']))).toEqual([30, 60, 90])
  })
})

describe('a plan', () => {
  it('names new and changed files, and refuses to start what it did not show', async () => {
    await using workspace = await openTestWorkspace({ files: FILES })
    await workspace.run('shop')
    const seen = await plan(workspace)
    await put(workspace, 'inbox/more.csv', 'order_id,customer,amount\n4,eve,40\n')
    const start = workspace.client.runs.start({ commandId: randomUUID(), dataType: 'shop', planHash: seen.hash })
    await expect(start).rejects.toMatchObject({ code: 'CONFLICT', message: expect.stringContaining('shop.raw.orders was to be reused, and is now to run: more.csv is new') })
    expect((await workspace.client.runs.list({})).total).toBe(1)
    const { plan: now } = await runAsPlanned(workspace)
    expect(reasonsOf(now, 'raw.orders')).toEqual(['files: more.csv is new'])
    expect(now.steps[1]).toMatchObject({ action: 'run', certain: false, reasons: [{ kind: 'upstream' }] })
  })

  it('that no longer holds when its run comes out of the queue is said by the run, before it does anything', async () => {
    const slow = { 'pipelines/front/pipeline.yaml': 'sources:\n  files: { files: inbox/*.csv }\n', 'pipelines/front/curated/slow.sql': 'SELECT count(*) AS n, max(a.order_id) AS id FROM raw.files a, range(100000000000) r\n' }
    await using workspace = await openTestWorkspace({ files: { ...FILES, ...slow } })
    const { client } = workspace
    await workspace.run('shop')
    const seen = await plan(workspace)
    const front = await client.runs.start({ commandId: randomUUID(), dataType: 'front' })
    const run = await client.runs.start({ commandId: randomUUID(), dataType: 'shop', planHash: seen.hash })
    await put(workspace, 'inbox/more.csv', 'order_id,customer,amount\n4,eve,40\n')
    await client.runs.cancel({ run: front })
    const detail = await settled(workspace, run)
    expect(detail.planChanges).toMatchObject([{ attempt: 1, since: 'plan', changes: [expect.stringMatching(/^shop\.raw\.orders was to be reused, and is now to run: more\.csv is new/), ...Array.from({ length: 4 }, () => expect.stringContaining('now to run if needed'))] }])
    expect(detail.run.startedAt === null || detail.steps.every(({ startedAt }) => startedAt === null || startedAt >= (detail.planChanges[0]?.at ?? ''))).toBe(true)
    for await (const events of await client.runs.events({ afterSeq: 0 })) {
      const own = events.filter(({ dataType, runNumber, kind }) => dataType === 'shop' && runNumber === 2 && (kind === 'plan' || kind === 'run')).map(({ text }) => text)
      expect(own.slice(0, 4)).toEqual(['queued', 'planning', '5 things are other than in the plan it was started with', 'running'])
      break
    }
  })

  it('rests what it expects on the runs before, and says on how many', async () => {
    await using workspace = await openTestWorkspace({ files: FILES })
    expect((await plan(workspace)).totals).toMatchObject({ run: 5, maybe: 0, withoutHistory: 5, rows: 0 })
    await workspace.run('shop')
    const forced = await plan(workspace, { force: true })
    expect(forced.totals).toMatchObject({ run: 5, maybe: 0, withoutHistory: 0, rows: 13 })
    expect(forced.steps[0]?.expected).toMatchObject({ runs: 1, rows: { median: 3, low: 3, high: 3 } })
  })

  it('of a step by entities lists those to do, and why; those are what it then works on', async () => {
    const calls = "const { appendFileSync } = await import('node:fs'); appendFileSync(new URL('../../../calls.txt', import.meta.url), id + ' ');"
    const processor = (body: string): string => `import { defineProcessor } from 'strata'
import { z } from 'zod'
export default defineProcessor({ result: z.object({ value: z.number() }), async process(id, rows) { ${body} return { value: Number(rows[0].amount) } } })
`
    await using workspace = await openTestWorkspace({
      files: { ...FILES, 'pipelines/shop/processed/scaled.ts': processor(calls), 'pipelines/shop/processed/scaled.yaml': 'entity: { input: preprocessed.orders }\n' },
    })
    const entities = () => workspace.client.runs.planEntities({ dataType: 'shop', dataset: 'processed.scaled', steps: ['processed.scaled'] })
    await workspace.run('shop')
    expect(await entities()).toEqual({ known: true, total: 0, todo: 0, entities: [] })
    // A run that reuses all of it has looked at no entity, and says who did.
    const reused = await workspace.run('shop')
    expect(await workspace.client.runs.entities({ run: { dataType: 'shop', runNumber: reused.run.runNumber } })).toMatchObject({
      total: 0, entities: [], elsewhere: [{ dataset: 'shop.processed.scaled', version: 1, run: { dataType: 'shop', runNumber: 1 }, entities: 3 }],
    })
    await put(workspace, 'inbox/orders.csv', 'order_id,customer,amount\n1,ada,10\n2,bob,25\n3,ada,30\n4,eve,40\n')
    const unknown = await workspace.client.runs.planEntities({ dataType: 'shop', dataset: 'processed.scaled' })
    expect(unknown.known).toBe(false)
    await runAsPlanned(workspace, { steps: ['+preprocessed.orders'] })
    expect(await entities()).toEqual({ known: true, total: 4, todo: 2, entities: [{ entityId: '2', reason: 'Its input changed' }, { entityId: '4', reason: 'New' }] })
    await runAsPlanned(workspace)
    expect((await readFile(join(workspace.dir, 'calls.txt'), 'utf8')).trim().split(' ')).toEqual(['1', '2', '3', '2', '4'])
  })

  it('does everything that is forced, and says so', async () => {
    await using workspace = await openTestWorkspace({ files: FILES })
    await workspace.run('shop')
    const { detail } = await runAsPlanned(workspace, { force: true })
    expect(statesOf(detail)).toEqual(all('succeeded'))
    expect(detail.run.options.force).toBe(true)
  })
})

describe('a selection', () => {
  it('takes steps with what they read and what reads them; the others are left out and keep what they have', async () => {
    await using workspace = await openTestWorkspace({ files: FILES })
    await workspace.run('shop')
    const { detail } = await runAsPlanned(workspace, { steps: ['processed.large+'], force: true })
    expect(statesOf(detail)).toEqual({ ...all('skipped'), 'processed.large': 'succeeded', 'curated.totals': 'succeeded' })
    expect(detail.steps[0]).toMatchObject({ note: 'Not selected' })
    expect(actionsOf(await plan(workspace, { steps: ['+processed.large'] }))).toEqual({ ...all('reuse'), 'processed.customers': 'skip', 'curated.totals': 'skip' })
    const fromOrders = actionsOf(await plan(workspace, { from: 'preprocessed.orders', force: true }))
    expect(fromOrders).toEqual({ ...all('run'), 'raw.orders': 'skip' })
    await expect(plan(workspace, { steps: ['processed.lage'] })).rejects.toMatchObject({ code: 'BAD_INPUT', message: 'shop has no step processed.lage' })
  })

  it('of what is stale leaves out what is up to date; of what failed takes that and what reads it', async () => {
    await using workspace = await openTestWorkspace({ files: FILES })
    await workspace.run('shop')
    expect(actionsOf(await plan(workspace, { only: 'stale' }))).toEqual(all('skip'))
    await put(workspace, 'pipelines/shop/processed/large.sql', "SELECT order_id, customer, CAST(error('no') AS INTEGER) AS amount FROM preprocessed.orders\n")
    expect((await workspace.run('shop')).run.state).toBe('failed')
    await put(workspace, 'pipelines/shop/processed/large.sql', 'SELECT * FROM preprocessed.orders WHERE amount > 15\n')
    const { detail, plan: failed } = await runAsPlanned(workspace, { only: 'failed' })
    expect(reasonsOf(failed, 'processed.large').at(-1)).toMatch(/^failed: Failed in #2: /)
    expect(statesOf(detail)).toEqual({ ...all('skipped'), 'processed.large': 'succeeded', 'curated.totals': 'succeeded' })
  })
})

describe('parameters', () => {
  it('reach SQL, run only the steps that use them, and are kept with the run', async () => {
    await using workspace = await openTestWorkspace({ files: FILES })
    await workspace.run('shop')
    const { detail, plan: planned } = await runAsPlanned(workspace, { parameters: { least: '15' } })
    expect(reasonsOf(planned, 'processed.large')).toEqual(['parameter: least is 15, was 0'])
    expect(statesOf(detail)).toEqual({ ...all('reused'), 'processed.large': 'succeeded', 'curated.totals': 'succeeded' })
    expect(planned.parameters).toEqual({ least: 15, since: '2026-01-01' })
    expect(detail.run.options.parameters).toEqual({ least: '15' })
    expect(await workspace.rows('shop.processed.large')).toHaveLength(2)
  })

  it('are refused before there is a run when they are not declared or of another type', async () => {
    await using workspace = await openTestWorkspace({ files: FILES })
    const start = (parameters: Record<string, string>): Promise<RunRef> => workspace.client.runs.start({ commandId: randomUUID(), dataType: 'shop', parameters })
    await expect(start({ lest: '1' })).rejects.toMatchObject({ code: 'BAD_INPUT', message: 'There is no parameter lest' })
    await expect(start({ since: 'yesterday' })).rejects.toMatchObject({ code: 'BAD_INPUT', message: 'The parameter since must be a date such as 2026-01-31, but is "yesterday"' })
    expect((await workspace.client.runs.list({})).total).toBe(0)
  })
})

describe('fix and continue', () => {
  it('goes on under the same number after an edit: only what the edit touches is done again', async () => {
    await using workspace = await openTestWorkspace({ files: { ...FILES, 'pipelines/shop/curated/totals.sql': "SELECT customer, CAST(error('no') AS BIGINT) AS total FROM processed.large\n" } })
    const failed = await workspace.run('shop')
    expect(statesOf(failed)).toEqual({ ...all('succeeded'), 'curated.totals': 'failed' })
    await put(workspace, 'pipelines/shop/curated/totals.sql', FILES['pipelines/shop/curated/totals.sql'])
    await put(workspace, 'pipelines/shop/processed/customers.sql', 'SELECT DISTINCT upper(customer) AS customer FROM preprocessed.orders\n')
    await put(workspace, 'pipelines/shop/results/big.sql', 'SELECT * FROM processed.large\n')
    const startedBefore = failed.steps.find(({ name }) => name === 'large')?.startedAt
    await workspace.client.runs.resume({ commandId: randomUUID(), run: { dataType: 'shop', runNumber: 1 } })
    const mended = await settled(workspace, { dataType: 'shop', runNumber: 1 })
    expect(mended.run).toMatchObject({ state: 'succeeded', attempt: 2 })
    expect(mended.steps.find(({ name }) => name === 'large')?.startedAt).toBe(startedBefore)
    expect(new Set((await workspace.rows('shop.processed.customers')).map((row) => row['customer']))).toEqual(new Set(['ADA', 'BOB']))
    expect(failed.planChanges).toEqual([])
    expect(mended.planChanges).toMatchObject([
      { attempt: 2, since: 'pass', changes: ['shop.results.big is new in the pipeline', expect.stringMatching(/^shop\.processed\.customers was done, and is done again: .*processed\/customers\.sql/)] },
    ])
  })

  it('does a published run again from a step, as its next attempt; an older one is refused', async () => {
    await using workspace = await openTestWorkspace({ files: FILES })
    await workspace.run('shop')
    const run = { dataType: 'shop', runNumber: 1 }
    await workspace.client.runs.resume({ commandId: randomUUID(), run, from: 'shop.processed.large', force: true })
    const again = await settled(workspace, run)
    expect(again.run).toMatchObject({ state: 'succeeded', attempt: 2, options: { redo: { from: 'shop.processed.large', force: true } } })
    expect(again.steps.map(({ version }) => version)).toEqual([1, 1, 1, 2, 2])
    // What was asked for is no news.
    expect(again.planChanges).toEqual([])
    await workspace.run('shop')
    await expect(workspace.client.runs.resume({ commandId: randomUUID(), run })).rejects.toMatchObject({ code: 'CONFLICT', message: expect.stringContaining('was followed by #2') })
  })
})

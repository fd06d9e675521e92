import { randomUUID } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import type { Run, RunRef } from '../../../shared/contract/runs.contract.ts'
import { findAppFiles } from '../app-root.ts'
import { openLedger } from '../../engine/ledger/ledger.ts'
import { createInProcessClient, type StrataClient } from '../client.ts'
import { openEngine } from '../open-engine.ts'
import { openTestWorkspace, type TestWorkspace } from './test-workspace.ts'

/** What people decide: gates, overrides and marks, each on record, over the real engine. */

const GATED = {
  'strata.yaml': 'name: shop\nlimits: { memory: 512MB, threads: 1 }\n',
  'inbox/orders.csv': 'order_id,amount\n1,10\n2,20\n3,\n',
  'pipelines/shop/pipeline.yaml': `entity: { key: order_id }
sources:
  orders: { files: inbox/*.csv, format: csv }
gates:
  totals: { shows: curated.orders, before: results.totals, message: Do the orders look right? }
  release: { shows: [results.totals], before: publish }
`,
  'pipelines/shop/curated/orders.sql': 'SELECT order_id, CAST(amount AS INTEGER) AS amount FROM raw.orders\n',
  'pipelines/shop/results/totals.sql': 'SELECT count(*)::INTEGER AS orders, CAST(sum(amount) AS INTEGER) AS amount FROM curated.orders\n',
}
const UNGATED = { ...GATED, 'pipelines/shop/pipeline.yaml': 'entity: { key: order_id }\nsources:\n  orders: { files: inbox/*.csv, format: csv }\n' }
const FIRST: RunRef = { dataType: 'shop', runNumber: 1 }
const AT_REST = new Set<Run['state']>(['succeeded', 'failed', 'cancelled', 'interrupted', 'waiting'])

const command = () => ({ commandId: randomUUID() })

async function atRest(client: StrataClient, run: RunRef = FIRST): Promise<Run> {
  for (;;) {
    const detail = await client.runs.get({ run })
    if (AT_REST.has(detail.run.state)) return detail.run
    await delay(10)
  }
}

const published = async ({ client }: TestWorkspace): Promise<string[]> => (await client.datasets.list()).flatMap((item) => (item.version === null ? [] : [`${item.zone}.${item.name} v${item.version}`]))
const actions = async (client: StrataClient): Promise<string[]> => (await client.audit.list({})).entries.map(({ action }) => action).reverse()

async function withSecondEngine<T>(dir: string, resumeInterrupted: boolean, use: (client: StrataClient) => Promise<T>): Promise<T> {
  const engine = await openEngine({ workspaceDir: dir, host: 'browser', files: findAppFiles(import.meta.url), env: process.env, log: () => undefined, resumeInterrupted })
  try {
    return await use(createInProcessClient(engine, { kind: 'person', via: 'window', account: 'second' }))
  } finally {
    await engine.close()
  }
}

describe('a gate', () => {
  it('stops the run with everything before it made and nothing published; approvals lead it to its end', async () => {
    await using workspace = await openTestWorkspace({ files: GATED })
    const { client } = workspace
    const waiting = (await workspace.run('shop')).run
    expect(waiting).toMatchObject({ state: 'waiting', summary: 'Waits for approval at totals', durationMs: null, waitingSince: expect.any(String) })
    const { gate, datasets } = await client.gates.get({ run: FIRST, gate: 'totals' })
    expect(gate).toMatchObject({ state: 'waiting', before: 'shop.results.totals', shown: [{ dataset: 'shop.curated.orders', version: 1 }] })
    expect(datasets).toMatchObject([{ rowCount: 3, published: null }])
    expect((await client.workspace.overview()).attention).toMatchObject([{ kind: 'waiting_gate', text: 'Do the orders look right?' }])

    await client.gates.approve({ ...command(), run: FIRST, reason: 'checked by hand' })
    expect(await atRest(client)).toMatchObject({ state: 'waiting', attempt: 1, summary: 'Waits for approval at release' })
    expect(await published(workspace)).toEqual([])
    await client.gates.approve({ ...command(), run: FIRST, gate: 'release' })
    const done = await atRest(client)
    expect(done).toMatchObject({ state: 'succeeded', attempt: 1, waitingSince: null })
    // What it worked for and what it waited for people are all of its time.
    expect((done.durationMs ?? 0) + done.waitedMs).toBe(Date.parse(done.finishedAt ?? '') - Date.parse(done.startedAt ?? ''))
    expect(done.waitedMs).toBeGreaterThan(0)
    expect(await published(workspace)).toHaveLength(3)
    expect((await client.gates.ofRun({ run: FIRST })).gates.map(({ name, state, reason }) => [name, state, reason])).toEqual([['totals', 'approved', 'checked by hand'], ['release', 'approved', null]])
    expect(await actions(client)).toEqual(['init', 'run', 'approve', 'approve', 'publish'])
  })

  it('ends the run with the reason when it is rejected, and asks again after a resume', async () => {
    await using workspace = await openTestWorkspace({ files: GATED })
    const { client } = workspace
    await workspace.run('shop')
    const rejected = await client.gates.reject({ ...command(), run: FIRST, reason: 'Order 3 has no amount' })
    expect(rejected).toMatchObject({ state: 'failed', problem: { code: 'REJECTED' } })
    expect(rejected.problem?.message).toMatch(/^Rejected at totals by .*: Order 3 has no amount$/)
    expect(await published(workspace)).toEqual([])
    await expect(client.gates.approve({ ...command(), run: FIRST })).rejects.toThrow(/waits at no gate/)
    await client.runs.resume({ ...command(), run: FIRST })
    expect(await atRest(client)).toMatchObject({ state: 'waiting', attempt: 2 })
  })

  it('waits over a restart, holds no place in the queue, and goes on in the next engine', async () => {
    await using workspace = await openTestWorkspace({ files: GATED })
    await workspace.run('shop')
    expect((await workspace.run('shop')).run).toMatchObject({ runNumber: 2, state: 'waiting' })
    await workspace.closeEngine()
    await withSecondEngine(workspace.dir, true, async (client) => {
      expect((await client.gates.waiting({})).gates.map(({ run }) => run.runNumber)).toEqual([1, 2])
      await client.gates.approve({ ...command(), run: FIRST })
      expect(await atRest(client)).toMatchObject({ state: 'waiting', summary: 'Waits for approval at release' })
      expect((await client.gates.ofRun({ run: FIRST })).gates[0]?.decidedBy).toEqual({ kind: 'person', via: 'window', account: 'second' })
    })
  })

  it('goes on in the next engine when Strata was killed right after the approval, by itself or on a resume', async () => {
    await using workspace = await openTestWorkspace({ files: GATED })
    await workspace.run('shop')
    const killedAfterApproval = async (): Promise<void> => {
      // What the decision's transaction leaves, when nothing after it has happened.
      const ledger = await openLedger(join(workspace.dir, '.strata/ledger.sqlite'))
      ledger.run(`UPDATE runs SET state = 'queued', finished_at = NULL`)
      ledger.run(`UPDATE gates SET state = 'approved', decided_at = 1, decided_by = '{"kind":"person","via":"cli","account":null}', reason = 'Looks right'`)
      ledger.close()
    }
    await workspace.closeEngine()
    await killedAfterApproval()
    await withSecondEngine(workspace.dir, false, async (client) => {
      expect(await atRest(client)).toMatchObject({ state: 'interrupted' })
      expect((await client.gates.ofRun({ run: FIRST })).gates).toMatchObject([{ name: 'totals', state: 'approved', reason: 'Looks right' }])
    })
    await killedAfterApproval()
    await withSecondEngine(workspace.dir, true, async (client) => expect(await atRest(client)).toMatchObject({ state: 'waiting', summary: 'Waits for approval at release' }))
  })

  it('does not take an approval for something that was made anew afterwards', async () => {
    await using workspace = await openTestWorkspace({ files: GATED })
    const { client } = workspace
    await workspace.run('shop')
    await client.gates.approve({ ...command(), run: FIRST })
    await atRest(client)
    await client.runs.cancel({ run: FIRST })
    await writeFile(join(workspace.dir, 'pipelines/shop/curated/orders.sql'), 'SELECT order_id, coalesce(CAST(amount AS INTEGER), 0) AS amount FROM raw.orders\n')
    await client.runs.resume({ ...command(), run: FIRST })
    expect(await atRest(client)).toMatchObject({ state: 'waiting', summary: 'Waits for approval at totals' })
  })

  it('does not replace newer data: approved after a later run has published, the run ends unpublished and can be promoted', async () => {
    await using workspace = await openTestWorkspace({ files: GATED })
    const { client } = workspace
    await workspace.run('shop')
    await writeFile(join(workspace.dir, 'pipelines/shop/pipeline.yaml'), UNGATED['pipelines/shop/pipeline.yaml'])
    await writeFile(join(workspace.dir, 'inbox/orders.csv'), 'order_id,amount\n1,10\n2,20\n3,30\n4,40\n')
    expect((await workspace.run('shop')).run).toMatchObject({ runNumber: 2, state: 'succeeded' })
    const newer = await published(workspace)

    await client.gates.approve({ ...command(), run: FIRST })
    expect(await atRest(client)).toMatchObject({ state: 'succeeded', degraded: true, summary: expect.stringMatching(/^Not published: #2 has published newer data since; /) })
    expect(await published(workspace)).toEqual(newer)
    expect((await actions(client)).at(-1)).toBe('publish_withheld')

    await client.publish.apply({ ...command(), change: { kind: 'promote_run', run: FIRST }, reason: 'The newer delivery was a test' })
    expect(await published(workspace)).not.toEqual(newer)
  })

  it('lets a run by that has nothing new to show', async () => {
    await using workspace = await openTestWorkspace({ files: GATED })
    const { client } = workspace
    await workspace.run('shop')
    for (let i = 0; i < 2; i++) {
      await client.gates.approve({ ...command(), run: FIRST })
      await atRest(client)
    }
    expect((await workspace.run('shop')).run).toMatchObject({ runNumber: 2, state: 'succeeded' })
  })

  it('is cancelled at once, and an answer that comes twice counts once', async () => {
    await using workspace = await openTestWorkspace({ files: GATED })
    const { client } = workspace
    await workspace.run('shop')
    const twice = { ...command(), run: FIRST }
    await client.gates.approve(twice)
    await client.gates.approve(twice)
    await atRest(client)
    expect(await client.runs.cancel({ run: FIRST })).toMatchObject({ state: 'cancelled' })
    expect((await client.runs.get({ run: FIRST })).steps.map(({ state }) => state)).toEqual(['succeeded', 'succeeded', 'succeeded'])
    expect(await published(workspace)).toEqual([])
    expect(await actions(client)).toEqual(['init', 'run', 'approve', 'cancel'])
  })

  it('that names what the pipeline does not make, or makes later, is a mistake with its place', async () => {
    await using workspace = await openTestWorkspace({
      files: { ...GATED, 'pipelines/shop/pipeline.yaml': 'sources:\n  orders: { files: inbox/*.csv }\ngates:\n  a: { shows: curated.order }\n  b: { shows: results.totals, before: curated.orders }\n' },
    })
    const { findings } = await workspace.client.workspace.get()
    expect(findings.map(({ line, message, suggestion }) => [line, message, suggestion])).toEqual([
      [4, 'Gate "a" names curated.order, which shop does not make', 'Did you mean curated.orders?'],
      [5, 'Gate "b" cannot show results.totals: it is not made before curated.orders', 'Show something that is made earlier, or write before: publish'],
    ])
  })
})

describe('an override', () => {
  const BLOCKED = { ...UNGATED, 'pipelines/shop/curated/orders.yaml': 'key: [order_id]\nrows: { min: 5 }\ncolumns:\n  amount: { rules: [not_null] }\n' }

  it('lets a run publish when the last rule that blocks is overridden, and keeps the failure on record', async () => {
    await using workspace = await openTestWorkspace({ files: BLOCKED })
    const { client } = workspace
    const { run, checks } = await workspace.run('shop')
    expect(run).toMatchObject({ state: 'failed', problem: { code: 'CHECK_BLOCKED' } })
    const [first, second, ...others] = checks.filter(({ passed }) => !passed).map(({ rule }) => rule)
    expect(others).toEqual([])
    const target = { run: FIRST, dataset: 'shop.curated.orders' }
    const half = await client.interventions.override({ ...command(), ...target, rule: first ?? '', reason: 'A short month' })
    expect(half).toMatchObject({ run: { state: 'failed' }, stillBlocking: [{ dataset: 'shop.curated.orders', rule: second }] })
    await client.interventions.override({ ...command(), ...target, rule: second ?? '', reason: 'Known gap' })
    expect(await atRest(client)).toMatchObject({ state: 'succeeded', attempt: 2, degraded: true })
    expect(await published(workspace)).toHaveLength(3)
    const kept = (await client.runs.get({ run: FIRST })).checks.filter(({ passed }) => !passed)
    expect(new Set(kept.map(({ override }) => override?.reason))).toEqual(new Set(['A short month', 'Known gap']))
    expect((await client.datasets.get({ dataset: 'shop.curated.orders' })).checks.filter(({ override }) => override !== null)).toHaveLength(2)
    expect(await actions(client)).toEqual(['init', 'run', 'override', 'override', 'publish'])
  })

  it('is refused for rules that block nothing, with what does', async () => {
    await using workspace = await openTestWorkspace({ files: BLOCKED })
    await workspace.run('shop')
    const target = { run: FIRST, dataset: 'shop.curated.orders', reason: 'x' }
    await expect(workspace.client.interventions.override({ ...command(), ...target, rule: 'nothing' })).rejects.toThrow(/has no result of nothing/)
    await expect(workspace.client.interventions.override({ ...command(), ...target, dataset: 'shop.curated.other', rule: 'nothing' })).rejects.toThrow(/no step that makes/)
  })
})

describe('a mark', () => {
  it('leaves a step out: others read what is published of it', async () => {
    await using workspace = await openTestWorkspace({ files: UNGATED })
    const { client } = workspace
    await workspace.run('shop')
    await writeFile(join(workspace.dir, 'inbox/orders.csv'), 'order_id,amount\n4,none\n')
    const second = { dataType: 'shop', runNumber: 2 }
    expect((await workspace.run('shop')).run).toMatchObject({ state: 'failed' })
    await client.interventions.markStep({ ...command(), run: second, dataset: 'shop.curated.orders', as: 'skipped', reason: 'The supplier sends it again tomorrow', resume: true })
    expect(await atRest(client, second)).toMatchObject({ state: 'succeeded', degraded: true })
    expect(await published(workspace)).toEqual(expect.arrayContaining(['raw.orders v2', 'curated.orders v1']))
    expect((await client.runs.get({ run: second })).steps.map(({ name, state }) => [name, state])).toEqual(expect.arrayContaining([['orders', 'skipped']]))
    expect((await client.interventions.stepMarks({ run: second })).marks).toMatchObject([{ dataset: 'shop.curated.orders', mark: { as: 'skipped', reason: 'The supplier sends it again tomorrow' } }])
  })

  it('accepts, skips and retries failed entities, each with its reason', async () => {
    const PROCESSOR = `import { defineProcessor } from 'strata'
import { z } from 'zod'
export default defineProcessor({ result: z.object({ doubled: z.int() }), async process(id, rows) { if (Number(id) < 4) throw new Error('no ' + id); return { doubled: 2 * Number(rows[0].amount) } } })
`
    await using workspace = await openTestWorkspace({
      files: {
        ...UNGATED,
        'inbox/orders.csv': 'order_id,amount\n1,10\n2,20\n3,30\n4,40\n',
        'pipelines/shop/processed/doubled.ts': PROCESSOR,
        'pipelines/shop/processed/doubled.yaml': 'entity: { input: raw.orders }\n',
      },
    })
    const { client } = workspace
    expect((await workspace.run('shop')).run).toMatchObject({ state: 'failed', problem: { code: 'ENTITY_FAILED' } })
    const target = { run: FIRST, dataset: 'shop.processed.doubled', reason: 'Known' }
    await client.interventions.markEntities({ ...command(), ...target, entities: ['1'], as: 'accepted' })
    await client.interventions.markEntities({ ...command(), ...target, entities: ['2'], as: 'skipped' })
    await expect(client.interventions.markEntities({ ...command(), ...target, entities: ['4'], as: 'retry' })).rejects.toThrow(/4 is succeeded/)
    await writeFile(join(workspace.dir, 'pipelines/shop/processed/doubled.ts'), PROCESSOR.replace('< 4', '< 3'))
    await client.interventions.markEntities({ ...command(), ...target, entities: ['3'], as: 'retry', resume: true })
    expect(await atRest(client)).toMatchObject({ state: 'succeeded' })
    const { entities } = await client.runs.entities({ run: FIRST })
    expect(Object.fromEntries(entities.map(({ entityId, state, mark }) => [entityId, [state, mark?.as ?? null]]))).toEqual({
      1: ['failed', 'accepted'], 2: ['skipped', 'skipped'], 3: ['succeeded', null], 4: ['succeeded', null],
    })
    expect((await client.workspace.overview()).attention.filter(({ kind }) => kind === 'failed_entities')).toEqual([])
  })
})

describe('the audit trail', () => {
  it('filters, verifies, exports, and names the first entry that somebody changed', async () => {
    await using workspace = await openTestWorkspace({ files: GATED })
    const { client } = workspace
    await workspace.run('shop')
    await client.gates.approve({ ...command(), run: FIRST, reason: 'Looks right' })
    await atRest(client)
    const found = await client.audit.list({ text: 'looks right', actor: 'person', action: 'approve' })
    expect(found.entries).toMatchObject([{ action: 'approve', target: 'shop #1', actor: { kind: 'person', via: 'cli' }, before: { gate: 'waiting' }, after: { gate: 'approved' } }])
    expect(await client.audit.verify({})).toMatchObject({ entries: 3, brokenAt: null })
    const twice = { ...command(), format: 'csv' as const }
    const written = await client.audit.export(twice)
    expect(await client.audit.export(twice)).toEqual(written)
    expect(written).toMatchObject({ entries: 3, path: expect.stringMatching(/^exports\/audit\..*\.csv$/) })
    expect(await actions(client)).toEqual(['init', 'run', 'approve', 'export audit'])
  })
})

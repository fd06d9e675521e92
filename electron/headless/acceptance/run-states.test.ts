import fc from 'fast-check'
import { randomUUID } from 'node:crypto'
import { readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import type { EngineEvent, Run, RunRef } from '../../../shared/contract/runs.contract.ts'
import { FINISHED_RUN_STATES, nextRunState, nextStepState, runStateSchema, stepStateSchema } from '../../../shared/domain/run-status.ts'
import { createInProcessClient, type StrataClient } from '../client.ts'
import { findAppFiles } from '../app-root.ts'
import { openEngine } from '../open-engine.ts'
import { openTestWorkspace } from './test-workspace.ts'

/**
 * The state machines under the real manager: whatever a person does in whatever order, every state that was ever reached follows from
 * the one before by a move of the tables, a refusal changes nothing, and at the end nothing is left that works.
 */

const FILES = {
  'strata.yaml': 'name: shop\nlimits: { memory: 512MB, threads: 1 }\n',
  'inbox/orders.csv': 'order_id,amount\n1,10\n2,20\n',
  'pipelines/shop/pipeline.yaml': `sources:
  orders: { files: inbox/*.csv, format: csv }
gates:
  early: { shows: raw.orders, before: curated.orders }
  release: { shows: curated.orders }
`,
  'pipelines/shop/curated/orders.sql': 'SELECT order_id, CAST(amount AS INTEGER) AS amount FROM raw.orders\n',
  'pipelines/shop/curated/orders.yaml': 'key: [order_id]\nrows: { min: 1 }\n',
}

const DELIVERIES = ['order_id,amount\n1,10\n2,20\n', 'order_id,amount\n1,none\n', 'order_id,amount\n', 'order_id,amount\n7,70\n']

type Act = { kind: 'start' | 'cancel' | 'approve' | 'reject' | 'resume' | 'override' | 'skip' | 'settle' } | { kind: 'pause'; ms: number } | { kind: 'deliver'; file: number }

const act: fc.Arbitrary<Act> = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom<Act>(...(['start', 'cancel', 'approve', 'approve', 'reject', 'resume', 'override', 'skip', 'settle', 'settle'] as const).map((kind) => ({ kind }))) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('pause' as const), ms: fc.integer({ min: 0, max: 60 }) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('deliver' as const), file: fc.integer({ min: 0, max: DELIVERIES.length - 1 }) }) },
)

const isAtRest = ({ state }: Run): boolean => FINISHED_RUN_STATES.has(state) || state === 'waiting'

async function settle(client: StrataClient): Promise<Run[]> {
  for (;;) {
    const { runs } = await client.runs.list({ limit: 100 })
    if (runs.every(isAtRest)) return runs
    await delay(10)
  }
}

/** Does one thing to the newest run; true when it was done, false when it was refused as not possible in this state. */
async function perform(client: StrataClient, dir: string, what: Act): Promise<boolean> {
  const [newest] = (await client.runs.list({ limit: 1 })).runs
  const run: RunRef = { dataType: 'shop', runNumber: newest?.runNumber ?? 1 }
  const target = { commandId: randomUUID(), run, dataset: 'shop.curated.orders', reason: 'because' }
  const { commandId } = target
  const calls: Record<Act['kind'], () => Promise<unknown>> = {
    start: () => client.runs.start({ commandId, dataType: 'shop', trigger: 'cli' }),
    cancel: () => client.runs.cancel({ run }),
    approve: () => client.gates.approve({ commandId, run }),
    reject: () => client.gates.reject({ commandId, run, reason: 'because' }),
    resume: () => client.runs.resume({ commandId, run }),
    override: () => client.interventions.override({ ...target, rule: 'row_count' }),
    skip: () => client.interventions.markStep({ ...target, as: 'skipped', resume: true }),
    settle: () => settle(client),
    pause: () => delay(what.kind === 'pause' ? what.ms : 0),
    deliver: () => writeFile(join(dir, 'inbox/orders.csv'), DELIVERIES[what.kind === 'deliver' ? what.file : 0] ?? ''),
  }
  try {
    await calls[what.kind]()
    return true
  } catch (error) {
    const code = error !== null && typeof error === 'object' && 'code' in error ? error.code : null
    if (code === 'CONFLICT' || code === 'NOT_FOUND') return false
    throw error
  }
}

async function allEvents(client: StrataClient): Promise<EngineEvent[]> {
  const { seq } = await client.runs.get({ run: { dataType: 'shop', runNumber: 1 } })
  const events: EngineEvent[] = []
  const abort = new AbortController()
  for await (const batch of await client.runs.events({ afterSeq: 0 }, { signal: abort.signal })) {
    events.push(...batch)
    if (events.some((event) => event.seq >= seq)) break
  }
  abort.abort()
  return events
}

/** Every run and every step, move by move: the tables throw on a move that they do not have. */
function replay(events: readonly EngineEvent[]): void {
  const runs = new Map<string, Run['state']>()
  const steps = new Map<string, ReturnType<typeof stepStateSchema.parse>>()
  for (const { kind, dataType, runNumber, dataset, text } of events) {
    const run = `${dataType} #${runNumber}`
    if (kind === 'run') {
      const state = runStateSchema.parse(text)
      const before = runs.get(run)
      if (before === undefined && state !== 'queued') throw new Error(`${run} began as ${state}`)
      runs.set(run, before === undefined ? state : nextRunState(before, state))
    }
    if (kind === 'step') {
      const key = `${run} ${dataset}`
      steps.set(key, nextStepState(steps.get(key) ?? 'pending', stepStateSchema.parse(text)))
    }
  }
}

describe('any order of starts, cancels, decisions and resumes', () => {
  it('keeps to the tables, puts every decision on record, and leaves no worker and nothing half done', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(act, { minLength: 4, maxLength: 14 }), async (acts) => {
        await using workspace = await openTestWorkspace({ files: FILES })
        const { client, dir } = workspace
        await perform(client, dir, { kind: 'start' })
        const done: string[] = ['run']
        for (const what of acts) {
          const wasDone = await perform(client, dir, what)
          const word: Partial<Record<Act['kind'], string>> = { start: 'run', cancel: 'cancel', approve: 'approve', reject: 'reject', resume: 'resume', override: 'override', skip: 'mark' }
          const action = word[what.kind]
          if (wasDone && action !== undefined) done.push(action)
        }
        for (const { dataType, runNumber, state } of await settle(client)) if (state === 'waiting') await client.runs.cancel({ run: { dataType, runNumber } })
        const runs = await settle(client)
        expect(runs.every(({ state }) => FINISHED_RUN_STATES.has(state))).toBe(true)
        replay(await allEvents(client))
        expect(await client.audit.verify({})).toMatchObject({ brokenAt: null })
        const recorded = (await client.audit.list({ limit: 500 })).entries.map(({ action }) => action).filter((action) => done.includes(action))
        // A cancel of one that is being cancelled already is one cancel.
        for (const action of new Set(done.filter((name) => name !== 'cancel'))) expect([action, recorded.filter((name) => name === action).length]).toEqual([action, done.filter((name) => name === action).length])
        for (const { runNumber } of runs) {
          const { steps } = await client.runs.get({ run: { dataType: 'shop', runNumber } })
          expect(steps.filter(({ state }) => ['running', 'retrying', 'waiting'].includes(state))).toEqual([])
        }
        await workspace.closeEngine()
        expect((await readdir(join(dir, '.strata/staging'))).length).toBe(0)
        await reopened(dir)
      }),
      { numRuns: 6, interruptAfterTimeLimit: 60_000 },
    )
  }, 120_000)
})

/** Opening again finds nothing to interrupt and nothing to repair. */
async function reopened(dir: string): Promise<void> {
  const engine = await openEngine({ workspaceDir: dir, host: 'cli', files: findAppFiles(import.meta.url), env: process.env, log: () => undefined, resumeInterrupted: false })
  try {
    const client = createInProcessClient(engine)
    expect((await client.runs.list({ states: ['queued', 'planning', 'running', 'cancelling'] })).total).toBe(0)
    expect(await client.audit.verify({})).toMatchObject({ brokenAt: null })
  } finally {
    await engine.close()
  }
}

describe('a cancel', () => {
  it.each(['queued', 'running', 'waiting'] as const)('is taken while the run is %s, and nothing of it goes on', async (state) => {
    await using workspace = await openTestWorkspace({ files: FILES })
    const { client } = workspace
    const run = await client.runs.start({ commandId: randomUUID(), dataType: 'shop', trigger: 'cli' })
    if (state === 'waiting') await settle(client)
    while (state === 'running' && (await client.runs.get({ run })).run.state !== 'running') await delay(1)
    await client.runs.cancel({ run })
    await settle(client)
    const { run: after, steps } = await client.runs.get({ run })
    expect(after.state).toBe('cancelled')
    expect(steps.filter((step) => !['succeeded', 'cancelled'].includes(step.state))).toEqual([])
    expect((await client.gates.waiting({})).gates).toEqual([])
  })

  it('that is taken back in the moment before the run starts lets it run, once', async () => {
    await using workspace = await openTestWorkspace({ files: FILES })
    const { client } = workspace
    const run = await client.runs.start({ commandId: randomUUID(), dataType: 'shop', trigger: 'cli' })
    await client.runs.cancel({ run })
    await client.runs.resume({ commandId: randomUUID(), run })
    await settle(client)
    expect((await client.runs.get({ run })).run).toMatchObject({ state: 'waiting', problem: null })
  })
})

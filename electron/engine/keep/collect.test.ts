import fc from 'fast-check'
import { chmod, mkdir, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ENGINE_ACTOR } from '../../../shared/domain/actor.ts'
import type { RunState } from '../../../shared/domain/run-status.ts'
import { createAuditStore } from '../ledger/audit.store.ts'
import { createEventsStore } from '../ledger/events.store.ts'
import { createKeptFilesStore } from '../ledger/kept-files.store.ts'
import { type Ledger, openLedger } from '../ledger/ledger.ts'
import { createPublicationsStore } from '../ledger/publications.store.ts'
import { createRunsStore } from '../ledger/runs.store.ts'
import { createStepsStore } from '../ledger/steps.store.ts'
import { createVersionsStore, type NewVersion, type VersionRow } from '../ledger/versions.store.ts'
import { NO_FIGURES } from '../ledger/upkeep.store.ts'
import type { RetentionPolicies, WorkspaceModel } from '../workspace/model.ts'
import { type Durable, durable } from '../zones/durable.ts'
import { createLayout, type Layout } from '../zones/layout.ts'
import { MOVES_NAME, undoMoves } from '../zones/take-delivery.ts'
import { whenAbsent } from '../zones/when-absent.ts'
import { collectGarbage, previewRetention } from './collect.ts'
import { createVersionHolds } from './version-holds.ts'

const DATASETS = ['drugs.raw.items', 'drugs.curated.items', 'trials.raw.items'] as const
const DAY = 86_400_000

let root: string
let ledger: Ledger
let layout: Layout
let policies: RetentionPolicies
let now: number
let disk: Durable

beforeEach(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'strata-keep-'))
  await openWorld()
})

afterEach(async () => {
  ledger.close()
  await rm(root, { recursive: true, force: true })
})

let world: ReturnType<typeof makeWorld>

async function openWorld(): Promise<void> {
  layout = createLayout(root)
  await mkdir(path.dirname(layout.ledgerFile), { recursive: true })
  ledger = await openLedger(layout.ledgerFile)
  policies = {}
  now = 100 * DAY
  disk = durable
  world = makeWorld()
}

function makeWorld() {
  const events = createEventsStore(ledger)
  const clock = (): number => now
  const versions = createVersionsStore(ledger, events)
  const model: Pick<WorkspaceModel, 'retention'> = {
    get retention() {
      return policies
    },
  }
  return {
    ledger, versions, layout, clock,
    runs: createRunsStore(ledger, events, clock),
    steps: createStepsStore(ledger, events, clock),
    files: createKeptFilesStore(ledger, events),
    publications: createPublicationsStore(ledger, events),
    audit: createAuditStore(ledger),
    holds: createVersionHolds(),
    get durable() {
      return disk
    },
    workspace: { current: () => model as WorkspaceModel, checkedAt: () => 0, modelWith: async () => model as WorkspaceModel, reload: async () => model as WorkspaceModel },
    log: () => undefined,
  }
}

const collect = (leftovers = false): Promise<void> =>
  collectGarbage(world, { signal: new AbortController().signal, figures: { ...NO_FIGURES }, progress: () => undefined }, { leftovers, actor: ENGINE_ACTOR })

/** A run of a data type that made a version of each of its datasets; `state` is how it ended, or that it did not. */
async function run(dataType: 'drugs' | 'trials', state: RunState): Promise<VersionRow[]> {
  const made = world.runs.create({ dataType, entities: null, trigger: 'cli' })
  const datasets = DATASETS.filter((dataset) => dataset.startsWith(dataType))
  world.steps.plan(made.id, datasets.map((dataset) => ({ dataset, dataType, kind: 'sql' })))
  const versions = datasets.map((dataset, index) => {
    const number = world.steps.takeVersionNumber(dataset)
    const row = world.versions.insert(newVersion(dataset, number, made.id))
    const step = world.steps.ofRun(made.id)[index]
    if (step !== undefined) world.steps.patch(step.id, { versionId: row.id, versionNumber: number })
    return row
  })
  for (const { dataset, number } of versions) {
    const dir = layout.versionDir(dataset, number)
    await mkdir(path.join(dir, 'delivered'), { recursive: true })
    await writeFile(path.join(dir, 'part-0.parquet'), `${dataset} ${number}`)
    await chmod(path.join(dir, 'part-0.parquet'), 0o444)
  }
  world.runs.transition(made.id, 'planning', {})
  if (state === 'planning') return versions
  world.runs.transition(made.id, 'running', {})
  if (state === 'succeeded') world.versions.promote(made.id, versions.map(({ id }) => id), now)
  if (state === 'cancelled') world.runs.transition(made.id, 'cancelling', {})
  if (state !== 'running') world.runs.transition(made.id, state, { finishedAt: now })
  return versions
}

function newVersion(dataset: string, number: number, runId: number): NewVersion {
  return {
    dataset, number, runId, layout: 'plain', rowCount: 3, sizeBytes: 10, contentHash: 'h', columns: [], parts: [], rejectsName: null, quarantined: 0,
    sourceHash: null, createdAt: now, inputs: [], deliveries: [], deliveryTimes: [],
  }
}

const isThere = async ({ dataset, number }: { dataset: string; number: number }): Promise<boolean> => (await stat(path.join(layout.versionDir(dataset, number), 'part-0.parquet')).catch(whenAbsent(null))) !== null
const allVersions = (): VersionRow[] => DATASETS.flatMap((dataset) => world.versions.ofDataset(dataset, 1_000))
const removed = (): string[] => allVersions().filter(({ removedAt }) => removedAt !== null).map(({ dataset, number }) => `${dataset} v${number}`)

describe('gc', () => {
  it('keeps the last published versions of a zone that names a policy, and everything of one that does not', async () => {
    policies = { raw: { keepVersions: 2, keepDays: null } }
    for (let i = 0; i < 4; i += 1) await run('drugs', 'succeeded')
    const preview = await previewRetention(world)
    expect(preview.versions.map(({ dataset, version }) => `${dataset} v${version}`)).toEqual(['drugs.raw.items v1', 'drugs.raw.items v2'])
    expect(preview).toMatchObject({ sizeBytes: 20, policies: [{ zone: 'raw', keepVersions: 2, keepDays: null }] })
    expect(removed()).toEqual([])
    await collect()
    expect(removed().sort()).toEqual(['drugs.raw.items v1', 'drugs.raw.items v2'])
    expect(await readdir(layout.datasetDir('drugs.raw.items'))).toEqual(['v3', 'v4'])
    expect(await readdir(layout.datasetDir('drugs.curated.items'))).toHaveLength(4)
  })

  it('counts days from when a version was replaced, not from when it was made', async () => {
    policies = { raw: { keepVersions: null, keepDays: 10 } }
    await run('trials', 'succeeded')
    now += 50 * DAY
    await run('trials', 'succeeded')
    now += 9 * DAY
    await collect()
    expect(removed()).toEqual([])
    now += 2 * DAY
    await collect()
    expect(removed()).toEqual(['trials.raw.items v1'])
  })

  it('leaves a version alone while somebody reads it', async () => {
    policies = { raw: { keepVersions: 1, keepDays: null } }
    const [first] = await run('trials', 'succeeded')
    await run('trials', 'succeeded')
    let finish: () => void = () => undefined
    const reading = world.holds.during(first === undefined ? [] : [first], () => new Promise<void>((resolve) => (finish = resolve)))
    await collect()
    expect(removed()).toEqual([])
    finish()
    await reading
    await collect()
    expect(removed()).toEqual(['trials.raw.items v1'])
  })

  it('goes on with the files after it was killed at any moment behind the tombstone', async () => {
    policies = { raw: { keepVersions: 1, keepDays: null } }
    const killed = async (): Promise<never> => Promise.reject(new Error('killed'))
    const faults: Partial<Durable>[] = [
      { rename: killed },
      { remove: async (target) => ((await stat(target).catch(whenAbsent(null))) === null ? undefined : killed()) },
    ]
    for (const [index, fault] of faults.entries()) {
      await run('trials', 'succeeded')
      await run('trials', 'succeeded')
      disk = { ...durable, ...fault }
      await expect(collect()).rejects.toThrow('killed')
      disk = durable
      const { unfinished } = await previewRetention(world)
      expect(unfinished).toHaveLength(index + 1)
      await collect()
      expect((await previewRetention(world)).unfinished).toEqual([])
      expect(await readdir(layout.datasetDir('trials.raw.items'))).toHaveLength(1)
    }
  })

  it('shows what no version answers for, and removes it only when asked to', async () => {
    const [version] = await run('trials', 'succeeded')
    const stray = path.join(layout.datasetDir('trials.raw.items'), 'v77')
    await mkdir(stray)
    await writeFile(path.join(stray, 'part-0.parquet'), 'left behind')
    const { leftovers } = await previewRetention(world)
    expect(leftovers).toMatchObject([{ path: 'zones/raw/trials/items/v77', sizeBytes: 11 }])
    await collect()
    expect(await stat(stray)).toBeDefined()
    await collect(true)
    expect(await stat(stray).catch(whenAbsent(null))).toBeNull()
    expect(version === undefined ? false : await isThere(version)).toBe(true)
  })

  it('does not let recovery bring delivered files back, though a list of moves was left beside them', async () => {
    policies = { raw: { keepVersions: 1, keepDays: null } }
    const [first] = await run('trials', 'succeeded')
    await run('trials', 'succeeded')
    const moves = path.join(layout.versionDir('trials.raw.items', first?.number ?? 0), MOVES_NAME)
    await writeFile(moves, JSON.stringify([{ from: path.join(root, 'inbox.csv'), to: 'part-0.parquet' }]))
    disk = { ...durable, remove: async (target) => (target.endsWith('gone-v1') && (await stat(target).catch(whenAbsent(null))) !== null ? Promise.reject(new Error('killed')) : durable.remove(target)) }
    await expect(collect()).rejects.toThrow('killed')
    disk = durable
    const gone = layout.goneVersionDir('trials.raw.items', first?.number ?? 0)
    await undoMoves(durable, gone)
    expect(await stat(path.join(gone, 'part-0.parquet'))).toBeDefined()
    expect(await stat(path.join(root, 'inbox.csv')).catch(whenAbsent(null))).toBeNull()
  })

  it('removes versions whose files and folders somebody made read-only', async () => {
    policies = { raw: { keepVersions: 1, keepDays: null } }
    const [first] = await run('trials', 'succeeded')
    await run('trials', 'succeeded')
    await chmod(layout.versionDir('trials.raw.items', first?.number ?? 0), 0o555)
    await collect()
    expect(await readdir(layout.datasetDir('trials.raw.items'))).toEqual(['v2'])
  })
})

const policy = fc.record({ keepVersions: fc.option(fc.integer({ min: 1, max: 2 }), { freq: 1 }), keepDays: fc.option(fc.integer({ min: 0, max: 2 }), { freq: 1 }) })
const act = fc.oneof(
  { weight: 8, arbitrary: fc.record({ do: fc.constant('run' as const), dataType: fc.constantFrom('drugs' as const, 'trials' as const), state: fc.constantFrom<RunState>('succeeded', 'succeeded', 'succeeded', 'succeeded', 'succeeded', 'succeeded', 'failed', 'cancelled', 'interrupted', 'running') }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('pin' as const), at: fc.nat() }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('back' as const), at: fc.nat() }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('read' as const), at: fc.nat() }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('wait' as const), days: fc.integer({ min: 1, max: 4 }) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('gc' as const) }) },
)

describe('whatever the policy and the history', () => {
  it('never removes what is current, newest, pinned, read or needed by a run, and leaves every other file readable', async () => {
    await fc.assert(
      fc.asyncProperty(fc.record({ raw: policy, curated: policy }, { requiredKeys: [] }), fc.array(act, { minLength: 8, maxLength: 20, size: 'max' }), async (zones, acts) => {
        ledger.close()
        await rm(root, { recursive: true, force: true })
        await openWorld()
        policies = zones
        const precious = new Set<number>()
        const resumable = new Map<string, number[]>()
        const finishes: (() => void)[] = []
        for (const step of acts) {
          now += 1_000
          const all = allVersions().filter(({ removedAt }) => removedAt === null)
          const chosen = 'at' in step && all.length > 0 ? all[step.at % all.length] : undefined
          if (step.do === 'wait') now += step.days * DAY
          if (step.do === 'gc') await collect()
          if (step.do === 'run') {
            const made = await run(step.dataType, step.state)
            const ids = made.map(({ id }) => id)
            // What a later success has overtaken is the policy's.
            if (step.state === 'succeeded') resumable.delete(step.dataType)
            else if (step.state === 'running') for (const id of ids) precious.add(id)
            else resumable.set(step.dataType, [...(resumable.get(step.dataType) ?? []), ...ids])
          }
          if (chosen === undefined) continue
          if (step.do === 'pin') {
            world.files.pin(chosen.id, { actor: 'x', reason: 'x', at: now })
            precious.add(chosen.id)
          }
          if (step.do === 'read') {
            precious.add(chosen.id)
            void world.holds.during([chosen], () => new Promise<void>((resolve) => finishes.push(resolve)))
          }
          if (step.do === 'back' && chosen.publishedAt !== null) {
            world.publications.publish({ kind: 'rollback', dataType: chosen.dataset.split('.')[0] ?? '', runId: null, actor: 'x', reason: 'x', at: now, changes: [{ dataset: chosen.dataset, to: chosen.id }] })
          }
        }
        const currentBefore = world.versions.allCurrent().map(({ id }) => id)
        await collect()
        const after = new Map(allVersions().map((version) => [version.id, version]))
        for (const id of [...precious, ...[...resumable.values()].flat(), ...currentBefore]) expect(after.get(id)?.removedAt).toBeNull()
        for (const dataset of DATASETS) expect(world.versions.latest(dataset)?.removedAt ?? null).toBeNull()
        for (const version of after.values()) expect(await isThere(version)).toBe(version.removedAt === null)
        const again = await previewRetention(world)
        expect([again.versions, again.unfinished, again.leftovers]).toEqual([[], [], []])
        for (const finish of finishes) finish()
      }),
      { numRuns: 20 },
    )
  })
})

import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { createEventsStore } from './events.store.ts'
import { type Ledger, openLedger } from './ledger.ts'
import { createPublicationsStore } from './publications.store.ts'
import { createRunsStore } from './runs.store.ts'
import { createStepsStore } from './steps.store.ts'
import { createVersionsStore } from './versions.store.ts'

const DATASET = 'drugs.curated.items'

let dir: string
let ledger: Ledger

beforeEach(async () => {
  dir = await mkdtemp(path.join(tmpdir(), 'strata-publications-'))
  ledger = await openLedger(path.join(dir, 'ledger.sqlite'))
})

afterEach(async () => {
  ledger.close()
  await rm(dir, { recursive: true })
})

function stores() {
  const events = createEventsStore(ledger)
  const clock = (): number => 1_000
  const versions = createVersionsStore(ledger, events)
  const runs = createRunsStore(ledger, events, clock)
  const steps = createStepsStore(ledger, events, clock)
  const run = (): number => {
    const { id } = runs.create({ dataType: 'drugs', entities: null, trigger: 'cli' })
    steps.plan(id, [{ dataset: DATASET, dataType: 'drugs', kind: 'sql' }])
    return id
  }
  const version = (runId: number, number: number): number =>
    versions.insert({
      dataset: DATASET, number, runId, layout: 'plain', rowCount: 3, sizeBytes: 10, contentHash: 'h', columns: [], parts: [], rejectsName: null, quarantined: 0,
      sourceHash: null, createdAt: 5, inputs: [], deliveries: [], deliveryTimes: [],
    }).id
  const done = (runId: number, versionId: number): void => {
    const [step] = steps.ofRun(runId)
    for (const to of ['running', 'succeeded'] as const) steps.transition(step?.id ?? 0, to, { versionId })
  }
  return { versions, publications: createPublicationsStore(ledger, events), run, version, done }
}

it('knows which publications of a run stand: all since it last published, none after a roll back, one after a promote', () => {
  const { versions, publications, run, version } = stores()
  const [first, second] = [run(), run()]
  const [v1, v2, v3] = [version(first, 1), version(second, 2), version(second, 3)]
  versions.promote(first, [v1], 1)
  versions.promote(second, [v2], 2)
  versions.promote(second, [v3], 3)
  const standing = publications.standingOfRun(second)
  expect(standing.map(({ id }) => publications.promotionsOf(id))).toEqual([[{ dataset: DATASET, from: v1, to: v2 }], [{ dataset: DATASET, from: v2, to: v3 }]])

  const change = { dataType: 'drugs', runId: second, actor: 'x', reason: 'x', at: 4 }
  publications.publish({ ...change, kind: 'rollback', changes: [{ dataset: DATASET, to: v1 }] })
  expect(publications.standingOfRun(second)).toEqual([])
  publications.publish({ ...change, kind: 'promote', changes: [{ dataset: DATASET, to: v3 }] })
  expect(publications.standingOfRun(second)).toMatchObject([{ kind: 'promote' }])
  expect(publications.standingOfRun(first)).toMatchObject([{ kind: 'publish' }])
})

it('tells what was current as of a run: after its last publish, whatever was rolled back since', () => {
  const { versions, publications, run, version } = stores()
  const [first, second] = [run(), run()]
  const [v1, v2, v3] = [version(first, 1), version(second, 2), version(second, 3)]
  versions.promote(first, [v1], 1)
  versions.promote(second, [v2], 2)
  versions.promote(second, [v3], 3)
  publications.publish({ kind: 'rollback', dataType: 'drugs', runId: second, actor: 'x', reason: 'x', at: 4, changes: [{ dataset: DATASET, to: v1 }] })
  expect(versions.current(DATASET)?.id).toBe(v1)
  expect(versions.asOf({ dataType: 'drugs', runNumber: 1 }).get(DATASET)).toBe(v1)
  expect(versions.asOf({ dataType: 'drugs', runNumber: 2 }).get(DATASET)).toBe(v3)
  expect(() => versions.asOf({ dataType: 'drugs', runNumber: 3 })).toThrow('drugs #3 never published')
})

it('knows the later run to which current data are due: that made them, or found them to be right still, unless it was rolled back', () => {
  const { versions, publications, run, version, done } = stores()
  const [first, late, third, fourth] = [run(), run(), run(), run()]
  const [v1, ofLate] = [version(first, 1), version(late, 2)]
  done(first, v1)
  versions.promote(first, [v1], 1)
  done(late, ofLate)
  expect(publications.overtakenBy(late)).toBeNull()

  done(third, v1)
  expect(publications.overtakenBy(late)).toBeNull()
  versions.promote(third, [], 2)
  expect(publications.overtakenBy(late)).toBe(3)
  const back = { kind: 'rollback', dataType: 'drugs', actor: 'x', reason: 'x', at: 3 } as const
  publications.publish({ ...back, runId: third, changes: [] })
  expect(publications.overtakenBy(late)).toBeNull()

  const v4 = version(fourth, 3)
  done(fourth, v4)
  versions.promote(fourth, [v4], 4)
  expect([publications.overtakenBy(late), publications.overtakenBy(fourth)]).toEqual([4, null])
  publications.publish({ ...back, runId: fourth, changes: [{ dataset: DATASET, to: v1 }] })
  expect(publications.overtakenBy(late)).toBeNull()
})

import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { expect, it } from 'vitest'
import { createEntitiesStore } from './entities.store.ts'
import { createEventsStore } from './events.store.ts'
import { openLedger } from './ledger.ts'
import { createRunsStore } from './runs.store.ts'
import { createStepsStore } from './steps.store.ts'

it('plans 20,000 entities in chunks without going through all of them for each', async () => {
  const dir = await mkdtemp(path.join(tmpdir(), 'strata-ledger-'))
  const ledger = await openLedger(path.join(dir, 'ledger.sqlite'))
  const events = createEventsStore(ledger)
  const runs = createRunsStore(ledger, events, () => 1)
  const steps = createStepsStore(ledger, events, () => 1)
  const entities = createEntitiesStore(ledger)
  const run = runs.create({ dataType: 'drugs', entities: null, trigger: 'cli' })
  steps.plan(run.id, [{ dataset: 'drugs.processed.facts', dataType: 'drugs', kind: 'entity' }])
  const stepId = steps.ofRun(run.id)[0]?.id ?? 0
  const ids = Array.from({ length: 20_000 }, (_, index) => `DB${index}`)

  const startedAt = performance.now()
  for (let from = 0; from < ids.length; from += 5_000) entities.addPending({ stepId, dataType: 'drugs', at: 1 }, ids.slice(from, from + 5_000))

  expect(entities.countsOf(stepId).get('pending')).toBe(20_000)
  // Joined the wrong way round this took a minute; the right way, a fraction of a second.
  expect(performance.now() - startedAt).toBeLessThan(10_000)
  ledger.close()
  await rm(dir, { recursive: true })
})

it('counts every entity once, whether all, none or some of them were known before', async () => {
  const dir = await mkdtemp(path.join(tmpdir(), 'strata-ledger-'))
  const ledger = await openLedger(path.join(dir, 'ledger.sqlite'))
  const events = createEventsStore(ledger)
  const runs = createRunsStore(ledger, events, () => 1)
  const steps = createStepsStore(ledger, events, () => 1)
  const entities = createEntitiesStore(ledger)
  const deliveries = [['A', 'C'], ['A', 'C'], ['A', 'B', 'C'], ['C', 'D'], ['E']]
  for (const ids of deliveries) {
    const run = runs.create({ dataType: 'drugs', entities: null, trigger: 'cli' })
    steps.plan(run.id, [{ dataset: 'drugs.processed.facts', dataType: 'drugs', kind: 'entity' }])
    const stepId = steps.ofRun(run.id)[0]?.id ?? 0
    const tallies = ids.map((id, index) => [id, 'succeeded', index + 1] as const)
    entities.saveTallies({ stepId, dataType: 'drugs', at: 1, carried: false, durationMs: 1 }, JSON.stringify(tallies))
    expect(entities.tallies(stepId).toSorted(([a], [b]) => (a < b ? -1 : 1))).toEqual(tallies)
  }
  ledger.close()
  await rm(dir, { recursive: true })
})

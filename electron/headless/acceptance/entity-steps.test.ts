import { randomUUID } from 'node:crypto'
import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { RunDetail, RunEntity, RunRef } from '../../../shared/contract/runs.contract.ts'
import { FINISHED_RUN_STATES } from '../../../shared/domain/run-status.ts'
import { openTestWorkspace, type TableRow, type TestWorkspace } from './test-workspace.ts'

/** What steps that account for each entity promise, over the real engine, workers and files. */

const TOTALS = `SELECT v.id, any_value(c.name) AS name, sum(CAST(v.n AS BIGINT))::BIGINT AS n, sum(CAST(v.n AS BIGINT) * r.rate)::BIGINT AS worth
FROM raw.visits v
LEFT JOIN raw.customers c ON c.id = v.id
LEFT JOIN raw.rates r ON r.day = v.day
WHERE CAST(v.n AS BIGINT) >= 0
GROUP BY v.id
`
const DOUBLER = `import { defineProcessor } from 'strata'
import { appendFileSync } from 'node:fs'
import { z } from 'zod'
export default defineProcessor({
  result: z.object({ visits: z.int(), n: z.int() }),
  process(entityId, rows) {
    appendFileSync(CALLS, entityId + '\\n')
    return { visits: rows.length, n: rows.reduce((sum, row) => sum + Number(row.n), 0) }
  },
})
`

interface Visit {
  id: string
  day: string
  n: string
}

const csv = (head: string, rows: readonly string[][]): string => [head, ...rows.map((row) => row.join(','))].map((line) => `${line}\n`).join('')
const visitsCsv = (visits: readonly Visit[]): string => csv('id,day,n', visits.map(({ id, day, n }) => [id, day, n]))

function filesOf(visits: readonly Visit[], more: Record<string, string> = {}): Record<string, string> {
  return {
    'strata.yaml': 'name: clinic\nlimits: { memory: 512MB, threads: 1 }\n',
    'pipelines/clinic/pipeline.yaml': 'entity: { key: id }\nsources:\n  visits: { files: data/visits.csv }\n  customers: { files: data/customers.csv }\n  rates: { files: data/rates.csv, columns: { rate: INTEGER } }\n',
    'data/visits.csv': visitsCsv(visits),
    'data/customers.csv': csv('id,name', [['a', 'Ann'], ['b', 'Bob']]),
    'data/rates.csv': csv('day,rate', [['mon', '2'], ['tue', '3']]),
    'pipelines/clinic/curated/totals.sql': TOTALS,
    'pipelines/clinic/curated/totals.yaml': 'key: [id]\ngrain: entity\nentity: { max_failed: 2 }\n',
    ...more,
  }
}

const stepOf = ({ steps }: RunDetail, name: string): RunDetail['steps'][number] | undefined => steps.find((step) => step.name === name)

async function entitiesOf({ client }: TestWorkspace, runNumber: number): Promise<RunEntity[]> {
  const { entities } = await client.runs.entities({ run: { dataType: 'clinic', runNumber }, dataset: 'clinic.curated.totals', limit: 1_000 })
  return entities
}

const byId = (rows: readonly TableRow[]): TableRow[] => rows.toSorted((a, b) => (String(a['id']) < String(b['id']) ? -1 : 1))
const put = (workspace: TestWorkspace, file: string, text: string): Promise<void> => writeFile(join(workspace.dir, file), text)

const VISITS: Visit[] = [
  { id: 'a', day: 'mon', n: '1' }, { id: 'b', day: 'tue', n: '2' }, { id: 'c', day: 'mon', n: '3' }, { id: 'd', day: 'sun', n: '4' }, { id: 'a', day: 'tue', n: '5' },
]

describe('an SQL step with grain: entity', () => {
  it('gives what the statement gives, and accounts for each entity', async () => {
    await using workspace = await openTestWorkspace({ files: filesOf(VISITS) })
    const { run, steps } = await workspace.run('clinic')
    expect(run).toMatchObject({ state: 'succeeded', degraded: false })
    expect(steps.find(({ name }) => name === 'totals')?.entities).toEqual({ total: 4, succeeded: 4, carried: 0, failed: 0, quarantined: 0, skipped: 0 })
    expect(await workspace.rows('clinic.curated.totals')).toEqual([
      { id: 'a', name: 'Ann', n: '6', worth: '17' }, { id: 'b', name: 'Bob', n: '2', worth: '6' }, { id: 'c', name: null, n: '3', worth: '6' }, { id: 'd', name: null, n: '4', worth: null },
    ])
    expect((await entitiesOf(workspace, 1)).map(({ entityId, state, rows }) => [entityId, state, rows])).toEqual([['a', 'succeeded', 1], ['b', 'succeeded', 1], ['c', 'succeeded', 1], ['d', 'succeeded', 1]])
  })

  it('puts a poisonous entity into quarantine with what DuckDB says, and lets the others pass', async () => {
    const visits = Array.from({ length: 300 }, (_, index) => ({ id: `e${index}`, day: 'mon', n: index === 77 || index === 200 ? 'many' : String(index) }))
    await using workspace = await openTestWorkspace({ files: filesOf(visits) })
    const { run, steps } = await workspace.run('clinic')
    expect(run).toMatchObject({ state: 'succeeded', degraded: true, entitiesFailed: 2 })
    expect(steps.find(({ name }) => name === 'totals')?.entities).toMatchObject({ total: 302, succeeded: 300, quarantined: 2 })
    const poisonous = (await workspace.client.runs.entities({ run: { dataType: 'clinic', runNumber: 1 }, states: ['quarantined'] })).entities
    expect(poisonous.map(({ entityId, error }) => [entityId, error?.includes("'many'")])).toEqual([['e200', true], ['e77', true]])
    const rows = await workspace.rows('clinic.curated.totals')
    expect(rows).toHaveLength(298)
    expect(rows.find(({ id }) => id === 'e78')).toEqual({ id: 'e78', name: null, n: '78', worth: '156' })
    expect(rows.map(({ id }) => String(id))).toEqual(rows.map(({ id }) => String(id)).toSorted())

    const { groups } = await workspace.client.runs.entities({ run: { dataType: 'clinic', runNumber: 1 } })
    expect(groups).toMatchObject([{ count: 2, errorClass: 'bad_data' }])
    const filtered = await workspace.client.runs.entities({ run: { dataType: 'clinic', runNumber: 1 }, signature: groups[0]?.signature ?? '' })
    expect(filtered.total).toBe(2)

    await put(workspace, 'data/visits.csv', visitsCsv(visits.map((visit) => ({ ...visit, n: visit.n === 'many' ? '7' : visit.n }))))
    const mended = await workspace.run('clinic')
    expect(mended.run).toMatchObject({ state: 'succeeded', degraded: false })
    expect(stepOf(mended, 'totals')?.entities).toMatchObject({ total: 302, succeeded: 302, carried: 300 })
    expect(await workspace.rows('clinic.curated.totals')).toHaveLength(300)
  })

  it('fails the run when too many are in quarantine, and says how many', async () => {
    const visits = Array.from({ length: 20 }, (_, index) => ({ id: `e${index}`, day: 'mon', n: index < 3 ? 'many' : '1' }))
    await using workspace = await openTestWorkspace({ files: filesOf(visits) })
    const { run } = await workspace.run('clinic')
    expect(run).toMatchObject({ state: 'failed', problem: { code: 'ENTITY_FAILED' } })
    expect(run.problem?.message).toContain('3 of 22 entities could not be processed, 2 may')
    expect((await workspace.client.datasets.list()).find(({ name }) => name === 'totals')?.version).toBeNull()

    await put(workspace, 'pipelines/clinic/curated/totals.yaml', 'key: [id]\ngrain: entity\nentity: { max_failed: 20% }\n')
    await workspace.client.runs.resume({ commandId: randomUUID(), run: { dataType: 'clinic', runNumber: 1 } })
    const resumed = await settled(workspace, { dataType: 'clinic', runNumber: 1 })
    expect(resumed.run).toMatchObject({ state: 'succeeded', degraded: true, entitiesFailed: 3 })
    expect(await workspace.rows('clinic.curated.totals')).toHaveLength(17)
  })

  it('does not look for a culprit where the statement is wrong', async () => {
    await using workspace = await openTestWorkspace({ files: filesOf(VISITS, { 'pipelines/clinic/curated/totals.sql': 'SELECT id, nothing FROM raw.visits\n' }) })
    const { run } = await workspace.run('clinic')
    expect(run).toMatchObject({ state: 'failed' })
    expect((await entitiesOf(workspace, 1))).toEqual([])
  })

  it('is refused in the run when the columns that came make it look across entities', async () => {
    await using workspace = await openTestWorkspace({ files: filesOf(VISITS, { 'pipelines/clinic/curated/totals.sql': 'SELECT c.id, v.n FROM raw.customers c JOIN raw.visits v ON v.day > c.name\n' }) })
    const { run } = await workspace.run('clinic')
    expect(run.problem?.message).toContain('grain: entity does not hold. The join brings rows of different entities together')
  })

  it('of a narrowed run works on the named entities and leaves the others as they are', async () => {
    await using workspace = await openTestWorkspace({ files: filesOf(VISITS) })
    await workspace.run('clinic')
    await put(workspace, 'data/visits.csv', visitsCsv(VISITS.map((visit) => ({ ...visit, n: '100' }))))
    const run = await workspace.client.runs.start({ commandId: randomUUID(), dataType: 'clinic', entities: ['b'] })
    expect((await settled(workspace, run)).run.state).toBe('succeeded')
    expect((await workspace.rows('clinic.curated.totals')).map((row) => row['n'])).toEqual(['6', '100', '3', '4'])
    const whole = await workspace.run('clinic')
    expect(whole.run.state).toBe('succeeded')
    expect((await workspace.rows('clinic.curated.totals')).map((row) => row['n'])).toEqual(['200', '100', '100', '100'])
  })
})

describe('after edits, only what they touch is worked on', () => {
  /** The same numbers every time, so that a failure can be looked at. */
  function* numbers(seed: number): Generator<number> {
    for (let state = seed; ; ) {
      state = (state * 1_103_515_245 + 12_345) % 2_147_483_648
      yield state / 2_147_483_648
    }
  }

  it('and the new version is what a full run would have made', async () => {
    const random = numbers(42)
    const pick = (most: number): number => Math.floor((random.next().value ?? 0) * most)
    const anyVisit = (): Visit => ({ id: `e${pick(12)}`, day: ['mon', 'tue', 'sun'][pick(3)] ?? 'mon', n: String(pick(50) - 3) })
    let visits = Array.from({ length: 30 }, anyVisit)
    let customers = Array.from({ length: 8 }, (_, index) => [`e${index}`, `Name ${index}`])
    let rates = [['mon', '2'], ['tue', '3']]
    // The twin has no grain: it is made as a whole each time, and says what is right.
    const twin = { 'pipelines/clinic/curated/twin.sql': TOTALS, 'pipelines/clinic/curated/twin.yaml': 'key: [id]\n' }
    await using workspace = await openTestWorkspace({ files: filesOf(visits, twin) })
    let carried = 0
    for (let round = 0; round < 9; round += 1) {
      const kind = pick(8)
      if (kind < 3) visits = [...visits, anyVisit()]
      else if (kind < 5) visits = visits.filter((_, index) => index !== pick(visits.length))
      else if (kind === 5) visits = visits.filter(({ id }) => id !== visits[pick(visits.length)]?.id)
      else if (kind === 6) customers = customers.map(([id = '', name = ''], index) => [id, index === pick(8) ? `${name}!` : name])
      else rates = rates.map(([day = '', rate = '']) => [day, String(Number(rate) + 1)])
      // The order of rows in a file is no change.
      visits = round % 2 === 0 ? visits.toReversed() : visits
      await Promise.all([put(workspace, 'data/visits.csv', visitsCsv(visits)), put(workspace, 'data/customers.csv', csv('id,name', customers)), put(workspace, 'data/rates.csv', csv('day,rate', rates))])
      const detail = await workspace.run('clinic')
      expect(detail.run.state, JSON.stringify(detail.run.problem)).toBe('succeeded')
      expect(byId(await workspace.rows('clinic.curated.totals'))).toEqual(byId(await workspace.rows('clinic.curated.twin')))
      carried += stepOf(detail, 'totals')?.entities?.carried ?? 0
    }
    expect(carried).toBeGreaterThan(20)
  }, 60_000)

  it('by a processor as well, which is called for no other', async () => {
    await using workspace = await openTestWorkspace({ files: filesOf(VISITS) })
    const calls = join(workspace.dir, 'calls.txt')
    await put(workspace, 'pipelines/clinic/curated/counts.ts', DOUBLER.replace('CALLS', JSON.stringify(calls)))
    await put(workspace, 'pipelines/clinic/curated/counts.yaml', 'entity: { input: curated.visits }\n')
    await put(workspace, 'pipelines/clinic/curated/visits.sql', 'SELECT id, day, n FROM raw.visits\n')
    const called = async (): Promise<string> => {
      const { readFile } = await import('node:fs/promises')
      const text = (await readFile(calls, 'utf8').catch(() => '')).trim().split('\n').toSorted().join(' ')
      await rm(calls, { force: true })
      return text
    }
    expect((await workspace.run('clinic')).run.problem).toBeNull()
    expect(await called()).toBe('a b c d')

    await put(workspace, 'data/visits.csv', visitsCsv([...VISITS.filter(({ id }) => id !== 'd'), { id: 'b', day: 'mon', n: '9' }, { id: 'x', day: 'mon', n: '1' }]))
    const second = await workspace.run('clinic')
    expect(await called()).toBe('b x')
    expect(stepOf(second, 'counts')?.entities).toMatchObject({ total: 4, succeeded: 4, carried: 2 })
    expect((await workspace.rows('clinic.curated.counts')).map((row) => [row['id'], row['visits'], row['n']])).toEqual([['a', '2', '6'], ['b', '2', '11'], ['c', '1', '3'], ['x', '1', '1']])

    await put(workspace, 'pipelines/clinic/curated/counts.ts', `${DOUBLER.replace('CALLS', JSON.stringify(calls))}// Another text is another processor.\n`)
    await workspace.run('clinic')
    expect(await called()).toBe('a b c x')
  })
})

describe('a processor', () => {
  it('whose value its schema lets through, but no column takes, fails that entity at once and no other', async () => {
    const dater = `import { defineProcessor } from 'strata'
import { z } from 'zod'
export default defineProcessor({
  result: z.object({ on: z.string().meta({ format: 'date' }), n: z.number() }),
  process: (entityId, rows) => ({ on: entityId === 'c' ? 'soon' : '2026-01-31', n: rows.length }),
})
`
    const more = { 'pipelines/clinic/curated/dates.ts': dater, 'pipelines/clinic/curated/dates.yaml': 'entity: { input: raw.visits, max_failed: 1 }\n' }
    await using workspace = await openTestWorkspace({ files: filesOf(VISITS, more) })
    const { run, steps } = await workspace.run('clinic')
    expect(run).toMatchObject({ state: 'succeeded', degraded: true })
    expect(steps.find(({ name }) => name === 'dates')?.entities).toMatchObject({ total: 4, succeeded: 3, failed: 1 })
    const { entities } = await workspace.client.runs.entities({ run: { dataType: 'clinic', runNumber: 1 }, states: ['failed'] })
    expect(entities).toMatchObject([{ entityId: 'c', errorClass: 'bad_data' }])
    expect(entities[0]?.error).toMatch(/^The rows do not fit the columns: .*soon/)
    expect((await workspace.rows('clinic.curated.dates')).map(({ id, on }) => [id, on])).toEqual([['a', '2026-01-31'], ['b', '2026-01-31'], ['d', '2026-01-31']])
  })
})

async function settled({ client }: TestWorkspace, run: RunRef): Promise<RunDetail> {
  for (;;) {
    const detail = await client.runs.get({ run })
    if (FINISHED_RUN_STATES.has(detail.run.state)) return detail
    for await (const _ of await client.runs.events({ afterSeq: detail.seq })) break
  }
}

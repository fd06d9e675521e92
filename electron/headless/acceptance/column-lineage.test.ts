import { randomUUID } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { TableQuery } from '../../../shared/domain/table-query.ts'
import { openTestWorkspace, type TestWorkspace } from './test-workspace.ts'

/** What columns come from and what depends on them, over the versions that runs made. */

const PROCESSOR = `import { z } from 'zod'
import { defineProcessor } from 'strata'
export default defineProcessor({ result: z.object({ id: z.string(), initials: z.string() }), process: (id, rows) => ({ id, initials: String(rows[0]?.name ?? '').slice(0, 1) }) })
`
const FILES = {
  'strata.yaml': 'name: club\n',
  'inbox/people.csv': 'id,name,city,age\n1,Ada,London,36\n2,Grace,New York,85\n',
  'inbox/cities.csv': 'city,country\nLondon,UK\nNew York,US\n',
  'pipelines/club/pipeline.yaml': 'entity: { key: id }\nsources:\n  people: { files: inbox/people.csv, columns: { age: INTEGER } }\n  cities: { files: inbox/cities.csv }\ngates:\n  release: { shows: results.by_country }\n',
  'pipelines/club/curated/people.sql': 'SELECT p.id, upper(p.name) AS name, c.country, p.age FROM raw.people p JOIN raw.cities c USING (city) WHERE p.age > 18\n',
  'pipelines/club/curated/people.yaml': 'key: [id]\ncolumns:\n  name: { rules: [not_null] }\n  age: { rules: [{ range: { min: 0, severity: warn } }] }\n',
  'pipelines/club/curated/initials.ts': PROCESSOR,
  'pipelines/club/curated/initials.yaml': 'entity: { input: curated.people }\n',
  'pipelines/club/results/by_country.sql': 'SELECT country, count(*) AS people, avg(age) AS mean_age FROM curated.people GROUP BY country\n',
}

let club: TestWorkspace
beforeAll(async () => {
  club = await openTestWorkspace({ files: FILES })
  await club.run('club')
  const run = { dataType: 'club', runNumber: 1 }
  await club.client.gates.approve({ commandId: randomUUID(), run })
  for (;;) {
    const detail = await club.client.runs.get({ run })
    if (detail.run.state === 'succeeded') return
    for await (const _ of await club.client.runs.events({ afterSeq: detail.seq })) break
  }
}, 60_000)
afterAll(() => club[Symbol.asyncDispose]())

async function sourcesOf(dataset: string, column: string): Promise<string[]> {
  const { datasets } = await club.client.lineage.columns({ focus: dataset })
  const origin = datasets.find((one) => one.dataset === dataset)?.columns.find((one) => one.column === column)
  return [...(origin?.sources ?? []).map((source) => `${source.dataset}.${source.column} ${source.ways.join('+')}`), ...(origin?.unknown ?? []).map((reason) => `unknown: ${reason}`)]
}

describe('column lineage of versions', () => {
  it('tells values from what decides about rows', async () => {
    expect(await sourcesOf('club.curated.people', 'name')).toEqual(['club.raw.cities.city join', 'club.raw.people.age filter', 'club.raw.people.city join', 'club.raw.people.name value'])
    expect(await sourcesOf('club.results.by_country', 'mean_age')).toEqual(['club.curated.people.age value', 'club.curated.people.country group'])
  })

  it('has nothing before a delivered file, and says so of a processor that it does not know', async () => {
    expect(await sourcesOf('club.raw.people', 'name')).toEqual([])
    expect(await sourcesOf('club.curated.initials', 'initials')).toEqual(['unknown: a processor in TypeScript made it, which is not read'])
  })

  it('is of the code that made a version, whatever the file says now', async () => {
    const before = await sourcesOf('club.curated.people', 'name')
    const file = join(club.dir, 'pipelines/club/curated/people.sql')
    await writeFile(file, "SELECT id, 'nobody' AS name, city AS country, age FROM raw.people\n")
    await club.client.workspace.check()
    expect(await sourcesOf('club.curated.people', 'name')).toEqual(before)
    await writeFile(file, FILES['pipelines/club/curated/people.sql'])
    await club.client.workspace.check()
  })
})

describe('the impact of a column', () => {
  it('goes on as long as it has a part, by values or otherwise, and says where it can only be suspected', async () => {
    const impact = await club.client.lineage.impact({ dataset: 'club.raw.people', column: 'AGE' })
    const told = impact.columns.map(({ dataset, column, isValue, distance, maybe }) => `${distance} ${dataset}.${column}${isValue ? ' value' : ''}${maybe === null ? '' : ' maybe'}`)
    expect(impact.column).toBe('age')
    expect(told).toEqual([
      '1 club.curated.people.age value', '1 club.curated.people.id', '1 club.curated.people.name', '1 club.curated.people.country',
      '2 club.results.by_country.mean_age value', '2 club.curated.initials.id maybe', '2 club.curated.initials.initials maybe',
      '2 club.results.by_country.country', '2 club.results.by_country.people',
    ])
  })

  it('names rules, gates and files that rely on it', async () => {
    await club.exportTo('club.results.by_country', 'countries.csv')
    const impact = await club.client.lineage.impact({ dataset: 'club.raw.cities', column: 'country' })
    expect(impact.columns.map(({ dataset, column }) => `${dataset}.${column}`)).not.toContain('club.curated.people.name')
    expect(impact.gates).toEqual([{ dataType: 'club', gate: 'release', dataset: 'club.results.by_country' }])
    expect(impact.exports).toMatchObject([{ dataset: 'club.results.by_country', path: expect.stringContaining('countries.csv') }])
    const ofName = await club.client.lineage.impact({ dataset: 'club.raw.people', column: 'name' })
    expect(ofName.checks).toEqual([{ dataset: 'club.curated.people', rule: 'not_null(name)', severity: 'block', column: 'name' }])
    expect((await club.client.lineage.impact({ dataset: 'club.raw.people' })).checks.map(({ rule }) => rule)).toEqual(['not_null(name)', 'range(age)', 'not_null(id)', 'unique(id)'])
  })

  it('names saved views that sort, filter or arrange an affected column, or whose expression may use one', async () => {
    const layout = { order: [], hidden: [], pinned: null, widths: {}, formats: {}, groups: {} }
    const save = (name: string, dataset: string, query: TableQuery) => club.client.views.save({ commandId: randomUUID(), name, view: { dataset, query, layout } })
    await save('by age', 'club.curated.people', { sort: [{ column: 'age', direction: 'desc' }], filter: [] })
    await save('in the UK', 'club.curated.people', { sort: [], filter: [{ column: 'country', op: 'eq', value: 'UK' }] })
    await save('all', 'club.curated.people', { sort: [], filter: [] })
    await save('computed', 'club.curated.people', { sort: [], filter: [{ op: 'expression', sql: 'age > 3' }] })
    const ofCity = await club.client.lineage.impact({ dataset: 'club.raw.cities', column: 'country' })
    expect(ofCity.views).toEqual([{ name: 'computed', dataset: 'club.curated.people', columns: [] }, { name: 'in the UK', dataset: 'club.curated.people', columns: ['country'] }])
    const ofPeople = await club.client.lineage.impact({ dataset: 'club.curated.people' })
    expect(ofPeople.views.map(({ name }) => name)).toEqual(['all', 'by age', 'computed', 'in the UK'])
  })

  it('of a column that is not there names the nearest', async () => {
    await expect(club.client.lineage.impact({ dataset: 'club.raw.people', column: 'agee' })).rejects.toThrow('There is no column "agee"')
  })
})

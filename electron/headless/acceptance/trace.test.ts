import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Trace } from '../../../shared/contract/trace.contract.ts'
import { traceWords } from '../../../shared/domain/trace-words.ts'
import { openTestWorkspace, type TestWorkspace } from './test-workspace.ts'

/** From a value back to the lines of the files that it was made from. */

const PROCESSOR = `import { z } from 'zod'
import { defineProcessor } from 'strata'
export default defineProcessor({ result: z.object({ id: z.string(), initials: z.string() }), process: (id, rows) => ({ id, initials: String(rows[0]?.name ?? '').slice(0, 1) }) })
`
const FILES = {
  'strata.yaml': 'name: club\n',
  'inbox/people.csv': 'id,name,city,age\n1,"Ada\nLovelace",London,36\n\n2,Grace,New York,85\n3,Alan,London,41\n4,Katherine,,101\n',
  'inbox/cities.csv': 'city,country\nLondon,UK\nNew York,US\n',
  'pipelines/club/pipeline.yaml': 'entity: { key: id }\nsources:\n  people: { files: inbox/people.csv, columns: { age: INTEGER } }\n  cities: { files: inbox/cities.csv }\n',
  'pipelines/club/preprocessed/people.sql': "SELECT 'P' || id AS id, upper(name) AS name, city AS town, age + 1 AS age FROM raw.people\n",
  'pipelines/club/processed/initials.ts': PROCESSOR,
  'pipelines/club/processed/initials.yaml': 'entity: { input: preprocessed.people }\n',
  'pipelines/club/curated/people.sql': 'SELECT p.id, p.name, c.country, i.initials FROM preprocessed.people p LEFT JOIN raw.cities c ON c.city = p.town JOIN processed.initials i USING (id)\n',
  'pipelines/club/curated/people.yaml': 'key: [id]\n',
  'pipelines/club/results/by_country.sql': 'SELECT country, count(*) AS people FROM curated.people GROUP BY country\n',
  'pipelines/club/results/ranked.sql': 'SELECT id, row_number() OVER (ORDER BY name) AS place FROM curated.people\n',
}

let club: TestWorkspace
beforeAll(async () => {
  club = await openTestWorkspace({ files: FILES })
  await club.run('club')
}, 60_000)
afterAll(() => club[Symbol.asyncDispose]())

/** Each stage as a line: how it was found, and the first cells of its rows. */
function told({ stages }: Trace): string[] {
  return stages.map((stage) => {
    const rows = (JSON.parse(stage.rowsJson) as unknown[][]).map((row) => String(row[0]))
    const lines = stage.records.map(({ file, line }) => ` ${file}:${line}`)
    return `${stage.dataset.replace('club.', '')} ${stage.how}${stage.isExact && stage.how === 'values' ? ' exactly' : ''}: ${rows.join(' ')}${lines.join('')}`
  })
}

describe('a trace', () => {
  it('follows a row through changed values, a join and a processor to file and line', async () => {
    const trace = await club.client.lineage.trace({ dataset: 'club.curated.people', where: { id: 'P2' } })
    expect(told(trace)).toEqual([
      'curated.people asked: P2',
      'processed.initials values exactly: P2',
      'preprocessed.people values exactly: P2',
      'raw.people values exactly: 2 people.csv:5',
      'raw.cities values exactly: New York cities.csv:3',
    ])
    const people = trace.stages.find(({ dataset }) => dataset === 'club.raw.people')?.records[0]
    expect(people?.lines.find(({ isRecord }) => isRecord)).toEqual({ number: 5, text: '2,Grace,New York,85', isRecord: true })
    expect(people?.path).toBe('zones/raw/club/people/v1/delivered/people.csv')
  })

  it('follows one value only along the way of its values', async () => {
    const trace = await club.client.lineage.trace({ dataset: 'club.curated.people', where: { id: 'P1' }, column: 'COUNTRY' })
    expect(told(trace)).toEqual(['curated.people asked: P1', 'raw.cities values exactly: London cities.csv:2'])
    expect(trace.column).toBe('country')
    expect(trace.stages.map(({ marked }) => marked)).toEqual([['country'], ['country']])
  })

  it('shows all rows that were counted', async () => {
    const trace = await club.client.lineage.trace({ dataset: 'club.results.by_country', where: { country: 'UK' } })
    expect(told(trace).slice(0, 2)).toEqual(['results.by_country asked: UK', 'curated.people values exactly: P1 P3'])
    expect(told(trace)).toContain('raw.people values exactly: 1 3 people.csv:2 people.csv:6')
  })

  it('follows a gap to the record that has it', async () => {
    const trace = await club.client.lineage.trace({ dataset: 'club.results.by_country', where: { country: null } })
    expect(told(trace)).toContain('raw.people values exactly: 4 people.csv:7')
    expect(told(trace)).toContain('raw.cities none: ')
  })

  it('says at most where running the step again over the row alone gives something else', async () => {
    const trace = await club.client.lineage.trace({ dataset: 'club.results.ranked', where: { id: 'P3' } })
    expect(told(trace)[1]).toBe('curated.people values: P3')
    expect(traceWords(trace.stages[1] ?? { how: 'none', by: [], isExact: false, reason: null, rowCount: 0 })).toBe('The row with the same id')
  })

  it('begins in the raw zone by file and record', async () => {
    const trace = await club.client.lineage.trace({ dataset: 'club.raw.people', where: { _file: 'people.csv', _record: 2 } })
    expect(told(trace)).toEqual(['raw.people asked: 2 people.csv:5'])
  })

  it('says what it cannot find', async () => {
    await expect(club.client.lineage.trace({ dataset: 'club.curated.people', where: { id: 'P9', name: null } })).rejects.toMatchObject({ message: 'club.curated.people v1 has no row with id = P9 and name empty' })
    await expect(club.client.lineage.trace({ dataset: 'club.curated.people', where: { idd: 'P1' } })).rejects.toMatchObject({ code: 'BAD_INPUT', message: expect.stringContaining('idd') })
    await expect(club.client.lineage.trace({ dataset: 'club.curated.people', where: {} })).rejects.toMatchObject({ code: 'BAD_REQUEST' })
  })
})

import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { RunDetail } from '../../../shared/contract/runs.contract.ts'
import { realData } from './real-data.ts'
import { openTestWorkspace, type TestWorkspace } from './test-workspace.ts'

const trials = realData('clinicaltrials-gov')
const packets = realData('orphanet')

const files = {
  'strata.yaml': 'name: nested\n',
  'pipelines/trials/pipeline.yaml': `entity: { key: nct_id }
sources:
  studies:
    files: ${JSON.stringify(join(trials.dir, '*.json'))}
    record: $[*]
    fields:
      nct_id: $.protocolSection.identificationModule.nctId
      title: $.protocolSection.identificationModule.briefTitle
      started: $.protocolSection.statusModule.startDateStruct.date
      conditions: $.protocolSection.conditionsModule.conditions[*]
    children:
      locations:
        record: $.protocolSection.contactsLocationsModule.locations[*]
        keys: nct_id
        fields: { facility: $.facility, city: $.city, country: $.country }
`,
  'pipelines/trials/results/by_study.sql': `
    SELECT s.nct_id, s._file AS file, count(l.nct_id) AS locations
    FROM raw.studies AS s LEFT JOIN raw.studies_locations AS l ON l.nct_id = s.nct_id AND l.parent_record = s._record AND l._file = s._file
    GROUP BY s.nct_id, s._file`,
  'pipelines/trials/results/by_file.sql': 'SELECT file, count(*) AS studies, CAST(sum(locations) AS BIGINT) AS locations FROM results.by_study GROUP BY file ORDER BY locations',
  'pipelines/diseases/pipeline.yaml': `sources:
  packets:
    files: ${JSON.stringify(join(packets.dir, '*.json'))}
    record: $.Orphapacket
    fields: { code: { path: $.ORPHAcode, type: VARCHAR }, label: $.Label }
    children:
      prevalences:
        record: $.Prevalences[*].Prevalence[*]
        keys: [code]
        fields: { type: $.PrevalenceType.value, mean: $.ValMoy }
`,
  'pipelines/diseases/results/totals.sql': `
    SELECT (SELECT count(*) FROM raw.packets) AS packets, count(DISTINCT code) AS with_prevalence, count(*) AS prevalences FROM raw.packets_prevalences`,
}

describe.skipIf(trials.absent || packets.absent)('nested documents (needs ../shared/data)', () => {
  let workspace: TestWorkspace
  const runs: Record<string, RunDetail> = {}

  beforeAll(async () => {
    workspace = await openTestWorkspace({ files })
    runs['trials'] = await workspace.run('trials')
    runs['diseases'] = await workspace.run('diseases')
  }, 120_000)
  afterAll(() => workspace?.[Symbol.asyncDispose]())

  it('one delivery makes the studies and their locations', async () => {
    expect(runs['trials']?.run).toMatchObject({ state: 'succeeded', problem: null })
    const rows = await workspace.rows('trials.results.by_file')
    expect(rows.map((row) => Object.values(row).map(String))).toEqual([
      ['ctg-studies(2).json', '1', '24'],
      ['ctg-studies.json', '10', '380'],
      ['ctg-studies(5).json', '50', '2083'],
    ])
  })

  it('both shapes of the packets come out alike', async () => {
    expect(runs['diseases']?.run).toMatchObject({ state: 'succeeded', problem: null })
    const [totals] = await workspace.rows('diseases.results.totals')
    expect(Object.values(totals ?? {}).map(Number)).toEqual([60, 34, expect.any(Number)])
  })
})

describe('children of a source', () => {
  const moved = {
    'strata.yaml': 'name: nested\n',
    'inbox/orders.json': '[{"id": 1, "lines": [{"sku": "a"}, {"sku": "b"}]}, {"id": 2, "lines": []}]',
    'pipelines/shop/pipeline.yaml': `sources:
  orders:
    files: inbox/orders*.json
    keep: move
    record: $[*]
    fields: { id: $.id }
    children:
      lines: { record: '$.lines[*]', keys: id, fields: { sku: $.sku } }
`,
  }

  it('are read from what their source took out of the inbox', async () => {
    await using workspace = await openTestWorkspace({ files: moved })
    const { run, steps } = await workspace.run('shop')
    expect(run).toMatchObject({ state: 'succeeded', problem: null })
    expect(steps.map(({ dataset, rowsOut }) => [dataset, rowsOut])).toEqual([['shop.raw.orders', 2], ['shop.raw.orders_lines', 2]])
    expect(await readdir(join(workspace.dir, 'inbox'))).toEqual([])
    expect(await workspace.rows('shop.raw.orders_lines')).toMatchObject([{ parent_record: '1', id: '1', sku: 'a', _file: 'orders.json', _record: '1' }, { sku: 'b', _record: '2' }])
    expect((await workspace.run('shop')).steps.map(({ state }) => state)).toEqual(['reused', 'reused'])
  })

  it('follow their declaration alone when that changes, and their source when that was delivered something else', async () => {
    await using workspace = await openTestWorkspace({ files: moved })
    await workspace.run('shop')
    const pipeline = join(workspace.dir, 'pipelines/shop/pipeline.yaml')
    await writeFile(pipeline, (await readFile(pipeline, 'utf8')).replace('fields: { sku: $.sku }', 'fields: { code: $.sku }'))
    expect((await workspace.run('shop')).steps.map(({ state }) => state)).toEqual(['reused', 'succeeded'])
    expect((await workspace.rows('shop.raw.orders_lines'))[0]).toMatchObject({ code: 'a' })
    await writeFile(join(workspace.dir, 'inbox/orders-2.json'), '[{"id": 3, "lines": [{"sku": "z"}]}]')
    expect((await workspace.run('shop')).steps.map(({ state, rowsOut }) => [state, rowsOut])).toEqual([['succeeded', 1], ['succeeded', 1]])
  })
})

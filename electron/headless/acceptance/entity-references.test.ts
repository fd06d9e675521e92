import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parseRows } from '../rows-json.ts'
import { openTestWorkspace, type TestWorkspace } from './test-workspace.ts'

const DISEASES = 'orpha_code,label\n586,Cystic fibrosis\n99,Other\n'
const TRIALS = 'nct_id,about,site\nN1,586,Bonn\nN2,99,Oslo\n'
const VISITS = 'visit,trial\nV1,N1\n'

const FILES = {
  'strata.yaml': 'name: rare\n',
  'inbox/diseases.csv': DISEASES,
  'inbox/trials.csv': TRIALS,
  'inbox/visits.csv': VISITS,
  'pipelines/diseases/pipeline.yaml': 'entity: { key: orpha_code }\nsources: { list: { files: inbox/diseases.csv } }\n',
  'pipelines/diseases/curated/diseases.sql': 'SELECT orpha_code, label FROM raw.list',
  'pipelines/diseases/curated/diseases.yaml': 'key: [orpha_code]\n',
  'pipelines/trials/pipeline.yaml': 'entity: { key: nct_id }\nsources: { list: { files: inbox/trials.csv }, visits: { files: inbox/visits.csv } }\n',
  'pipelines/trials/curated/trials.sql': 'SELECT nct_id, about, site FROM raw.list',
  'pipelines/trials/curated/trials.yaml': 'columns: { about: { rules: [{ relationship: { to: diseases.curated.diseases, column: orpha_code } }] } }\n',
  'pipelines/trials/curated/visits.sql': 'SELECT visit, trial FROM raw.visits',
  'pipelines/trials/curated/visits.yaml': 'columns: { trial: { rules: [{ relationship: { to: curated.trials, column: nct_id } }] } }\n',
}

let workspace: TestWorkspace

beforeAll(async () => {
  workspace = await openTestWorkspace({ files: FILES })
  await workspace.run('diseases')
  await workspace.run('trials')
})

afterAll(() => workspace[Symbol.asyncDispose]())

async function look(entityId: string, asOf?: { dataType: string; runNumber: number }) {
  const { slices } = await workspace.client.entities.getDataForEntity({ entityId, ...(asOf === undefined ? {} : { asOf }) })
  return slices.map(({ dataset, keyColumn, references, rowsJson }) => ({ dataset, keyColumn, references, rows: parseRows(rowsJson).length }))
}

describe('cross-references between entities', () => {
  it('lead from an entity to rows that a declared relationship ties to it, whatever their column is called', async () => {
    expect(await look('586')).toEqual(expect.arrayContaining([
      { dataset: 'diseases.curated.diseases', keyColumn: 'orpha_code', references: [], rows: 1 },
      { dataset: 'trials.curated.trials', keyColumn: 'about', references: ['nct_id'], rows: 1 },
    ]))
    expect((await look('N1')).filter(({ dataset }) => dataset.startsWith('trials.curated'))).toEqual([
      { dataset: 'trials.curated.trials', keyColumn: 'nct_id', references: ['about'], rows: 1 },
      { dataset: 'trials.curated.visits', keyColumn: 'trial', references: [], rows: 1 },
    ])
  })

  it('hold at the versions of a run as well', async () => {
    await writeFile(join(workspace.dir, 'inbox', 'trials.csv'), 'nct_id,about,site\nN1,99,Bonn\nN2,99,Oslo\n')
    expect((await workspace.run('trials')).run.state).toBe('succeeded')
    expect((await look('586')).some(({ dataset }) => dataset === 'trials.curated.trials')).toBe(false)
    expect((await look('586', { dataType: 'trials', runNumber: 1 })).some(({ dataset }) => dataset === 'trials.curated.trials')).toBe(true)
  })

  it('come from the cache the second time, which says how full it is', async () => {
    const before = (await workspace.client.workspace.status()).caches.find(({ name }) => name === 'entities')
    await look('N2')
    await look('N2')
    const after = (await workspace.client.workspace.status()).caches.find(({ name }) => name === 'entities')
    expect([(after?.hits ?? 0) - (before?.hits ?? 0), (after?.misses ?? 0) - (before?.misses ?? 0)]).toEqual([1, 1])
    expect(after).toMatchObject({ maxEntries: 1_000, oldestAt: expect.any(String) })
    expect(after?.sizeBytes).toBeGreaterThan(0)
  })
})

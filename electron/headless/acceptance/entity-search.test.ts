import { randomUUID } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openTestWorkspace, type TestWorkspace } from './test-workspace.ts'

const DISEASES = `code,name,synonyms,omim
324,Fabry disease,"[""Anderson-Fabry disease"",""Alpha-galactosidase A deficiency""]",301500
586,Cystic fibrosis,"[""Mucoviscidosis""]",219700
79,Ménière's disease,,156000
580,Fibrosis of the lung,,
7,Fabric allergy,,
`
const TRIALS = 'nct_id,about,name\nN324,324,Enzymes at home\nN586,586,Fabulous study\nN999,999,Nobody knows\n'

const FILES = {
  'strata.yaml': 'name: rare\n',
  'inbox/diseases.csv': DISEASES,
  'inbox/trials.csv': TRIALS,
  'pipelines/diseases/pipeline.yaml': 'entity: { key: code, labels: [name, synonyms], identifiers: omim }\nsources: { list: { files: inbox/diseases.csv } }\n',
  'pipelines/diseases/curated/diseases.sql': 'SELECT code, name, CAST(CAST(synonyms AS JSON) AS VARCHAR[]) AS synonyms, omim FROM raw.list',
  'pipelines/trials/pipeline.yaml': 'entity: { key: nct_id }\nsources: { list: { files: inbox/trials.csv } }\n',
  'pipelines/trials/curated/trials.sql': 'SELECT nct_id, about, name FROM raw.list',
  'pipelines/trials/curated/trials.yaml': 'columns: { about: { rules: [{ relationship: { to: diseases.curated.diseases, column: code, severity: warn } }] } }\n',
}

let workspace: TestWorkspace

beforeAll(async () => {
  workspace = await openTestWorkspace({ files: FILES })
  await workspace.run('diseases')
  await workspace.run('trials')
})

afterAll(() => workspace[Symbol.asyncDispose]())

async function search(text: string, input: { limit?: number; dataTypes?: string[] } = {}) {
  const { matches, isCut, preparing, failed } = await workspace.client.entities.search({ text, wait: true, ...input })
  expect({ preparing, failed }).toEqual({ preparing: [], failed: [] })
  return { isCut, found: matches.map(({ entityId, label, by }) => `${entityId} ${label ?? '-'} by ${by.column}`), matches }
}

describe('the search for entities', () => {
  it('goes by the beginning of the key, a whole key first', async () => {
    expect((await search('58')).found).toEqual(['580 Fibrosis of the lung by code', '586 Cystic fibrosis by code'])
    expect((await search('n324')).found).toEqual(['N324 - by nct_id'])
    expect((await search('7')).found).toEqual(['7 Fabric allergy by code', "79 Ménière's disease by code"])
  })

  it('goes by labels, also by lists of them, from any word on, without case, accents and punctuation', async () => {
    expect((await search('FABRY')).found).toEqual(['324 Fabry disease by name'])
    expect((await search('anderson fab')).found).toEqual(['324 Fabry disease by synonyms'])
    for (const text of ['menieres', "MENIERE'S dis", 'Ménière’s']) expect((await search(text)).found).toEqual(["79 Ménière's disease by name"])
    expect((await search('mucovisc')).matches).toMatchObject([{ entityId: '586', label: 'Cystic fibrosis', by: { kind: 'label', value: 'Mucoviscidosis', dataset: 'diseases.curated.diseases' } }])
  })

  it('takes words in any order, and only names that have them all', async () => {
    expect((await search('disease anderson')).found).toEqual(['324 Fabry disease by synonyms'])
    expect((await search('fibrosis cys')).found).toEqual(['586 Cystic fibrosis by name'])
    expect((await search('fibrosis fabry')).found).toEqual([])
  })

  it('ranks what begins with the text before what has it inside', async () => {
    expect((await search('fib')).found).toEqual(['580 Fibrosis of the lung by name', '586 Cystic fibrosis by name'])
  })

  it('goes by declared identifiers, and says by which', async () => {
    expect((await search('301500')).matches).toMatchObject([{ entityId: '324', label: 'Fabry disease', by: { column: 'omim', kind: 'identifier', value: '301500' } }])
  })

  it('finds keys that only another data type names, and leaves columns alone that nobody declared', async () => {
    expect((await search('999')).matches).toMatchObject([{ entityId: '999', label: null, dataTypes: ['trials'] }])
    expect((await search('fabulous')).found).toEqual([])
  })

  it('can be held to data types and to a number, and finds nothing for nothing', async () => {
    expect((await search('324', { dataTypes: ['trials'] })).matches).toMatchObject([{ entityId: '324', dataTypes: ['trials'] }])
    expect((await search('5', { limit: 1 })).isCut).toBe(true)
    expect((await search(' .,- ')).found).toEqual([])
    expect((await search("'; DROP TABLE names; --")).found).toEqual([])
  })

  it('answers with what can be searched while the rest is listed, and has new data with the next version', async () => {
    await writeFile(join(workspace.dir, 'inbox', 'diseases.csv'), `${DISEASES}901,Newcomer syndrome,,\n`)
    expect((await workspace.run('diseases')).run.state).toBe('succeeded')
    const first = await workspace.client.entities.search({ text: 'newcomer' })
    expect(first.preparing).toContain('diseases.curated.diseases')
    expect((await search('newcomer')).found).toEqual(['901 Newcomer syndrome by name'])
  })
})

describe('the timeline of an entity', () => {
  it('tells row by row what each publication changed, the newest first, and goes on where it ended', async () => {
    await writeFile(join(workspace.dir, 'inbox', 'diseases.csv'), DISEASES.replace('Fabry disease,', 'Fabry syndrome,').replace('580,Fibrosis of the lung,,\n', ''))
    expect((await workspace.run('diseases')).run.state).toBe('succeeded')
    const curated = async (entityId: string) => {
      const { events, next } = await workspace.client.entities.timeline({ entityId })
      expect(next).toBeNull()
      return events.filter(({ dataset }) => dataset === 'diseases.curated.diseases').map(({ kind, from, to, rows }) => ({ kind, versions: [from?.version ?? null, to?.version ?? null], rows }))
    }
    expect(await curated('324')).toMatchObject([
      { kind: 'changed', versions: [2, 3], rows: [{ kind: 'changed', cells: [{ column: 'name', from: 'Fabry disease', to: 'Fabry syndrome' }] }] },
      { kind: 'appeared', versions: [null, 1], rows: [{ kind: 'added', cells: expect.arrayContaining([{ column: 'code', from: null, to: '324' }]) }] },
    ])
    expect(await curated('580')).toMatchObject([{ kind: 'removed', versions: [2, 3] }, { kind: 'appeared' }])
    const whole = await workspace.client.entities.timeline({ entityId: '324' })
    const paged = []
    let before: number | undefined
    for (;;) {
      const page = await workspace.client.entities.timeline({ entityId: '324', limit: 1, ...(before === undefined ? {} : { before }) })
      paged.push(...page.events)
      if (page.next === null) break
      before = page.next
    }
    expect(paged).toEqual(whole.events)
  })

  it('tells a roll back as what it changed again', async () => {
    await workspace.client.publish.apply({ commandId: randomUUID(), change: { kind: 'rollback_dataset', dataset: 'diseases.curated.diseases' }, reason: 'The old name was right' })
    const { events } = await workspace.client.entities.timeline({ entityId: '324', limit: 1 })
    expect(events).toMatchObject([{ publication: { kind: 'rollback', reason: 'The old name was right' }, kind: 'changed', rows: [{ cells: [{ column: 'name', from: 'Fabry syndrome', to: 'Fabry disease' }] }] }])
  })
})

describe('sensitive columns', () => {
  it('find nobody and are not told by the timeline', async () => {
    const secret = 'columns: { name: { sensitive: true } }\n'
    await using patients = await openTestWorkspace({
      files: {
        'strata.yaml': 'name: clinic\n',
        'inbox/patients.csv': 'pid,name,ward\np1,Ada Secret,A\n',
        'pipelines/clinic/pipeline.yaml': 'entity: { key: pid, labels: name }\nsources: { list: { files: inbox/patients.csv } }\n',
        'pipelines/clinic/raw/list.yaml': secret,
        'pipelines/clinic/curated/patients.sql': 'SELECT pid, name, ward FROM raw.list',
        'pipelines/clinic/curated/patients.yaml': secret,
      },
    })
    expect((await patients.run('clinic')).run.state).toBe('succeeded')
    await writeFile(join(patients.dir, 'inbox', 'patients.csv'), 'pid,name,ward\np1,Ada Hidden,B\n')
    expect((await patients.run('clinic')).run.state).toBe('succeeded')
    expect((await patients.client.entities.search({ text: 'ada', wait: true })).matches).toEqual([])
    const byKey = await patients.client.entities.search({ text: 'p1', wait: true })
    const timeline = await patients.client.entities.timeline({ entityId: 'p1' })
    expect(timeline.events.find(({ dataset, kind }) => dataset === 'clinic.curated.patients' && kind === 'changed')?.rows[0]?.cells).toContainEqual({ column: 'ward', from: 'A', to: 'B' })
    expect(byKey.matches).toMatchObject([{ entityId: 'p1', label: null }])
    expect(JSON.stringify([byKey, timeline])).not.toMatch(/Secret|Hidden/)
  })
})

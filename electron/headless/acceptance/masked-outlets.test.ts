import { randomUUID } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { contract } from '../../../shared/contract/contract.ts'
import { MASK } from '../../../shared/domain/mask.ts'
import type { TableQuery } from '../../../shared/domain/table-query.ts'
import type { StrataClient } from '../client.ts'
import { readProblem } from '../read-problem.ts'
import { openTestWorkspace, type TestWorkspace } from './test-workspace.ts'

/**
 * No way to look at data shows the values of a masked column. Every procedure of the API is either tried here or named as one that shows
 * no values, so that a new one has to be thought about.
 */

const DATASET = 'club.curated.people'
const RAW = 'club.raw.people'
/** In every sensitive value, and nowhere else. */
const SECRET = /zqx|7310|1907-0/i
const FILES = {
  'strata.yaml': 'name: club\nlimits: { memory: 1GB, threads: 2 }\n',
  'inbox/people.csv': 'id,name,email,salary,born\n1,Ada,zqx-ada@example.org,731001,1907-01-11\n2,Grace,zqx-grace@example.org,731002,1907-02-12\n3,Alan,,731003,1907-03-13\n4,Edsger,zqx-eds@example.org,zqx731004,1907-04-14\n5,Barbara,zqx-bab,731005,1907-05-15\n',
  'pipelines/club/pipeline.yaml': 'entity: { key: id, labels: [name, contact], identifiers: [email] }\nsources:\n  people: { files: inbox/people.csv, columns: { salary: INTEGER, born: DATE } }\n',
  'pipelines/club/raw/people.yaml': 'columns:\n  email: { sensitive: true }\n  salary: { sensitive: true }\n  born: { sensitive: true }\n',
  // What it says itself, and what comes from a column that is sensitive, by another name and changed.
  'pipelines/club/curated/people.sql': 'SELECT id::INTEGER AS id, name, email AS contact, salary * 10 AS pay, born, [email] AS list FROM raw.people\n',
  'pipelines/club/curated/people.yaml': "key: id\ncolumns:\n  contact: { rules: [{ pattern: { pattern: '.*@example.org', severity: quarantine } }] }\n  pay: { rules: [{ range: { max: 7300000, severity: warn } }] }\nchecks:\n  - { name: paid, severity: warn, sql: 'SELECT pay AS x, contact AS y FROM curated.people WHERE pay > 7300000' }\n",
  'pipelines/club/curated/many.sql': "SELECT i AS id, 'zqx' || i % 3 AS code, 7310000 + i AS amount FROM range(60) t(i)\n",
  'pipelines/club/curated/many.yaml': 'columns: { code: { sensitive: true }, amount: { sensitive: true } }\n',
}
const HIDDEN = ['contact', 'pay', 'born', 'list']

let club: TestWorkspace
let queryId: string
beforeAll(async () => {
  club = await openTestWorkspace({ files: FILES })
  await club.run('club')
  await writeAgain()
  queryId = randomUUID()
  await club.client.query.start({ queryId, sql: `SELECT * FROM ${DATASET}` })
}, 90_000)
afterAll(() => club[Symbol.asyncDispose]())

/** A second version, in which a sensitive value is another. */
async function writeAgain(): Promise<void> {
  await writeFile(`${club.dir}/inbox/people.csv`, FILES['inbox/people.csv'].replace('731002', '731009').replace('zqx-ada', 'zqx-lovelace'))
  await club.run('club')
}

type Outlet = (api: StrataClient) => Promise<unknown>

async function exported(file: string, more: { against?: { version: number }; columns?: string[] } = {}): Promise<unknown> {
  const format = file.endsWith('.parquet') ? 'parquet' as const : 'csv' as const
  let state = await club.client.exports.start({ commandId: randomUUID(), dataset: DATASET, format, path: file, ...more })
  while (state.state === 'running') {
    await new Promise((resolve) => setTimeout(resolve, 20))
    state = await club.client.exports.get({ id: state.id })
  }
  expect(state.state).toBe('succeeded')
  return [await readFile(state.path, 'latin1'), await readFile(`${state.path}.manifest.json`, 'utf8')]
}

/** What shows rows, or what is made of them. */
const OUTLETS: Record<string, Outlet | Outlet[]> = {
  'datasets.page': [(api) => api.datasets.page({ dataset: DATASET }), (api) => api.datasets.page({ dataset: RAW }), (api) => api.datasets.page({ dataset: DATASET, version: 1, sort: [{ column: 'name', direction: 'desc' }] })],
  'datasets.get': (api) => api.datasets.get({ dataset: DATASET }),
  'datasets.profile': [(api) => api.datasets.profile({ dataset: DATASET }), (api) => api.datasets.profile({ dataset: RAW })],
  'datasets.find': (api) => api.datasets.find({ dataset: DATASET, text: 'a', columns: ['name'] }),
  'datasets.values': (api) => api.datasets.values({ dataset: DATASET, column: 'name' }),
  'datasets.chart': (api) => api.datasets.chart({ dataset: DATASET, spec: { kind: 'bar', x: 'name', y: { of: 'count', column: null } } }),
  'datasets.pivot': [
    (api) => api.datasets.pivot({ dataset: DATASET, spec: { rows: [{ column: 'name' }], values: [{ of: 'count', column: null }] } }),
    (api) => api.datasets.pivot({ dataset: RAW, spec: { rows: [{ column: 'id' }], columns: [{ column: 'name' }], values: [{ of: 'max', column: 'id' }] } }),
  ],
  'datasets.count': (api) => api.datasets.count({ dataset: DATASET, filter: [{ column: 'contact', op: 'is_null' }] }),
  'compare.versions': [(api) => api.compare.versions({ dataset: DATASET, from: 1, to: 2 }), (api) => api.compare.versions({ dataset: DATASET, from: 1, to: 2, key: ['born'] })],
  'compare.page': [
    (api) => api.compare.page({ dataset: DATASET, from: 1, to: 2, kind: 'changed' }),
    (api) => api.compare.page({ dataset: DATASET, from: 1, to: 2, key: [], kind: 'added' }),
    (api) => api.compare.page({ dataset: DATASET, from: 1, to: 2, key: ['contact'], kind: 'removed' }),
  ],
  'entities.getDataForEntity': (api) => api.entities.getDataForEntity({ entityId: '2' }),
  'entities.timeline': (api) => api.entities.timeline({ entityId: '2' }),
  'entities.search': [(api) => api.entities.search({ text: 'zqx', wait: true }), (api) => api.entities.search({ text: '2', wait: true }), (api) => api.entities.search({ text: 'Grace', wait: true })],
  'query.run': [
    (api) => api.query.run({ sql: `SELECT * FROM ${DATASET} ORDER BY pay` }),
    (api) => api.query.run({ sql: `SELECT max(contact) AS a, min(born) AS b, list(pay) AS c, any_value(p) AS d FROM ${DATASET} AS p` }),
  ],
  'query.start': (api) => api.query.start({ queryId: randomUUID(), sql: `SELECT contact FROM ${DATASET}` }),
  'query.page': (api) => api.query.page({ queryId }),
  'query.values': (api) => api.query.values({ queryId, column: 'contact' }),
  'query.find': (api) => api.query.find({ queryId, text: 'zqx', columns: ['contact'] }),
  'query.explain': (api) => api.query.explain({ sql: `SELECT * FROM ${DATASET} WHERE contact > 'a'`, analyze: true }),
  'tests.draft': (api) => api.tests.draft({ dataset: DATASET }),
  'contracts.suggest': (api) => api.contracts.suggest({ dataset: 'club.curated.many' }),
  'lineage.trace': [(api) => api.lineage.trace({ dataset: DATASET, where: { id: 2 } }), (api) => api.lineage.trace({ dataset: DATASET, where: { id: 2 }, column: 'contact' })],
  'quarantine.list': (api) => api.quarantine.list({}),
  'quarantine.groups': (api) => api.quarantine.groups({}),
  'quarantine.show': async (api) => {
    const { records } = await api.quarantine.list({})
    expect(records.map(({ dataset }) => dataset).toSorted()).toEqual([DATASET, RAW])
    return Promise.all(records.map(({ id }) => api.quarantine.show({ id })))
  },
  'quarantine.judge': async (api) => Promise.all((await api.quarantine.list({})).records.map(({ id }) => api.quarantine.judge({ id, fields: { name: 'x' } }))),
  'quarantine.correct': async (api) => {
    const [record] = (await api.quarantine.list({ dataset: DATASET })).records
    await api.quarantine.correct({ commandId: randomUUID(), id: record?.id ?? '', fields: { contact: 'zqx-new@example.org' }, reason: 'Asked again' })
    return api.audit.list({ action: 'quarantine_correct' })
  },
  'runs.quarantine': (api) => api.runs.quarantine({ run: { dataType: 'club', runNumber: 2 } }),
  'ingest.sniff': [(api) => api.ingest.sniff({ paths: ['inbox/people.csv'] }), (api) => api.ingest.sniff({ paths: ['inbox'] }), (api) => api.ingest.sniff({ paths: ['zones/raw/club/people/v1/delivered/people.csv'] })],
  'ingest.preview': (api) => api.ingest.preview({ paths: ['inbox/people.csv'], declaration: { format: 'csv', header: false, columns: { c1: 'INTEGER' } } }),
  'checks.failing': [(api) => api.checks.failing({ dataset: DATASET, rule: 'range(pay)' }), (api) => api.checks.failing({ dataset: DATASET, rule: 'paid' })],
  'exports.start': [() => exported('people.csv'), () => exported('people.parquet'), () => exported('changes.csv', { against: { version: 1 } }), () => exported('changes.parquet', { against: { version: 1 } })],
}

describe('a masked column', () => {
  it.each(Object.entries(OUTLETS))('shows none of its values: %s', async (_name, outlet) => {
    for (const look of [outlet].flat()) expect(JSON.stringify(await look(club.client))).not.toMatch(SECRET)
  })

  it('shows a mask for every value, and that there is none where there is none', async () => {
    expect(await club.rows(DATASET)).toEqual([
      { id: 1, name: 'Ada', contact: MASK, pay: MASK, born: MASK, list: MASK },
      { id: 2, name: 'Grace', contact: MASK, pay: MASK, born: MASK, list: MASK },
      { id: 3, name: 'Alan', contact: null, pay: MASK, born: MASK, list: MASK },
    ])
  })

  it('keeps its type and says that it is sensitive', async () => {
    const { columns } = await club.client.datasets.page({ dataset: DATASET })
    expect(columns.map(({ name, type, isMasked }) => [name, type, isMasked])).toEqual([
      ['id', 'INTEGER', undefined], ['name', 'VARCHAR', undefined], ['contact', 'VARCHAR', true], ['pay', 'INTEGER', true], ['born', 'DATE', true], ['list', 'VARCHAR[]', true],
    ])
  })

  it('is no way to order, filter, search or draw', async () => {
    const api = club.client.datasets
    const [ask, text] = [{ dataset: DATASET }, { text: 'zqx', from: null }]
    const queries: TableQuery[] = HIDDEN.flatMap((column) => [
      { sort: [{ column, direction: 'asc' as const }], filter: [] },
      { sort: [], filter: [{ column, op: 'ne' as const, value: '1' }] },
      { sort: [], filter: [{ column, op: 'contains' as const, value: 'z' }] },
      { sort: [], filter: [{ op: 'expression' as const, sql: `${column} IS NOT NULL` }] },
    ])
    const attempts: Promise<unknown>[] = [
      ...queries.flatMap((query) => [api.page({ ...ask, ...query }), ...(query.filter.length === 0 ? [] : [api.count({ ...ask, filter: query.filter })])]),
      ...HIDDEN.flatMap((column) => [api.values({ ...ask, column }), api.find({ ...ask, ...text, columns: ['name', column] }), api.chart({ ...ask, spec: { kind: 'bar', x: column, y: { of: 'count', column: null } } })]),
      api.chart({ ...ask, spec: { kind: 'bar', x: 'name', y: { of: 'max', column: 'pay' } } }),
      ...HIDDEN.flatMap((column) => [
        api.pivot({ ...ask, spec: { rows: [{ column }], values: [{ of: 'count', column: null }] } }),
        api.pivot({ ...ask, spec: { rows: [], columns: [{ column }], values: [{ of: 'count', column: null }] } }),
        api.pivot({ ...ask, spec: { rows: [], values: [{ of: 'max', column }] } }),
      ]),
    ]
    const answers = await Promise.all(attempts.map((attempt) => attempt.then(() => 'an answer', (error: unknown) => readProblem(error).code)))
    expect(new Set(answers)).toEqual(new Set(['MASKED']))
    expect(await api.judge({ ...ask, test: { column: 'pay', op: 'gt', value: 5 } })).toMatchObject({ message: expect.stringContaining('masked') })
  })

  it('leads to no row and no record that is asked for by its value', async () => {
    const asked = [club.client.lineage.trace({ dataset: DATASET, where: { contact: 'zqx-grace@example.org' } }), club.client.lineage.trace({ dataset: DATASET, where: { PAY: 1 } })]
    expect(await Promise.all(asked.map((one) => one.then(() => 'an answer', (error: unknown) => readProblem(error).code)))).toEqual(['MASKED', 'MASKED'])
    expect((await club.client.quarantine.list({ text: 'zqx' })).total).toBe(0)
    expect((await club.client.quarantine.groups({ text: 'zqx' })).total).toBe(0)
    expect((await club.client.entities.search({ text: 'zqx', wait: true })).matches).toEqual([])
    expect((await club.client.entities.search({ text: 'Grace', wait: true })).matches).toMatchObject([{ entityId: '2' }])
    expect((await club.client.quarantine.list({ text: 'people.csv' })).total).toBe(1)
  })

  it('takes no mask for a value in a correction', async () => {
    const [record] = (await club.client.quarantine.list({ dataset: DATASET })).records
    const correction = club.client.quarantine.correct({ commandId: randomUUID(), id: record?.id ?? '', fields: { contact: MASK }, reason: 'None' })
    expect(await correction.then(() => 'done', (error: unknown) => readProblem(error).code)).toBe('MASKED')
  })

  it('is named in the manifest of an export', async () => {
    const [, manifest] = (await exported('named.csv', { columns: ['name', 'contact'] })) as [string, string]
    expect(JSON.parse(manifest)).toMatchObject({ masked: ['contact'] })
  })

  it('cannot be read around its mask in SQL', async () => {
    const parts = `${club.dir}/zones/curated/club/people/v2`
    for (const sql of [`SELECT * FROM '${parts}/part-0.parquet'`, `SELECT * FROM read_parquet('${parts}/*.parquet')`, `SELECT * FROM parquet_metadata('${parts}/part-0.parquet'), ${DATASET}`, `SELECT * FROM read_blob('${parts}/part-0.parquet'), ${DATASET}`]) {
      expect(await club.client.query.run({ sql }).then(() => 'an answer', (error: unknown) => readProblem(error).code)).toMatch(/^SQL_/)
    }
  })

  it('is asked about by every procedure that shows values', () => {
    const known = new Set([...Object.keys(OUTLETS), ...WITHOUT_VALUES, ...NOT_YET])
    expect(procedures().filter((name) => !known.has(name))).toEqual([])
  })
})

/** Open: what they show is not masked yet. */
const NOT_YET = ['runs.logs', 'logs.search', 'history.errors', 'runs.entities', 'checks.list', 'checks.trend', 'checks.ofRun', 'tests.run', 'gates.get']

/** They tell of runs, files, rules, settings and counts. */
const WITHOUT_VALUES = [
  'workspace.get', 'workspace.check', 'workspace.overview', 'workspace.status',
  'runs.start', 'runs.cancel', 'runs.resume', 'runs.list', 'runs.get', 'runs.events', 'runs.plan', 'runs.planEntities', 'runs.startAll',
  'queue.get', 'groups.get', 'groups.list', 'groups.cancel', 'schedules.list', 'schedules.starts', 'schedules.pause', 'schedules.resume',
  'datasets.list', 'datasets.prepare', 'entities.prepare', 'datasets.locate', 'datasets.profileProgress', 'datasets.judge',
  'contracts.save', 'contracts.list', 'contracts.exportOdcs', 'contracts.importOdcs',
  'compare.runs', 'compare.code', 'deliveries.list', 'history.calendar', 'history.trends',
  'pipelines.files', 'pipelines.read', 'pipelines.check', 'pipelines.save', 'pipelines.remove', 'tests.list', 'tests.save',
  'lineage.graph', 'lineage.columns', 'lineage.impact', 'lineage.openLineage', 'lineage.openLineageState', 'live.run',
  'exports.cancel', 'exports.get', 'exports.list', 'ingest.progress', 'ingest.save',
  'query.count', 'query.progress', 'query.cancel', 'query.close', 'query.check', 'query.names', 'query.history', 'query.clearHistory', 'query.saved', 'query.save', 'query.remove', 'query.saveStep', 'query.judge',
  'gates.waiting', 'gates.ofRun', 'gates.approve', 'gates.reject', 'interventions.override', 'interventions.markStep', 'interventions.markEntities', 'interventions.stepMarks',
  'audit.list', 'audit.verify', 'audit.export', 'publish.preview', 'publish.apply', 'publish.history',
  'quarantine.queues', 'quarantine.accounts', 'quarantine.accept', 'quarantine.ignore', 'quarantine.undo', 'quarantine.rerun',
  'masks.reveals', 'masks.reveal', 'masks.hide', 'secrets.list', 'secrets.set', 'secrets.remove', 'cursors.list', 'cursors.set',
  'storage.retention', 'storage.gc', 'storage.verify', 'storage.get', 'storage.cancel', 'storage.list', 'storage.damages', 'storage.disk', 'storage.pin', 'storage.unpin',
  'views.list', 'views.save', 'views.rename', 'views.remove',
]

function procedures(of: object = contract, path: string[] = []): string[] {
  return Object.entries(of).flatMap(([name, value]) => ('~orpc' in value ? [[...path, name].join('.')] : procedures(value, [...path, name])))
}

import { randomUUID } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { MASK } from '../../../shared/domain/mask.ts'
import { readProblem } from '../read-problem.ts'
import { parseRows } from '../rows-json.ts'
import { openTestWorkspace, type TestWorkspace } from './test-workspace.ts'

/** Masked values are revealed with a reason, to the one who asks, for a while, and that is on record. */

const DATASET = 'club.curated.people'
let club: TestWorkspace
beforeAll(async () => {
  club = await openTestWorkspace({
    files: {
      'strata.yaml': 'name: club\nlimits: { memory: 1GB, threads: 2 }\n',
      'pipelines/club/pipeline.yaml': 'label: Club\n',
      'pipelines/club/curated/people.sql': "SELECT i AS id, 'p' || i || '@example.org' AS email, 100 + i AS pay FROM range(3) t(i)\n",
      'pipelines/club/curated/people.yaml': 'columns: { email: { sensitive: true }, pay: { sensitive: true } }\n',
    },
  })
  await club.run('club')
}, 60_000)
afterAll(() => club[Symbol.asyncDispose]())

const reveal = (columns: string[] | undefined, reason = 'A letter has to go out') => club.client.masks.reveal({ commandId: randomUUID(), dataset: DATASET, reason, ...(columns === undefined ? {} : { columns }) })
const codeOf = (work: Promise<unknown>): Promise<string> => work.then(() => 'done', (error: unknown) => readProblem(error).code)

describe('a reveal', () => {
  it('shows the values of its columns until it is ended, and what was kept of masks is not taken for them', async () => {
    expect(await club.rows(DATASET)).toContainEqual({ id: '1', email: MASK, pay: MASK })
    const { since, until, columns } = await reveal(['email'])
    expect([columns, Date.parse(until) - Date.parse(since)]).toEqual([['email'], 15 * 60_000])
    expect(await club.rows(DATASET)).toContainEqual({ id: '1', email: 'p1@example.org', pay: MASK })
    expect((await club.client.datasets.profile({ dataset: DATASET })).columns.map(({ column, max }) => [column.name, max])).toEqual([['id', '2'], ['email', 'p2@example.org'], ['pay', null]])
    expect(parseRows((await club.client.datasets.page({ dataset: DATASET, sort: [{ column: 'email', direction: 'desc' }] })).rowsJson)[0]).toEqual(['2', 'p2@example.org', MASK])
    expect(await club.client.masks.reveals()).toMatchObject({ reveals: [{ dataset: DATASET, columns: ['email'], reason: 'A letter has to go out' }] })
    expect((await club.client.masks.hide({})).hidden).toHaveLength(1)
    expect(await club.rows(DATASET)).toContainEqual({ id: '1', email: MASK, pay: MASK })
    expect(await codeOf(club.client.datasets.page({ dataset: DATASET, sort: [{ column: 'email', direction: 'desc' }] }))).toBe('MASKED')
  })

  it('ends what a query kept of it', async () => {
    await reveal(undefined)
    const queryId = randomUUID()
    await club.client.query.start({ queryId, sql: `SELECT email FROM ${DATASET}` })
    expect((await club.client.query.page({ queryId })).rowsJson).toContain('p1@example.org')
    await club.client.masks.hide({ dataset: DATASET })
    expect(await codeOf(club.client.query.page({ queryId }))).toBe('MASKED')
  })

  it('is on record with its reason, and so is an export of its values', async () => {
    await reveal(['pay'], 'Wages of May')
    const file = await club.exportTo(DATASET, 'wages.csv')
    await club.client.masks.hide({})
    expect(await readFile(file, 'utf8')).toContain(`1,${MASK},101`)
    expect(JSON.parse(await readFile(`${file}.manifest.json`, 'utf8'))).toMatchObject({ masked: ['email'], revealed: ['pay'] })
    const { entries } = await club.client.audit.list({ limit: 3 })
    expect(entries.map(({ action, target, details }) => [action, target, details])).toEqual([
      ['hide', DATASET, { columns: ['pay'] }],
      ['export', `${DATASET} v1`, expect.objectContaining({ path: join('exports', 'wages.csv'), revealed: ['pay'] })],
      ['reveal', DATASET, { columns: ['pay'], reason: 'Wages of May', until: expect.any(String) }],
    ])
  })

  it('needs a reason, and a column that is masked', async () => {
    expect(await codeOf(reveal(['id']))).toBe('BAD_INPUT')
    expect(await codeOf(reveal(['nothing']))).toBe('BAD_INPUT')
    expect(await codeOf(reveal(undefined, '  '))).toMatch(/BAD_/)
  })

  it('is forgotten by an engine that is closed', async () => {
    await reveal(undefined)
    await using other = await openTestWorkspace({ copyOf: club.dir })
    expect(await other.rows(DATASET)).toContainEqual({ id: '1', email: MASK, pay: MASK })
  })
})

import { randomUUID } from 'node:crypto'
import { existsSync, readdirSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parseRows } from '../rows-json.ts'
import { readProblem } from '../read-problem.ts'
import { openTestWorkspace, type TestWorkspace } from './test-workspace.ts'

// What people do with SQL that is no step yet: run it and scroll in what it gives, at any version, keep it, and make it a step.

let workspace: TestWorkspace
const ORDERS = 'id,customer,amount\n1,Ada,10.5\n2,Grace,20\n3,Ada,\n'

beforeAll(async () => {
  workspace = await openTestWorkspace({
    files: {
      'strata.yaml': 'name: shop\nlimits: { memory: 1GB, threads: 2 }\n',
      'inbox/orders.csv': ORDERS,
      'pipelines/shop/pipeline.yaml': '# Ours.\nsources:\n  orders: { files: inbox/orders.csv }\n',
      'pipelines/shop/curated/orders.sql': 'SELECT id::INTEGER AS id, customer, amount::DECIMAL(9, 2) AS amount FROM raw.orders\n',
    },
  })
  await workspace.run('shop')
  await writeFile(join(workspace.dir, 'inbox/orders.csv'), `${ORDERS}4,Lin,7\n`)
  await workspace.run('shop')
})
afterAll(() => workspace[Symbol.asyncDispose]())

const start = (sql: string, more: { limit?: number | null; asOf?: { dataType: string; runNumber: number }; pins?: { dataset: string; version: number }[] } = {}) =>
  workspace.client.query.start({ queryId: randomUUID(), sql, ...more })

async function problemOf(work: Promise<unknown>): Promise<{ code: string; message: string; details: Record<string, unknown>; hint: string | null }> {
  return work.then(() => Promise.reject(new Error('It went well')), (error: unknown) => readProblem(error))
}

describe('a query that was started', () => {
  it('is paged, sorted, filtered and counted like a dataset', async () => {
    const { query } = workspace.client
    const result = await start('SELECT id, customer, amount FROM shop.curated.orders ORDER BY id DESC')
    expect(result).toMatchObject({ rowCount: 4, isCut: false, reads: [{ dataset: 'shop.curated.orders', version: 2, runNumber: 2, isCurrent: true }] })
    const { queryId } = result
    const rows = async (more = {}): Promise<unknown[][]> => parseRows((await query.page({ queryId, ...more })).rowsJson)
    expect((await rows()).map(([id]) => id)).toEqual([4, 3, 2, 1])
    expect((await rows({ sort: [{ column: 'amount', direction: 'asc' }] })).map(([, , amount]) => amount)).toEqual(['7.00', '10.50', '20.00', null])
    expect(await rows({ filter: [{ column: 'customer', op: 'eq', value: 'Ada' }], offset: 1 })).toEqual([[1, 'Ada', '10.50']])
    expect(await query.count({ queryId, filter: [{ column: 'customer', op: 'eq', value: 'Ada' }] })).toMatchObject({ count: 2 })
    expect(await query.page({ queryId })).toMatchObject({ totalRows: 4, fromCache: true })
  })

  it('finds its datasets as they were, all of them or single ones', async () => {
    const sql = 'SELECT count(*) AS n FROM curated.orders'
    const count = async (more: Parameters<typeof start>[1]): Promise<unknown> => parseRows((await workspace.client.query.page({ queryId: (await start(sql, more)).queryId })).rowsJson)[0]?.[0]
    expect(await count({})).toBe('4')
    expect(await count({ asOf: { dataType: 'shop', runNumber: 1 } })).toBe('3')
    expect(await count({ pins: [{ dataset: 'shop.curated.orders', version: 1 }] })).toBe('3')
    expect((await problemOf(start(sql, { pins: [{ dataset: 'shop.curated.orders', version: 7 }] }))).message).toMatch(/has no version 7/)
  })

  it('ends at its limit and says so', async () => {
    expect(await start('FROM range(1000)', { limit: 10 })).toMatchObject({ rowCount: 10, isCut: true })
    expect(await start('FROM range(1000)', { limit: null })).toMatchObject({ rowCount: 1_000, isCut: false })
  })

  it('is done once under one id, and gone after it was closed', async () => {
    const { query } = workspace.client
    const queryId = randomUUID()
    const sql = 'SELECT random() AS x'
    const [first, again] = await Promise.all([query.start({ queryId, sql }), query.start({ queryId, sql })])
    expect(again).toEqual(first)
    expect(await query.start({ queryId, sql })).toEqual(first)
    expect(await query.close({ queryId })).toEqual({ isClosed: true })
    expect(await problemOf(query.page({ queryId }))).toMatchObject({ code: 'NOT_FOUND', hint: expect.stringContaining('Run it again') })
  })

  it('tells how far it is, and stops when somebody says so from elsewhere', async () => {
    const { query } = workspace.client
    const queryId = randomUUID()
    const asked = problemOf(query.start({ queryId, sql: 'SELECT sum(a.range * b.range) FROM range(10000000) a, range(10000000) b' }))
    while ((await query.progress({ queryId })) === null) await new Promise((resolve) => setTimeout(resolve, 10))
    expect(await query.cancel({ queryId })).toEqual({ isCancelled: true })
    expect((await asked).code).toBe('CANCELLED')
    expect(await query.cancel({ queryId })).toEqual({ isCancelled: false })
    expect(await query.progress({ queryId })).toBeNull()
  })

  it('is on record with how it ended, the last first', async () => {
    const { query } = workspace.client
    await problemOf(start('SELECT nothing FROM shop.curated.orders'))
    await start('SELECT 42 AS answer')
    const { entries, total } = await query.history({})
    expect(entries[0]).toMatchObject({ sql: 'SELECT 42 AS answer', state: 'succeeded', rowCount: 1, problem: null, actor: { kind: 'person' } })
    expect(entries[1]).toMatchObject({ state: 'failed', rowCount: null, problem: expect.stringMatching(/"nothing"/) })
    expect(total).toBeGreaterThan(2)
    expect((await query.history({ text: 'ANSWER' })).entries.map(({ sql }) => sql)).toEqual(['SELECT 42 AS answer'])
    expect(await query.clearHistory({ commandId: randomUUID() })).toEqual({ removed: total })
    expect(await query.history({})).toEqual({ total: 0, entries: [] })
  })

  it('leaves no file behind when the engine closes', async () => {
    const own = await openTestWorkspace({ files: { 'strata.yaml': 'name: empty\n' } })
    await own.client.query.start({ queryId: randomUUID(), sql: 'FROM range(10)' })
    const spill = join(own.dir, '.strata/cache/spill')
    expect(readdirSync(spill, { recursive: true }).some((name) => String(name).endsWith('.parquet'))).toBe(true)
    await own.closeEngine()
    expect(readdirSync(spill, { recursive: true }).some((name) => String(name).endsWith('.parquet'))).toBe(false)
    await own[Symbol.asyncDispose]()
  })
})

describe('a text that is being written', () => {
  it('is told statement by statement: what it reads, gives, and where it is wrong', async () => {
    const sql = '-- both\nSELECT id FROM curated.orders;\nSELECT idd FROM shop.curated.orders;\nSELECT 1 FROM shop.curated.order; COPY x TO y; SELEC 1'
    const { statements } = await workspace.client.query.check({ sql })
    const said = (i: number): { text: string; hint: string | null } => {
      const problem = statements[i]?.problem
      return { text: sql.slice(problem?.from ?? 0, problem?.to ?? 0), hint: problem?.hint ?? null }
    }
    expect(statements.map(({ from, to }) => sql.slice(from, to))).toEqual(['SELECT id FROM curated.orders', 'SELECT idd FROM shop.curated.orders', 'SELECT 1 FROM shop.curated.order', 'COPY x TO y', 'SELEC 1'])
    expect(statements[0]).toMatchObject({ reads: [{ dataset: 'shop.curated.orders', version: 2 }], columns: [{ name: 'id', type: 'INTEGER' }], problem: null })
    expect(said(1)).toEqual({ text: 'idd', hint: expect.stringMatching(/id/) })
    expect(said(2)).toEqual({ text: 'shop', hint: 'Did you mean shop.curated.orders?' })
    expect(said(3).text).toBe('COPY')
    expect(said(4).text).toBe('SELEC')
  })

  it('knows the names of a moment', async () => {
    const now = await workspace.client.query.names({})
    expect(now.datasets.find(({ dataset }) => dataset === 'shop.curated.orders')).toMatchObject({ version: 2, rowCount: 4, columns: [{ name: 'id', type: 'INTEGER' }, { name: 'customer', type: 'VARCHAR' }, { name: 'amount', type: 'DECIMAL(9,2)' }] })
    expect((await workspace.client.query.names({ asOf: { dataType: 'shop', runNumber: 1 } })).datasets.find(({ dataset }) => dataset === 'shop.curated.orders')).toMatchObject({ version: 1, rowCount: 3 })
    const names = new Map(now.functions.map((one) => [one.name, one]))
    expect(names.get('date_trunc')).toMatchObject({ kind: 'scalar', description: expect.any(String), signatures: expect.arrayContaining([expect.stringContaining('→')]) })
    expect(names.get('sum')?.kind).toBe('aggregate')
    expect([...names.keys()].filter((name) => /^(read_|pg_|getenv|write_log|query_table|glob$)/.test(name))).toEqual([])
  })
})

describe('a named query', () => {
  it('is a file of the workspace, replaced only when that is said', async () => {
    const { query } = workspace.client
    const saved = await query.save({ commandId: randomUUID(), name: 'By customer', sql: '-- Orders of each\n-- customer.\nSELECT customer, count(*) AS n FROM shop.curated.orders GROUP BY ALL' })
    expect(saved).toMatchObject({ file: 'queries/By customer.sql', description: 'Orders of each customer.' })
    expect(await readFile(join(workspace.dir, 'queries/By customer.sql'), 'utf8')).toMatch(/GROUP BY ALL\n$/)
    expect((await problemOf(query.save({ commandId: randomUUID(), name: 'By customer', sql: 'SELECT 1' }))).code).toBe('CONFLICT')
    await query.save({ commandId: randomUUID(), name: 'By customer', sql: 'SELECT 1', replace: true })
    await writeFile(join(workspace.dir, 'queries/by hand.sql'), 'SELECT 2')
    expect((await query.saved({})).map(({ name, sql }) => [name, sql])).toEqual([['By customer', 'SELECT 1\n'], ['by hand', 'SELECT 2']])
    expect(await query.remove({ commandId: randomUUID(), name: 'By customer' })).toEqual({ isRemoved: true })
    expect(existsSync(join(workspace.dir, 'queries/By customer.sql'))).toBe(false)
    expect((await workspace.client.audit.list({ limit: 10 })).entries.map(({ action }) => action)).toEqual(expect.arrayContaining(['save-query', 'remove-query']))
  })

  it.each(['../strata', 'a/b', '.hidden', 'con:', '', 'a.sql', 'x'.repeat(81)])('cannot be called %j', async (name) => {
    expect((await problemOf(workspace.client.query.save({ commandId: randomUUID(), name, sql: 'SELECT 1' }))).code).toBe('BAD_INPUT')
  })
})

describe('a query that becomes a step', () => {
  const SQL = '-- Orders of each customer.\nSELECT customer, count(*) AS orders, sum(id) AS total FROM curated.orders GROUP BY customer;'

  it('is written where its dataset is made, with a contract of its columns, and runs', async () => {
    const { query } = workspace.client
    const before = await readFile(join(workspace.dir, 'pipelines/shop/pipeline.yaml'), 'utf8')
    const wanted = { dataset: 'shop.results.customers', sql: SQL, contract: true }
    const shown = await query.saveStep({ commandId: randomUUID(), ...wanted, dryRun: true })
    expect(shown.files.map(({ path }) => path)).toEqual(['pipelines/shop/results/customers.sql', 'pipelines/shop/results/customers.yaml'])
    expect(existsSync(join(workspace.dir, 'pipelines/shop/results'))).toBe(false)
    const commandId = randomUUID()
    const saved = await query.saveStep({ commandId, ...wanted })
    expect(saved).toMatchObject({ files: shown.files, isNewDataType: false, findings: [] })
    expect(await query.saveStep({ commandId, ...wanted })).toEqual(saved)
    expect(await readFile(join(workspace.dir, 'pipelines/shop/results/customers.yaml'), 'utf8')).toBe('columns:\n  customer: VARCHAR\n  orders: BIGINT\n  total:\n')
    expect(await readFile(join(workspace.dir, 'pipelines/shop/pipeline.yaml'), 'utf8')).toBe(before)
    expect((await workspace.run('shop')).run.state).toBe('succeeded')
    expect(await workspace.rows('shop.results.customers')).toHaveLength(3)
  })

  it('takes no other step\'s place, and no raw dataset\'s', async () => {
    const { query } = workspace.client
    const step = (dataset: string, sql = SQL): Promise<unknown> => query.saveStep({ commandId: randomUUID(), dataset, sql })
    expect(await problemOf(step('shop.curated.orders'))).toMatchObject({ code: 'CONFLICT', message: expect.stringContaining('pipelines/shop/curated/orders.sql') })
    expect((await problemOf(step('shop.raw.other'))).code).toBe('BAD_INPUT')
    expect(await problemOf(step('shop.results.two', 'SELECT 1; SELECT 2'))).toMatchObject({ code: 'SQL_REFUSED', details: { line: 1, column: 11 } })
    expect(await problemOf(step('shop.results.wrong', 'SELECT nothing FROM shop.curated.orders'))).toMatchObject({ code: 'SQL_FAILED', details: { line: 1, column: 8 } })
    expect(existsSync(join(workspace.dir, 'pipelines/shop/results/wrong.sql'))).toBe(false)
  })

  it('begins a data type where there is none of that name', async () => {
    const saved = await workspace.client.query.saveStep({ commandId: randomUUID(), dataset: 'sales_report.curated.customers', sql: 'SELECT customer FROM shop.curated.orders' })
    expect(saved).toMatchObject({ isNewDataType: true, findings: [] })
    expect(await readFile(join(workspace.dir, 'pipelines/sales_report/pipeline.yaml'), 'utf8')).toBe('label: Sales report\n')
    expect((await workspace.client.workspace.get()).dataTypes.find(({ name }) => name === 'sales_report')).toMatchObject({ label: 'Sales report', runnable: true })
  })
})

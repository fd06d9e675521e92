import { randomUUID } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openTestWorkspace, type TestWorkspace } from './test-workspace.ts'

/** Tests of SQL steps: rows that are given, and the rows that have to come of them. */

const FILES = {
  'strata.yaml': 'name: shop\n',
  'inbox/orders.csv': 'id,customer,amount,at\n007,Ada,10.5,2024-01-02\n008,Bob,3,2024-01-03\n009,Ada,1,2025-01-01\n',
  'inbox/customers.csv': 'customer,city\nAda,London\nBob,Paris\nCarl,Rome\n',
  'pipelines/shop/pipeline.yaml': `entity: { key: customer }
parameters:
  year: { type: number, default: 2024 }
sources:
  orders: { files: inbox/orders.csv, columns: { amount: 'DECIMAL(10,2)', at: DATE } }
  customers: { files: inbox/customers.csv }
`,
  'pipelines/shop/curated/totals.sql': `SELECT c.customer, c.city, sum(o.amount) AS total, count(o.id) AS orders, list(o.id ORDER BY o.id) FILTER (o.id IS NOT NULL) AS ids, avg(o.amount) AS mean
FROM raw.customers c LEFT JOIN raw.orders o ON o.customer = c.customer AND year(o.at) = getvariable('year')
GROUP BY ALL
ORDER BY c.customer
`,
  'pipelines/shop/tests/no_orders.yaml': `# Kept as it is.
description: A customer without orders is there all the same
step: curated.totals
given:
  raw.customers:
    - { customer: Eve, city: Oslo }
    - { customer: Fay }
  raw.orders:
    - { id: 007, customer: Eve, amount: 1.10, at: 2024-05-01 }
    - { id: "08", customer: Eve, amount: 2, at: 2024-05-02 }
    - { id: 9, customer: Eve, amount: 100, at: 2023-12-31 }
expect:
  - { customer: Fay, city: null, total: null, orders: 0, ids: null }
  - { customer: Eve, city: Oslo, total: 3.1, orders: 2, ids: ["007", "08"] }
`,
  'pipelines/shop/tests/other_year.yaml': `step: curated.totals
parameters: { year: 2023 }
given:
  raw.customers: [{ customer: Eve }]
  raw.orders: [{ id: 1, customer: Eve, amount: 0.1, at: 2023-01-01 }, { id: 2, customer: Eve, amount: 0.2, at: 2023-01-01 }]
expect: [{ customer: Eve, orders: 2, mean: 0.15 }]
`,
}

let shop: TestWorkspace
beforeAll(async () => {
  shop = await openTestWorkspace({ files: FILES })
})
afterAll(() => shop[Symbol.asyncDispose]())

const place = (name: string): string => join(shop.dir, 'pipelines', 'shop', 'tests', `${name}.yaml`)
async function write(name: string, text: string): Promise<void> {
  await writeFile(place(name), text)
  await shop.client.workspace.check()
}

describe('tests of steps', () => {
  it('run before there is any data where they name the columns that are read', async () => {
    const reports = await shop.client.tests.run({})
    expect(reports.map(({ name, status, problem }) => [name, status, problem?.message ?? null])).toEqual([['no_orders', 'passed', null], ['other_year', 'error', expect.stringContaining('city')]])
  })

  it('compare what the step gives with what is expected, in the types of its data', async () => {
    await shop.run('shop')
    const reports = await shop.client.tests.run({})
    expect(reports).toMatchObject([
      { name: 'no_orders', status: 'passed', dataset: 'shop.curated.totals', description: 'A customer without orders is there all the same' },
      { name: 'other_year', status: 'passed' },
    ])
    expect(reports[0]?.actual).toMatchObject({ columns: ['customer', 'city', 'total', 'orders', 'ids', 'mean'], rowCount: 2, rows: [['Eve', 'Oslo', '3.10', '2', '["007","08"]', '1.55'], ['Fay', null, null, '0', null, null]] })
  })

  it('show each row that is missing or too many, as often as it is', async () => {
    await write('wrong', 'step: curated.totals\ngiven: { raw.customers: [{ customer: A }, { customer: B }] }\nexpect: [{ customer: A, orders: 0 }, { customer: A, orders: 0 }]\n')
    const [report] = await shop.client.tests.run({ files: ['pipelines/shop/tests/wrong.yaml'] })
    expect(report).toMatchObject({ status: 'failed', missing: { columns: ['customer', 'orders'], rows: [['A', '0']], rowCount: 1 }, unexpected: { rows: [['B', '0']], rowCount: 1 } })
  })

  it('say which cell is not of its type, and what a broken file has wrong', async () => {
    await write('wrong', 'step: curated.totals\ngiven: { raw.orders: [{ at: 2024-01-01 }, { at: yesterday }] }\nexpect: []\n')
    expect((await shop.client.tests.run({ dataset: 'shop.curated.totals' })).find(({ name }) => name === 'wrong')).toMatchObject({ status: 'error', problem: { message: 'given, shop.raw.orders, row 2, at: "yesterday" is no DATE' } })
    await write('wrong', 'step: curated.totals\nexpect: [{ totl: 1 }]\n')
    expect((await shop.client.tests.run({})).find(({ name }) => name === 'wrong')).toMatchObject({ status: 'error', dataset: null, problem: { message: 'pipelines/shop/tests/wrong.yaml:2:1: shop.curated.totals has no column "totl"'.replace(':2:1:', ':2:'), hint: 'Did you mean total?' } })
  })

  it('run with the text of a step that is not saved, and place its mistakes', async () => {
    await write('wrong', 'step: curated.totals\nexpect: []\n')
    const run = async (sql: string): Promise<unknown> => (await shop.client.tests.run({ dataset: 'shop.curated.totals', files: ['pipelines/shop/tests/wrong.yaml'], sql }))[0]
    expect(await run("SELECT 'x' AS customer FROM raw.customers")).toMatchObject({ status: 'passed' })
    expect(await run("SELECT 'x' AS customer")).toMatchObject({ status: 'failed', unexpected: { rows: [['x']] } })
    expect(await run('SELECT\n  nothing FROM raw.customers')).toMatchObject({ status: 'error', problem: { code: 'SQL_FAILED', details: { line: 2 } } })
    expect(await run("COPY (SELECT 1) TO '/tmp/x'")).toMatchObject({ status: 'error', problem: { code: 'SQL_REFUSED' } })
  })

  it('begin with rows of the real data that belong together, and pass as they are', async () => {
    const draft = await shop.client.tests.draft({ dataset: 'shop.curated.totals', rows: 1 })
    expect(draft.given.map(({ dataset, rows }) => [dataset, rows.length])).toEqual([['shop.raw.customers', 1], ['shop.raw.orders', 1]])
    expect(draft.given[1]?.columns).not.toContain('_file')
    const path = 'pipelines/shop/tests/drafted.yaml'
    const saved = await shop.client.tests.save({ commandId: randomUUID(), path, test: draft, expected: null })
    expect(saved.findings.filter(({ file }) => file === path)).toEqual([])
    expect(await shop.client.tests.run({ files: [path] })).toMatchObject([{ status: 'passed' }])
    expect(await readFile(place('drafted'), 'utf8')).toContain('{ id: "007", customer: Ada, amount: "10.50", at: 2024-01-02 }')
  })

  it('are saved with what people wrote beside the rows, and not over another change', async () => {
    const path = 'pipelines/shop/tests/no_orders.yaml'
    const { sha256 } = await shop.client.pipelines.read({ path })
    const [body] = (await shop.client.tests.list({ files: [path] })).map(({ file: _file, name: _name, ...test }) => ({ ...test, given: test.given.map(({ known: _known, ...table }) => table) }))
    if (body === undefined) throw new Error('The test is not listed')
    await shop.client.tests.save({ commandId: randomUUID(), path, test: { ...body, expected: { columns: ['customer'], rows: [['Eve'], ['Fay']] } }, expected: sha256 })
    const text = await readFile(place('no_orders'), 'utf8')
    expect(text).toMatch(/^# Kept as it is\.\n/)
    expect(text).toContain('expect:\n  - { customer: Eve }\n  - { customer: Fay }\n')
    expect(text).toContain('{ id: "007", customer: Eve, amount: "1.10", at: 2024-05-01 }')
    expect(await shop.client.tests.run({ files: [path] })).toMatchObject([{ status: 'passed' }])
    await expect(shop.client.tests.save({ commandId: randomUUID(), path, test: body, expected: sha256 })).rejects.toMatchObject({ code: 'CONFLICT' })
    await expect(shop.client.tests.save({ commandId: randomUUID(), path: 'pipelines/shop/curated/totals.yaml', test: body, expected: null })).rejects.toMatchObject({ code: 'BAD_INPUT' })
  })
})

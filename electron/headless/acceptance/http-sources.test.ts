import { randomUUID } from 'node:crypto'
import { readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { sendJson, startTestServer, type TestServer } from '../../engine/etl/fetch/test-server.ts'
import { openTestWorkspace } from './test-workspace.ts'

const TOKEN = 'tok-3fa9!secret&value'
const ORDERS = [
  { id: 1, amount: 10, changed: '2026-01-01T00:00:00Z' },
  { id: 2, amount: 20, changed: '2026-01-02T00:00:00Z' },
  { id: 3, amount: 30, changed: '2026-01-03T00:00:00Z' },
]

let server: TestServer
beforeAll(async () => {
  server = await startTestServer((_request, response) => sendJson(response, []))
})
afterAll(() => server[Symbol.asyncDispose]())

const filesOf = (source: string): Record<string, string> => ({
  'strata.yaml': 'name: shop\nlimits: { memory: 256MB, threads: 1 }\nretry: { network: { attempts: 2, base_delay: 1ms, max_delay: 1ms } }\n',
  'pipelines/shop/pipeline.yaml': `sources:\n  orders:\n${source.replaceAll('URL', server.url)}`,
  'pipelines/shop/curated/orders.sql': 'SELECT id, amount FROM raw.orders\n',
})
const PAGED = `    http:
      url: URL/orders
      auth: { bearer: secret:orders_token }
      query: { api_key: secret:orders_token }
      paging: { by: page, size: 2, size_parameter: per_page }
    format: json
    record: $.items[*]
`
const INCREMENTAL = `    http:
      url: URL/orders
      query: { since: '{cursor}' }
    format: json
    incremental: { column: changed }
`
const env = { ...process.env, STRATA_SECRET_ORDERS_TOKEN: TOKEN, XDG_CONFIG_HOME: join(tmpdir(), 'strata-no-config') }

/** Pages of two. */
function answerPages(orders: readonly object[]): void {
  server.answer(({ query }, response) => {
    const page = Number(query['page'])
    sendJson(response, { items: orders.slice((page - 1) * 2, page * 2) }, { etag: `"${orders.length}-${page}"` })
  })
}

describe('a source that is asked over HTTP', () => {
  it('keeps every page as it came, with its address and without the secret, and reads them as files', async () => {
    answerPages(ORDERS)
    await using workspace = await openTestWorkspace({ files: filesOf(PAGED), env })
    const { run, steps } = await workspace.run('shop')
    expect(run).toMatchObject({ state: 'succeeded', degraded: false })
    expect(steps[0]).toMatchObject({ rowsIn: 3, rowsOut: 3 })
    expect(await workspace.rows('shop.raw.orders')).toMatchObject([{ id: '1', _file: 'orders-0001.json', _record: '1' }, { id: '2' }, { id: '3', _file: 'orders-0002.json' }])
    const delivered = join(workspace.dir, 'zones/raw/shop/orders/v1/delivered')
    expect(await readFile(join(delivered, 'orders-0001.json'), 'utf8')).toBe(JSON.stringify({ items: ORDERS.slice(0, 2) }))
    const { deliveries } = await workspace.client.runs.get({ run: { dataType: 'shop', runNumber: run.runNumber } })
    expect(deliveries.map(({ origin }) => origin)).toEqual([1, 2].map((page) => `${server.url}/orders?api_key=•••&per_page=2&page=${page}`))
    expect(server.requests.at(-1)?.headers['authorization']).toBe(`Bearer ${TOKEN}`)
  })

  it('counts the records of pages that are the same byte for byte', async () => {
    server.answer(({ query }, response) => sendJson(response, { items: Number(query['page']) <= 2 ? [{ amount: 1 }, { amount: 1 }] : [] }))
    await using workspace = await openTestWorkspace({ files: { ...filesOf(PAGED), 'pipelines/shop/curated/orders.sql': 'SELECT amount FROM raw.orders\n' }, env })
    const { run, steps, deliveries } = await workspace.run('shop')
    expect(run.state).toBe('succeeded')
    expect(steps[0]).toMatchObject({ rowsIn: 4, rowsOut: 4 })
    expect(deliveries.map(({ records, loaded, skipped, sameAs }) => [records, loaded, skipped, sameAs])).toEqual([[2, 2, 0, null], [2, 2, 0, null]])
  })

  it('asks once for a source and its children, which read what it was answered', async () => {
    const orders = [{ id: 1, lines: [{ sku: 'a' }, { sku: 'b' }] }, { id: 2, lines: [] }, { id: 3, lines: { sku: 'c' } }]
    answerPages(orders)
    const nested = `${PAGED}    fields: { id: $.id }\n    children:\n      lines: { record: '$.lines[*]', keys: id, fields: { sku: $.sku } }\n`
    await using workspace = await openTestWorkspace({ files: { ...filesOf(nested), 'pipelines/shop/curated/orders.sql': 'SELECT id, sku FROM raw.orders_lines\n' }, env })
    const seen = server.requests.length
    const { run, steps } = await workspace.run('shop')
    expect(run.state).toBe('succeeded')
    expect(server.requests.length - seen).toBe(2)
    expect(steps.map(({ dataset, rowsOut }) => [dataset, rowsOut])).toEqual([['shop.raw.orders', 3], ['shop.raw.orders_lines', 3], ['shop.curated.orders', 3]])
    expect(await workspace.rows('shop.raw.orders_lines')).toMatchObject([{ sku: 'a', id: '1', _file: 'orders-0001.json' }, { sku: 'b', id: '1' }, { sku: 'c', id: '3', _file: 'orders-0002.json' }])
    const delivered = (dataset: string): Promise<string> => readFile(join(workspace.dir, `zones/raw/shop/${dataset}/v1/delivered/orders-0002.json`), 'utf8')
    expect(await delivered('orders_lines')).toBe(await delivered('orders'))
    const again = await workspace.run('shop')
    expect(again.steps.map(({ state }) => state)).toEqual(['reused', 'reused', 'reused'])
    answerPages([...orders, { id: 4, lines: [{ sku: 'd' }] }])
    const { steps: planned } = await workspace.client.runs.plan({ dataType: 'shop' })
    expect(planned.map(({ hosts, certain }) => [hosts.length, certain])).toEqual([[1, true], [0, false], [0, false]])
    expect((await workspace.run('shop')).steps.map(({ state, rowsOut }) => [state, rowsOut])).toEqual([['succeeded', 4], ['succeeded', 4], ['succeeded', 4]])
  })

  it('gives its children all increments', async () => {
    let orders = [{ id: 1, changed: '2026-01-01', lines: [{ sku: 'a' }] }]
    server.answer(({ query }, response) => sendJson(response, orders.filter(({ changed }) => changed > (query['since'] ?? ''))))
    const nested = `${INCREMENTAL}    fields: { id: $.id, changed: $.changed }\n    children:\n      lines: { record: '$.lines[*]', keys: id, fields: { sku: $.sku } }\n`
    await using workspace = await openTestWorkspace({ files: { ...filesOf(nested), 'pipelines/shop/curated/orders.sql': 'SELECT id, sku FROM raw.orders_lines\n' }, env })
    await workspace.run('shop')
    orders = [...orders, { id: 2, changed: '2026-01-02', lines: [{ sku: 'b' }, { sku: 'c' }] }]
    await workspace.run('shop')
    expect(await workspace.rows('shop.curated.orders')).toEqual([{ id: '1', sku: 'a' }, { id: '2', sku: 'b' }, { id: '2', sku: 'c' }])
    expect((await workspace.client.cursors.list()).cursors).toMatchObject([{ dataset: 'shop.raw.orders', value: '2026-01-02' }])
  })

  it('takes nothing over when a page fails, and stays with what was published', async () => {
    answerPages(ORDERS)
    await using workspace = await openTestWorkspace({ files: filesOf(PAGED), env })
    await workspace.run('shop')
    server.answer(({ query }, response) => {
      if (query['page'] === '1') return sendJson(response, { items: ORDERS.slice(0, 2).toReversed() })
      response.writeHead(503, 'Overloaded').end(`no page for ${TOKEN}`)
    })
    const { run } = await workspace.run('shop')
    expect(run).toMatchObject({ state: 'failed', problem: { code: 'SOURCE_UNREACHABLE' } })
    expect(run.problem?.message).toContain('answers 503 Overloaded')
    expect(await readdir(join(workspace.dir, 'zones/raw/shop/orders'))).toEqual(['v1'])
  })

  it('is reused when the server says that nothing has changed, or sends the same bytes', async () => {
    answerPages(ORDERS)
    await using workspace = await openTestWorkspace({ files: filesOf(PAGED), env })
    await workspace.run('shop')
    const seen = server.requests.length
    server.answer((_request, response) => void response.writeHead(304).end())
    const again = await workspace.run('shop')
    expect(server.requests.slice(seen).map(({ headers }) => headers['if-none-match'])).toEqual(['"3-1"', '"3-2"'])
    expect(again.steps.map(({ state }) => state)).toEqual(['reused', 'reused'])
    answerPages(ORDERS)
    expect((await workspace.run('shop')).steps[0]).toMatchObject({ state: 'reused', version: 1, note: 'Nothing new since #1' })
  })

  it('plans without asking anybody, and says whom the run would ask', async () => {
    await using workspace = await openTestWorkspace({ files: filesOf(PAGED), env })
    const seen = server.requests.length
    const { steps } = await workspace.client.runs.plan({ dataType: 'shop' })
    expect(steps[0]).toMatchObject({ action: 'run', hosts: [server.host] })
    expect(server.requests).toHaveLength(seen)
  })

  it('says which secret is missing', async () => {
    await using workspace = await openTestWorkspace({ files: filesOf(PAGED), env: { ...env, STRATA_SECRET_ORDERS_TOKEN: undefined } })
    expect((await workspace.run('shop')).run.problem).toMatchObject({ message: 'The secret orders_token is not set' })
  })
})

describe('a cursor', () => {
  it('asks for what is new, appends it, and moves when the run publishes', async () => {
    const asked: (string | undefined)[] = []
    let orders: { id: number; amount: number; changed: string }[] = ORDERS.slice(0, 2)
    server.answer(({ query }, response) => {
      asked.push(query['since'])
      sendJson(response, orders.filter(({ changed }) => changed > (query['since'] ?? '')))
    })
    await using workspace = await openTestWorkspace({ files: filesOf(INCREMENTAL), env })
    await workspace.run('shop')
    expect((await workspace.client.cursors.list()).cursors).toMatchObject([{ dataset: 'shop.raw.orders', column: 'changed', value: '2026-01-02T00:00:00Z', run: { runNumber: 1 } }])
    expect((await workspace.run('shop')).steps[0]).toMatchObject({ state: 'reused', version: 1 })
    orders = ORDERS
    await workspace.run('shop')
    expect(await workspace.rows('shop.raw.orders')).toMatchObject([{ id: '1', _file: 'orders-1-0001.json' }, { id: '2' }, { id: '3', _file: 'orders-3-0001.json', _record: '1' }])
    expect(asked).toEqual([undefined, '2026-01-02T00:00:00Z', '2026-01-02T00:00:00Z'])

    await workspace.client.publish.apply({ commandId: randomUUID(), change: { kind: 'rollback_dataset', dataset: 'shop.raw.orders' }, reason: 'wrong' })
    expect((await workspace.client.cursors.list()).cursors[0]).toMatchObject({ value: '2026-01-02T00:00:00Z' })
  })

  it('does not move with a run that failed', async () => {
    server.answer((_request, response) => sendJson(response, ORDERS))
    await using workspace = await openTestWorkspace({ files: { ...filesOf(INCREMENTAL), 'pipelines/shop/curated/orders.sql': "SELECT error('no') AS never FROM raw.orders\n" }, env })
    expect((await workspace.run('shop')).run.state).toBe('failed')
    expect((await workspace.client.cursors.list()).cursors).toMatchObject([{ dataset: 'shop.raw.orders', value: null, initial: null }])
  })

  it('can be set by hand with a reason, which is on record, and cleared so that the source begins anew', async () => {
    const asked: (string | undefined)[] = []
    server.answer(({ query }, response) => {
      asked.push(query['since'])
      sendJson(response, ORDERS.filter(({ changed }) => changed > (query['since'] ?? '')))
    })
    await using workspace = await openTestWorkspace({ files: filesOf(INCREMENTAL), env })
    await workspace.run('shop')
    const change = { commandId: randomUUID(), dataset: 'shop.raw.orders', value: '2026-01-02T12:00:00Z', reason: 'the third came again, corrected' }
    expect(await workspace.client.cursors.set(change)).toMatchObject({ value: change.value, setBy: { reason: change.reason } })
    await workspace.run('shop')
    expect(await workspace.rows('shop.raw.orders')).toHaveLength(4)
    expect((await workspace.client.audit.list({ action: 'cursor_set' })).entries).toMatchObject([{ target: 'shop.raw.orders', before: { value: '2026-01-03T00:00:00Z' }, after: { value: change.value } }])
    await workspace.client.cursors.set({ commandId: randomUUID(), dataset: 'shop.raw.orders', value: null, reason: 'once more' })
    await workspace.run('shop')
    expect(await workspace.rows('shop.raw.orders')).toHaveLength(3)
    expect(asked).toEqual([undefined, change.value, undefined])
  })
})

it('No secret is ever found in the ledger, the logs or an answer', async () => {
  server.answer((_request, response) => void response.writeHead(400, 'Bad').end(`you sent ${TOKEN}`))
  const redirected = `    http:\n      url: URL/orders\n      auth: { basic: { user: ann, password: secret:orders_token } }\n      query: { key: '{secret:orders_token}' }\n    format: json\n`
  await using workspace = await openTestWorkspace({ files: filesOf(redirected), env })
  await workspace.run('shop')
  server.answer(({ query }, response) => void response.writeHead(302, { location: `http://elsewhere.example/${encodeURIComponent(query['key'] ?? '')}` }).end())
  await workspace.run('shop')
  server.answer((_request, response) => sendJson(response, ORDERS))
  await workspace.run('shop')
  await workspace.client.secrets.set({ commandId: randomUUID(), name: 'other_token', value: `${TOKEN}-other` })
  const answers = [await workspace.client.secrets.list(), await workspace.client.runs.list({}), await workspace.client.audit.list({}), await workspace.client.workspace.get()]
  await workspace.closeEngine()
  const written = [...(await allBytes(workspace.dir)), Buffer.from(JSON.stringify(answers))].join('\n')
  const forms = [TOKEN, encodeURIComponent(TOKEN), Buffer.from(TOKEN).toString('base64').slice(0, 24), Buffer.from(`ann:${TOKEN}`).toString('base64')]
  for (const form of forms) expect(written.includes(form)).toBe(false)
  expect(written).toContain('•••')
})

async function allBytes(dir: string): Promise<Buffer[]> {
  const entries = await readdir(dir, { recursive: true, withFileTypes: true })
  return Promise.all(entries.filter((entry) => entry.isFile()).map((entry) => readFile(join(entry.parentPath, entry.name))))
}

afterAll(() => rm(join(tmpdir(), 'strata-no-config'), { recursive: true, force: true }))

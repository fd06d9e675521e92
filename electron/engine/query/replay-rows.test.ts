import { tmpdir } from 'node:os'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { VersionSource } from '../workers/wire.ts'
import { replayRows } from './replay-rows.ts'
import { createVersionFixture, type VersionFixture } from './version-fixture.ts'

let fixture: VersionFixture
let orders: VersionSource
let customers: VersionSource

beforeAll(async () => {
  fixture = await createVersionFixture()
  orders = await fixture.plain(
    { dataType: 'shop', zone: 'raw', name: 'orders' },
    `SELECT i AS id, 'c' || i % 7 AS customer, (i * 53 % 101)::DECIMAL(9,2) AS amount, CASE WHEN i % 10 = 0 THEN NULL ELSE 'Note ' || i % 30 END AS note FROM range(1, 1001) t(i)`,
  )
  customers = await fixture.plain({ dataType: 'shop', zone: 'raw', name: 'customers' }, `SELECT 'c' || i AS customer, 'Name ' || i AS name FROM range(7) t(i)`)
})
afterAll(() => fixture[Symbol.asyncDispose]())

type Value = string | number | boolean | null

/** Ids of the orders behind the row of a statement that has these values. */
async function behind(sql: string, { values, candidates = {}, source = orders, id = 'id' }: { values: Record<string, Value>; candidates?: Record<string, Value>; source?: VersionSource; id?: string }): Promise<unknown[] | null> {
  const outputs = await fixture.duck.describe(sql.replaceAll('raw.orders', `read_parquet('${orders.parts[0]?.path ?? ''}')`).replaceAll('raw.customers', `read_parquet('${customers.parts[0]?.path ?? ''}')`))
  const list = (record: Record<string, Value>) => Object.entries(record).map(([column, value]) => ({ column, value }))
  const found = await replayRows(
    { sql, dataType: 'shop', variables: [], source, others: [orders, customers].filter((one) => one !== source), outputs, rows: [{ values: list(values), candidates: list(candidates) }], limit: 100 },
    { init: { memoryMb: 512, threads: 2, tempDir: tmpdir() }, signal: new AbortController().signal },
  )
  const at = source.columns.findIndex(({ name }) => name === id)
  return found === null ? null : (JSON.parse(found.rowsJson) as unknown[][]).map((row) => String(row[at]))
}

describe('rows behind a row', () => {
  it('are found among all, though every value was changed on the way', async () => {
    expect(await behind('SELECT upper(note) AS note, amount * 2 AS double, id + 1 AS next FROM raw.orders; -- end', { values: { note: 'NOTE 3', next: '34', double: `${2 * ((33 * 53) % 101)}.00` } })).toEqual(['33'])
  })

  it('are all that give it each, where a statement makes one row of several equal ones', async () => {
    expect(await behind('SELECT DISTINCT id % 250 AS k FROM raw.orders', { values: { k: '3' } })).toEqual(['3', '253', '503', '753'])
  })

  /** What the statements below make of the orders that pass: their ids, how many there are, and the sum of their amounts. */
  function expected(passes: (id: number, amount: number) => boolean): { ids: string[]; values: Record<string, Value> } {
    const counted = Array.from({ length: 1000 }, (_, index) => ({ id: index + 1, amount: ((index + 1) * 53) % 101 })).filter(({ id, amount }) => passes(id, amount))
    return { ids: counted.map(({ id }) => String(id)), values: { n: String(counted.length), total: counted.reduce((sum, { amount }) => sum + amount, 0).toFixed(2) } }
  }

  it('are those that give it together, and none that a filter passed over', async () => {
    const sql = 'SELECT note, sum(amount) AS total, count(*) AS n FROM raw.orders WHERE amount > 50 GROUP BY note'
    const { ids, values } = expected((id, amount) => id % 30 === 4 && amount > 50)
    expect(ids.length).toBeGreaterThan(5)
    expect(await behind(sql, { values: { note: 'Note 4', ...values }, candidates: { note: 'Note 4' } })).toEqual(ids)
  })

  it('are not told where too many give it together', async () => {
    const { ids, values } = expected((id) => id % 7 === 2)
    expect(ids.length).toBeGreaterThan(64)
    expect(await behind('SELECT customer, sum(amount) AS total, count(*) AS n FROM raw.orders GROUP BY customer', { values: { customer: 'c2', ...values }, candidates: { customer: 'c2' } })).toBeNull()
  })

  it('are found through a join, on either side', async () => {
    const sql = 'SELECT o.id, c.name FROM raw.orders AS o JOIN raw.customers AS c USING (customer)'
    expect(await behind(sql, { values: { id: '12', name: 'Name 5' } })).toEqual(['12'])
    expect(await behind(sql, { values: { id: '12', name: 'Name 5' }, source: customers, id: 'customer' })).toEqual(['c5'])
  })

  it('are none where the row is made without the input', async () => {
    const sql = "SELECT c.customer, o.id FROM raw.customers AS c LEFT JOIN raw.orders AS o ON o.customer = c.customer AND o.note = 'nowhere'"
    expect(await behind(sql, { values: { customer: 'c5', id: null } })).toEqual([])
    expect(await behind(sql, { values: { customer: 'c5', id: null }, source: customers, id: 'customer' })).toEqual(['c5'])
  })

  it('are not told where the statement over fewer rows gives something else', async () => {
    expect(await behind('SELECT id, row_number() OVER (ORDER BY id DESC) AS place FROM raw.orders', { values: { id: '3', place: '998' }, candidates: { id: '3' } })).toBeNull()
    expect(await behind('SELECT id FROM raw.orders', { values: { id: '7777' } })).toBeNull()
  })
})

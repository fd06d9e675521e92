import { afterAll, beforeAll, expect, it } from 'vitest'
import type { SeenSource } from '../workers/wire.ts'
import { distinctValues } from './distinct-values.ts'
import { filterWhere } from './filter-where.ts'
import { createVersionFixture, type VersionFixture } from './version-fixture.ts'

let fixture: VersionFixture
let orders: SeenSource
beforeAll(async () => {
  fixture = await createVersionFixture()
  orders = await fixture.plain(
    { dataType: 'shop', zone: 'curated', name: 'orders' },
    "SELECT i AS id, CASE WHEN i < 10 THEN NULL WHEN i < 40 THEN 'Red' WHEN i < 90 THEN 'blue' ELSE '' END AS colour, DATE '2024-01-01' + (i % 3)::INTEGER AS day, [i % 2] AS list FROM range(100) t(i)",
  )
})
afterAll(() => fixture[Symbol.asyncDispose]())

const ask = { filter: [], containing: '', limit: 10 }
const signal = new AbortController().signal

it('counts every value, the most frequent first, and those that are missing', async () => {
  expect(await distinctValues(fixture.duck, { source: orders, column: 'colour', ...ask }, signal)).toEqual({
    values: [{ value: 'blue', count: 50 }, { value: 'Red', count: 30 }, { value: '', count: 10 }], distinct: 3, nulls: 10,
  })
})

it('searches all values, counts the rows that other filters leave, and stops at the limit', async () => {
  expect(await distinctValues(fixture.duck, { source: orders, column: 'colour', ...ask, containing: 'rE' }, signal)).toMatchObject({ values: [{ value: 'Red', count: 30 }], distinct: 1, nulls: 10 })
  expect(await distinctValues(fixture.duck, { source: orders, column: 'colour', ...ask, filter: [{ column: 'id', op: 'lt', value: 12 }] }, signal)).toEqual({ values: [{ value: 'Red', count: 2 }], distinct: 1, nulls: 10 })
  expect(await distinctValues(fixture.duck, { source: orders, column: 'id', ...ask }, signal)).toMatchObject({ distinct: 100, nulls: 0, values: { length: 10 } })
  expect(await distinctValues(fixture.duck, { source: orders, column: 'colour', ...ask, containing: 'none' }, signal)).toEqual({ values: [], distinct: 0, nulls: 10 })
})

it.each(['day', 'list', 'id'])('gives values of %s as a filter takes them', async (column) => {
  const { values } = await distinctValues(fixture.duck, { source: orders, column, ...ask }, signal)

  for (const { value, count } of values) {
    const where = await filterWhere(fixture.duck, [{ column, op: 'in', values: [value] }], { columns: orders.columns })
    const [row] = await fixture.duck.rows(`SELECT count(*)::INTEGER AS n FROM read_parquet('${orders.parts[0]?.path}') WHERE ${where}`)
    expect(row).toEqual({ n: count })
  }
})

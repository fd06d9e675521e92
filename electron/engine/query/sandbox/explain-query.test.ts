import { afterAll, beforeAll, expect, it } from 'vitest'
import type { QueryPlan } from '../../../../shared/contract/query.contract.ts'
import { createVersionFixture, type VersionFixture } from '../version-fixture.ts'
import { explainQuery } from './explain-query.ts'

let fixture: VersionFixture
beforeAll(async () => {
  fixture = await createVersionFixture()
})
afterAll(() => fixture[Symbol.asyncDispose]())

async function explain(sql: string, analyze: boolean): Promise<QueryPlan> {
  const orders = await fixture.plain({ dataType: 'shop', zone: 'curated', name: 'orders' }, "SELECT i AS id, 'c' || i % 3 AS customer FROM range(50) t(i)")
  return explainQuery({ sql, reads: [orders], defaultDataType: 'shop', timeoutMs: 10_000, analyze }, fixture.init, fixture.context.signal)
}

it('tells the operators of a statement, each above those that it takes its rows from', async () => {
  const { steps, tookMs } = await explain('SELECT customer, count(*) AS n FROM curated.orders GROUP BY customer ORDER BY n;', false)
  expect(tookMs).toBeNull()
  expect(steps[0]).toMatchObject({ depth: 0, operator: 'ORDER_BY', rows: null, tookMs: null })
  expect(steps.at(-1)?.operator).toMatch(/PARQUET/)
  expect(steps.at(-1)?.depth).toBeGreaterThan(1)
  expect(steps.at(-1)?.estimatedRows).toBe(50)
})

it('tells what each operator gave and took when it did run', async () => {
  const { steps, tookMs } = await explain('SELECT customer, count(*) AS n FROM curated.orders GROUP BY customer', true)
  expect(tookMs).toBeGreaterThan(0)
  expect(steps.at(-1)).toMatchObject({ rows: 50, tookMs: expect.any(Number) })
  expect(steps.some(({ operator, rows }) => /GROUP_BY/.test(operator) && rows === 3)).toBe(true)
})

it('tells the plan where nothing has to be run', async () => {
  expect(await explain('SELECT count(*) FROM curated.orders', true)).toMatchObject({ tookMs: null, steps: [{ depth: 0, rows: null }] })
})

it('places a mistake in the text as it was typed', async () => {
  await expect(explain('SELECT nothing\nFROM curated.orders', false)).rejects.toMatchObject({ problem: { code: 'SQL_FAILED', details: { line: 1, column: 8 } } })
})

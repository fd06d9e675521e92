import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { RunDetail } from '../../../shared/contract/runs.contract.ts'
import { realData } from './real-data.ts'
import { openTestWorkspace, type TestWorkspace } from './test-workspace.ts'

const METHODS = ['credit_card', 'coupon', 'bank_transfer', 'gift_card']
const STATUSES = '[placed, shipped, completed, return_pending, returned]'

function pipelineFiles(dataDir: string): Record<string, string> {
  const source = (name: string): string => `  ${name}: { files: ${JSON.stringify(join(dataDir, `raw_${name}.csv`))}, format: csv }`
  return {
    'strata.yaml': 'name: jaffle_shop\nlabel: Jaffle shop\n',
    'pipelines/shop/pipeline.yaml': ['entity: { key: customer_id }', 'sources:', source('customers'), source('orders'), source('payments'), ''].join('\n'),
    'pipelines/shop/preprocessed/customers.sql': 'SELECT CAST(id AS INTEGER) AS customer_id, first_name, last_name FROM raw.customers',
    'pipelines/shop/preprocessed/orders.sql':
      'SELECT CAST(id AS INTEGER) AS order_id, CAST(user_id AS INTEGER) AS customer_id, CAST(order_date AS DATE) AS order_date, status FROM raw.orders',
    'pipelines/shop/preprocessed/payments.sql':
      'SELECT CAST(id AS INTEGER) AS payment_id, CAST(order_id AS INTEGER) AS order_id, payment_method, CAST(amount AS INTEGER) / 100 AS amount FROM raw.payments',
    'pipelines/shop/curated/orders.sql': `
      SELECT o.order_id, o.customer_id, o.order_date, o.status,
        ${METHODS.map((method) => `coalesce(sum(p.amount) FILTER (p.payment_method = '${method}'), 0) AS ${method}_amount`).join(',\n        ')},
        coalesce(sum(p.amount), 0) AS amount
      FROM preprocessed.orders AS o LEFT JOIN preprocessed.payments AS p USING (order_id)
      GROUP BY o.order_id, o.customer_id, o.order_date, o.status`,
    'pipelines/shop/curated/customers.sql': `
      WITH order_facts AS (
        SELECT customer_id, min(order_date) AS first_order, max(order_date) AS most_recent_order, count(*) AS number_of_orders
        FROM preprocessed.orders GROUP BY customer_id
      ), payment_facts AS (
        SELECT o.customer_id, sum(p.amount) AS customer_lifetime_value
        FROM preprocessed.payments AS p LEFT JOIN preprocessed.orders AS o USING (order_id)
        GROUP BY o.customer_id
      )
      SELECT c.customer_id, c.first_name, c.last_name, first_order, most_recent_order, number_of_orders, customer_lifetime_value
      FROM preprocessed.customers AS c LEFT JOIN order_facts USING (customer_id) LEFT JOIN payment_facts USING (customer_id)`,
    ...contractFiles(),
  }
}

/** The project's own twenty tests, as contracts. Rows are written in the order of the key. */
function contractFiles(): Record<string, string> {
  const id = (column: string): string => `  ${column}: { rules: [unique, not_null] }`
  const contract = (key: string, lines: readonly string[]): string => ['columns:', id(key), ...lines, ''].join('\n')
  const amounts = ['amount', ...METHODS.map((method) => `${method}_amount`)].map((column) => `  ${column}: { rules: [not_null] }`)
  return {
    'pipelines/shop/preprocessed/customers.yaml': contract('customer_id', []),
    'pipelines/shop/preprocessed/orders.yaml': contract('order_id', [`  status: { rules: [{ accepted_values: ${STATUSES} }] }`]),
    'pipelines/shop/preprocessed/payments.yaml': contract('payment_id', [`  payment_method: { rules: [{ accepted_values: [${METHODS.join(', ')}] }] }`]),
    'pipelines/shop/curated/customers.yaml': contract('customer_id', []),
    'pipelines/shop/curated/orders.yaml': contract('order_id', [
      '  customer_id: { rules: [not_null, { relationship: { to: shop.curated.customers, column: customer_id } }] }',
      `  status: { rules: [{ accepted_values: ${STATUSES} }] }`,
      ...amounts,
    ]),
  }
}

const shop = realData('jaffle-shop')

describe.skipIf(shop.absent)('the jaffle shop (needs ../shared/data/jaffle-shop)', () => {
  let workspace: TestWorkspace
  let detail: RunDetail

  beforeAll(async () => {
    workspace = await openTestWorkspace({ files: pipelineFiles(shop.dir) })
    detail = await workspace.run('shop')
  }, 60_000)
  afterAll(() => workspace?.[Symbol.asyncDispose]())

  it('runs, and all twenty tests pass', () => {
    expect(detail.run).toMatchObject({ state: 'succeeded', degraded: false, problem: null })
    expect(detail.checks.filter((check) => !check.passed)).toEqual([])
    const byKind = Object.groupBy(detail.checks, (check) => check.rule.split('(')[0] ?? '')
    expect(Object.fromEntries(Object.entries(byKind).map(([kind, checks]) => [kind, checks?.length]))).toEqual({
      unique: 5,
      not_null: 11,
      accepted_values: 3,
      relationship: 1,
    })
  })

  it.each(['orders', 'customers'])('makes exactly expected_%s.csv', async (name) => {
    const path = await workspace.exportTo(`shop.curated.${name}`, `${name}.csv`)
    const lines = (file: string): string[] => readFileSync(file, 'utf8').trimEnd().split(/\r?\n/)
    const [header, ...rows] = lines(path)
    const [expectedHeader, ...expectedRows] = lines(join(shop.dir, `expected_${name}.csv`))
    expect(header).toBe(expectedHeader)
    expect(rows.toSorted()).toEqual(expectedRows.toSorted())
  })
})

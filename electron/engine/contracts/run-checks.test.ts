import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { randomUUID } from 'node:crypto'
import path from 'node:path'
import { quoteLiteral } from '../../../shared/domain/naming.ts'
import { createVersionFixture, type VersionFixture } from '../query/version-fixture.ts'
import type { EvaluatedCheck } from '../workers/checks.wire.ts'
import type { VersionSource } from '../workers/wire.ts'
import type { CheckSpec } from '../workspace/model.ts'
import type { Metric } from '../../../shared/domain/metric.ts'
import type { CheckFacts } from './check-facts.ts'
import { runChecks } from './run-checks.ts'

let fixture: VersionFixture
let target: VersionSource
let customers: VersionSource

beforeAll(async () => {
  fixture = await createVersionFixture()
  target = await fixture.plain(
    { dataType: 'shop', zone: 'curated', name: 'orders' },
    `SELECT CASE WHEN i % 40 = 7 THEN NULL ELSE i END AS order_id, 'c' || i % 5 AS customer, ['placed', 'shipped', 'lost'][1 + (i > 90)::INTEGER + (i = 99)::INTEGER] AS status,
       (i - 3)::DECIMAL(9,2) AS amount, i::VARCHAR AS code, i % 98 AS bucket, DATE '2026-11-01' + i::INTEGER AS due, TIMESTAMP '2026-11-28 00:00:00' + INTERVAL (i) MINUTE AS seen, range(i % 4) AS parts FROM range(1, 100) t(i)`,
  )
  customers = await fixture.plain({ dataType: 'people', zone: 'curated', name: 'customers' }, `SELECT 'c' || i AS id, i AS number FROM range(4) t(i)`)
})
afterAll(() => fixture[Symbol.asyncDispose]())

const DAY_MS = 86_400_000
const NOW = new Date(2026, 10, 28, 12).getTime()
const FACTS: CheckFacts = { now: NOW, before: { version: 3, rowCount: 168 }, deliveredAt: NOW - 40 * DAY_MS, history: [{ rows: 168, 'nulls(order_id)': 0.01, 'mean(amount)': 40, 'quantile(amount, 0.9)': 86.4, 'distinct(code)': 1, 'shares(status)': 2, 'shares(status) = placed': 0.5, 'shares(status) = gone': 0.5 }, { rows: 160, 'nulls(order_id)': 0.03 }, { rows: 170, 'nulls(order_id)': 0.02 }] }

type Rule = CheckSpec extends infer C ? (C extends CheckSpec ? Omit<C, 'rule' | 'severity'> : never) : never

async function check(...rules: Rule[]): Promise<EvaluatedCheck[]> {
  const checks = rules.map((rule): CheckSpec => ({ ...rule, rule: rule.kind, severity: 'block' }))
  return runChecks({ target, dataType: 'shop', reads: [customers], checks, facts: FACTS, keep: { dir: fixture.dir, prefix: randomUUID() } }, fixture.context)
}

async function first(rule: Rule): Promise<EvaluatedCheck> {
  const [result] = await check(rule)
  if (result === undefined) throw new Error('no result')
  return result
}

function anomaly(metric: Metric, { within = null, z = null, atLeast }: { within?: number | null; z?: number | null; atLeast: number }): Rule {
  return { kind: 'anomaly', metric, within, z, window: 10, atLeast }
}

function keptRowsOf({ kept }: EvaluatedCheck): Promise<Record<string, unknown>[]> {
  return kept === null ? Promise.resolve([]) : fixture.duck.rows(`SELECT * FROM read_parquet(${quoteLiteral(path.join(fixture.dir, kept.file))})`)
}

describe('checks', () => {
  it('say how many rows break a rule, and show some of them', async () => {
    const result = await first({ kind: 'not_null', column: 'order_id' })
    expect(result).toMatchObject({ dataset: 'shop.curated.orders', column: 'order_id', passed: false, failingRows: 3, message: '3 of 99 rows have no order_id' })
    expect((await keptRowsOf(result)).map((row) => row['code'])).toEqual(['7', '47', '87'])
  })

  it.each<[Rule, { passed: boolean; failingRows: number | null; message: string }]>([
    [{ kind: 'not_null', column: 'customer' }, { passed: true, failingRows: 0, message: 'Every row has customer' }],
    [{ kind: 'accepted_values', column: 'status', values: ['placed', 'shipped'] }, { passed: false, failingRows: 1, message: '1 of 99 rows has a status other than placed, shipped' }],
    [{ kind: 'accepted_values', column: 'order_id', values: [...Array(99).keys()].map((i) => i + 1) }, { passed: true, failingRows: 0, message: 'Every order_id is one of 1, 2, 3, 4, 5, 6, 7, 8 and 91 more' }],
    [{ kind: 'accepted_values', column: 'order_id', values: [...Array(90).keys()].map((i) => i + 1) }, { passed: false, failingRows: 9, message: '9 of 99 rows have an order_id other than 1, 2, 3, 4, 5, 6, 7, 8 and 82 more' }],
    [{ kind: 'accepted_values', column: 'due', values: [...Array(28).keys()].map((i) => `2026-11-${String(i + 1).padStart(2, '0')}`) }, { passed: false, failingRows: 72, message: expect.stringMatching(/^72 of 99 rows have a due other than 2026-11-01, /) }],
    [{ kind: 'range', column: 'amount', min: 0, max: null }, { passed: false, failingRows: 2, message: '2 of 99 rows have an amount below 0' }],
    [{ kind: 'range', column: 'amount', min: '-2.00', max: '96' }, { passed: true, failingRows: 0, message: 'Every amount is from -2.00 to 96' }],
    [{ kind: 'range', column: 'code', min: 9, max: 90 }, { passed: false, failingRows: 17, message: '17 of 99 rows have a code outside 9 to 90' }],
    [{ kind: 'pattern', column: 'code', pattern: '\\d' }, { passed: false, failingRows: 90, message: '90 of 99 rows have a code that does not match \\d' }],
    [{ kind: 'pattern', column: 'code', pattern: '\\d{1,2}' }, { passed: true, failingRows: 0, message: 'Every code matches \\d{1,2}' }],
    [{ kind: 'type', column: 'amount', type: 'decimal(9, 2)' }, { passed: true, failingRows: null, message: 'amount is DECIMAL(9,2)' }],
    [{ kind: 'type', column: 'order_id', type: 'int4' }, { passed: false, failingRows: null, message: 'order_id is BIGINT, the contract says INTEGER' }],
    [{ kind: 'unique', columns: ['order_id'] }, { passed: true, failingRows: 0, message: 'Every order_id occurs once' }],
    [{ kind: 'unique', columns: ['bucket'] }, { passed: false, failingRows: 2, message: '2 of 99 rows share their bucket with another row (1 value)' }],
    [{ kind: 'unique', columns: ['bucket', 'code'] }, { passed: true, failingRows: 0, message: 'Every bucket + code occurs once' }],
    [{ kind: 'relationship', column: 'customer', to: 'people.curated.customers', toColumn: 'id' }, { passed: false, failingRows: 20, message: '20 of 99 rows have a customer that is no id of people.curated.customers' }],
    [{ kind: 'relationship', column: 'code', to: 'people.curated.customers', toColumn: 'number' }, { passed: false, failingRows: 96, message: '96 of 99 rows have a code that is no number of people.curated.customers' }],
    [{ kind: 'relationship', column: 'order_id', to: 'shop.curated.orders', toColumn: 'order_id' }, { passed: true, failingRows: 0, message: 'Every order_id is an order_id of shop.curated.orders' }],
    [{ kind: 'range', column: 'due', min: null, max: 'today' }, { passed: false, failingRows: 72, message: '72 of 99 rows have a due above 2026-11-28' }],
    [{ kind: 'range', column: 'due', min: 'today - 1 month', max: 'today + 80 days' }, { passed: true, failingRows: 0, message: 'Every due is from 2026-10-28 to 2027-02-16' }],
    [{ kind: 'range', column: 'seen', min: null, max: 'today' }, { passed: true, failingRows: 0, message: 'Every seen is at most 2026-11-28' }],
    [{ kind: 'range', column: 'seen', min: null, max: 'today - 1 day' }, { passed: false, failingRows: 99, message: '99 of 99 rows have a seen above 2026-11-27' }],
    [{ kind: 'length', column: 'code', min: 2, max: null }, { passed: false, failingRows: 9, message: '9 of 99 rows have a code shorter than 2' }],
    [{ kind: 'length', column: 'code', min: 1, max: 2 }, { passed: true, failingRows: 0, message: 'Every code is 1 to 2 long' }],
    [{ kind: 'length', column: 'code', min: 2, max: 2 }, { passed: false, failingRows: 9, message: '9 of 99 rows have a code that is not 2 long' }],
    [{ kind: 'length', column: 'parts', min: null, max: 2 }, { passed: false, failingRows: 25, message: '25 of 99 rows have a parts longer than 2' }],
    [{ kind: 'null_share', column: 'order_id', max: 0.02 }, { passed: false, failingRows: 3, message: '3 of 99 rows (3.03%) have no order_id, 2% may' }],
    [{ kind: 'null_share', column: 'order_id', max: 0.05 }, { passed: true, failingRows: 0, message: '3 of 99 rows (3.03%) have no order_id, 5% may' }],
    [{ kind: 'distinct', column: 'customer', min: { count: 6 }, max: null }, { passed: false, failingRows: null, message: '5 different values of customer in 99 rows, fewer than the 6 expected' }],
    [{ kind: 'distinct', column: 'code', min: { share: 1 }, max: null }, { passed: true, failingRows: null, message: '99 different values of code in 99 rows' }],
    [{ kind: 'distinct', column: 'code', min: null, max: { share: 0.5 } }, { passed: false, failingRows: null, message: '99 different values of code in 99 rows, more than the 50% allowed' }],
    [{ kind: 'growth', min: -0.1, max: 0.5 }, { passed: false, failingRows: null, message: '99 rows, 41.1% fewer than v3 (168); -10% is the least allowed' }],
    [{ kind: 'growth', min: -0.5, max: null }, { passed: true, failingRows: null, message: '99 rows, 41.1% fewer than v3 (168)' }],
    [{ kind: 'freshness', column: null, maxAgeMs: 30 * DAY_MS }, { passed: false, failingRows: null, message: expect.stringMatching(/^The newest delivery is 40 days old \(2026-10-1\d\), 30 days is allowed$/) }],
    [{ kind: 'freshness', column: 'due', maxAgeMs: DAY_MS }, { passed: true, failingRows: null, message: 'The newest due is 0 h old (2027-02-08), 24 h is allowed' }],
    [{ kind: 'freshness', column: 'customer', maxAgeMs: DAY_MS }, { passed: false, failingRows: null, message: 'No row has a customer that is a time' }],
    [anomaly({ of: 'rows' }, { within: 0.3, atLeast: 3 }), { passed: false, failingRows: null, message: '41% fewer rows than the median of the last 3 (99, usually 168)' }],
    [anomaly({ of: 'rows' }, { z: 3, atLeast: 3 }), { passed: false, failingRows: null, message: 'The number of rows is 13 standard deviations below the mean of the last 3 (99, usually 166)' }],
    [anomaly({ of: 'rows' }, { within: 0.3, atLeast: 4 }), { passed: true, failingRows: null, message: 'Nothing is usual yet: there are 3 of the 4 earlier versions that it takes' }],
    [anomaly({ of: 'null_share', column: 'order_id' }, { within: 0.02, atLeast: 3 }), { passed: true, failingRows: null, message: 'The share of rows without order_id is 1 point above the median of the last 3 (3%, usually 2%)' }],
    [anomaly({ of: 'mean', column: 'amount' }, { within: 0.1, atLeast: 1 }), { passed: false, failingRows: null, message: 'The mean of amount is 18% above the median of the last 1 (47, usually 40)' }],
    [anomaly({ of: 'quantile', column: 'amount', at: 0.9 }, { within: 0.1, atLeast: 1 }), { passed: true, failingRows: null, message: 'The 90% quantile of amount is 0.2% below the median of the last 1 (86.2, usually 86.4)' }],
    [anomaly({ of: 'shares', column: 'status' }, { within: 0.3, atLeast: 1 }), { passed: false, failingRows: null, message: 'The share of gone in status is 50 points below the median of the last 1 (0%, usually 50%)' }],
    [anomaly({ of: 'mean', column: 'customer' }, { within: 0.1, atLeast: 1 }), { passed: false, failingRows: null, message: '"customer" is VARCHAR: only of numbers there is a mean. Name a column of numbers in anomalies' }],
    [{ kind: 'drift', changes: [{ kind: 'added', column: 'x', type: 'DATE' }], against: 3 }, { passed: false, failingRows: null, message: 'Against v3: x (DATE) is new' }],
    [{ kind: 'row_count', min: 100, max: null }, { passed: false, failingRows: null, message: '99 rows, fewer than the 100 expected' }],
    [{ kind: 'row_count', min: 1, max: 99 }, { passed: true, failingRows: null, message: '99 rows, as expected' }],
    [{ kind: 'sql', sql: 'SELECT * FROM curated.orders WHERE amount < 0; -- no debts', inputs: [] }, { passed: false, failingRows: 2, message: '2 rows break the rule' }],
    [{ kind: 'sql', sql: 'SELECT * FROM shop.curated.orders JOIN people.curated.customers c ON c.id = customer WHERE amount > 1000', inputs: [] }, { passed: true, failingRows: 0, message: 'No row breaks the rule' }],
  ])('%j', async (rule, expected) => {
    const result = await first(rule)
    expect(result).toMatchObject(expected)
    expect(result.kept?.rowCount ?? 0).toBe(expected.passed ? 0 : (expected.failingRows ?? 0))
  })

  it('fail on a column that is not there, and name the one that was meant', async () => {
    const missing: Rule[] = [
      { kind: 'not_null', column: 'ordr_id' },
      { kind: 'type', column: 'ordr_id', type: 'BIGINT' },
      { kind: 'unique', columns: ['ordr_id'] },
      { kind: 'relationship', column: 'ordr_id', to: 'people.curated.customers', toColumn: 'id' },
    ]
    for (const result of await check(...missing)) {
      expect(result).toMatchObject({ passed: false, message: 'There is no column "ordr_id". Did you mean "order_id"?' })
    }
    expect(await first({ kind: 'relationship', column: 'customer', to: 'people.curated.customers', toColumn: 'idd' })).toMatchObject({
      passed: false,
      message: 'people.curated.customers has no column "idd". Did you mean "id"?',
    })
  })

  it('fail alone when they cannot be evaluated, and do not take others with them', async () => {
    const results = await check(
      { kind: 'pattern', column: 'code', pattern: '[' },
      { kind: 'accepted_values', column: 'order_id', values: ['many'] },
      { kind: 'sql', sql: 'SELECT nope FROM curated.orders', inputs: [] },
      { kind: 'sql', sql: 'SELECT customer::INTEGER FROM curated.orders', inputs: [] },
      { kind: 'relationship', column: 'customer', to: 'people.raw.nobody', toColumn: 'id' },
      { kind: 'type', column: 'code', type: 'TXT' },
      { kind: 'not_null', column: 'order_id' },
    )
    expect(results.map((result) => result.passed)).toEqual(results.map(() => false))
    expect(results.map((result) => result.message)).toEqual([
      expect.stringMatching(/missing \]/),
      expect.stringMatching(/"many" does not fit column "order_id" \(BIGINT\)/),
      expect.stringMatching(/nope/),
      expect.stringMatching(/Could not convert string 'c\d'/),
      expect.stringMatching(/people.raw.nobody has no version/),
      expect.stringMatching(/"TXT" is no type that DuckDB knows/),
      '3 of 99 rows have no order_id',
    ])
  })

  it('pass over a version without rows', async () => {
    const empty: VersionSource = { ...target, parts: [], rowCount: 0 }
    const rules: CheckSpec[] = [
      { kind: 'not_null', column: 'order_id', rule: 'a', severity: 'warn' },
      { kind: 'unique', columns: ['order_id'], rule: 'b', severity: 'warn' },
    ]
    const results = await runChecks({ target: empty, dataType: 'shop', reads: [], checks: rules, facts: FACTS, keep: null }, fixture.context)
    expect(results.map(({ passed, message, severity }) => ({ passed, message, severity }))).toEqual([
      { passed: true, message: 'There are no rows', severity: 'warn' },
      { passed: true, message: 'There are no rows', severity: 'warn' },
    ])
  })

  it('end when cancelled', async () => {
    const signal = AbortSignal.abort()
    await expect(runChecks({ target, dataType: 'shop', reads: [], checks: [], facts: FACTS, keep: null }, { ...fixture.context, signal })).rejects.toThrow(/abort/i)
  })
})

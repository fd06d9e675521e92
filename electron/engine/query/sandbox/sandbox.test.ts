import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { SeenSource } from '../../workers/wire.ts'
import { createVersionFixture, type VersionFixture } from '../version-fixture.ts'
import { queryRows } from './query-rows.ts'

let fixture: VersionFixture
let reads: SeenSource[]

beforeAll(async () => {
  fixture = await createVersionFixture()
  reads = [
    await fixture.plain({ dataType: 'shop', zone: 'curated', name: 'orders' }, "SELECT i AS id, 'c' || i % 3 AS customer FROM range(50) t(i)"),
    await fixture.plain({ dataType: 'people', zone: 'curated', name: 'customers' }, "SELECT 'c1' AS id, 'Ada' AS name"),
    await fixture.perFile({ dataType: 'shop', zone: 'raw', name: 'orders' }, { 'a.csv': 'SELECT i <> 1 AS ok, i FROM range(3) t(i)' }),
  ]
})
afterAll(() => fixture[Symbol.asyncDispose]())

async function query(sql: string, { limit = 100, timeoutMs = 10_000, signal = new AbortController().signal } = {}): ReturnType<typeof queryRows> {
  return queryRows({ sql, reads, defaultDataType: 'shop', limit, timeoutMs }, fixture.init, signal)
}

async function rowsOf(sql: string, limit = 100): Promise<unknown> {
  return JSON.parse((await query(sql, { limit })).rowsJson)
}

describe('the sandbox', () => {
  it('answers a SELECT over datasets by their full and short names', async () => {
    const answer = await query('SELECT o.id, c.name FROM curated.orders o JOIN people.curated.customers c ON c.id = o.customer ORDER BY 1 DESC LIMIT 2; -- done')
    expect(JSON.parse(answer.rowsJson)).toEqual([['49', 'Ada'], ['46', 'Ada']])
    expect(answer.columns.map(({ name, type }) => [name, type])).toEqual([['id', 'BIGINT'], ['name', 'VARCHAR']])
    expect(answer).toMatchObject({ rowCount: 2, truncated: false })
  })

  it('says when there were more rows than asked for', async () => {
    expect(await query('FROM curated.orders', { limit: 50 })).toMatchObject({ rowCount: 50, truncated: false })
    expect(await query('FROM curated.orders', { limit: 49 })).toMatchObject({ rowCount: 49, truncated: true })
  })

  it('keeps columns that are called alike apart, and provenance computed', async () => {
    expect(await rowsOf('SELECT 1 AS a, 2 AS a, 3 AS "A"')).toEqual([[1, 2, 3]])
    expect(await rowsOf('SELECT i, _record FROM raw.orders')).toEqual([['0', '1'], ['2', '3']])
  })

  it.each([
    'WITH t AS (SELECT 1 AS x) SELECT * FROM t',
    'VALUES (1)',
    'SUMMARIZE curated.orders',
    "PIVOT curated.orders ON customer IN ('c0', 'c1') USING count(*)",
    'SELECT unnest([1, 2])',
    '(SELECT 1) UNION ALL SELECT 2',
  ])('runs %s', async (sql) => {
    expect((await query(sql)).rowCount).toBeGreaterThan(0)
  })

  it('refuses everything but one SELECT over datasets, and leaves every file as it was', async () => {
    const part = reads[0]?.parts[0]?.path ?? ''
    const before = readFileSync(part)
    const files = readdirSync(fixture.dir)
    const target = join(fixture.dir, 'stolen.csv')
    const attacks = [
      `COPY (SELECT 1) TO '${part}' (FORMAT parquet, use_tmp_file false)`,
      `COPY curated.orders TO '${target}'`,
      `ATTACH '${target}' AS other`,
      'SET memory_limit = \'20GB\'',
      'CREATE TABLE x AS SELECT 1',
      'SELECT 1; SELECT 2',
      `SELECT * FROM read_csv('/etc/passwd')`,
      `SELECT * FROM '/etc/passwd'`,
      `SELECT * FROM read_text('${part}')`,
      `SELECT * FROM enable_logging(storage = 'file', storage_path = '${target}')`,
      `FROM query('SELECT 1')`,
      `FROM glob('${fixture.dir}/*')`,
      'INSTALL httpfs',
      'PRAGMA database_list',
      'FROM duckdb_settings()',
    ]
    for (const sql of attacks) await expect(query(sql), sql).rejects.toMatchObject({ problem: { code: 'SQL_REFUSED' } })
    expect(readFileSync(part)).toEqual(before)
    expect(readdirSync(fixture.dir)).toEqual(files)
    expect(existsSync(target)).toBe(false)
  })

  it('places a mistake in the text as it was typed, with the nearest name', async () => {
    await expect(query('SELECT id,\n  custmer FROM curated.orders')).rejects.toMatchObject({
      problem: { code: 'SQL_FAILED', details: { line: 2, column: 3, offset: 13 }, hint: expect.stringMatching(/customer/) },
    })
    await expect(query("SELECT 'ü' AS ö,\n  nope(id) FROM curated.orders")).rejects.toMatchObject({ problem: { code: 'SQL_FAILED', details: { line: 2, column: 3 } } })
    await expect(query('SELECT id FORM curated.orders')).rejects.toMatchObject({ problem: { code: 'SQL_FAILED', details: { line: 1 } } })
    await expect(query('SELECT id\nFROM curated.order')).rejects.toMatchObject({
      problem: { code: 'SQL_FAILED', details: { line: 2, column: 6 }, hint: 'Did you mean shop.curated.orders?' },
    })
    await expect(query('SELECT CAST(customer AS INTEGER) FROM curated.orders')).rejects.toMatchObject({
      problem: { code: 'SQL_FAILED', message: expect.stringMatching(/Could not convert string 'c0'/) },
    })
    await expect(query('SELECT $1')).rejects.toMatchObject({ problem: { code: 'SQL_FAILED' } })
  })

  it('stops at its time limit, and at once when cancelled', async () => {
    const endless = 'SELECT sum(a.range * b.range) FROM range(10000000) a, range(10000000) b'
    await expect(query(endless, { timeoutMs: 150 })).rejects.toMatchObject({ problem: { code: 'TIMEOUT' } })
    const stop = new AbortController()
    const given = query(endless, { signal: stop.signal })
    setTimeout(() => stop.abort(), 100)
    await expect(given).rejects.toThrow(/abort|cancel/i)
  })

  it('says so when a query needs more memory than it may have', async () => {
    await expect(query('SELECT list(i) FROM range(200000000) t(i)')).rejects.toMatchObject({ problem: { code: 'OUT_OF_MEMORY' } })
  })
})

import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { OpOutput, SeenSource } from '../../workers/wire.ts'
import { readPage } from '../read-page.ts'
import { seenColumns } from '../seen-columns.ts'
import { createPlacedRows } from '../placed-rows.ts'
import { createVersionFixture, type VersionFixture } from '../version-fixture.ts'
import { storeResult } from './store-result.ts'

let fixture: VersionFixture
let reads: SeenSource[]
let files = 0

beforeAll(async () => {
  fixture = await createVersionFixture()
  reads = [await fixture.plain({ dataType: 'shop', zone: 'curated', name: 'orders' }, 'SELECT i AS id, md5(i::VARCHAR) AS code FROM range(5000) t(i)')]
})
afterAll(() => fixture[Symbol.asyncDispose]())

interface Stored extends OpOutput<'sandbox', 'store'> {
  path: string
}

async function store(sql: string, { limit = null as number | null, maxBytes = 2 ** 30 } = {}): Promise<Stored> {
  const path = join(fixture.dir, `result-${files++}.parquet`)
  return { ...(await storeResult({ sql, reads, defaultDataType: 'shop', timeoutMs: 10_000, limit, path, maxBytes }, fixture.context)), path }
}

/** The rows as the grid gets them. */
async function rowsOf({ path, columns, rowCount }: Stored, sort: { column: string; direction: 'asc' | 'desc' }[] = []): Promise<unknown[][]> {
  const source: SeenSource = { dataset: { dataType: 'query', zone: 'results', name: 'result' }, layout: 'plain', columns: seenColumns(columns, []), parts: [{ path, rowCount, file: null }], rowCount, rejectsPath: null }
  const page = await readPage(fixture.duck, { source, columns: null, sort, filter: [], offset: 0, limit: 100 }, { placedRows: createPlacedRows({ open: () => fixture.duck.another(), log: expect.unreachable }), signal: fixture.context.signal })
  return JSON.parse(page.rowsJson)
}

describe('a stored result', () => {
  it('holds the rows in the order of the statement, and is read like a version', async () => {
    const stored = await store('SELECT id, code FROM curated.orders WHERE id < 300 ORDER BY id DESC')
    expect(stored).toMatchObject({ rowCount: 300, isCut: false })
    expect((await rowsOf(stored))[0]?.[0]).toBe('299')
    expect((await rowsOf(stored, [{ column: 'id', direction: 'asc' }]))[0]?.[0]).toBe('0')
  })

  it('ends at the limit and says so, also where the limit is all there is', async () => {
    expect(await store('FROM curated.orders', { limit: 5_000 })).toMatchObject({ rowCount: 5_000, isCut: false })
    const cut = await store('SELECT id FROM curated.orders', { limit: 4_999 })
    expect(cut).toMatchObject({ rowCount: 4_999, isCut: true })
    expect((await rowsOf(cut, [{ column: 'id', direction: 'desc' }]))[0]).toEqual(['4998'])
    expect(await store('WITH RECURSIVE t(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM t) FROM t', { limit: 10 })).toMatchObject({ rowCount: 10, isCut: true })
  })

  it('gives columns that are called alike names of their own', async () => {
    const stored = await store('SELECT 1 AS a, 2 AS a, 3 AS "A", 4 AS a_2')
    expect(stored.columns.map(({ name }) => name)).toEqual(['a', 'a_1', 'A_2', 'a_2_1'])
    expect(await rowsOf(stored)).toEqual([[1, 2, 3, 4]])
  })

  it('loses no digit and no value of types that Parquet does not have', async () => {
    const stored = await store(`SELECT 12345678901234567890123456789012345678::HUGEINT AS huge, sum(id) AS total, INTERVAL '1 month 2 days 3 us' AS span, 'b'::ENUM('a', 'b') AS word,
      340282366920938463463374607431768211455::UHUGEINT AS unsigned, '1011'::BIT AS bits, '10:00:00+02'::TIMETZ AS zoned, TIME_NS '10:00:00.123456789' AS nanos,
      [12345678901234567890123456789012345678::HUGEINT] AS list, {'a': INTERVAL 1 DAY, 'b': 1.50::DECIMAL(9, 2)} AS struct, union_value(n := 7) AS either, NULL AS nothing, 123.45::DECIMAL(9, 2) AS amount
      FROM curated.orders`)
    expect(await rowsOf(stored)).toEqual([[
      '12345678901234567890123456789012345678', '12497500', '1 month 2 days 00:00:00.000003', 'b', '340282366920938463463374607431768211455', '1011', '10:00:00+02', '10:00:00.123456789',
      expect.anything(), expect.anything(), '7', null, '123.45',
    ]])
    const { rowsJson } = await readRaw(stored)
    expect(rowsJson).toContain('[12345678901234567890123456789012345678]')
  })

  it('says so where a whole number has more digits than a file can keep', async () => {
    await expect(store('SELECT 170141183460469231731687303715884105727::HUGEINT AS huge')).rejects.toMatchObject({ problem: { code: 'SQL_FAILED' } })
  })

  it('is stopped where it grows too large, and leaves no file', async () => {
    const given = store('SELECT md5(i::VARCHAR) AS code FROM range(60000000) t(i)', { maxBytes: 4_000_000 })
    await expect(given).rejects.toMatchObject({ problem: { code: 'RESULT_TOO_LARGE', message: expect.stringMatching(/larger than 4 MB/) } })
    expect(existsSync(join(fixture.dir, `result-${files - 1}.parquet`))).toBe(false)
  })

  it('places a mistake in the text as it was typed', async () => {
    await expect(store('SELECT id,\n  nothing FROM curated.orders', { limit: 10 })).rejects.toMatchObject({ problem: { code: 'SQL_FAILED', details: { line: 2, column: 3 } } })
    await expect(store('SELECT id,\n  CAST(code AS INTEGER) FROM curated.orders', { limit: 10 })).rejects.toMatchObject({ problem: { code: 'SQL_FAILED' } })
  })
})

async function readRaw({ path, columns, rowCount }: Stored): Promise<{ rowsJson: string }> {
  const source: SeenSource = { dataset: { dataType: 'query', zone: 'results', name: 'result' }, layout: 'plain', columns: seenColumns(columns, []), parts: [{ path, rowCount, file: null }], rowCount, rejectsPath: null }
  return readPage(fixture.duck, { source, columns: null, sort: [], filter: [], offset: 0, limit: 100 }, { placedRows: createPlacedRows({ open: () => fixture.duck.another(), log: expect.unreachable }), signal: fixture.context.signal })
}

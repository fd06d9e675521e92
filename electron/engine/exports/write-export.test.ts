import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createVersionFixture, type VersionFixture } from '../query/version-fixture.ts'
import type { OpInput, OpProgress, SeenSource } from '../workers/wire.ts'
import { writeExport } from './write-export.ts'

const dataset = { dataType: 'shop', zone: 'curated', name: 'orders' } as const
let fixture: VersionFixture
let source: SeenSource
beforeAll(async () => {
  fixture = await createVersionFixture()
  source = await fixture.plain(
    dataset,
    `SELECT 1 AS id, 'plain' AS word, 1.50::DECIMAL(9,2) AS price, [1, 2] AS list`,
    `SELECT * FROM (VALUES (2, 'a,"b"', NULL, NULL), (3, E'two\\nlines ü', 2.00, []), (4, '', 0.10, [3]), (5, NULL, 3.00, [3])) t(id, word, price, list)`,
  )
})
afterAll(() => fixture[Symbol.asyncDispose]())

function wanted(path: string, more: Partial<OpInput<'export', 'write'>> = {}): OpInput<'export', 'write'> {
  return { source, columns: null, sort: [], filter: [], format: 'csv', path: join(fixture.dir, path), ...more }
}

describe('an export', () => {
  it('writes CSV after RFC 4180 in source order, with its hash and size', async () => {
    const input = wanted('all.csv')
    const result = await writeExport(input, fixture.context)
    const text = readFileSync(input.path, 'utf8')
    expect(text).toBe('id,word,price,list\r\n1,plain,1.50,"[1,2]"\r\n2,"a,""b""",,\r\n3,"two\nlines ü",2.00,[]\r\n4,"",0.10,[3]\r\n5,,3.00,[3]\r\n')
    expect(result).toEqual({ rowCount: 5, sizeBytes: Buffer.byteLength(text), sha256: createHash('sha256').update(text).digest('hex') })
  })

  it('writes what the table shows: columns, filter and sort', async () => {
    const input = wanted('some.csv', { columns: ['word', 'id'], filter: [{ column: 'price', op: 'lt', value: 3 }], sort: [{ column: 'price', direction: 'desc' }] })
    expect(await writeExport(input, fixture.context)).toMatchObject({ rowCount: 3 })
    expect(readFileSync(input.path, 'utf8')).toBe('word,id\r\n"two\nlines ü",3\r\nplain,1\r\n"",4\r\n')
  })

  it('writes Parquet with the types of the version', async () => {
    const input = wanted('all.parquet', { format: 'parquet', sort: [{ column: 'id', direction: 'desc' }] })
    const { rowCount } = await writeExport(input, fixture.context)
    expect(rowCount).toBe(5)
    expect(await fixture.duck.describe(`SELECT * FROM '${input.path}'`)).toEqual(source.columns.map(({ isMasked: _isMasked, storedType: _storedType, ...column }) => column))
    expect((await fixture.duck.rows(`SELECT id FROM '${input.path}'`)).map((row) => row['id'])).toEqual([5, 4, 3, 2, 1])
  })

  it('writes the header of a version without rows', async () => {
    const input = wanted('empty.csv', { source: { ...source, parts: [], rowCount: 0 } })
    expect(await writeExport(input, fixture.context)).toMatchObject({ rowCount: 0 })
    expect(readFileSync(input.path, 'utf8')).toBe('id,word,price,list\r\n')
  })

  it('keeps source order over many rows, tells how far it is, and leaves nothing when cancelled', async () => {
    const big = await fixture.plain(dataset, 'SELECT i AS id, md5(i::VARCHAR) AS word FROM range(200000) t(i)', 'SELECT 200000 + i AS id, md5(i::VARCHAR) AS word FROM range(200000) t(i)')
    const seen: OpProgress[] = []
    const input = wanted('big.csv', { source: big })
    await writeExport(input, { ...fixture.context, progress: (progress) => seen.push(progress) })
    expect(seen.at(-1)).toEqual({ share: 1, note: null })
    const [row] = await fixture.duck.rows(`SELECT count(*) FILTER (id <> n) AS wrong, count(*) AS n FROM (SELECT id, row_number() OVER () - 1 AS n FROM read_csv('${input.path}'))`)
    expect(row).toEqual({ wrong: '0', n: '400000' })

    const stop = new AbortController()
    const stopped = wanted('stopped.csv', { source: big, sort: [{ column: 'word', direction: 'asc' }] })
    const given = writeExport(stopped, { ...fixture.context, signal: stop.signal })
    setTimeout(() => stop.abort(), 60)
    await expect(given).rejects.toThrow(/abort|cancel/i)
    expect(existsSync(stopped.path)).toBe(false)
  })
})

import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Duck, openDuck } from '../query/duckdb.ts'
import { hashFile } from './hash-file.ts'
import { copyParquetOptions, describeWritten, MAX_ROWS_TO_HASH } from './write-version.ts'

let dir: string
let duck: Duck
const { signal } = new AbortController()

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'strata-write-version-'))
  duck = await openDuck({ memoryMb: 256, threads: 2, tempDir: dir })
})
afterAll(async () => {
  duck[Symbol.dispose]()
  await rm(dir, { recursive: true })
})

async function written(name: string, select: string, { layout = 'plain', isOrdered = false }: { layout?: 'plain' | 'per_file' | 'stored'; isOrdered?: boolean } = {}) {
  await duck.run(`COPY (${select}) TO '${join(dir, name)}' (${copyParquetOptions})`)
  return describeWritten(duck, { dir, parts: [{ name, file: layout === 'per_file' ? 'a.csv' : null }], layout, isOrdered, signal })
}

describe('describeWritten', () => {
  it('counts rows, hashes bytes and names the columns', async () => {
    const version = await written('a.parquet', "SELECT i AS n, 'x' || i AS t FROM range(1000) r(i)")
    expect(version.rowCount).toBe(1000)
    expect(version.columns.map(({ name, type }) => [name, type])).toEqual([
      ['n', 'BIGINT'],
      ['t', 'VARCHAR'],
    ])
    expect(version.parts[0]).toMatchObject({ name: 'a.parquet', rowCount: 1000, sha256: await hashFile(join(dir, 'a.parquet')) })
  })

  it('adds the provenance columns that are computed when a version of one part a file is read', async () => {
    const version = await written('b.parquet', 'SELECT 1 AS n', { layout: 'per_file' })
    expect(version.columns.map(({ name, type, isProvenance }) => ({ name, type, isProvenance }))).toEqual([
      { name: 'n', type: 'INTEGER', isProvenance: false },
      { name: '_file', type: 'VARCHAR', isProvenance: true },
      { name: '_record', type: 'BIGINT', isProvenance: true },
    ])
  })

  it('hashes content without regard to order, but with regard to values, count, names and types', async () => {
    const base = 'SELECT i AS n, i % 7 AS m FROM range(5000) r(i)'
    const { contentHash } = await written('c.parquet', base)
    expect((await written('d.parquet', `${base} ORDER BY i DESC`)).contentHash).toBe(contentHash)
    const others = [
      'SELECT i AS n, i % 8 AS m FROM range(5000) r(i)',
      `${base} UNION ALL SELECT 0, 0`,
      'SELECT i AS n, i % 7 AS k FROM range(5000) r(i)',
      'SELECT i::INTEGER AS n, i % 7 AS m FROM range(5000) r(i)',
      'SELECT i % 7 AS n, i AS m FROM range(5000) r(i)',
    ]
    for (const select of others) expect((await written('e.parquet', select)).contentHash).not.toBe(contentHash)
  })

  it('hashes a large table whose order its input determines by its bytes', async () => {
    const base = `SELECT i AS n, i % 7 AS m FROM range(${MAX_ROWS_TO_HASH + 1}) r(i)`
    const [first, second, other, byRows] = [
      await written('g.parquet', base, { isOrdered: true }),
      await written('h.parquet', base, { isOrdered: true }),
      await written('i.parquet', base.replace('% 7', '% 8'), { isOrdered: true }),
      await written('j.parquet', base),
    ]
    expect(second.contentHash).toBe(first.contentHash)
    expect(other.contentHash).not.toBe(first.contentHash)
    expect(byRows.contentHash).not.toBe(first.contentHash)
  })

  it('describes a version without rows', async () => {
    const version = await written('f.parquet', 'SELECT 1 AS n WHERE false')
    expect(version).toMatchObject({ rowCount: 0, parts: [{ rowCount: 0 }] })
  })
})

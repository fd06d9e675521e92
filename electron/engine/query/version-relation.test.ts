import { mkdtemp, rm, mkdir } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import fc from 'fast-check'
import { toColumn } from '../../../shared/domain/table-query.ts'
import { quoteLiteral } from '../../../shared/domain/naming.ts'
import type { VersionSource } from '../workers/wire.ts'
import { type Duck, openDuck } from './duckdb.ts'
import { numberedRanges, versionRelation } from './version-relation.ts'
import { defineViews } from './view-set.ts'

const dataset = { dataType: 'drugs', zone: 'raw', name: 'products' } as const
let dir: string
let duck: Duck

beforeAll(async () => {
  // A folder a person may well have, and that DuckDB would take for a pattern and a partition.
  dir = join(await mkdtemp(join(tmpdir(), 'strata-relation-')), 'year=2024', 'data [1]*?')
  await mkdir(dir, { recursive: true })
  duck = await openDuck({ memoryMb: 256, threads: 2, tempDir: dir })
})
afterAll(async () => {
  duck[Symbol.dispose]()
  await rm(dir, { recursive: true })
})

async function writePart(name: string, select: string): Promise<string> {
  const path = join(dir, name)
  await duck.run(`COPY (${select}) TO ${quoteLiteral(path)} (FORMAT parquet)`)
  return path
}

/** Parts and rejects of files given as the fate of each record: true = loaded. The value of a loaded row is its record number. */
async function rawVersion(id: string, files: boolean[][], knowsRejected: boolean): Promise<VersionSource> {
  const parts: VersionSource['parts'] = []
  for (const [index, records] of files.entries()) {
    const loaded = records.flatMap((ok, i) => (ok ? [i + 1] : []))
    const path = await writePart(`${id}-${index}.parquet`, `SELECT unnest([${loaded.join(',')}]::BIGINT[]) AS truth`)
    const rejected = records.length - loaded.length
    parts.push({ path, rowCount: loaded.length, file: `f'${index}.csv`, ...(knowsRejected ? { rejected } : {}) })
  }
  const rejects = files.flatMap((records, f) => records.flatMap((ok, i) => (ok ? [] : [`(${quoteLiteral(`f'${f}.csv`)}, ${i + 1}::BIGINT, 'x')`])))
  // Two errors of one record are two lines of the rejects.
  const values = [...rejects, ...rejects.slice(0, 1)].join(', ')
  const rejectsPath =
    rejects.length === 0 ? null : await writePart(`${id}-rejects.parquet`, `SELECT * FROM (VALUES ${values}) t(_file, _record, column_name)`)
  return {
    dataset,
    layout: 'per_file',
    columns: [toColumn('truth', 'BIGINT'), toColumn('_file', 'VARCHAR'), toColumn('_record', 'BIGINT')],
    parts,
    rowCount: parts.reduce((sum, part) => sum + part.rowCount, 0),
    rejectsPath,
  }
}

describe('versionRelation', () => {
  it('numbers every loaded row as its record in its file, whatever was rejected before it', async () => {
    let run = 0
    const files = fc.array(fc.array(fc.boolean(), { maxLength: 30 }), { minLength: 1, maxLength: 3 })
    await fc.assert(
      fc.asyncProperty(files, fc.boolean(), async (records, knowsRejected) => {
        const source = await rawVersion(`p${run++}`, records, knowsRejected)
        const expected = records.flatMap((file, f) => file.flatMap((ok, i) => (ok ? [{ truth: String(i + 1), _file: `f'${f}.csv`, _record: String(i + 1) }] : [])))
        expect(await duck.rows(versionRelation(source))).toEqual(expected)
      }),
      { numRuns: 25 },
    )
  })

  it('numbers rows across many buckets and long runs of rejects', async () => {
    const path = await writePart('big.parquet', `SELECT range + 1 AS truth FROM range(20000) WHERE NOT ((range BETWEEN 1500 AND 6000) OR range % 1009 = 0)`)
    const rejectsPath = await writePart('big-rejects.parquet', `SELECT 'a' AS _file, range + 1 AS _record FROM range(20000) WHERE (range BETWEEN 1500 AND 6000) OR range % 1009 = 0`)
    const rowCount = Number((await duck.rows(`SELECT count(*) AS n FROM read_parquet([${quoteLiteral(path.replace(/[[*?]/g, '[$&]'))}])`))[0]?.['n'])
    const source: VersionSource = { dataset, layout: 'per_file', columns: [toColumn('truth', 'BIGINT')], parts: [{ path, rowCount, file: 'a' }], rowCount, rejectsPath }
    const [row] = await duck.rows(`SELECT count(*) AS n, count(*) FILTER (truth <> _record) AS wrong FROM (${versionRelation(source)})`)
    expect(row).toEqual({ n: String(rowCount), wrong: '0' })
    const [part] = source.parts
    if (part === undefined) throw new Error('no part')
    for (const [from, to] of [[0, 10], [1400, 1600], [5000, 5000], [rowCount - 3, rowCount + 9]] as const) {
      const [range] = await duck.rows(`SELECT count(*) AS n, count(*) FILTER (truth <> _record) AS wrong FROM (${numberedRanges(source, [{ part, from, to }])})`)
      expect(range).toEqual({ n: String(Math.min(to, rowCount - 1) - from + 1), wrong: '0' })
    }
  })

  it('still numbers rows when the data has a column called file_row_number', async () => {
    const path = await writePart('hidden.parquet', 'SELECT 70 + range AS file_row_number FROM range(3)')
    const source: VersionSource = { dataset, layout: 'per_file', columns: [toColumn('file_row_number', 'BIGINT')], parts: [{ path, rowCount: 3, file: 'a' }], rowCount: 3, rejectsPath: null }
    expect((await duck.rows(versionRelation(source))).map((row) => row['_record'])).toEqual(['1', '2', '3'])
  })

  it('unites parts by column name', async () => {
    const one = await writePart('one.parquet', 'SELECT 1 AS a')
    const two = await writePart('two.parquet', 'SELECT 2 AS b, 3.5 AS a')
    const columns = [toColumn('a', 'DECIMAL(2,1)'), toColumn('b', 'INTEGER'), toColumn('_file', 'VARCHAR'), toColumn('_record', 'BIGINT')]
    const source: VersionSource = { dataset, layout: 'per_file', columns, parts: [{ path: one, rowCount: 1, file: '1' }, { path: two, rowCount: 1, file: '2' }], rowCount: 2, rejectsPath: null }
    expect(await duck.rows(versionRelation(source))).toEqual([
      { a: '1.0', b: null, _file: '1', _record: '1' },
      { a: '3.5', b: 2, _file: '2', _record: '1' },
    ])
  })

  it('is an empty table of the right types when nothing was written', async () => {
    const columns = [toColumn('a', 'DECIMAL(18,3)'), toColumn('b', 'STRUCT(x INTEGER)[]'), toColumn('c"d', 'DATE')]
    const source: VersionSource = { dataset, layout: 'plain', columns, parts: [], rowCount: 0, rejectsPath: null }
    expect(await duck.describe(versionRelation(source))).toEqual(columns)
    expect(await duck.rows(versionRelation(source))).toEqual([])
    const raw = await duck.describe(versionRelation({ ...source, layout: 'per_file' }))
    expect(raw.slice(3).map(({ name, type }) => [name, type])).toEqual([['_file', 'VARCHAR'], ['_record', 'BIGINT']])
  })
})

describe('defineViews', () => {
  it('makes dataset names work across data types, short ones within the default data type', async () => {
    const path = await writePart('plain.parquet', 'SELECT 1 AS id')
    const plain: VersionSource = { dataset, layout: 'plain', columns: [toColumn('id', 'INTEGER')], parts: [{ path, rowCount: 1, file: null }], rowCount: 1, rejectsPath: null }
    using fresh = await openDuck({ memoryMb: 256, threads: 1, tempDir: dir })
    await defineViews(fresh, [plain, { ...plain, dataset: { dataType: 'trials', zone: 'curated', name: 'products' } }, plain], 'trials')
    expect(await fresh.rows('SELECT a.id FROM drugs.raw.products a JOIN curated.products b USING (id)')).toEqual([{ id: 1 }])
    await expect(fresh.rows('SELECT * FROM raw.products')).rejects.toThrow(/raw/)
  })

  it('accepts an empty set', async () => {
    using fresh = await openDuck({ memoryMb: 256, threads: 1, tempDir: dir })
    await defineViews(fresh, [], null)
    await defineViews(fresh, [], 'drugs')
    expect(await fresh.rows('SELECT current_catalog() AS c')).toEqual([{ c: 'drugs' }])
  })
})

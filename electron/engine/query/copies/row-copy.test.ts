import { readdir, readFile, rm, truncate, utimes, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { SeenSource } from '../../workers/wire.ts'
import { entityRows } from '../entity-rows.ts'
import { createPlacedRows, type PlacedRows } from '../placed-rows.ts'
import { readPage } from '../read-page.ts'
import { createVersionFixture, type VersionFixture } from '../version-fixture.ts'
import { copyRows } from './copy-rows.ts'
import { findKey, keyFile, writeKeyFile } from './key-file.ts'
import { rowsDir } from './row-copies.ts'
import { openRowCopy } from './row-copy.ts'

let fixture: VersionFixture
beforeAll(async () => {
  fixture = await createVersionFixture()
})
afterAll(() => fixture[Symbol.asyncDispose]())

const NAME = { dataType: 'shop', zone: 'curated', name: 'orders' } as const
const ROOM = 1e9
let copies = 0

const placed = (): PlacedRows => createPlacedRows({ open: () => fixture.duck.another(), log: expect.unreachable })

/** Three parts, with the values that text files get wrong. */
async function orders(): Promise<SeenSource> {
  const part = (from: number, to: number): string => `
    SELECT i AS id, (hash(i) % 100)::INTEGER AS n, CASE i % 5 WHEN 0 THEN NULL WHEN 1 THEN E'two\\nlines, "quoted"\\t\\\\' WHEN 2 THEN 'żółć 🌋' WHEN 3 THEN '' ELSE 'key ' || i % 7 END AS t,
      DATE '2020-01-01' + (i % 400)::INTEGER AS d, [i, NULL] AS list, i / 3.0::DOUBLE AS f
    FROM range(${from}, ${to}) AS r(i)`
  return fixture.plain(NAME, part(0, 40_000), part(40_000, 40_001), part(40_001, 70_003))
}

async function copied(source: SeenSource): Promise<string> {
  const copyDir = path.join(fixture.dir, `copy-${copies++}`)
  const made = await copyRows(fixture.duck, { source, copyDir, mostBytes: ROOM }, { signal: fixture.context.signal, onProgress: () => undefined })
  expect(made).toMatchObject({ sizeBytes: expect.any(Number) })
  return copyDir
}

type Query = Pick<Parameters<typeof readPage>[1], 'sort' | 'filter'>
const page = (source: SeenSource, query: Query & { offset: number; copyDir?: string }, by = placed()) =>
  readPage(fixture.duck, { source, columns: null, limit: 200, ...query }, { placedRows: by, signal: fixture.context.signal })

describe('A copy of the rows of a version', () => {
  it('gives the same pages as the version at every depth, plain, sorted and filtered', async () => {
    const source = await orders()
    const copyDir = await copied(source)
    const queries: Query[] = [
      { sort: [], filter: [] },
      { sort: [{ column: 'n', direction: 'desc' }, { column: 't', direction: 'asc' }], filter: [] },
      { sort: [], filter: [{ column: 'n', op: 'lt', value: '50' }] },
      { sort: [{ column: 'd', direction: 'asc' }], filter: [{ column: 't', op: 'not_null' }] },
    ]
    for (const query of queries) {
      for (const offset of [0, 15, 20_001, 39_900, 69_990, 80_000]) {
        const [plain, fast] = [await page(source, { ...query, offset }), await page(source, { ...query, offset, copyDir })]
        // Not compared as objects, whose difference would be told in megabytes.
        expect(fast.rowsJson === plain.rowsJson && fast.rowCount === plain.rowCount, `${JSON.stringify(query)} from ${offset}`).toBe(true)
      }
    }
    expect(JSON.parse((await page(source, { sort: [], filter: [], offset: 1, copyDir })).rowsJson)[0]).toEqual(['1', expect.any(Number), 'two\nlines, "quoted"\t\\', '2020-01-02', [1, null], expect.any(Number)])
  })

  it('holds computed places of records, and what parts lack', async () => {
    const source = await fixture.perFile(NAME, { 'a.csv': 'SELECT i AS a, i % 3 <> 0 AS ok FROM range(1, 3000) AS r(i)', 'b.csv': 'SELECT i AS a, i + 1 AS b, i % 2 = 0 AS ok FROM range(1, 3000) AS r(i)' })
    const copyDir = await copied(source)
    for (const offset of [0, 1_900, 3_000]) expect(await page(source, { sort: [], filter: [], offset, copyDir })).toEqual(await page(source, { sort: [], filter: [], offset }))
  })

  it('is not made where there is no room for it', async () => {
    const source = await orders()
    const made = await copyRows(fixture.duck, { source, copyDir: path.join(fixture.dir, 'none'), mostBytes: 1_000_000 }, { signal: fixture.context.signal, onProgress: () => undefined })
    expect(made).toEqual({ expectedBytes: expect.any(Number) })
    expect(await openRowCopy(rowsDir(path.join(fixture.dir, 'none')), source)).toBeNull()
  })

  it('is not trusted when it was cut, when it is of another source, or when a part was touched', async () => {
    const source = await orders()
    const copyDir = await copied(source)
    const trusted = () => openRowCopy(rowsDir(copyDir), source)
    expect((await trusted())?.rowCount).toBe(70_003)
    const asMasked = { ...source, columns: source.columns.map((column) => ({ ...column, isMasked: true })) }
    expect(await openRowCopy(rowsDir(copyDir), asMasked)).toBeNull()
    for (const name of await readdir(rowsDir(copyDir))) {
      const file = path.join(rowsDir(copyDir), name)
      const whole = await readFile(file)
      await truncate(file, whole.length - 1)
      expect(await trusted(), name).toBeNull()
      await writeFile(file, whole)
      expect(await trusted(), name).not.toBeNull()
    }
    await utimes(source.parts[1]?.path ?? '', new Date(), new Date(2020, 1))
    expect(await trusted()).toBeNull()
    expect((await page(source, { sort: [], filter: [], offset: 0, copyDir })).rowCount).toBe(200)
  })
})

describe('A copy that is used', () => {
  it('is done without as soon as it is removed or cut', async () => {
    const source = await orders()
    const copyDir = await copied(source)
    const by = placed()
    const query = { sort: [], filter: [], offset: 39_990 }
    const [before, rows] = [await page(source, { ...query, copyDir }, by), path.join(rowsDir(copyDir), 'rows.ndjson')]
    await truncate(rows, 5_000)
    expect((await page(source, { ...query, copyDir }, by)).rowsJson === before.rowsJson).toBe(true)
    await rm(rowsDir(copyDir), { recursive: true })
    expect((await page(source, { ...query, copyDir }, by)).rowsJson === before.rowsJson).toBe(true)
  })
})

describe('The order of a view', () => {
  it('is found again by the next reader, and made anew when its file was cut', async () => {
    const source = await orders()
    const copyDir = path.join(fixture.dir, 'ordered')
    const query = { sort: [{ column: 'n', direction: 'asc' as const }], filter: [], offset: 30_000 }
    const expected = await page(source, query)
    const file = await orderIn(copyDir, () => page(source, { ...query, copyDir }))
    // Without the parts only the kept order can say which rows these are.
    const places = await fixture.duck.rows(`SELECT count(*) AS n, count(DISTINCT (part, "row")) AS different FROM read_parquet('${file}')`)
    expect(places).toEqual([{ n: '70003', different: '70003' }])
    expect(await page(source, { ...query, copyDir })).toEqual(expected)
    await truncate(file, 1_000)
    const told: string[] = []
    const again = createPlacedRows({ open: () => fixture.duck.another(), log: (text) => told.push(text) })
    expect(await page(source, { ...query, copyDir }, again)).toEqual(expected)
    expect(told.join()).toContain('cannot be used')
  })
})

/** The file that appears while somebody reads. */
async function orderIn(copyDir: string, read: () => Promise<unknown>): Promise<string> {
  await read()
  return expect
    .poll(async () => (await readdir(path.join(copyDir, 'orders')).catch(() => [])).filter((name) => name.endsWith('.parquet')), { timeout: 10_000 })
    .toHaveLength(1)
    .then(async () => path.join(copyDir, 'orders', (await readdir(path.join(copyDir, 'orders')))[0] ?? ''))
}

describe('An index of keys', () => {
  it('finds the same rows of every key as a scan, also of keys that are text of any kind, numbers or dates', async () => {
    const source = await orders()
    const copyDir = await copied(source)
    for (const column of ['id', 't', 'd', 'n']) await writeKeyFile(fixture.duck, { source, column, copyDir, signal: fixture.context.signal })
    const look = (keyColumn: string, entityId: string, dir: string | null) =>
      entityRows({ entityId, sources: [{ source, keyColumn, copyDir: dir }], limit: 200 }, { connect: () => fixture.duck.another(), copies: placed(), signal: fixture.context.signal })
    const keys: [string, string][] = [['id', '0'], ['id', '69999'], ['id', '70003'], ['id', '007'], ['t', 'two\nlines, "quoted"\t\\'], ['t', 'żółć 🌋'], ['t', ''], ['t', 'key 3'], ['t', 'nothing'], ['d', '2020-03-01'], ['n', '42']]
    for (const [column, key] of keys) {
      expect(JSON.stringify(await look(column, key, copyDir)) === JSON.stringify(await look(column, key, null)), `${column} = ${key}`).toBe(true)
      expect(findKey(copyDir, { column, key, limit: 200 }), key).not.toBeNull()
    }
    expect((await look('t', 'żółć 🌋', copyDir)).slices[0]?.rowCount).toBe(200)
  })

  it('is not trusted when it was cut', async () => {
    const source = await orders()
    const copyDir = await copied(source)
    await writeKeyFile(fixture.duck, { source, column: 'id', copyDir, signal: fixture.context.signal })
    const whole = await readFile(keyFile(copyDir, 'id'))
    for (const size of [0, 44, whole.length - 44, whole.length - 1]) {
      await writeFile(keyFile(copyDir, 'id'), whole.subarray(0, size))
      expect(findKey(copyDir, { column: 'id', key: '5', limit: 10 }), String(size)).toBeNull()
    }
    expect(findKey(copyDir, { column: 'n', key: '5', limit: 10 })).toBeNull()
  })
})

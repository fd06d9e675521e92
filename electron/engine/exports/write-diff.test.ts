import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createReader } from '../query/reader.ts'
import { createVersionFixture, type VersionFixture } from '../query/version-fixture.ts'
import type { DiffSpec, OpInput } from '../workers/wire.ts'
import { writeDiff } from './write-diff.ts'

const dataset = { dataType: 'shop', zone: 'curated', name: 'orders' } as const
let fixture: VersionFixture
let reader: ReturnType<typeof createReader>
let files = 0

beforeAll(async () => {
  fixture = await createVersionFixture()
  reader = createReader(() => Promise.resolve({ line: null }))
})
afterAll(() => fixture[Symbol.asyncDispose]())

async function wanted(before: string, after: string, { key = ['id'], ...more }: { key?: string[] } & Partial<OpInput<'export', 'writeDiff'>> = {}): Promise<OpInput<'export', 'writeDiff'>> {
  const spec: DiffSpec = { before: await fixture.plain(dataset, before), after: await fixture.plain(dataset, after), key, masked: [], isUnique: { before: false, after: false } }
  const format = more.format ?? 'csv'
  return { ...spec, kinds: ['changed', 'added', 'removed'], format, path: join(fixture.dir, `diff-${(files += 1)}.${format}`), ...more }
}

const rows = (...values: string[]): string => `SELECT * FROM (VALUES ${values.join(', ')}) t(id, name, price)`
const BEFORE = rows(`(1, 'a', 1.5)`, `(2, 'b', 2.5)`, `(3, 'c', NULL)`, `(9, 'same', 9.0)`)
const AFTER = rows(`(2, 'B', 2.0)`, `(3, 'c', 3.5)`, `(4, 'd', 4.5)`, `(9, 'same', 9.0)`)

describe('an export of differences', () => {
  it('has a line for each side of a row, and says which and what changed', async () => {
    const input = await wanted(BEFORE, AFTER)
    const result = await writeDiff(input, fixture.context)
    const text = readFileSync(input.path, 'utf8')
    expect(text.split('\r\n')).toEqual([
      '_change,_changed,id,name,price',
      'before,"name, price",2,b,2.5', 'after,"name, price",2,B,2.0',
      'before,price,3,c,', 'after,price,3,c,3.5',
      'added,,4,d,4.5',
      'removed,,1,a,1.5',
      '',
    ])
    expect(result).toEqual({ rowCount: 6, sizeBytes: Buffer.byteLength(text), sha256: createHash('sha256').update(text).digest('hex') })
  })

  it('is narrowed to kinds, and an export of nothing has its header', async () => {
    const input = await wanted(BEFORE, AFTER, { kinds: ['removed'] })
    await writeDiff(input, fixture.context)
    expect(readFileSync(input.path, 'utf8')).toBe('_change,_changed,id,name,price\r\nremoved,,1,a,1.5\r\n')
    const same = await wanted(AFTER, AFTER)
    expect(await writeDiff(same, fixture.context)).toMatchObject({ rowCount: 0 })
    expect(readFileSync(same.path, 'utf8')).toBe('_change,_changed,id,name,price\r\n')
  })

  it('compares whole rows without a key', async () => {
    const input = await wanted(BEFORE, AFTER, { key: [] })
    await writeDiff(input, fixture.context)
    expect(readFileSync(input.path, 'utf8').match(/^(added|removed),,/gm)).toHaveLength(6)
  })

  it('writes Parquet with the columns of both versions, and their types where they are the same', async () => {
    const input = await wanted("SELECT 1 AS id, 5 AS amount, 'x' AS gone, 'word' AS turned", "SELECT 1 AS id, 6 AS amount, DATE '2026-01-02' AS fresh, 7 AS turned", { format: 'parquet' })
    expect(await writeDiff(input, fixture.context)).toMatchObject({ rowCount: 2 })
    expect((await fixture.duck.describe(`SELECT * FROM '${input.path}'`)).map(({ name, type }) => `${name} ${type}`)).toEqual([
      '_change VARCHAR', '_changed VARCHAR', 'id INTEGER', 'amount INTEGER', 'fresh DATE', 'turned VARCHAR', 'gone VARCHAR',
    ])
    expect(await fixture.duck.rows(`SELECT _change, amount, turned, gone FROM '${input.path}'`)).toEqual([
      { _change: 'before', amount: 5, turned: 'word', gone: 'x' },
      { _change: 'after', amount: 6, turned: '7', gone: null },
    ])
  })

  it('gives way to a column of the data that is called like its own', async () => {
    const input = await wanted("SELECT 1 AS id, 'a' AS _change", "SELECT 1 AS id, 'b' AS _change")
    await writeDiff(input, fixture.context)
    expect(readFileSync(input.path, 'utf8')).toBe('__change,_changed,id,_change\r\nbefore,_change,1,a\r\nafter,_change,1,b\r\n')
  })

  it('holds as many lines as the diff counts, whatever the rows', async () => {
    const row = fc.tuple(fc.integer({ min: 0, max: 12 }), fc.constantFrom("'a'", "'b'", 'NULL'), fc.constantFrom('1.0', '2.0', 'NULL')).map((cells) => `(${cells.join(', ')})`)
    const table = fc.array(row, { minLength: 1, maxLength: 12 })
    await fc.assert(
      fc.asyncProperty(table, table, fc.constantFrom<string[][]>(['id'], []), async (before, after, key) => {
        const input = await wanted(rows(...before, '(99, NULL, NULL)'), rows(...after, '(99, NULL, NULL)'), { key })
        const { added, removed, changed } = await reader.diff(input, fixture.context)
        expect((await writeDiff(input, fixture.context)).rowCount).toBe(added + removed + 2 * changed)
      }),
      { numRuns: 25 },
    )
  })
})

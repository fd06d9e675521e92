import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { DiffKind } from '../../../shared/contract/compare.contract.ts'
import type { DiffSpec, SeenSource } from '../workers/wire.ts'
import { createReader } from './reader.ts'
import { createVersionFixture, type VersionFixture } from './version-fixture.ts'

const dataset = { dataType: 'shop', zone: 'curated', name: 'orders' } as const
const NOT_KNOWN = { before: false, after: false }
let fixture: VersionFixture
let reader: ReturnType<typeof createReader>

beforeAll(async () => {
  fixture = await createVersionFixture()
  reader = createReader(() => Promise.resolve({ line: null }))
})
afterAll(() => fixture[Symbol.asyncDispose]())

async function specOf(before: string | string[], after: string | string[], key: string[]): Promise<DiffSpec> {
  const version = (selects: string | string[]): Promise<SeenSource> => fixture.plain(dataset, ...[selects].flat())
  return { before: await version(before), after: await version(after), key, masked: [], isUnique: NOT_KNOWN }
}

const counts = (spec: DiffSpec) => reader.diff(spec, fixture.context)

async function page(spec: DiffSpec, kind: DiffKind, { offset = 0, limit = 100 } = {}): Promise<unknown> {
  const { rowsJson } = await reader.diffPage({ ...spec, kind, offset, limit }, fixture.context)
  return JSON.parse(rowsJson)
}

const rows = (...values: string[]): string => `SELECT * FROM (VALUES ${values.join(', ')}) t(id, name, price)`

describe('a diff by key', () => {
  it('counts added, removed and changed rows, and the columns that changed', async () => {
    const spec = await specOf(rows(`(1, 'a', 1.5)`, `(2, 'b', 2.5)`, `(3, 'c', NULL)`), rows(`(2, 'B', 2.5)`, `(3, 'c', 3.5)`, `(4, 'd', 4.5)`), ['id'])
    expect(await counts(spec)).toEqual({ added: 1, removed: 1, changed: 2, changedColumns: [{ column: 'name', count: 1 }, { column: 'price', count: 1 }], duplicates: null })
    expect(await page(spec, 'changed')).toEqual([[[2, 'b', '2.5'], [2, 'B', '2.5'], [1]], [[3, 'c', null], [3, 'c', '3.5'], [2]]])
    expect(await page(spec, 'added')).toEqual([[null, [4, 'd', '4.5'], []]])
    expect(await page(spec, 'removed')).toEqual([[[1, 'a', '1.5'], null, []]])
  })

  it('takes NULL for a value like any other, in keys and beside them', async () => {
    const spec = await specOf(rows(`(NULL, 'a', 1)`, `(1, NULL, 1)`), rows(`(NULL, 'b', 1)`, `(1, NULL, 1)`), ['id'])
    expect(await counts(spec)).toMatchObject({ added: 0, removed: 0, changed: 1 })
  })

  it('compares floats as stored, and NaN with NaN', async () => {
    const select = (price: string): string => `SELECT 1 AS id, ${price}::DOUBLE AS price, 'NaN'::DOUBLE AS other`
    expect(await counts(await specOf(select('0.3'), select('(0.1::DOUBLE + 0.2::DOUBLE)'), ['id']))).toMatchObject({ changed: 1, changedColumns: [{ column: 'price', count: 1 }] })
    expect(await counts(await specOf(select('0.3'), select('0.3'), ['id']))).toMatchObject({ changed: 0 })
  })

  it('sees values that only changed places', async () => {
    const spec = await specOf(`SELECT 1 AS id, 'x' AS a, 'y' AS b`, `SELECT 1 AS id, 'y' AS a, 'x' AS b`, ['id'])
    expect(await counts(spec)).toMatchObject({ changed: 1 })
  })

  it('leaves columns of one side alone, and compares a column of another type by its value', async () => {
    const spec = await specOf(`SELECT 1 AS id, 7 AS n, 'gone' AS old, DATE '2024-01-01' AS day`, `SELECT 1 AS id, 7::BIGINT AS n, 'new' AS fresh, '2024-01-02' AS day`, ['id'])
    expect(await counts(spec)).toMatchObject({ changed: 1, changedColumns: [{ column: 'day', count: 1 }] })
    expect(await page(spec, 'changed')).toEqual([[[1, 7, 'gone', '2024-01-01'], [1, '7', 'new', '2024-01-02'], [3]]])
  })

  it('says that a key is not unique, and still matches what is equal', async () => {
    const spec = await specOf(rows(`(1, 'a', 1)`, `(1, 'b', 1)`, `(2, 'c', 1)`), rows(`(1, 'b', 1)`, `(1, 'a', 1)`, `(2, 'c', 2)`), ['id'])
    expect(await counts(spec)).toMatchObject({ added: 0, removed: 0, changed: 1, duplicates: { before: 1, after: 1, example: '1' } })
  })

  it('names the nearest column when the key is misspelt', async () => {
    const spec = await specOf(rows(`(1, 'a', 1)`), rows(`(1, 'a', 1)`), ['nane'])
    await expect(counts(spec)).rejects.toMatchObject({ problem: { code: 'BAD_INPUT', hint: 'Did you mean "name"?' } })
  })
})

describe('a diff of whole rows', () => {
  it('counts copies', async () => {
    const spec = await specOf(rows(`(1, 'a', 1)`, `(1, 'a', 1)`, `(1, 'a', 1)`, `(2, 'b', 1)`), rows(`(1, 'a', 1)`, `(3, 'c', 1)`, `(3, 'c', 1)`), [])
    expect(await counts(spec)).toMatchObject({ added: 2, removed: 3, changed: 0 })
    expect(await page(spec, 'added')).toEqual([[null, [3, 'c', 1], []], [null, [3, 'c', 1], []]])
    expect(await page(spec, 'removed')).toHaveLength(3)
  })
})

describe('pages of a diff', () => {
  it('never overlap and leave nothing out, across parts', async () => {
    const part = (from: number, to: number, name: string): string => `SELECT i AS id, '${name}' AS name FROM range(${from}, ${to}) t(i)`
    const spec = await specOf([part(0, 50, 'a'), part(50, 100, 'a')], [part(30, 60, 'b'), part(60, 130, 'b')], ['id'])
    const pages = await Promise.all([0, 30, 60, 90].map((offset) => page(spec, 'changed', { offset, limit: 30 })))
    const ids = pages.flat().map((row) => (Array.isArray(row) && Array.isArray(row[1]) ? Number(row[1][0]) : Number.NaN))
    expect(ids).toEqual(Array.from({ length: 70 }, (_, index) => index + 30))
    expect(await counts(spec)).toMatchObject({ added: 30, removed: 30, changed: 70 })
  })

  it('agrees with a diff by hand over random tables', async () => {
    const table = fc.uniqueArray(fc.tuple(fc.integer({ min: 0, max: 12 }), fc.constantFrom('x', 'y', null)), { selector: ([id]) => id, maxLength: 10 })
    await fc.assert(
      fc.asyncProperty(table, table, async (before, after) => {
        const select = (values: typeof before): string =>
          values.length === 0
            ? `SELECT 0 AS id, '' AS name WHERE false`
            : `SELECT * FROM (VALUES ${values.map(([id, name]) => `(${id}, ${name === null ? 'NULL::VARCHAR' : `'${name}'`})`).join(', ')}) t(id, name)`
        const old = new Map(before)
        const fresh = new Map(after)
        expect(await counts(await specOf(select(before), select(after), ['id']))).toMatchObject({
          added: after.filter(([id]) => !old.has(id)).length,
          removed: before.filter(([id]) => !fresh.has(id)).length,
          changed: after.filter(([id, name]) => old.has(id) && old.get(id) !== name).length,
        })
      }),
      { numRuns: 25 },
    )
  })
})

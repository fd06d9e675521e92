import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Filter, Sort } from '../../../shared/domain/table-query.ts'
import type { SeenSource } from '../workers/wire.ts'
import { rangesOf } from './read-page.ts'
import { createReader } from './reader.ts'
import { createVersionFixture, type VersionFixture } from './version-fixture.ts'

const dataset = { dataType: 'shop', zone: 'raw', name: 'orders' } as const
let fixture: VersionFixture
let reader: ReturnType<typeof createReader>
const sources = new Map<string, SeenSource>()

/** 23 records over two files; every fifth of a file is rejected. `id` counts the loaded rows. */
const FILES = {
  'a.csv': `SELECT i % 5 <> 0 AS ok, i AS n, ['x', 'y', NULL][i % 3 + 1] AS word, (i / 4)::DECIMAL(9,2) AS price, DATE '2024-01-01' + i::INTEGER AS day FROM range(1, 14) t(i)`,
  'b.csv': `SELECT i % 5 <> 0 AS ok, i AS n, ['x', 'Y%', ''][i % 3 + 1] AS word, (i / 8)::DECIMAL(9,2) AS price, DATE '2024-02-01' + i::INTEGER AS day FROM range(1, 11) t(i)`,
}
/** The same loaded rows for a layout that knows of no files. */
const PLAIN = Object.values(FILES).map((select) => `SELECT * EXCLUDE (ok) FROM (${select}) WHERE ok ORDER BY n`)

beforeAll(async () => {
  fixture = await createVersionFixture()
  reader = createReader(() => Promise.resolve({ line: null }))
  sources.set('plain', await fixture.plain(dataset, ...PLAIN))
  sources.set('per_file', await fixture.perFile(dataset, FILES))
  sources.set('stored', await fixture.stored(dataset, FILES))
})
afterAll(() => fixture[Symbol.asyncDispose]())

interface Wanted {
  columns?: string[]
  sort?: Sort[]
  filter?: Filter[]
  offset?: number
  limit?: number
}

async function page(source: SeenSource, { columns, sort = [], filter = [], offset = 0, limit = 100 }: Wanted): Promise<unknown[][]> {
  const answer = await reader.page({ source, columns: columns ?? null, sort, filter, offset, limit }, fixture.context)
  const rows: unknown = JSON.parse(answer.rowsJson)
  if (!Array.isArray(rows)) throw new Error('not an array')
  expect(rows).toHaveLength(answer.rowCount)
  return rows
}

async function numbers(source: SeenSource, wanted: Wanted): Promise<unknown[]> {
  return (await page(source, { ...wanted, columns: ['n'] })).map(([n]) => Number(n))
}

describe.each(['plain', 'per_file', 'stored'])('a page of a version laid out as %s', (layout) => {
  let source: SeenSource
  beforeAll(() => {
    const made = sources.get(layout)
    if (made === undefined) throw new Error(layout)
    source = made
  })

  it('gives rows in source order, from any offset and across parts', async () => {
    const all = await numbers(source, {})
    expect(all).toEqual([1, 2, 3, 4, 6, 7, 8, 9, 11, 12, 13, 1, 2, 3, 4, 6, 7, 8, 9])
    expect(await numbers(source, { offset: 9, limit: 5 })).toEqual(all.slice(9, 14))
    expect(await numbers(source, { offset: 19, limit: 5 })).toEqual([])
  })

  it.runIf(layout !== 'plain')('knows file and record of every row', async () => {
    const rows = await page(source, { columns: ['_file', '_record', 'n'] })
    expect(rows.every(([, record, n]) => record === n)).toBe(true)
    expect(new Set(rows.map(([file]) => file))).toEqual(new Set(['a.csv', 'b.csv']))
    expect(await page(source, { columns: ['_record'], filter: [{ column: '_file', op: 'eq', value: 'b.csv' }], sort: [{ column: '_record', direction: 'desc' }], limit: 2 })).toEqual([['9'], ['8']])
  })

  it('sorts with rows without a value last, ties in source order', async () => {
    const rows = await page(source, { columns: ['word', 'n'], sort: [{ column: 'word', direction: 'desc' }] })
    expect(rows.slice(0, 4)).toEqual([['y', '1'], ['y', '4'], ['y', '7'], ['y', '13']])
    expect(rows.slice(-3)).toEqual([[null, '2'], [null, '8'], [null, '11']])
  })

  it('filters by value, range, set, text and absence', async () => {
    expect(await numbers(source, { filter: [{ column: 'price', op: 'between', from: '0.75', to: 1 }] })).toEqual([3, 4, 6, 7, 8])
    expect(await numbers(source, { filter: [{ column: 'day', op: 'lt', value: '2024-01-04' }] })).toEqual([1, 2])
    expect(await numbers(source, { filter: [{ column: 'n', op: 'in', values: [3, '4'] }] })).toEqual([3, 4, 3, 4])
    expect(await numbers(source, { filter: [{ column: 'word', op: 'contains', value: 'y%' }] })).toEqual([1, 4, 7])
    expect(await numbers(source, { filter: [{ column: 'word', op: 'is_null' }] })).toEqual([2, 8, 11])
    expect(await numbers(source, { filter: [{ column: 'n', op: 'le', value: 1.5 }] })).toEqual([1, 1])
  })

  it('counts what the filter lets through', async () => {
    const filter: Filter[] = [{ column: 'n', op: 'gt', value: 9 }]
    expect(await reader.count({ source, filter }, fixture.context)).toEqual({ count: 3 })
    expect(await reader.count({ source, filter: [] }, fixture.context)).toEqual({ count: 19 })
  })

  it('refuses an unknown column and a value of another type, and says what to write', async () => {
    await expect(page(source, { sort: [{ column: 'pric', direction: 'asc' }] })).rejects.toMatchObject({ problem: { code: 'BAD_INPUT', hint: 'Did you mean "price"?' } })
    await expect(page(source, { filter: [{ column: 'day', op: 'eq', value: 'soon' }] })).rejects.toMatchObject({ problem: { code: 'BAD_INPUT', details: { column: 'day', value: 'soon' } } })
    await expect(page(source, { filter: [{ column: 'n', op: 'gt', value: 'many' }] })).rejects.toMatchObject({ problem: { code: 'BAD_INPUT' } })
  })
})

describe('a page of a large version', () => {
  const large = async (columns: string): Promise<SeenSource> => fixture.plain(dataset, ...[[0, 60_000], [60_000, 60_001], [60_001, 130_000]].map(([from, to]) => `SELECT ${columns} FROM range(${from}, ${to}) AS r(i)`))

  it('has the cells of its columns in their order, whoever read them', async () => {
    const source = await large(`i, 'text, "' || i AS a, i % 3 = 0 AS b, [i, NULL] AS c, NULL::VARCHAR AS d, DATE '2024-01-01' + (i % 100)::INTEGER AS e, 'z' || i AS f`)
    for (const offset of [0, 59_950, 129_990, 130_000]) {
      const rows = await page(source, { offset, limit: 100 })
      expect(rows).toHaveLength(Math.min(100, 130_000 - offset))
      for (const [index, row] of rows.entries()) {
        const i = offset + index
        expect(row).toEqual([String(i), `text, "${i}`, i % 3 === 0, [i, null], null, new Date(Date.UTC(2024, 0, 1 + (i % 100))).toISOString().slice(0, 10), `z${i}`])
      }
    }
  })

  it('is read whole where there are few columns', async () => {
    expect(await page(await large("i, 'x' AS a"), { offset: 60_000, limit: 2 })).toEqual([['60000', 'x'], ['60001', 'x']])
  })

  it('stops when it is not wanted', async () => {
    const stop = new AbortController()
    const asked = reader.page({ source: await large('i, i AS a, i AS b, i AS c'), columns: null, sort: [], filter: [], offset: 100, limit: 200 }, { ...fixture.context, signal: stop.signal })
    stop.abort()
    await expect(asked).rejects.toMatchObject({ problem: { code: 'CANCELLED' } })
  })
})

describe('entity rows', () => {
  it('finds one entity in several sources, whatever the type of the key', async () => {
    const plain = sources.get('plain')
    const perFile = sources.get('per_file')
    if (plain === undefined || perFile === undefined) throw new Error('no sources')
    const wanted = [{ source: plain, keyColumn: 'n' }, { source: perFile, keyColumn: 'price' }, { source: perFile, keyColumn: 'word' }]
    const { slices } = await reader.entityRows({ entityId: '2', sources: wanted, limit: 10 }, fixture.context)
    expect(slices.map((slice) => slice.rowCount)).toEqual([2, 0, 0])
    const byPrice = await reader.entityRows({ entityId: '1.00', sources: wanted, limit: 1 }, fixture.context)
    expect(byPrice.slices.map((slice) => slice.rowCount)).toEqual([0, 1, 0])
  })
})

describe('rejects', () => {
  it('pages through the rejected records', async () => {
    const path = sources.get('per_file')?.rejectsPath ?? ''
    const answer = await reader.rejects({ path, offset: 1, limit: 2 }, fixture.context)
    expect(answer.total).toBe(4)
    expect(answer.records).toEqual([
      { file: 'a.csv', record: 10, column: 'a', reason: 'bad', raw: 'x' },
      { file: 'b.csv', record: 5, column: 'a', reason: 'bad', raw: 'x' },
    ])
  })
})

describe('pages of any sort and filter', () => {
  const sortArb = fc.array(fc.record({ column: fc.constantFrom('a', 'b', 'c'), direction: fc.constantFrom<'asc' | 'desc'>('asc', 'desc') }), { maxLength: 2 })
  const filterArb: fc.Arbitrary<Filter> = fc.oneof(
    fc.record({ column: fc.constant('a'), op: fc.constantFrom<'eq' | 'ne' | 'lt' | 'ge'>('eq', 'ne', 'lt', 'ge'), value: fc.integer({ min: -1, max: 4 }) }),
    fc.record({ column: fc.constantFrom('a', 'b'), op: fc.constantFrom<'is_null' | 'not_null'>('is_null', 'not_null') }),
    fc.record({ column: fc.constant('b'), op: fc.constantFrom<'contains' | 'not_contains' | 'starts_with' | 'ends_with'>('contains', 'not_contains', 'starts_with', 'ends_with'), value: fc.constantFrom('', 'a', '%', '\\', "'", '_') }),
  )
  const cell = fc.record({ a: fc.option(fc.integer({ min: 0, max: 3 })), b: fc.option(fc.constantFrom('a', 'A', '%', '', '\\', "it's", '_x')), c: fc.boolean() })
  const literal = (text: string | null): string => (text === null ? 'NULL' : `'${text.replaceAll("'", "''")}'`)

  it('put together are the whole, in order, without overlap', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.array(cell, { maxLength: 12 }), { minLength: 1, maxLength: 3 }), sortArb, fc.array(filterArb, { maxLength: 2 }), fc.integer({ min: 1, max: 7 }), async (parts, sort, filter, limit) => {
        let id = 0
        const selects = parts.map((rows) => {
          const values = rows.map(({ a, b, c }) => `(${id++}, ${a ?? 'NULL'}::INTEGER, ${literal(b)}::VARCHAR, ${c})`)
          return values.length === 0 ? 'SELECT 0 AS id, 0 AS a, NULL::VARCHAR AS b, true AS c WHERE false' : `SELECT * FROM (VALUES ${values.join(', ')}) t(id, a, b, c)`
        })
        const source = await fixture.plain(dataset, ...selects)
        const whole = await page(source, { sort, filter })
        expect(whole.map(([cellId]) => cellId)).toEqual(expectedIds(parts.flat(), sort, filter))
        expect(await reader.count({ source, filter }, fixture.context)).toEqual({ count: whole.length })
        const pieces: unknown[][] = []
        for (let offset = 0; offset < whole.length; offset += limit) pieces.push(...(await page(source, { sort, filter, offset, limit })))
        expect(pieces).toEqual(whole)
      }),
      { numRuns: 30 },
    )
  }, 30_000)

  type Cell = { a: number | null; b: string | null; c: boolean }

  /** What the page should hold, said in JavaScript. */
  function expectedIds(rows: Cell[], sort: Sort[], filter: Filter[]): number[] {
    const kept = rows.map((row, id) => ({ ...row, id })).filter((row) => filter.every((f) => passes(row, f)))
    return kept.toSorted((x, y) => sort.map((s) => compare(x, y, s)).find((order) => order !== 0) ?? x.id - y.id).map((row) => row.id)
  }

  function valueOf(row: Cell, column: string): number | string | boolean | null {
    return column === 'a' ? row.a : column === 'b' ? row.b : row.c
  }

  function compare(x: Cell, y: Cell, { column, direction }: Sort): number {
    const [left, right] = [valueOf(x, column), valueOf(y, column)]
    if (left === right) return 0
    if (left === null) return 1
    if (right === null) return -1
    return left < right === (direction === 'asc') ? -1 : 1
  }

  function passes(row: Cell, f: Filter): boolean {
    if (f.op === 'expression') throw new Error('No expressions are drawn')
    const value = valueOf(row, f.column)
    if (f.op === 'is_null' || f.op === 'not_null') return (value === null) === (f.op === 'is_null')
    if (f.op === 'ne') return value !== f.value
    if (f.op === 'not_contains') return value === null || !String(value).toLowerCase().includes(f.value.toLowerCase())
    if (value === null) return false
    switch (f.op) {
      case 'eq':
        return value === f.value
      case 'lt':
        return value < f.value
      case 'ge':
        return value >= f.value
      case 'contains':
        return String(value).toLowerCase().includes(f.value.toLowerCase())
      case 'starts_with':
        return String(value).toLowerCase().startsWith(f.value.toLowerCase())
      case 'ends_with':
        return String(value).toLowerCase().endsWith(f.value.toLowerCase())
      default:
        throw new Error(f.op)
    }
  }
})

describe('deep in a sort', () => {
  it('keeps the order and reads on from it, for several readers at once', async () => {
    const source = await fixture.plain(dataset, 'SELECT i AS id, hash(i) % 1000 AS key FROM range(30000) t(i)', 'SELECT 30000 + i AS id, hash(i) % 1000 AS key FROM range(5000) t(i)')
    const sort: Sort[] = [{ column: 'key', direction: 'desc' }]
    const top = await page(source, { sort, offset: 9_000, limit: 1_000 })
    const deep = await Promise.all([page(source, { sort, offset: 9_500, limit: 1_000 }), page(source, { sort, offset: 34_900, limit: 200 })])
    expect(deep[0].slice(0, 500)).toEqual(top.slice(500))
    expect(deep[1]).toHaveLength(100)
    const expected = await fixture.duck.rows(`SELECT id FROM read_parquet([${source.parts.map((part) => `'${part.path}'`).join(', ')}]) ORDER BY key DESC, id LIMIT 100 OFFSET 34900`)
    expect(deep[1].map(([id]) => id)).toEqual(expected.map((row) => row['id']))
  })

  it('stops when nobody waits any more, and answers the next one', async () => {
    const source = await fixture.plain(dataset, 'SELECT i AS id, md5(i::VARCHAR) AS key FROM range(400000) t(i)')
    const wanted = { source, columns: null, sort: [{ column: 'key', direction: 'asc' as const }], filter: [], offset: 200_000, limit: 10 }
    const stop = new AbortController()
    const given = reader.page(wanted, { ...fixture.context, signal: stop.signal })
    setTimeout(() => stop.abort(), 30)
    await expect(given).rejects.toThrow(/abort|cancel/i)
    expect((await reader.page(wanted, fixture.context)).rowCount).toBe(10)
  })
})

describe('rangesOf', () => {
  it('covers a page with the fewest rows of the fewest parts', () => {
    const part = (path: string, rowCount: number) => ({ path, rowCount, file: null })
    const parts = [part('a', 3), part('b', 0), part('c', 5)]
    const shown = (offset: number, limit: number) => rangesOf(parts, offset, limit).map(({ part: { path }, from, to }) => `${path}${from}-${to}`)
    expect(shown(0, 2)).toEqual(['a0-1'])
    expect(shown(2, 3)).toEqual(['a2-2', 'c0-1'])
    expect(shown(3, 99)).toEqual(['c0-4'])
    expect(shown(8, 5)).toEqual([])
  })
})

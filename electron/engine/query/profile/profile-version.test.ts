import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Filter } from '../../../../shared/domain/table-query.ts'
import type { MeasuredColumn } from '../../workers/profile.wire.ts'
import type { VersionSource } from '../../workers/wire.ts'
import { compileFilter } from '../filter-sql.ts'
import { versionRelation } from '../version-relation.ts'
import { createVersionFixture, type VersionFixture } from '../version-fixture.ts'
import { profileVersion } from './profile-version.ts'

let fixture: VersionFixture
beforeAll(async () => {
  fixture = await createVersionFixture()
})
afterAll(() => fixture[Symbol.asyncDispose]())

const NAME = { dataType: 'shop', zone: 'curated', name: 'orders' } as const

async function profile(source: VersionSource): Promise<Map<string, MeasuredColumn>> {
  using duck = await fixture.duck.another()
  const columns = await profileVersion(duck, source, { signal: fixture.context.signal, onColumn: () => undefined })
  return new Map(columns.map((column) => [column.column.name, column]))
}

async function of(select: string): Promise<Map<string, MeasuredColumn>> {
  return profile(await fixture.plain(NAME, select))
}

/** Rows that the filter of a bar leaves, as somebody who brushes it asks for them. */
async function rowsOfBin(source: VersionSource, { column, histogram }: MeasuredColumn, bin: number): Promise<number> {
  const [from, to] = [histogram?.edges[bin], histogram?.edges[bin + 1]]
  const last = (histogram?.counts.length ?? 0) - 1
  const filters: Filter[] = [
    ...(bin === 0 || from === undefined ? [] : [{ column: column.name, op: 'ge' as const, value: from }]),
    ...(bin === last || to === undefined ? [] : [{ column: column.name, op: 'lt' as const, value: to }]),
    { column: column.name, op: 'not_null' },
  ]
  const { where } = compileFilter(filters, source.columns)
  const [row] = await fixture.duck.rows(`SELECT count(*) AS n FROM (${versionRelation(source)}) WHERE ${where}`)
  return Number(row?.['n'])
}

describe('the profile of a version', () => {
  it('counts nulls, different values, ends, mean and quantiles of numbers', async () => {
    const column = (await of('SELECT CASE WHEN i % 10 = 0 THEN NULL ELSE i END AS n FROM range(1, 1001) t(i)')).get('n')
    expect(column).toMatchObject({ nulls: 100, distinct: 900, isDistinctExact: true, min: '1', max: '999', mean: 500, notFinite: 0, lengths: null, empty: null, top: null })
    expect(column?.quantiles).toEqual({ at: [0.05, 0.25, 0.5, 0.75, 0.95], values: ['49', '249', '499', '749', '949'], isSampled: false })
    expect(column?.histogram).toMatchObject({ scale: 'linear', isOpen: { below: false, above: false } })
    expect(column?.histogram?.edges.slice(0, 3)).toEqual(['0', '50', '100'])
  })

  it('puts every value into one bar, the one that a filter by its edges gives', async () => {
    const source = await fixture.plain(
      NAME,
      `SELECT i AS whole, (i % 977) / 10.0::DECIMAL(9, 1) AS decimal, sin(i) AS float, (i % 31) / 10::DOUBLE AS tenths, DATE '2021-02-03' + (i % 800)::INTEGER AS day, TIMESTAMP '2021-02-03 04:05:06' + to_seconds(i * 7919) AS time,
        CASE WHEN i % 7 = 0 THEN NULL ELSE exp(i % 20) END AS steep, CASE i % 1000 WHEN 0 THEN 1e9::BIGINT ELSE i % 50 END AS outlier FROM range(5000) t(i)`,
    )
    const columns = [...(await profile(source)).values()]
    for (const column of columns) {
      const counts = column.histogram?.counts ?? []
      expect(counts.length, column.column.name).toBeGreaterThan(5)
      expect(counts.length, column.column.name).toBeLessThanOrEqual(40)
      expect(counts.reduce((sum, n) => sum + n, 0) + column.nulls, column.column.name).toBe(5_000)
      for (const [bin, count] of counts.entries()) expect(await rowsOfBin(source, column, bin), `${column.column.name} bar ${bin}`).toBe(count)
    }
    const shapes = Object.fromEntries(columns.map(({ column, histogram }) => [column.name, [histogram?.scale, histogram?.unit]]))
    expect(shapes).toMatchObject({ whole: ['linear', null], day: ['time', 'month'], time: ['time', 'month'], steep: ['log', null] })
    expect(columns.find(({ column }) => column.name === 'outlier')?.histogram?.isOpen).toEqual({ below: false, above: true })
  })

  it('puts every value into its bar where there are too many to count each of them', async () => {
    const source = await fixture.plain(NAME, `SELECT i * 7 AS whole, i * 7 - 900000 AS signed, TIMESTAMP '2019-12-31 23:59:59.5' + to_seconds(i * 401) AS at, i / 3.0::DOUBLE AS share FROM range(260000) AS r(i)`)
    const columns = await profile(source)
    for (const name of ['whole', 'signed', 'at', 'share']) {
      const column = columns.get(name)
      if (column?.histogram === undefined || column.histogram === null) throw new Error(`${name} has no histogram`)
      expect(column.isDistinctExact, name).toBe(false)
      for (const [bin, count] of column.histogram.counts.entries()) expect(await rowsOfBin(source, column, bin), `${name} ${bin}`).toBe(count)
    }
  }, 30_000)

  it('tells the most frequent values and the lengths of text, and that nothing stands out where all differ', async () => {
    const columns = await of("SELECT CASE WHEN i % 4 = 0 THEN 'b' WHEN i % 4 = 1 THEN '' ELSE 'aa' END AS few, 'id ' || i AS id, i % 2 = 0 AS flag, [1, 2, 3][1:i % 3 + 1] AS list, 'x'::BLOB AS bytes, {'a': i % 2} AS pair FROM range(100) t(i)")
    expect(columns.get('few')).toMatchObject({ top: [{ value: 'aa', isCut: false, count: 50 }, { value: '', isCut: false, count: 25 }, { value: 'b', isCut: false, count: 25 }], lengths: { min: 0, max: 2, mean: 1.25 }, empty: 25, histogram: null, quantiles: null })
    expect(columns.get('id')).toMatchObject({ distinct: 100, top: null, min: 'id 0', max: 'id 99', empty: 0 })
    expect(columns.get('flag')).toMatchObject({ distinct: 2, top: [{ value: 'false', isCut: false, count: 50 }, { value: 'true', isCut: false, count: 50 }], histogram: null })
    expect(columns.get('list')).toMatchObject({ distinct: 3, lengths: { min: 1, max: 3 }, min: null, top: [{ value: '[1]', isCut: false, count: 34 }, expect.anything(), expect.anything()] })
    expect(columns.get('bytes')).toMatchObject({ distinct: 1, lengths: { min: 1, max: 1, mean: 1 } })
    expect(columns.get('pair')).toMatchObject({ distinct: 2, top: [{ value: '{"a":0}', isCut: false, count: 50 }, { value: '{"a":1}', isCut: false, count: 50 }] })
  })

  it('tells the beginning of long values', async () => {
    const columns = await of("SELECT repeat('x', 1000 * (1 + i % 2)) AS long FROM range(10) t(i)")
    expect(columns.get('long')).toMatchObject({ top: [{ value: 'x'.repeat(500), isCut: true, count: 5 }, { isCut: true, count: 5 }], min: 'x'.repeat(500), lengths: { min: 1000, max: 2000, mean: 1500 } })
  })

  it('keeps NaN, infinities and columns without a value apart', async () => {
    const columns = await of("SELECT CASE i WHEN 0 THEN 'nan'::DOUBLE WHEN 1 THEN 'inf'::DOUBLE WHEN 2 THEN '-inf'::DOUBLE WHEN 3 THEN NULL ELSE i END AS x, NULL::INTEGER AS nothing, 5 AS one FROM range(100) t(i)")
    const x = columns.get('x')
    expect(x).toMatchObject({ nulls: 1, notFinite: 3, min: '4.0', max: '99.0', mean: 51.5 })
    expect(x?.histogram?.counts.reduce((sum, n) => sum + n, 0)).toBe(96)
    expect(columns.get('nothing')).toMatchObject({ nulls: 100, distinct: 0, min: null, max: null, mean: null, quantiles: null, histogram: null, top: null })
    expect(columns.get('one')).toMatchObject({ distinct: 1, min: '5', max: '5', histogram: null, top: [{ value: '5', isCut: false, count: 100 }] })
  })

  it('estimates where there is too much to count, and says so', async () => {
    const rows = 300_000
    const source = await fixture.plain(NAME, `SELECT i AS id, 'code ' || i AS code, (i % 40)::TINYINT AS few, TIMESTAMP '2020-01-01' + to_seconds(i) AS at FROM range(${rows}) t(i)`)
    const columns = await profile(source)
    const id = columns.get('id')
    expect(id).toMatchObject({ isDistinctExact: false, min: '0', max: '299999', nulls: 0, top: null })
    expect(Math.abs((id?.distinct ?? 0) / rows - 1)).toBeLessThan(0.1)
    expect(id?.quantiles?.isSampled).toBe(true)
    for (const [i, at] of [0.05, 0.25, 0.5, 0.75, 0.95].entries()) expect(Math.abs(Number(id?.quantiles?.values[i]) / rows - at)).toBeLessThan(0.01)
    expect(id?.histogram?.counts.reduce((sum, n) => sum + n, 0)).toBe(rows)
    expect(id?.mean).toBeCloseTo((rows - 1) / 2)
    expect(columns.get('code')).toMatchObject({ isDistinctExact: false, top: null, lengths: { min: 6, max: 11 } })
    expect(columns.get('few')).toMatchObject({ isDistinctExact: true, distinct: 40, top: expect.arrayContaining([{ value: '0', isCut: false, count: 7_500 }]) })
    expect(columns.get('at')?.histogram?.counts.reduce((sum, n) => sum + n, 0)).toBe(rows)
  })

  it('reads raw versions with rejected records, and leaves out where their rows came from', async () => {
    const source = await fixture.perFile({ dataType: 'shop', zone: 'raw', name: 'orders' }, { 'a.csv': 'SELECT i <> 1 AS ok, i AS n FROM range(30) t(i)', 'b.csv': 'SELECT true AS ok, i AS n FROM range(5) t(i)' })
    const columns = await profile(source)
    expect([...columns.keys()]).toEqual(['n'])
    expect(columns.get('n')).toMatchObject({ min: '0', max: '29', distinct: 30, top: expect.arrayContaining([{ value: '0', isCut: false, count: 2 }]) })
  })

  it('is made of no rows as well', async () => {
    const columns = await of('SELECT 1 AS a, NULL::VARCHAR AS b WHERE false')
    expect(columns.get('a')).toMatchObject({ nulls: 0, distinct: 0, min: null, histogram: null, top: null })
  })
})

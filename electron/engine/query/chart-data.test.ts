import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type ChartData, type ChartSpec, chartSpecSchema } from '../../../shared/domain/chart.ts'
import type { Filter } from '../../../shared/domain/table-query.ts'
import type { SeenSource } from '../workers/wire.ts'
import { chartData } from './chart-data.ts'
import { openDuck } from './duckdb.ts'
import { createVersionFixture, type VersionFixture } from './version-fixture.ts'

let fixture: VersionFixture
let orders: SeenSource
beforeAll(async () => {
  fixture = await createVersionFixture()
  orders = await fixture.plain(
    { dataType: 'shop', zone: 'curated', name: 'orders' },
    `SELECT i AS id, CASE WHEN i % 10 = 0 THEN NULL ELSE 'c' || i % 3 END AS customer, (i % 7)::INTEGER AS amount, DATE '2024-01-01' + (i % 400)::INTEGER AS day,
      TIMESTAMP '2024-01-01' + INTERVAL (i) HOUR AS at, CASE WHEN i % 5 = 0 THEN 'NaN'::DOUBLE ELSE i / 10.0 END AS ratio, 'x' || i AS many FROM range(20000) t(i)`,
  )
})
afterAll(() => fixture[Symbol.asyncDispose]())

async function draw(spec: unknown, filter: Filter[] = []): Promise<ChartData> {
  using duck = await openDuck(fixture.init)
  const parsed: ChartSpec = chartSpecSchema.parse(spec)
  return await chartData(duck, { source: orders, filter, spec: parsed }, fixture.context.signal)
}

describe('a chart', () => {
  it('has a bar for each value, the most frequent first, null among them', async () => {
    const chart = await draw({ kind: 'bar', x: 'customer', y: { of: 'count' } })
    expect(chart.points).toEqual([['c0', null, 6_000], ['c1', null, 6_000], ['c2', null, 6_000], [null, null, 2_000]])
    expect(chart).toMatchObject({ rowCount: 20_000, drawn: 20_000, leftOut: 0, withoutPlace: 0, isSample: false })
  })

  it('leaves out the least frequent places and says how many', async () => {
    const chart = await draw({ kind: 'bar', x: 'many', y: { of: 'count' } })
    expect(chart).toMatchObject({ rowCount: 20_000, drawn: 60, leftOut: 19_940 })
  })

  it('measures a column over time, in order, by the rows that pass the filters', async () => {
    const chart = await draw({ kind: 'line', x: 'day', bucket: 'month', y: { of: 'sum', column: 'amount' } }, [{ column: 'amount', op: 'ge', value: 6 }])
    expect(chart.points[0]?.[0]).toBe('2024-01-01')
    const months = chart.points.map(([x]) => String(x))
    expect(months).toEqual(months.toSorted((a, b) => (a < b ? -1 : 1)))
    expect(chart.points).toHaveLength(14)
    expect(chart.points.reduce((sum, [, , y]) => sum + Number(y), 0)).toBe(6 * chart.rowCount)
  })

  it('tells the rows that a line has no place for', async () => {
    expect(await draw({ kind: 'line', x: 'customer', y: { of: 'count' } })).toMatchObject({ rowCount: 20_000, withoutPlace: 2_000, drawn: 18_000 })
    expect(await draw({ kind: 'line', x: 'customer', y: { of: 'count' } }, [{ column: 'customer', op: 'is_null' }])).toMatchObject({ rowCount: 2_000, withoutPlace: 2_000, drawn: 0, points: [] })
  })

  it('counts nothing in a time without rows', async () => {
    const chart = await draw({ kind: 'line', x: 'day', bucket: 'month', y: { of: 'count' } }, [{ column: 'day', op: 'in', values: ['2024-01-05', '2024-04-05'] }])
    expect(chart.points.map(([x, , n]) => [x, n])).toEqual([['2024-01-01', 50], ['2024-02-01', 0], ['2024-03-01', 0], ['2024-04-01', 50]])
  })

  it('divides by another column', async () => {
    const chart = await draw({ kind: 'bar', x: 'amount', series: 'customer', y: { of: 'distinct', column: 'day' } })
    expect(chart.points.slice(0, 4).map(([x, series]) => [x, series])).toEqual([[0, 'c0'], [0, 'c1'], [0, 'c2'], [0, null]])
  })

  it('counts values into bins that reach from the least to the greatest, leaving out what is no number', async () => {
    const chart = await draw({ kind: 'histogram', x: 'ratio', bins: 10 })
    expect(chart).toMatchObject({ withoutPlace: 4_000, drawn: 16_000 })
    expect(chart.points).toHaveLength(10)
    expect(chart.points[0]?.[0]).toBe(0.1)
    expect(chart.points.at(-1)?.[1]).toBeCloseTo(1_999.9)
    expect(chart.points.reduce((sum, [, , n]) => sum + Number(n), 0)).toBe(16_000)
    expect((await draw({ kind: 'histogram', x: 'amount' })).points).toEqual(Array.from({ length: 7 }, (_, n) => [expect.closeTo((n * 6) / 7), expect.closeTo(((n + 1) * 6) / 7), expect.any(Number)]))
    expect((await draw({ kind: 'histogram', x: 'at', bins: 2 })).points[0]?.[0]).toBe('2024-01-01T00:00:00.000Z')
  })

  it('scatters a sample of the rows and says so', async () => {
    const chart = await draw({ kind: 'scatter', x: 'at', y: 'ratio', series: 'customer' })
    expect(chart).toMatchObject({ isSample: true, drawn: 5_000, withoutPlace: 4_000, rowCount: 20_000 })
    const few = await draw({ kind: 'scatter', x: 'id', y: 'amount' }, [{ column: 'id', op: 'lt', value: 3 }])
    expect(few).toMatchObject({ isSample: false, drawn: 3 })
    expect(few.points.toSorted(([a], [b]) => Number(a) - Number(b))).toEqual([[0, 0, null], [1, 1, null], [2, 2, null]])
  })

  it('crosses two columns', async () => {
    const chart = await draw({ kind: 'heat', x: 'day', bucket: 'year', across: 'amount', y: { of: 'count' } })
    expect(chart.points).toHaveLength(14)
    expect(chart.drawn).toBe(20_000)
  })

  it.each([
    [{ kind: 'histogram', x: 'customer' }, /no numbers or dates/],
    [{ kind: 'bar', x: 'customer', bucket: 'month', y: { of: 'count' } }, /no dates/],
    [{ kind: 'bar', x: 'customer', y: { of: 'sum', column: 'many' } }, /needs a column of numbers/],
    [{ kind: 'bar', x: 'custmer', y: { of: 'count' } }, /no column "custmer"/],
  ])('%j is refused in words', async (spec, words) => {
    await expect(draw(spec)).rejects.toMatchObject({ problem: { code: 'BAD_INPUT', message: expect.stringMatching(words) } })
  })
})

import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { groupFilters, headFilters, pathFilters } from '../../../../shared/domain/pivot-filters.ts'
import { type GroupKey, groupingName, pivotMeasures, type PivotPage, type PivotSpec, pivotSpecSchema } from '../../../../shared/domain/pivot.ts'
import type { Filter, Sort } from '../../../../shared/domain/table-query.ts'
import type { OpInput, SeenSource } from '../../workers/wire.ts'
import { openDuck, type Duck } from '../duckdb.ts'
import { createVersionFixture, type VersionFixture } from '../version-fixture.ts'
import { createPivotTables, filteredRows, type PivotTables } from './pivot-tables.ts'

let fixture: VersionFixture
let root: Duck
let tables: PivotTables
let orders: SeenSource
const ROWS = 6_000
beforeAll(async () => {
  fixture = await createVersionFixture()
  root = await openDuck(fixture.init)
  tables = createPivotTables(() => root.another())
  orders = await fixture.plain(
    { dataType: 'shop', zone: 'curated', name: 'orders' },
    `SELECT i AS id, CASE WHEN i % 11 = 0 THEN NULL ELSE chr((65 + i % 5)::INTEGER) END AS region, CASE WHEN i % 7 = 0 THEN '' ELSE 'it''s ' || i % 9 END AS "k0",
      (i * 31 % 97 / 10.0)::DECIMAL(12,1) AS amount, (9007199254740993 + i)::BIGINT AS big, CASE i % 13 WHEN 0 THEN NULL WHEN 1 THEN 'NaN'::DOUBLE WHEN 2 THEN 'inf'::DOUBLE WHEN 3 THEN -0.0 ELSE (i % 40 - 20) / 10 END AS ratio,
      CASE WHEN i % 17 = 0 THEN NULL WHEN i = 1 THEN 'infinity'::DATE WHEN i = 2 THEN DATE '0044-03-15 (BC)' ELSE DATE '2023-11-20' + (i % 500)::INTEGER END AS day,
      TIMESTAMP '2024-02-28 22:10:00' + INTERVAL (i * 7) MINUTE AS at, TIMESTAMPTZ '2024-12-30 23:00:00+00' + INTERVAL (i) HOUR AS zoned, i % 2 = 0 AS even, {'a': i % 3} AS deep
     FROM range(${ROWS}) t(i)`,
  )
})
afterAll(async () => {
  root[Symbol.dispose]()
  await fixture[Symbol.asyncDispose]()
})

type Asked = Partial<Omit<OpInput<'reader', 'pivot'>, 'spec' | 'source'>> & { rows?: unknown[]; columns?: unknown[]; values?: unknown[]; others?: boolean; source?: SeenSource }

function specOf({ rows = [], columns, values, others }: Asked): PivotSpec {
  return pivotSpecSchema.parse({ rows: rows.map((row) => (typeof row === 'string' ? { column: row } : row)), ...(columns === undefined ? {} : { columns: columns.map((one) => (typeof one === 'string' ? { column: one } : one)) }), ...(values === undefined ? {} : { values }), ...(others === undefined ? {} : { others }) })
}

function pivot(asked: Asked): Promise<PivotPage> {
  const { source = orders, filter = [], path = [], levels = 1, sort = [], offset = 0, limit = 5_000 } = asked
  return tables.page({ source, filter, spec: specOf(asked), path, levels, sort, offset, limit }, fixture.context.signal)
}

async function scalar(sql: string, filter: readonly Filter[]): Promise<string | null> {
  using duck = await root.another()
  const [row] = await duck.rows(`SELECT (${sql})::VARCHAR AS r FROM ${await filteredRows(duck, { source: orders, filter }, fixture.context.signal)}`)
  return row?.['r'] === null || row?.['r'] === undefined ? null : String(row['r'])
}

describe('groups', () => {
  it('have the rows without a value as a group of their own, last', async () => {
    const page = await pivot({ rows: ['region'] })
    expect(page.groups.map(({ key, cells }) => [key[0], ...cells])).toEqual([['A', '1090'], ['B', '1091'], ['C', '1091'], ['D', '1091'], ['E', '1091'], [null, '546']])
    expect(page).toMatchObject({ groupCount: 6, groupings: ['region'], heads: [], columns: [{ name: 'rows', head: null, value: 0 }], total: { rowCount: ROWS, cells: [String(ROWS)] } })
  })

  it('sum whole numbers beyond 53 bits and decimals without losing a digit', async () => {
    const page = await pivot({ rows: ['even'], values: [{ of: 'sum', column: 'big' }, { of: 'sum', column: 'amount' }] })
    expect(page.total.cells).toEqual([await scalar('sum(big)', []), await scalar('sum(amount)', [])])
    expect(page.groups.reduce((sum, { cells }) => sum + BigInt(String(cells[0])), 0n)).toBe(BigInt(String(page.total.cells[0])))
  })

  it('are opened level by level, each adding up to the group it belongs to', async () => {
    const spec = { rows: ['region', { column: 'day', bucket: 'quarter' }, 'k0'] }
    const outer = await pivot(spec)
    for (const region of outer.groups) {
      const inner = await pivot({ ...spec, path: [...region.key] })
      expect(inner.total).toEqual({ rowCount: region.rowCount, cells: region.cells })
      expect(inner.groups.reduce((sum, { rowCount }) => sum + rowCount, 0)).toBe(region.rowCount)
    }
  })

  it('of dates that a calendar has no text for are found again', async () => {
    const { groups } = await pivot({ rows: [{ column: 'day', bucket: 'month' }] })
    expect(groups.map(({ key: [key] }) => key).filter((key) => key?.startsWith('20') !== true)).toEqual(['0044-03-01 (BC)', 'infinity', null])
    for (const { key, rowCount } of groups) expect(await scalar('count(*)', groupFilters({ column: 'day', bucket: 'month' }, key[0] ?? null, orders.columns))).toBe(String(rowCount))
  })

  it('put numbers into steps from edge to edge, with what is no number by itself', async () => {
    const { groups } = await pivot({ rows: [{ column: 'ratio', width: 0.1 }] })
    const keys = groups.map(({ key: [key] }) => key)
    expect(keys).toEqual([...Array.from({ length: 40 }, (_, i) => `${i - 20}.0`), 'inf', 'nan', null].filter((key) => keys.includes(key)))
    expect(keys).toContain('3.0')
    expect(['inf', 'nan'].map((key) => groupFilters({ column: 'ratio', bucket: 'none', width: 0.1 }, key, orders.columns))).toEqual([[{ column: 'ratio', op: 'eq', value: 'inf' }], [{ column: 'ratio', op: 'eq', value: 'nan' }]])
    expect(await scalar('count(*)', [{ column: 'ratio', op: 'eq', value: 0.3 }])).toBe(String(groups.find(({ key }) => key[0] === '3.0')?.rowCount))
  })

  it('come in pages, in any order, and every group once', async () => {
    const asked = { rows: ['id'], values: [{ of: 'sum', column: 'amount' }], sort: [{ column: 'sum of amount', direction: 'desc' }] satisfies Sort[] }
    const pages = await Promise.all([0, 2_500, 5_000].map((offset) => pivot({ ...asked, offset, limit: 2_500 })))
    const seen = pages.flatMap(({ groups }) => groups)
    expect(new Set(seen.map(({ key }) => key[0])).size).toBe(ROWS)
    const sums = seen.map(({ cells }) => Number(cells[0]))
    expect(sums).toEqual(sums.toSorted((a, b) => b - a))
    expect(pages[0]?.groupCount).toBe(ROWS)
  })

  it('are sorted by a value under a head, and by the names of their own level only', async () => {
    const byHead = await pivot({ rows: ['region'], columns: ['even'], values: [{ of: 'max', column: 'amount' }], sort: [{ column: 'true', direction: 'asc' }, { column: 'region', direction: 'desc' }] })
    const values = byHead.groups.map(({ cells }) => Number(cells[byHead.columns.findIndex(({ name }) => name === 'true')]))
    expect(values).toEqual(values.toSorted((a, b) => a - b))
    expect((await pivot({ rows: ['region', 'k0'], path: ['A'], sort: [{ column: 'region', direction: 'desc' }, { column: 'k0', direction: 'desc' }] })).groups[0]?.key).toEqual(["it's 8"])
    await expect(pivot({ rows: ['region'], sort: [{ column: 'rowz', direction: 'asc' }] })).rejects.toMatchObject({ problem: { code: 'BAD_INPUT', message: expect.stringContaining('no column "rowz"'), hint: expect.stringContaining('rows') } })
  })

  it('stand across, under heads in their own order, with what is there of all', async () => {
    const page = await pivot({ rows: ['region'], columns: [{ column: 'day', bucket: 'year' }], values: [{ of: 'count' }, { of: 'distinct', column: 'k0' }] })
    expect(page.heads.map(({ key }) => key[0])).toEqual(['0044-01-01 (BC)', '2023-01-01', '2024-01-01', '2025-01-01', 'infinity', null])
    expect(page.columns.map(({ name }) => name).slice(-4)).toEqual(['null: rows', 'null: distinct of k0', 'total: rows', 'total: distinct of k0'])
    for (const { cells, rowCount } of page.groups) expect(page.columns.reduce((sum, { head, value }, i) => (head !== null && value === 0 ? sum + Number(cells[i] ?? 0) : sum), 0)).toBe(rowCount)
  })

  it('without a group down are one line of totals', async () => {
    const page = await pivot({ columns: ['even'] })
    expect(page).toMatchObject({ groups: [], groupCount: 0, total: { rowCount: ROWS, cells: ['3000', '3000', '6000'] } })
  })

  it('of no rows are none', async () => {
    expect(await pivot({ rows: ['region'], columns: ['even'], filter: [{ column: 'id', op: 'lt', value: 0 }] })).toMatchObject({ groups: [], groupCount: 0, heads: [], total: { rowCount: 0 } })
  })

  it('refuse more columns than there is room for, and put the least frequent together when they are asked to', async () => {
    await expect(pivot({ rows: ['region'], columns: ['id'] })).rejects.toMatchObject({ problem: { code: 'BAD_INPUT', message: 'id has 6,000 different values; a table has room for 200 of them across', hint: expect.stringContaining('199 most frequent') } })
    const page = await pivot({ rows: ['region'], columns: ['id'], others: true })
    expect(page.heads).toHaveLength(200)
    expect(page.heads.at(-1)).toEqual({ key: [], isOthers: true })
    const others = page.columns.findIndex(({ name }) => name === 'others')
    expect(page.total.cells[others]).toBe(String(ROWS - 199))
    const filters = headFilters({ columns: [{ column: 'id', bucket: 'none' }] }, { head: page.heads[199] ?? { key: [], isOthers: false }, heads: page.heads }, orders.columns)
    expect(await scalar('count(*)', filters ?? [])).toBe(String(ROWS - 199))
  })

  it.each([
    [{ rows: ['regoin'] }, /no column "regoin"/],
    [{ rows: ['region', 'region'] }, /grouped by region twice/],
    [{ rows: [{ column: 'region', bucket: 'month' }] }, /no dates/],
    [{ rows: [{ column: 'region', width: 5 }] }, /no numbers/],
    [{ rows: ['region'], values: [{ of: 'sum', column: 'k0' }] }, /k0 \(VARCHAR\) has no sum/],
    [{ rows: ['region'], values: [{ of: 'sum' }] }, /sum needs a column/],
    [{ rows: ['region'], path: ['A'] }, /below 1 groups there are none/],
  ])('%j is refused in words', async (asked, words) => {
    await expect(pivot(asked)).rejects.toMatchObject({ problem: { code: 'BAD_INPUT', message: expect.stringMatching(words) } })
  })
})

const grouping = fc.oneof(
  fc.constantFrom('region', 'k0', 'even', 'deep').map((column) => ({ column })),
  fc.record({ column: fc.constantFrom('day', 'at', 'zoned'), bucket: fc.constantFrom('year', 'quarter', 'month', 'week', 'day', 'hour') }),
  fc.record({ column: fc.constantFrom('amount', 'ratio', 'id'), width: fc.constantFrom(0.1, 0.25, 3, 7.5, 1000) }),
)
const value = fc.constantFrom('amount', 'big', 'ratio', 'region', 'day').chain((column) => fc.constantFrom(...pivotMeasures(orders.columns.find(({ name }) => name === column) ?? null)).map((of) => ({ of, column })))
const filter = fc.constantFrom<Filter[]>([], [{ column: 'id', op: 'lt', value: 700 }], [{ column: 'region', op: 'is_null' }, { column: 'id', op: 'ge', value: 3_000 }], [{ op: 'expression', sql: 'id % 3 = 1' }])
const SQL: Record<string, (ref: string) => string> = { sum: (ref) => `sum(${ref})`, mean: (ref) => `avg(${ref})`, median: (ref) => `median(${ref})`, min: (ref) => `min(${ref})`, max: (ref) => `max(${ref})`, count: (ref) => `count(${ref})`, distinct: (ref) => `count(DISTINCT ${ref})` }

/** Sums of floating-point numbers depend on the order of the rows in their last digits; of all others every digit counts. */
function comparable(value: unknown, type: string): string | null {
  if (value === null) return null
  const text = String(value).replace('Infinity', 'inf').replace(/^-?NaN$/i, 'nan')
  return type === 'DOUBLE' && Number.isFinite(Number(text)) ? Number(text).toPrecision(9) : text
}

describe('any grouping', () => {
  it('counts every row that passes the filters once, and a group is what its filters give', async () => {
    const scenario = fc.record({ rows: fc.uniqueArray(grouping, { minLength: 1, maxLength: 3, selector: (one) => groupingName(pivotSpecSchema.parse({ rows: [one] }).rows[0] ?? { column: '', bucket: 'none' }) }), values: fc.array(fc.constant(null), { minLength: 1, maxLength: 3 }), filter, seed: fc.nat() })
    await fc.assert(
      fc.asyncProperty(scenario, fc.gen(), async ({ rows, values, filter: filters, seed }, gen) => {
        const asked = { rows, values: values.map(() => gen(() => value)), filter: filters }
        const spec = specOf(asked)
        const expected = Number(await scalar('count(*)', filters))
        const flat = await pivot({ ...asked, levels: 8 })
        expect(flat.total.rowCount).toBe(expected)
        expect(flat.groupCount > 5_000 ? expected : flat.groups.reduce((sum, { rowCount }) => sum + rowCount, 0)).toBe(expected)
        const path: GroupKey[] = []
        for (let depth = 0; depth < rows.length; depth += 1) {
          const level = await pivot({ ...asked, path })
          const group = level.groups[seed % Math.max(1, level.groups.length)]
          if (group === undefined) break
          path.push(group.key[0] ?? null)
          const own = [...filters, ...pathFilters(spec, path, orders.columns)]
          expect(await scalar('count(*)', own)).toBe(String(group.rowCount))
          for (const [i, { of, column }] of spec.values.entries()) {
            const type = level.columns[i]?.type ?? ''
            expect(comparable(group.cells[i], type)).toBe(comparable(await scalar(`${SQL[of]?.(`"${column}"`)}`, own), type))
          }
        }
      }),
      { numRuns: 60 },
    )
  }, 120_000)
})

import { tmpdir } from 'node:os'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Column, Filter } from '../../../shared/domain/table-query.ts'
import { type Duck, openDuck } from './duckdb.ts'
import { filterWhere } from './filter-where.ts'
import { judgeExpression } from './judge-expression.ts'

const TABLE = `SELECT * FROM (VALUES
  (1, 'Ada', 12.5::DOUBLE, DATE '2024-01-01', ['x', 'y'], {'city': 'Ulm'}),
  (2, 'bob', NULL, DATE '2024-02-01', [], {'city': 'Bonn'}),
  (3, NULL, 0.5, NULL, NULL, NULL)
) t(id, name, price, day, tags, place)`

let duck: Duck
let columns: Column[]
beforeAll(async () => {
  duck = await openDuck({ memoryMb: 128, threads: 1, tempDir: tmpdir() })
  columns = await duck.describe(TABLE)
})
afterAll(() => duck[Symbol.dispose]())

async function ids(...filters: Filter[]): Promise<unknown[]> {
  const where = await filterWhere(duck, filters, { columns })
  return (await duck.rows(`SELECT id FROM (${TABLE}) WHERE ${where}`)).map((row) => row['id'])
}

function expression(sql: string): Filter {
  return { op: 'expression', sql }
}

describe('an expression as filter', () => {
  it.each<[string, number[]]>([
    ["price > 10 AND name LIKE 'A%'", [1]],
    ['price IS NULL OR day IS NULL', [2, 3]],
    ["lower(name) IN ('ada', 'bob') -- both", [1, 2]],
    ["CASE WHEN price > 1 THEN true ELSE name = 'bob' END", [1, 2]],
    ["list_contains(tags, 'y') AND tags[1] = 'x'", [1]],
    ["place.city = 'Bonn'", [2]],
    ['day + INTERVAL 1 DAY > DATE \'2024-01-15\'', [2]],
    ['year(day) = 2024 AND NOT id BETWEEN 2 AND 3', [1]],
    ["regexp_matches(name, '^[A-Z]') AND TRY_CAST(name AS INTEGER) IS NULL", [1]],
    ["name = ')' OR id = 3", [3]],
  ])('keeps the rows for which %s is true', async (sql, expected) => {
    expect(await ids(expression(sql))).toEqual(expected)
  })

  it('stands beside other filters without changing them', async () => {
    expect(await ids({ column: 'id', op: 'le', value: 2 }, expression('id = 1 OR id = 3'))).toEqual([1])
  })

  it('tells which columns it names', async () => {
    expect(await judgeExpression(duck, 'Price > 1 AND place.city = name', { columns })).toEqual(['price', 'place', 'name'])
  })

  it.each<[string, RegExp, number | null]>([
    ['(SELECT count(*) FROM t) > 1', /subquery cannot be in a filter/, null],
    ['sum(price) > 1', /sum\(\) cannot be in a filter/, 0],
    ['price > 1 AND row_number() OVER () = 1', /window function/, 14],
    ["repeat('x', 1000000000) = name", /repeat\(\) cannot be in a filter/, 0],
    ['len(range(100000000000)) > 1', /range\(\) cannot be in a filter/, 4],
    ["getenv('HOME') = name", /getenv\(\)/, 0],
    ["current_setting('temp_directory') = name", /current_setting\(\)/, 0],
    ['list_filter(tags, lambda t: t = name) = tags', /list_filter\(\)/, 0],
    ['day < current_date', /gives something else at another time/, 6],
    ['day < now()', /gives something else at another time/, 6],
    ['COLUMNS(*) > 1', /star cannot be in a filter/, 0],
    ['id = $1', /parameter cannot be in a filter/, null],
    ['id = 1) OR (true', /one expression about a row/, null],
    ['id = 1) OR coalesce(true', /one expression about a row/, null],
    ['true, false', /one expression about a row/, null],
  ])('refuses %s', async (sql, message, offset) => {
    await expect(ids(expression(sql))).rejects.toMatchObject({ problem: { code: 'SQL_REFUSED', message: expect.stringMatching(message), ...(offset === null ? {} : { details: { offset } }) } })
  })

  it.each<[string, RegExp, number | null]>([
    ['', /no expression/, null],
    ['prise > 1', /no column "prise"/, 0],
    ['id > 1 AND lower(id) = name', /lower\(INTEGER\)/, 11],
    ['price +', /syntax error/, 7],
    ['id = 1; DROP TABLE x', /syntax error/, 6],
    ['price + 1', /gives DOUBLE, not true or false/, 0],
    ['-- nothing', /syntax error/, null],
    ["id = 1 AND\n  größe = 'ä'", /no column "größe"/, 13],
  ])('says what is wrong with %s, and where', async (sql, message, offset) => {
    await expect(ids(expression(sql))).rejects.toMatchObject({ problem: { code: 'SQL_FAILED', message: expect.stringMatching(message), ...(offset === null ? {} : { details: { offset } }) } })
  })

  it('leaves the messages of later statements as they were', async () => {
    await ids(expression('id = 1'))
    await expect(duck.run('SELECT nothing')).rejects.toThrow(/^(?!.*exception_type)/)
  })
})

describe('a regular expression as filter', () => {
  it('is searched in the text of the value, and its complement holds the missing', async () => {
    expect(await ids({ column: 'name', op: 'matches', value: '^[A-Z]d' })).toEqual([1])
    expect(await ids({ column: 'name', op: 'not_matches', value: '(?i)B' })).toEqual([1, 3])
    expect(await ids({ column: 'price', op: 'matches', value: String.raw`\.5$` })).toEqual([1, 3])
  })

  it.each<[string, number]>([['a(bc', 1], ['ab{2000}', 2], ['x[z', 1], ['ab**', 2], ['a(?=x)', 1], [String.raw`ab\q`, 2], ['ab\\', 2]])('says where %s cannot be read', async (value, offset) => {
    await expect(ids({ column: 'name', op: 'matches', value })).rejects.toMatchObject({ problem: { code: 'BAD_INPUT', message: expect.stringContaining(`at character ${offset + 1}`), details: { offset } } })
  })
})

describe('a set as filter', () => {
  it('can be what rows must not have, and rows without a value pass', async () => {
    expect(await ids({ column: 'name', op: 'not_in', values: ['Ada'] })).toEqual([2, 3])
    expect(await ids({ column: 'name', op: 'not_in', values: [] })).toEqual([1, 2, 3])
  })
})

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { tmpdir } from 'node:os'
import { rowJsonSql } from './cell-sql.ts'
import { type Duck, openDuck } from './duckdb.ts'

let duck: Duck
beforeAll(async () => {
  duck = await openDuck({ memoryMb: 128, threads: 1, tempDir: tmpdir() })
})
afterAll(() => duck[Symbol.dispose]())

async function cell(expression: string): Promise<unknown> {
  const select = `SELECT ${expression} AS "the ""value"""`
  const [row] = await duck.rows(`SELECT ${rowJsonSql(await duck.describe(select))} AS r FROM (${select})`)
  const cells: unknown = JSON.parse(String(row?.['r']))
  return Array.isArray(cells) ? cells[0] : undefined
}

describe('a cell', () => {
  it.each([
    ['9007199254740993::BIGINT', '9007199254740993'],
    ['18446744073709551615::UBIGINT', '18446744073709551615'],
    ['-170141183460469231731687303715884105727::HUGEINT', '-170141183460469231731687303715884105727'],
    ['12.50::DECIMAL(9,2)', '12.50'],
    ['7::INTEGER', 7],
    ['0.1::DOUBLE', 0.1],
    ['0.1::FLOAT', 0.1],
    ["'nan'::DOUBLE", 'NaN'],
    ["'-inf'::FLOAT", '-Infinity'],
    ["'inf'::DOUBLE", 'Infinity'],
    ['NULL::DOUBLE', null],
    ['true', true],
    ["DATE '2024-02-29'", '2024-02-29'],
    ["TIMESTAMP '2024-02-29 13:30:00.25'", '2024-02-29T13:30:00.25'],
    ["TIMESTAMPTZ '2024-02-29 13:30:00+02'", '2024-02-29T11:30:00Z'],
    ["TIMESTAMP_NS '2024-02-29 13:30:00.123456789'", '2024-02-29T13:30:00.123456789'],
    ["TIME '13:30:00'", '13:30:00'],
    ['INTERVAL 3 DAY', '3 days'],
    [String.raw`'\xDE\xAD'::BLOB`, 'DEAD'],
    ["'a'::ENUM('a', 'b')", 'a'],
    ["'it''s \"quoted\"\n'", 'it\'s "quoted"\n'],
    ['[1, NULL, 3]', [1, null, 3]],
    ["{'a': 1, 'b': [{'c': 'x'}]}", { a: 1, b: [{ c: 'x' }] }],
    ["MAP {'k': 1}", { k: 1 }],
    [`'{"a": [1, 2]}'::JSON`, { a: [1, 2] }],
    ['NULL::INTEGER[]', null],
    ["['1.5', 'nan']::DOUBLE[]", '[1.5, nan]'],
    ['[1.5]::DOUBLE[]', [1.5]],
  ])('of %s is %j', async (expression, expected) => {
    expect(await cell(expression)).toEqual(expected)
  })
})

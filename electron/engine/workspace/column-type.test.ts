import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Duck, openDuck } from '../query/duckdb.ts'
import { readColumnType } from './column-type.ts'

let duck: Duck
beforeAll(async () => {
  duck = await openDuck({ memoryMb: 256, threads: 1, tempDir: '/tmp' })
})
afterAll(() => duck[Symbol.dispose]())

describe('declared column types', () => {
  it.each([
    'int', 'Integer', 'BIGINT', 'int8', 'text', 'varchar(20)', 'DECIMAL', 'numeric(5)', 'decimal(10, 2)', 'double precision', 'real', 'bool', 'date', 'json',
    'timestamp with time zone', 'TIMESTAMPTZ', 'time without time zone', 'timestamp_ms', 'uuid', 'blob', 'interval', 'hugeint', 'uint8',
    'int[]', 'text[][3]', 'STRUCT(a int, "b c" text[])[]', 'MAP(text, struct(x double))', "ENUM('a', 'b''c')", 'union(n int, t text)',
  ])('%s is spelled as DuckDB spells it', async (text) => {
    const reading = readColumnType(text)
    const [row] = await duck.rows(`SELECT typeof(CAST(NULL AS ${text})) AS type`)
    expect(reading).toEqual({ ok: true, type: row?.['type'] })
  })

  it.each([
    ['integr', /no type integr/, 'Did you mean INTEGER?'],
    ['strukt(a int)', /no type strukt/, 'Did you mean STRUCT?'],
    ['decimal(50)', /width 1 to 38/, null],
    ['struct(a)', /a type is missing before "\)"/, null],
    ['int[', /"\]" is missing at the end/, null],
    ['int) AS x, (SELECT 1', /"\)" is too much/, null],
    ['int; DROP TABLE x', /";" is too much/, null],
    ["enum(a)", /write ENUM/, null],
    ['', /ends where a type should be/, null],
    ['int -- x', /"-" is too much/, null],
    [`${'struct(a '.repeat(30)}int${')'.repeat(30)}`, /nested more than/, null],
  ])('%s is refused', (text, problem, suggestion) => {
    const reading = readColumnType(text)
    expect(reading.ok).toBe(false)
    if (reading.ok) return
    expect(reading.problem).toMatch(problem)
    expect(reading.suggestion).toBe(suggestion)
  })
})

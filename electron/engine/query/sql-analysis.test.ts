import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { StatementAnalysis } from '../workers/wire.ts'
import { type Duck, openDuck } from './duckdb.ts'
import { analyseStatements } from './sql-analysis.ts'

let duck: Duck
beforeAll(async () => {
  duck = await openDuck({ memoryMb: 256, threads: 1, tempDir: '/tmp' })
})
afterAll(() => duck[Symbol.dispose]())

async function analyse(sql: string): Promise<StatementAnalysis> {
  const [analysis] = await analyseStatements(duck, [{ id: 'a', sql }])
  if (analysis === undefined) throw new Error('no analysis')
  return analysis
}

async function tables(sql: string): Promise<string[]> {
  const analysis = await analyse(sql)
  expect(analysis.errors).toEqual([])
  return analysis.tables.map(({ name }) => name)
}

async function firstError(sql: string): Promise<StatementAnalysis['errors'][number] | undefined> {
  const analysis = await analyse(sql)
  expect(analysis.ok).toBe(false)
  return analysis.errors[0]
}

describe('the tables a statement reads', () => {
  it.each([
    ['SELECT * FROM drugs.curated.products', ['drugs.curated.products']],
    ['FROM raw.y', ['raw.y']],
    ['SELECT * FROM "Drugs".Curated.PRODUCTS', ['drugs.curated.products']],
    ['SELECT * FROM raw.a JOIN raw.b USING (id) NATURAL JOIN raw.c', ['raw.a', 'raw.b', 'raw.c']],
    ['SELECT (SELECT max(x) FROM raw.a) FROM raw.b WHERE id IN (FROM raw.c)', ['raw.a', 'raw.b', 'raw.c']],
    ['SELECT * FROM raw.a UNION ALL SELECT * FROM raw.b', ['raw.a', 'raw.b']],
    ['SELECT * FROM raw.a t, LATERAL (SELECT t.x FROM raw.b) u', ['raw.a', 'raw.b']],
    ['PIVOT raw.a ON b IN (1, 2) USING sum(c)', ['raw.a']],
    ['UNPIVOT raw.a ON b, c INTO NAME n VALUE v', ['raw.a']],
    ['SUMMARIZE raw.a', ['raw.a']],
    ['SELECT * FROM (DESCRIBE raw.a)', ['raw.a']],
    ['SELECT * FROM raw.a, unnest([1]), range(3), json_each(a.j)', ['raw.a']],
    ['VALUES (1), (2)', []],
    ['SELECT 1;', []],
    ['TABLE raw.a', ['raw.a']],
    ['SELECT * FROM raw.a ASOF JOIN raw.b ON a.t >= b.t', ['raw.a', 'raw.b']],
  ])('%s', async (sql, expected) => {
    expect(await tables(sql)).toEqual(expected)
  })

  it('are named once, at the first place, counted in characters', async () => {
    const sql = "SELECT 'é😀' AS x FROM raw.a, raw.a AS again"
    expect((await analyse(sql)).tables).toEqual([{ name: 'raw.a', offset: sql.indexOf('raw.a') }])
  })
})

describe('common table expressions', () => {
  it('are no datasets where they are in scope, in any case', async () => {
    expect(await tables('WITH Y AS (SELECT * FROM raw.x) SELECT * FROM y')).toEqual(['raw.x'])
    expect(await tables('WITH a AS (FROM raw.x), b AS (FROM a) SELECT * FROM (SELECT * FROM b) JOIN a USING (id)')).toEqual(['raw.x'])
  })

  it('do not hide a dataset of the same name', async () => {
    expect(await tables('WITH y AS (SELECT * FROM curated.y) SELECT * FROM y JOIN drugs.curated.y USING (id)')).toEqual(['curated.y', 'drugs.curated.y'])
  })

  it('do not see themselves, so their own name inside is a table', async () => {
    expect((await firstError('WITH y AS (SELECT * FROM y) SELECT * FROM y'))?.code).toBe('unqualified-table')
  })

  it('are not seen by those before them', async () => {
    expect((await firstError('WITH a AS (FROM b), b AS (SELECT 1) FROM a'))?.message).toContain('"b" needs its zone')
  })

  it('end with the query they belong to', async () => {
    expect((await firstError('SELECT * FROM (WITH a AS (SELECT 1) FROM a) JOIN a ON true'))?.code).toBe('unqualified-table')
  })

  it('may be recursive, with and without a key', async () => {
    expect(await tables('WITH RECURSIVE z AS (SELECT id FROM raw.a UNION ALL SELECT id + 1 FROM z WHERE id < 3) FROM z')).toEqual(['raw.a'])
    expect(await tables('WITH RECURSIVE z USING KEY (a) AS (SELECT 1 a UNION SELECT a + 1 FROM recurring.z WHERE a < 3) FROM z')).toEqual([])
  })
})

describe('what is refused', () => {
  it.each([
    ['SELECT 1; SELECT 2', 'sql-refused', /2 statements/, 10],
    ['INSERT INTO raw.a VALUES (1)', 'sql-refused', /^INSERT is refused/, 0],
    ['-- first\nCOPY raw.a TO \'x\'', 'sql-refused', /^COPY is refused/, 9],
    ['SELECT 1; DROP TABLE x', 'sql-refused', /^DROP is refused/, 10],
    ["SELECT ';' AS pivot; ATTACH 'x'", 'sql-refused', /^ATTACH is refused/, 21],
    ['PIVOT raw.a ON b USING sum(c)', 'sql-refused', /write the IN list; a step's columns must not depend on its data/, 0],
    ['WITH p AS (PIVOT raw.a ON b USING sum(c)) FROM p', 'sql-refused', /write the IN list/, 11],
    ['SHOW TABLES', 'sql-refused', /SHOW/, null],
    ["SELECT * FROM 'file.csv'", 'sql-refused', /looks like a file/, 14],
    ['SELECT * FROM "a/b"', 'sql-refused', /looks like a file/, 14],
    ["SELECT * FROM read_csv('x')", 'sql-refused', /read_csv\(\) is refused: SQL reads datasets only/, 14],
    ["SELECT * FROM glob('*')", 'sql-refused', /glob/, 14],
    ["SELECT * FROM query('SELECT 1')", 'sql-refused', /hides which datasets/, 14],
    ["SELECT * FROM query_table('raw.a')", 'sql-refused', /hides/, 14],
    ['SELECT * FROM enable_logging()', 'sql-refused', /refused in FROM/, 14],
    ['SELECT * FROM duckdb_settings()', 'sql-refused', /refused in FROM/, 14],
    ["SELECT write_log('x')", 'sql-refused', /write_log/, 7],
    ['SELECT * FROM raw.a AT (VERSION => 3)', 'sql-refused', /AT is not available/, 14],
    ['SELECT * FROM products', 'unqualified-table', /zone\.products/, 14],
    ['SELECT * FROM "my zone".products', 'unknown-dataset', /no dataset name/, 14],
    ['', 'sql-empty', /no SQL statement/, null],
    ['-- only words', 'sql-empty', /no SQL statement/, null],
    ['SELEC 1', 'sql-syntax', /syntax error at or near/, 0],
    ["SELECT 'é' FROM", 'sql-syntax', /end of input/, 15],
    ["SELECT 'é😀' , , x", 'sql-syntax', /near ","/, 15],
    ["SELECT 'é😀' FROM glob('*')", 'sql-refused', /glob/, 18],
  ])('%s', async (sql, code, message, offset) => {
    const error = await firstError(sql)
    expect(error).toMatchObject({ code, offset })
    expect(error?.message).toMatch(message)
  })

  it('comes with what was probably meant', async () => {
    expect((await firstError('SELECT * FROM generate_serie(1, 3)'))?.suggestion).toBe('Did you mean generate_series?')
  })

  it('is told all at once', async () => {
    expect((await analyse("SELECT * FROM 'x.csv', glob('*'), plain")).errors).toHaveLength(3)
  })
})

describe('the fingerprint', () => {
  const print = async (sql: string): Promise<string | null> => (await analyse(sql)).fingerprint

  it('survives reformatting and comments', async () => {
    expect(await print('select  a\n  from raw.x -- why')).toBe(await print('SELECT a FROM raw.x'))
  })

  it('changes with a constant that a double cannot hold', async () => {
    expect(await print('SELECT 9007199254740993')).not.toBe(await print('SELECT 9007199254740992'))
  })

  it('changes with a text that looks like a position', async () => {
    expect(await print(`SELECT '"query_location":1'`)).not.toBe(await print(`SELECT '"query_location":2'`))
  })
})

it('answers for many statements in their order, good and bad', async () => {
  const statements = Array.from({ length: 450 }, (_, i) => ({ id: `s${i}`, sql: i % 3 === 0 ? 'SELEC' : `FROM raw.t${i}` }))
  const analyses = await analyseStatements(duck, statements)
  expect(analyses.map(({ id }) => id)).toEqual(statements.map(({ id }) => id))
  expect(analyses.map(({ ok }) => ok)).toEqual(statements.map((_, i) => i % 3 !== 0))
})

it('survives text that DuckDB itself could stumble over', async () => {
  for (const sql of ['SELECT \'it\'\'s\' FROM raw.a', 'SELECT 1 \0', `SELECT ${'('.repeat(3_000)}1${')'.repeat(3_000)}`, `SELECT ${'1 + '.repeat(5_000)}1`, '\u{feff}SELECT 1']) {
    expect((await analyse(sql)).id).toBe('a')
  }
})

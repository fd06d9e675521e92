import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import mysql from 'mysql2/promise'
import pg from 'pg'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { ProblemError, type Problem } from '../../../../shared/domain/problem.ts'
import type { FetchInput, FetchOutput } from '../../workers/fetch-wire.ts'
import type { DatabaseSpec } from '../../workspace/remote-model.ts'
import { ExtractFixture } from '../extract-fixture.ts'
import { type DatabaseServer, findMariadb, findPostgres, startMariadb, startPostgres } from './database-fixture.ts'
import { fetchRemote } from './fetch-remote.ts'

const ONCE = { attempts: 1, baseDelayMs: 1, maxDelayMs: 1 }

let dir: string
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'strata-database-'))
})
afterEach(() => rm(dir, { recursive: true, force: true }))

type Asked = Pick<FetchInput, 'incremental'> & { query: string; cursor?: string | null; parameters?: FetchInput['values']['parameters']; secret?: string; signal?: AbortSignal }

function fetchFrom(kind: DatabaseSpec['kind'], server: DatabaseServer, { query, cursor = null, parameters = {}, secret, signal = new AbortController().signal, incremental }: Asked): Promise<FetchOutput> {
  const connection: DatabaseSpec['connection'] = secret === undefined ? { host: '127.0.0.1', port: server.port, database: 'strata_test', user: server.user, password: null, tls: 'off' } : { secret: 'db' }
  return fetchRemote(
    { remote: { kind, connection, query, timeoutMs: 20_000 }, format: 'ndjson', record: null, incremental, values: { cursor, parameters }, secrets: secret === undefined ? {} : { db: secret }, dir, prefix: 'rows', known: [], retry: { network: ONCE, timeout: ONCE } },
    { init: { memoryMb: 256, threads: 1, tempDir: dir }, signal, progress: () => undefined, ask: () => Promise.resolve(), log: () => undefined },
  )
}

/** What a raw dataset would hold, and what would be in quarantine. */
async function read({ files, columns }: FetchOutput, select = '* EXCLUDE (_file, _record)') {
  const fixture = await ExtractFixture.create()
  try {
    const extraction = await fixture.extract({ format: 'ndjson', columns }, files.map(({ name }) => join(dir, name)))
    const { result } = extraction
    expect(result.records).toBe(files.reduce((sum, { records }) => sum + (records ?? 0), 0))
    expect(result.records).toBe(result.rowCount + result.quarantined)
    return { rows: await extraction.rows(select), rejects: await extraction.rejects(), types: Object.fromEntries(result.columns.map(({ name, type }) => [name, type])) }
  } finally {
    await fixture.close()
  }
}

const asText = (names: readonly string[]): string => names.map((name) => `${name}::VARCHAR AS ${name}`).join(', ')

async function problemOf(work: Promise<unknown>): Promise<Problem> {
  const error = await work.then(() => null, (reason: unknown) => reason)
  if (error instanceof ProblemError) return error.problem
  throw new Error(`No problem: ${String(error)}`)
}

const postgres = findPostgres()
if (postgres === null) console.log('PostgreSQL is not installed: its tests are left out')

describe.skipIf(postgres === null)('PostgreSQL', () => {
  let server: DatabaseServer
  let client: pg.Client
  beforeAll(async () => {
    server = await startPostgres(postgres ?? '')
    const admin = new pg.Client({ host: '127.0.0.1', port: server.port, user: server.user, database: 'postgres' })
    await admin.connect()
    await admin.query('CREATE DATABASE strata_test')
    await admin.end()
    client = new pg.Client({ host: '127.0.0.1', port: server.port, user: server.user, database: 'strata_test' })
    await client.connect()
    await client.query("CREATE TYPE mood AS ENUM ('good', 'bad'); CREATE DOMAIN amount AS numeric(12,2); CREATE TYPE pair AS (a int, b text)")
    await client.query('CREATE TABLE numbers AS SELECT i AS id, i * 10 AS n FROM generate_series(1, 5000) AS i')
  }, 120_000)
  afterAll(async () => {
    await client.end()
    await server[Symbol.asyncDispose]()
  })
  const fetch = (asked: Partial<Asked> & { query: string }) => fetchFrom('postgres', server, { incremental: null, ...asked })

  it('maps its types without loss', async () => {
    const output = await fetch({
      query: `SELECT 9223372036854775807::bigint AS big, 1::smallint AS small, 0.1::float8 AS eighth, 'NaN'::float8 AS nan, 3.4028235e38::float4 AS four, true AS yes,
        123456789.12::numeric(11,2) AS fixed, 12345678901234567890.12345678901234567890::numeric AS free, 0.1::numeric(50,40) AS wide, 7.25::amount AS domain,
        '2024-02-29 12:30:00.123456+02'::timestamptz AS moment, '2024-02-29 12:30:00.5'::timestamp AS local, '2024-02-29'::date AS day, '23:59:59.999'::time AS clock, '1 day 02:00'::interval AS span,
        '{"a": 12345678901234567890.5, "b": [1, null]}'::jsonb AS jb, E'{"a":\n 1}'::json AS j, ARRAY[1, NULL, 3] AS ints, ARRAY[1.50, 2]::numeric(5,2)[] AS decimals, ARRAY['a"b', 'c,d', NULL] AS texts,
        '\\x00ff10'::bytea AS bytes, 'good'::mood AS mood, 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'::uuid AS id, ROW(1, 'x')::pair AS pair, E'tab\there "quoted" \u00e9\u2028' AS words, NULL::int AS nothing, int4range(1, 5) AS span2`,
    })
    const { rows: [row], rejects, types } = await read(output, asText(Object.keys(output.columns)))
    expect(rejects).toEqual([])
    expect(types).toMatchObject({
      big: 'BIGINT', small: 'SMALLINT', eighth: 'DOUBLE', four: 'FLOAT', yes: 'BOOLEAN', fixed: 'DECIMAL(11,2)', free: 'VARCHAR', wide: 'VARCHAR', domain: 'DECIMAL(12,2)', moment: 'TIMESTAMP WITH TIME ZONE',
      local: 'TIMESTAMP', day: 'DATE', clock: 'TIME', jb: 'JSON', ints: 'INTEGER[]', decimals: 'DECIMAL(5,2)[]', texts: 'VARCHAR[]', bytes: 'BLOB', mood: 'VARCHAR', id: 'UUID', pair: 'JSON', nothing: 'INTEGER',
    })
    expect(row).toMatchObject({
      big: '9223372036854775807', eighth: '0.1', nan: 'nan', four: '3.4028235e+38', yes: 'true', fixed: '123456789.12', free: '12345678901234567890.12345678901234567890', domain: '7.25',
      local: '2024-02-29 12:30:00.5', day: '2024-02-29', clock: '23:59:59.999', span: '1 day 02:00:00', ints: '[1, NULL, 3]', decimals: '[1.50, 2.00]', bytes: '\\x00\\xFF\\x10', mood: 'good',
      id: 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11', words: 'tab\there "quoted" \u00e9\u2028', nothing: null, span2: '[1,5)',
    })
    expect(JSON.parse(String(row?.['jb']))).toEqual({ a: Number('12345678901234567890.5'), b: [1, null] })
    expect(JSON.parse(String(row?.['j']))).toEqual({ a: 1 })
    expect(JSON.parse(String(row?.['pair']))).toEqual({ a: 1, b: 'x' })
    expect((await read(output, "(moment = TIMESTAMPTZ '2024-02-29 10:30:00.123456+00') AS same, texts[1] AS first, len(texts) AS n")).rows).toMatchObject([{ same: true, first: 'a"b' }])
  })

  it('reads pages of a cursor, from what lies beyond the cursor of the source', async () => {
    const all = await fetch({ query: 'SELECT id, n FROM numbers ORDER BY id', incremental: { column: 'id', initial: null } })
    expect(all.files).toMatchObject([{ name: 'rows-0001.ndjson', records: 5_000, origin: `postgres://127.0.0.1:${server.port}/strata_test` }])
    await rm(join(dir, 'rows-0001.ndjson'))
    const some = await fetch({ query: 'SELECT id, n FROM numbers WHERE n % {param:by} = 0', parameters: { by: 100 }, cursor: '4985', incremental: { column: 'id', initial: null } })
    expect((await read(some)).rows).toEqual([{ id: 4990, n: 49_900 }, { id: 5_000, n: 50_000 }])
  })

  it('cannot write, and says what is wrong with a query', async () => {
    expect((await problemOf(fetch({ query: 'SELECT setval(\'s\', 1)' }))).message).toMatch(/refuses the query/)
    await client.query('CREATE SEQUENCE s2; CREATE FUNCTION add_row() RETURNS int LANGUAGE sql AS $$ INSERT INTO numbers VALUES (0, 0) RETURNING id $$')
    expect((await problemOf(fetch({ query: 'SELECT add_row() AS id' }))).message).toContain('read-only transaction')
    expect((await problemOf(fetch({ query: 'SELECT id, id FROM numbers' }))).message).toContain('gives the column id twice')
    expect((await problemOf(fetch({ query: 'SELECT 1 AS a', incremental: { column: 'b', initial: null } }))).message).toContain('gives no column b')
    expect(await problemOf(fetch({ query: 'SELECT nope FROM numbers' }))).toMatchObject({ code: 'SOURCE_UNREADABLE', details: { errorClass: 'bad_code' } })
    expect(await readdir(dir)).toEqual([])
  })

  it('is found by an address that is a secret, and does not tell it', async () => {
    const secret = `postgres://${server.user}:not-needed-pw@127.0.0.1:${server.port}/strata_test`
    expect((await fetch({ query: 'SELECT 1 AS a', secret })).files[0]?.origin).toBe(`postgres://127.0.0.1:${server.port}/strata_test`)
    const problem = await problemOf(fetch({ query: 'SELECT 1 AS a', secret: secret.replace('strata_test', 'not-needed-pw') }))
    expect(problem.message).toContain('does not let in')
    expect(JSON.stringify(problem)).not.toContain('not-needed-pw')
    expect((await problemOf(fetch({ query: 'SELECT 1', secret: 'just a password' }))).message).toBe('The secret db is no address of a postgres server')
  })

  it('is cancelled at once, and nobody there is told so', async () => {
    const stop = new AbortController()
    setTimeout(() => stop.abort(), 100)
    await expect(fetch({ query: 'SELECT pg_sleep(30)', signal: stop.signal })).rejects.toThrow(/abort/i)
    expect(await problemOf(fetchFrom('postgres', { ...server, port: 9 }, { query: 'SELECT 1', incremental: null }))).toMatchObject({ code: 'SOURCE_UNREACHABLE', details: { errorClass: 'network' } })
  })
})

const mariadb = findMariadb()
if (mariadb === null) console.log('MariaDB is not installed: its tests are left out')

describe.skipIf(mariadb === null)('MySQL and MariaDB', () => {
  let server: DatabaseServer
  let client: mysql.Connection
  beforeAll(async () => {
    server = await startMariadb(mariadb ?? '')
    client = await mysql.createConnection({ host: '127.0.0.1', port: server.port, user: server.user, multipleStatements: true })
    await client.query("CREATE DATABASE strata_test CHARACTER SET utf8mb4; USE strata_test; SET sql_mode = ''; SET time_zone = '+00:00'")
    await client.query(`CREATE TABLE things (id INT PRIMARY KEY, big BIGINT UNSIGNED, tiny TINYINT(1), price DECIMAL(12,2), wide DECIMAL(65,30), ratio DOUBLE, day DATE, moment TIMESTAMP(6) NULL, local DATETIME(3), clock TIME, born YEAR,
      flag BIT(1), mask BIT(12), doc JSON, bytes VARBINARY(10), kind ENUM('a','b'), tags SET('x','y'), words TEXT)`)
    await client.query(`INSERT INTO things VALUES (1, 18446744073709551615, 2, 1234567890.12, 1.000000000000000000000000000001, 0.1, '2024-02-29', '2024-02-29 10:30:00.123456', '2024-02-29 12:30:00.500', '23:59:59', 2024,
      b'1', b'101000000001', '{"a": 1.5}', x'00ff10', 'a', 'x,y', 'quote " back \\\\ line\\nend é')`)
    await client.query("INSERT INTO things (id, day) VALUES (2, '0000-00-00'), (3, NULL)")
  }, 120_000)
  afterAll(async () => {
    await client.end()
    await server[Symbol.asyncDispose]()
  })
  const fetch = (asked: Partial<Asked> & { query: string }) => fetchFrom('mysql', server, { incremental: null, ...asked })

  it('maps its types without loss, and puts days that are none into quarantine', async () => {
    const output = await fetch({ query: 'SELECT * FROM things ORDER BY id' })
    const { rows, rejects, types } = await read(output, asText(Object.keys(output.columns)))
    expect(types).toMatchObject({
      id: 'INTEGER', big: 'UBIGINT', tiny: 'TINYINT', price: 'DECIMAL(12,2)', wide: 'VARCHAR', ratio: 'DOUBLE', day: 'DATE', moment: 'TIMESTAMP WITH TIME ZONE', local: 'TIMESTAMP', clock: 'TIME', born: 'SMALLINT', flag: 'BOOLEAN', mask: 'UBIGINT',
      bytes: 'BLOB', kind: 'VARCHAR', tags: 'VARCHAR', words: 'VARCHAR',
    })
    expect(rows).toHaveLength(2)
    expect(rows[0]).toMatchObject({
      id: '1', big: '18446744073709551615', tiny: '2', price: '1234567890.12', wide: '1.000000000000000000000000000001', ratio: '0.1', day: '2024-02-29', local: '2024-02-29 12:30:00.5', clock: '23:59:59', born: '2024', flag: 'true', mask: '2561',
      doc: '{"a": 1.5}', bytes: '\\x00\\xFF\\x10', kind: 'a', tags: 'x,y', words: 'quote " back \\ line\nend é',
    })
    expect((await read(output, "(moment = TIMESTAMPTZ '2024-02-29 10:30:00.123456+00') AS same")).rows[0]).toEqual({ same: true })
    expect(rejects).toMatchObject([{ column_name: 'day', _record: 2 }])
  })

  it('asks for what lies beyond the cursor, with parameters bound', async () => {
    const output = await fetch({ query: "SELECT id, words, {param:name} AS who FROM things", parameters: { name: "O'Brien \\" }, cursor: '2', incremental: { column: 'id', initial: null } })
    expect((await read(output)).rows).toEqual([{ id: 3, words: null, who: "O'Brien \\" }])
  })

  it('cannot write, and says what is wrong with a query', async () => {
    await client.query('CREATE FUNCTION add_row() RETURNS INT MODIFIES SQL DATA BEGIN INSERT INTO things (id) VALUES (99); RETURN 1; END')
    expect((await problemOf(fetch({ query: 'SELECT add_row() AS id' }))).message).toMatch(/READ ONLY transaction/i)
    expect(await problemOf(fetch({ query: 'SELECT nope FROM things' }))).toMatchObject({ code: 'SOURCE_UNREADABLE', details: { code: 'ER_BAD_FIELD_ERROR' } })
    expect((await problemOf(fetchFrom('mysql', { ...server, user: 'nobody_here' }, { query: 'SELECT 1 AS a', incremental: null }))).message).toContain('does not let in')
    expect(await readdir(dir)).toEqual([])
  })

  it('is cancelled at once', async () => {
    const stop = new AbortController()
    setTimeout(() => stop.abort(), 100)
    await expect(fetch({ query: 'SELECT sleep(30) AS a', signal: stop.signal })).rejects.toThrow(/abort/i)
  })
})

import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readProblem } from '../read-problem.ts'
import { openTestWorkspace, type TestWorkspace } from './test-workspace.ts'

// Statements of somebody who wants to read, write, change or stop more than datasets: each is refused or stopped in plain words, by every
// way a statement can be asked in, and nothing in the workspace is any different afterwards.

let workspace: TestWorkspace

beforeAll(async () => {
  workspace = await openTestWorkspace({
    files: {
      'strata.yaml': 'name: shop\nlimits: { memory: 1GB, threads: 2 }\n',
      'inbox/orders.csv': 'id,customer\n1,Ada\n2,Grace\n3,Ada\n',
      'pipelines/shop/pipeline.yaml': 'sources:\n  orders: { files: inbox/orders.csv }\n',
      'pipelines/shop/curated/orders.sql': 'SELECT id::INTEGER AS id, customer FROM raw.orders\n',
    },
  })
  await workspace.run('shop')
})
afterAll(() => workspace[Symbol.asyncDispose]())

/** Every file of the workspace that a statement could want, with its content. */
function fingerprint(): string {
  const files = ['zones', 'inbox', 'pipelines', 'exports'].flatMap((folder) => {
    const path = join(workspace.dir, folder)
    if (!existsSync(path)) return []
    return readdirSync(path, { recursive: true, withFileTypes: true }).flatMap((entry) => (entry.isFile() ? [join(entry.parentPath, entry.name)] : []))
  })
  return files.toSorted().map((file) => `${file} ${createHash('sha256').update(readFileSync(file)).digest('hex')}`).join('\n')
}

async function answer(work: Promise<unknown>): Promise<{ code: string; message: string; hint: string | null }> {
  try {
    await work
    return { code: 'none', message: 'it ran', hint: null }
  } catch (error) {
    const { code, message, hint } = readProblem(error)
    return { code, message, hint }
  }
}

const part = (): string => {
  const folder = join(workspace.dir, 'zones/curated/shop/orders/v1')
  return join(folder, readdirSync(folder).find((name) => name.endsWith('.parquet')) ?? '')
}

const FORBIDDEN: readonly [string, (place: { part: string; target: string; dir: string }) => string][] = [
  ['reads a file', () => "SELECT * FROM '/etc/passwd'"],
  ['reads a file by a function', () => "SELECT * FROM read_csv('/etc/passwd')"],
  ['reads text', () => "SELECT content FROM read_text('/etc/passwd')"],
  ['reads bytes', () => "SELECT content FROM read_blob('/etc/passwd')"],
  ['reads a part itself', ({ part: file }) => `SELECT * FROM read_parquet('${file}')`],
  ['reads the ledger', ({ dir }) => `SELECT * FROM sqlite_scan('${dir}/.strata/ledger.sqlite', 'runs')`],
  ['reads JSON', ({ dir }) => `SELECT * FROM read_json_auto('${dir}/.strata/attach.json')`],
  ['reads a part\'s metadata', ({ part: file }) => `SELECT * FROM parquet_metadata('${file}')`],
  ['sniffs', () => "SELECT * FROM sniff_csv('/etc/passwd')"],
  ['lists a folder', ({ dir }) => `SELECT * FROM glob('${dir}/**')`],
  ['asks a server', () => "SELECT * FROM 'https://example.org/data.parquet'"],
  ['asks a server by a function', () => "SELECT * FROM read_csv('https://example.org/data.csv')"],
  ['hides a read in a subquery', () => "SELECT (SELECT count(*) FROM read_text('/etc/passwd'))"],
  ['hides a read in a CTE', () => "WITH a AS (SELECT * FROM read_csv('/etc/passwd')) SELECT * FROM a"],
  ['hides a read in a lateral join', () => "SELECT * FROM shop.curated.orders o, LATERAL (SELECT * FROM glob('/*')) g"],
  ['hides a read in HAVING', () => "SELECT customer FROM shop.curated.orders GROUP BY 1 HAVING count(*) > (SELECT count(*) FROM glob('/*'))"],
  ['hides a read in a union', () => "SELECT 'a' UNION ALL SELECT file FROM glob('/*')"],
  ['runs text as a query', () => "FROM query('SELECT 1')"],
  ['reads a table by text', () => "FROM query_table('duckdb_settings')"],
  ['runs a serialised query', () => "FROM json_execute_serialized_sql(json_serialize_sql('SELECT 1'))"],
  ['logs to a file', ({ target }) => `SELECT * FROM enable_logging(storage = 'file', storage_path = '${target}')`],
  ['calls a pragma in FROM', () => 'SELECT * FROM pragma_version()'],
  ['reads settings', () => 'FROM duckdb_settings()'],
  ['reads secrets', () => 'FROM duckdb_secrets()'],
  ['lists tables', () => 'SELECT * FROM information_schema.tables'],
  ['lists tables of a catalog', () => 'SELECT * FROM system.information_schema.tables'],
  ['reads the environment', () => "SELECT getenv('HOME')"],
  ['writes to the log', () => "SELECT write_log('x')"],
  ['sleeps', () => 'SELECT sleep_ms(60000)'],
  ['copies out', ({ target }) => `COPY shop.curated.orders TO '${target}'`],
  ['overwrites a part', ({ part: file }) => `COPY (SELECT 1) TO '${file}' (FORMAT parquet, USE_TMP_FILE false)`],
  ['copies in', () => "COPY x FROM '/etc/passwd'"],
  ['exports', ({ target }) => `EXPORT DATABASE '${target}'`],
  ['attaches', ({ target }) => `ATTACH '${target}' AS other`],
  ['detaches', () => 'DETACH shop'],
  ['installs', () => 'INSTALL httpfs'],
  ['loads', () => 'LOAD httpfs'],
  ['sets', () => "SET memory_limit = '20GB'"],
  ['resets', () => 'RESET memory_limit'],
  ['asks a pragma', () => 'PRAGMA database_list'],
  ['shows', () => 'SHOW ALL TABLES'],
  ['changes the schema', () => 'USE temp'],
  ['creates a table', () => 'CREATE TABLE x AS SELECT 1'],
  ['creates a macro', () => "CREATE MACRO read(x) AS TABLE SELECT * FROM read_text(x)"],
  ['creates a secret', () => 'CREATE SECRET (TYPE s3)'],
  ['inserts', () => 'INSERT INTO shop.curated.orders VALUES (4, 1)'],
  ['updates', () => 'UPDATE shop.curated.orders SET id = 1'],
  ['deletes', () => 'DELETE FROM shop.curated.orders'],
  ['drops', () => 'DROP VIEW shop.curated.orders'],
  ['inserts in a CTE', () => 'WITH a AS (INSERT INTO shop.curated.orders VALUES (4, 1) RETURNING *) SELECT * FROM a'],
  ['begins a transaction', () => 'BEGIN TRANSACTION'],
  ['checkpoints', () => 'FORCE CHECKPOINT'],
  ['vacuums', () => 'VACUUM'],
  ['calls', () => "CALL enable_logging('QueryLog')"],
  ['prepares', () => 'PREPARE q AS SELECT 1'],
  ['executes', () => 'EXECUTE q'],
  ['explains by itself', () => 'EXPLAIN SELECT 1'],
  ['analyses by itself', () => "EXPLAIN ANALYZE COPY (SELECT 1) TO '/tmp/x'"],
  ['is two statements', () => 'SELECT 1; SELECT 2'],
  ['is two statements, the second a write', () => 'SELECT 1; DROP VIEW shop.curated.orders'],
  ['ends the wrapper', ({ target }) => `SELECT 1) TO '${target}'; COPY (SELECT 1`],
  ['ends the wrapper in a comment', ({ target }) => `SELECT 1 /* ) */ ) TO '${target}' --`],
  ['hides text behind a NUL', ({ target }) => `SELECT 1 \0; COPY (SELECT 1) TO '${target}'`],
  ['is nothing', () => '-- nothing'],
  ['is no SQL', () => 'rm -rf /'],
]

describe('a statement that wants more than datasets', () => {
  it.each(FORBIDDEN)('%s', async (_what, statement) => {
    const before = fingerprint()
    const target = join(workspace.dir, 'stolen')
    const sql = statement({ part: part(), target, dir: workspace.dir })
    const { query } = workspace.client
    const answers = await Promise.all([query.run({ sql, limit: 10 }), query.explain({ sql }), query.explain({ sql, analyze: true })].map(answer))
    for (const { code, message } of answers) {
      expect(code, message).toMatch(/^SQL_(REFUSED|FAILED)$/)
      expect(message.length).toBeLessThan(400)
      expect(message).not.toMatch(/exception_type|\bat .*\.[jt]s:/)
    }
    expect(existsSync(target)).toBe(false)
    expect(fingerprint()).toBe(before)
  })

  it('leaves the sandbox in order: the next query is answered', async () => {
    expect(await workspace.client.query.run({ sql: 'SELECT count(*) AS n FROM shop.curated.orders' })).toMatchObject({ rowsJson: '[["3"]]' })
  })
})

/** Each would take the machine's memory, its disk or its time. */
const HUNGRY: readonly [string, string, RegExp][] = [
  ['never ends by recursion', 'WITH RECURSIVE t(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM t) SELECT count(*) FROM t', /TIMEOUT|OUT_OF_MEMORY/],
  ['never ends by a join', 'SELECT sum(a.range * b.range) FROM range(100000000) a, range(100000000) b', /TIMEOUT/],
  ['never ends in one function', "SELECT levenshtein(repeat('a', 300000), repeat('b', 300000))", /TIMEOUT|OUT_OF_MEMORY/],
  ['sleeps by a macro', 'SELECT pg_sleep(100)', /TIMEOUT|SQL_/],
  ['collects a list', 'SELECT list(i) FROM range(300000000) t(i)', /OUT_OF_MEMORY|TIMEOUT/],
  ['counts what is different', 'SELECT count(DISTINCT i) FROM range(3000000000) t(i)', /OUT_OF_MEMORY|TIMEOUT/],
  ['makes one long text', "SELECT repeat('x', 4000000000)", /OUT_OF_MEMORY|SQL_FAILED|TIMEOUT/],
  ['makes long texts from long texts', "SELECT length(repeat(repeat('x', 1000000), 4000))", /OUT_OF_MEMORY|SQL_FAILED|TIMEOUT/],
  ['makes one long list', 'SELECT range(1000000000)', /OUT_OF_MEMORY|TIMEOUT/],
  ['transforms a long list', 'SELECT list_transform(range(200000000), x -> x::VARCHAR)[1]', /OUT_OF_MEMORY|TIMEOUT/],
  ['pads', "SELECT lpad('x', 2000000000, 'y')", /OUT_OF_MEMORY|SQL_FAILED|TIMEOUT/],
  ['concatenates', "SELECT string_agg(repeat('x', 1000), ',') FROM range(100000000)", /OUT_OF_MEMORY|SQL_FAILED|TIMEOUT/],
  ['sorts more than there is room for', "SELECT md5(i::VARCHAR) FROM range(2000000000) t(i) ORDER BY 1", /OUT_OF_MEMORY|TIMEOUT/],
]

describe('a statement that wants all there is', { timeout: 60_000 }, () => {
  it.each(HUNGRY)('%s', async (_what, sql, expected) => {
    const before = fingerprint()
    const { code, message, hint } = await answer(workspace.client.query.run({ sql, limit: 10, timeoutMs: 1_000 }))
    expect(code, message).toMatch(expected)
    expect(message).not.toMatch(/bad_alloc|SIG[A-Z]+/)
    expect(code === 'SQL_FAILED' || hint !== null, 'it says what to try').toBe(true)
    expect(fingerprint()).toBe(before)
    expect(await workspace.client.query.run({ sql: 'SELECT 1 AS one' })).toMatchObject({ rowsJson: '[[1]]' })
  })

  it('does not touch a query beside it', async () => {
    const hungry = answer(workspace.client.query.run({ sql: 'SELECT range(1000000000)', limit: 1, timeoutMs: 60_000 }))
    const beside = workspace.client.query.run({ sql: 'SELECT sum(range) AS n FROM range(200000000)', timeoutMs: 60_000 })
    expect((await hungry).code).toBe('OUT_OF_MEMORY')
    expect(await beside).toMatchObject({ rowCount: 1 })
  })

  it('is told apart from one that somebody cancels, at once', async () => {
    const stop = new AbortController()
    const asked = workspace.client.query.run({ sql: 'SELECT sum(a.range * b.range) FROM range(100000000) a, range(100000000) b' }, { signal: stop.signal })
    setTimeout(() => stop.abort(), 300)
    expect((await answer(asked)).code).toBe('CANCELLED')
  })
})

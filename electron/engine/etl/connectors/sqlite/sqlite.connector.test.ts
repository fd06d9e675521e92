import { readFileSync, readdirSync } from 'node:fs'
import { dirname } from 'node:path'
import Database from 'better-sqlite3'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ExtractFixture } from '../../extract-fixture.ts'

let fixture: ExtractFixture
beforeAll(async () => {
  fixture = await ExtractFixture.create()
})
afterAll(() => fixture.close())

let files = 0
async function database(statements: string): Promise<string> {
  const path = await fixture.write(`db ${++files}/data ${files}.db`, '')
  const db = new Database(path)
  db.exec(statements)
  db.close()
  return path
}
const read = (path: string, options: { table?: string; query?: string; columns?: Record<string, string> } = {}) =>
  fixture.extract({ format: 'sqlite', database: { table: options.table ?? null, query: options.query ?? null }, columns: options.columns ?? {} }, [path])
const shape = ({ result }: Awaited<ReturnType<typeof read>>): string[] => result.columns.filter(({ isProvenance }) => !isProvenance).map(({ name, type }) => `${name} ${type}`)

describe('connector sqlite', () => {
  it('takes what a column promises, and what it does not promise by its values', async () => {
    const path = await database(
      `CREATE TABLE t (id INTEGER PRIMARY KEY, name TEXT, ratio REAL, data BLOB, price DECIMAL(10,2), day DATE, anything, big BIGINT, empty TEXT);
       INSERT INTO t VALUES (3, 'c', 3, x'00ff', 2, '2024-05-01', 1, -9223372036854775808, ''), (1, 'a', 1.5, x'', 10.25, '2024-01-31', 'x', 9007199254740993, NULL)`,
    )
    const extraction = await read(path)
    expect(shape(extraction)).toEqual(['id BIGINT', 'name VARCHAR', 'ratio DOUBLE', 'data BLOB', 'price DOUBLE', 'day VARCHAR', 'anything VARCHAR', 'big BIGINT', 'empty VARCHAR'])
    expect(await extraction.rows('* EXCLUDE (data, _file), hex(data) AS data')).toEqual([
      { id: '1', name: 'a', ratio: 1.5, data: '', price: 10.25, day: '2024-01-31', anything: 'x', big: '9007199254740993', empty: null, _record: '1' },
      { id: '3', name: 'c', ratio: 3, data: '00FF', price: 2, day: '2024-05-01', anything: '1', big: '-9223372036854775808', empty: '', _record: '2' },
    ])
  })

  it('quarantines values that their column does not promise, by column and rowid', async () => {
    const path = await database(`CREATE TABLE t (id INTEGER, n INTEGER, name TEXT, data BLOB);
      INSERT INTO t (rowid, id, n, name, data) VALUES (10, 1, 1, 'good', x'01'), (20, 2, 'abc', 'x', NULL), (30, 3, 1.5, 'x', NULL), (40, 4, 4, x'0102', NULL), (50, 5, 5, 'x', 'text'), (9007199254740995, 6, 'far', 'x', NULL)`)
    const { result, rejects } = await read(path)
    expect(result).toMatchObject({ records: 6, rowCount: 1, quarantined: 5 })
    expect((await rejects()).map(({ _record, column_name, line, reason }) => [_record, column_name, line, reason])).toEqual([
      [2, 'n', null, '"n" of rowid 20: "abc" does not fit BIGINT'],
      [3, 'n', null, '"n" of rowid 30: "1.5" does not fit BIGINT'],
      [4, 'name', null, '"name" of rowid 40: it holds 2 bytes, which do not fit VARCHAR'],
      [5, 'data', null, '"data" of rowid 50: "text" does not fit BLOB'],
      [6, 'n', null, '"n" of rowid 9007199254740995: "far" does not fit BIGINT'],
    ])
  })

  it('casts to declared types, and quarantines what does not fit', async () => {
    const path = await database(`CREATE TABLE t (day TEXT, price); INSERT INTO t VALUES ('2024-01-31', '1.50'), ('soon', 2), ('2024-02-01', 3.25)`)
    const extraction = await read(path, { columns: { day: 'DATE', price: 'DECIMAL(6,2)' } })
    expect(await extraction.rows('day, price')).toEqual([{ day: '2024-01-31', price: '1.50' }, { day: '2024-02-01', price: '3.25' }])
    expect((await extraction.rejects()).map(({ reason }) => reason)).toEqual(['"day" of rowid 2: "soon" does not fit DATE'])
  })

  it('reads a named table, a view, a table without rowids, or a query', async () => {
    const path = await database(`CREATE TABLE a (x); CREATE TABLE b (k TEXT PRIMARY KEY, rowid TEXT) WITHOUT ROWID; CREATE VIEW v AS SELECT x * 2 AS y FROM a;
      INSERT INTO a VALUES (1), (2); INSERT INTO b VALUES ('k', 'r')`)
    expect(await (await read(path, { table: 'A' })).rows('x')).toEqual([{ x: '1' }, { x: '2' }])
    expect(await (await read(path, { table: 'b' })).rows('k, rowid')).toEqual([{ k: 'k', rowid: 'r' }])
    expect(await (await read(path, { table: 'v' })).rows('y')).toEqual([{ y: '2' }, { y: '4' }])
    expect(await (await read(path, { query: 'SELECT a.x, b.k FROM a, b WHERE a.x > 1' })).rows('x, k')).toEqual([{ x: '2', k: 'k' }])
  })

  it.each([
    [{}, /has 2 tables, and the source names none/, /one of alpha, beta/],
    [{ table: 'alpah' }, /no table "alpah"/, /Did you mean alpha/],
    [{ query: 'DELETE FROM alpha' }, /does not only read/, /SELECT/],
    [{ query: 'SELECT nope FROM alpha' }, /no such column: nope/, /query/],
  ])('says what is wrong with %j', async (options, message, hint) => {
    const path = await database('CREATE TABLE alpha (x); CREATE TABLE beta (x)')
    await expect(read(path, options)).rejects.toMatchObject({ problem: { code: 'SOURCE_UNREADABLE', message: expect.stringMatching(message), hint: expect.stringMatching(hint) } })
  })

  it('leaves nothing beside a delivered database, also not in WAL mode', async () => {
    const path = await database("PRAGMA journal_mode = wal; CREATE TABLE t (x); INSERT INTO t VALUES (7)")
    const before = readFileSync(path)
    expect(await (await read(path)).rows('x')).toEqual([{ x: '7' }])
    expect(readdirSync(dirname(path))).toEqual([path.slice(dirname(path).length + 1)])
    expect(readFileSync(path).equals(before)).toBe(true)
  })

  it('refuses a database whose last changes lie in a log beside it', async () => {
    const path = await fixture.write(`db ${++files}/open.db`, '')
    const writer = new Database(path)
    try {
      writer.exec('PRAGMA journal_mode = wal; CREATE TABLE t (x); INSERT INTO t VALUES (1)')
      await expect(read(path)).rejects.toMatchObject({ problem: { code: 'SOURCE_UNREADABLE', message: expect.stringContaining('open.db-wal beside it'), hint: expect.stringContaining('VACUUM INTO') } })
    } finally {
      writer.close()
    }
  })

  it('never takes a cut or foreign file for a database', async () => {
    const path = await database("CREATE TABLE t (x); INSERT INTO t WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000) SELECT 'row ' || i FROM n")
    const whole = readFileSync(path)
    for (const length of [0, 5, 60, 3_000, 9_000, whole.length - 1]) {
      const cut = await fixture.write('cut/cut.db', whole.subarray(0, length))
      await expect(read(cut)).rejects.toMatchObject({ problem: { code: 'SOURCE_UNREADABLE', message: expect.stringMatching(/^cut\.db: truncated input/) } })
    }
    const damaged = Buffer.from(whole)
    damaged.fill(0xee, 4_096, 20_000)
    await expect(read(await fixture.write('cut/bad.db', damaged))).rejects.toMatchObject({ problem: { code: 'SOURCE_UNREADABLE', message: expect.stringContaining('damaged') } })
    await expect(read(await fixture.write('cut/text.db', 'id,name\n1,x\n'))).rejects.toMatchObject({ problem: { message: expect.stringContaining('no SQLite database') } })
  })
})

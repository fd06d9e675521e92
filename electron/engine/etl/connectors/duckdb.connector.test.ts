import { mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ExtractFixture } from '../extract-fixture.ts'

let fixture: ExtractFixture
beforeAll(async () => {
  fixture = await ExtractFixture.create()
  mkdirSync(join(fixture.dir, 'duck'))
})
afterAll(() => fixture.close())

let files = 0
async function database(sql: string): Promise<string> {
  const path = join(fixture.dir, 'duck', `d ${++files}.duckdb`)
  const instance = await DuckDBInstance.create(path)
  const connection = await instance.connect()
  await connection.run(sql)
  await connection.run('CHECKPOINT')
  connection.closeSync()
  instance.closeSync()
  return path
}
const read = (paths: string[], table: string | null = null, query: string | null = null) => fixture.extract({ format: 'duckdb', database: { table, query } }, paths)
const refusal = (message: RegExp, hint = /./): object => ({ problem: { code: 'SOURCE_UNREADABLE', message: expect.stringMatching(message), hint: expect.stringMatching(hint) } })

describe('connector duckdb', () => {
  it('takes a table with its types, files united by name', async () => {
    const first = await database("CREATE TYPE mood AS ENUM ('good', 'bad'); CREATE TABLE t AS SELECT i AS id, 'good'::mood AS m, i::HUGEINT * 100000000000000000000 AS huge, [i, i + 1] AS list, {'a': i} AS s, DATE '2024-01-31' AS d FROM range(3) r(i)")
    const second = await database('CREATE SCHEMA s; CREATE TABLE s.t AS SELECT 7 AS id, 1.5::DECIMAL(5,1) AS price')
    const { result, rows } = await read([first])
    expect(result.columns.map(({ name, type }) => `${name} ${type}`)).toEqual(['id BIGINT', 'm VARCHAR', 'huge VARCHAR', 'list BIGINT[]', 's STRUCT(a BIGINT)', 'd DATE', '_file VARCHAR', '_record BIGINT'])
    expect(await rows('id, m, huge, list::VARCHAR AS list, s::VARCHAR AS s, _record').then((all) => all[2])).toEqual({ id: '2', m: 'good', huge: '200000000000000000000', list: '[2, 3]', s: "{'a': 2}", _record: '3' })
    expect((await read([second], 'S.T')).result).toMatchObject({ records: 1, rowCount: 1 })
  })

  it('says which tables there are', async () => {
    const path = await database('CREATE TABLE alpha (x INTEGER); CREATE TABLE beta (x INTEGER); CREATE VIEW v AS SELECT 1 AS one')
    await expect(read([path])).rejects.toMatchObject(refusal(/has 2 tables/, /one of alpha, beta/))
    await expect(read([path], 'v')).rejects.toMatchObject(refusal(/no table "v"/))
    await expect(read([path], 'alpah')).rejects.toMatchObject(refusal(/no table "alpah"/, /Did you mean alpha/))
  })

  it('takes the rows of a query, over tables and views, with names that occur once', async () => {
    const path = await database(`CREATE SCHEMA s; CREATE TABLE t AS SELECT i AS id, i % 2 AS kind, i::HUGEINT AS huge FROM range(6) r(i); CREATE TABLE s.kinds AS SELECT 0 AS kind, 'even' AS label; CREATE TABLE s."Own Name" AS SELECT 7 AS id; CREATE VIEW big AS SELECT * FROM t WHERE id > 2`)
    const { result, rows } = await read([path], null, 'SELECT b.id, b.huge, k.kind, b.kind FROM big AS b JOIN s.kinds AS k USING (kind) WHERE b.id NOT IN (SELECT id FROM s."Own Name") ORDER BY b.id DESC -- newest first')
    expect(result.columns.map(({ name, type }) => `${name} ${type}`)).toEqual(['id BIGINT', 'huge VARCHAR', 'kind INTEGER', 'kind_1 BIGINT', '_file VARCHAR', '_record BIGINT'])
    expect(await rows('id, huge, _record')).toEqual([{ id: '4', huge: '4', _record: '1' }])
  })

  it('keeps a query in the database that was delivered', async () => {
    const secret = await fixture.write('secret.csv', 'key\nhidden\n')
    const path = await database(`CREATE TABLE t AS SELECT 1 AS id; CREATE VIEW outside AS SELECT * FROM read_csv('${secret}'); CREATE MACRO reach() AS TABLE SELECT * FROM read_text('${secret}')`)
    const ask = (query: string): Promise<unknown> => read([path], null, query)
    await expect(ask('SELECT * FROM outside')).rejects.toMatchObject(refusal(/query of the source cannot be read: .*(disabled|Permission|Cannot access)/))
    await expect(ask(`SELECT * FROM read_text('${secret}')`)).rejects.toMatchObject(refusal(/query of the source cannot be read/))
    await expect(ask('FROM reach()')).rejects.toMatchObject(refusal(/query of the source cannot be read/))
    await expect(ask('DROP TABLE t')).rejects.toMatchObject(refusal(/query of the source cannot be read/))
    await expect(ask('SELECT 1; SELECT 2')).rejects.toMatchObject(refusal(/query of the source cannot be read/))
    await expect(ask('SELECT id FROM things')).rejects.toMatchObject(refusal(/things.* does not exist/))
    await expect(ask('SELECT\n  idd FROM t')).rejects.toMatchObject(refusal(/line 2, column 3/))
  })

  it('refuses cut and foreign files, other storage versions, and changes that lie beside the file', async () => {
    const path = await database("CREATE TABLE t AS SELECT i, md5(i::VARCHAR) AS m FROM range(200000) r(i)")
    const whole = readFileSync(path)
    for (const length of [0, 10, 5_000, Math.floor(whole.length / 2)]) {
      await expect(read([await fixture.write('cut.duckdb', whole.subarray(0, length))])).rejects.toMatchObject(refusal(/^cut\.duckdb: /))
    }
    await expect(read([await fixture.write('text.duckdb', 'id,name\n1,two three four\n')])).rejects.toMatchObject(refusal(/no DuckDB database/))
    const other = Buffer.from(whole)
    other.writeBigUInt64LE(9_999n, 12)
    await expect(read([await fixture.write('newer.duckdb', other)])).rejects.toMatchObject(refusal(/version of DuckDB that is not read here|damaged/))
    await fixture.write('open.duckdb', whole)
    await fixture.write('open.duckdb.wal', 'x')
    await expect(read([join(fixture.dir, 'open.duckdb')])).rejects.toMatchObject(refusal(/open\.duckdb\.wal beside it/, /CHECKPOINT/))
  })
})

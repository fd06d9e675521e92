import Database from 'better-sqlite3'
import { DuckDBInstance } from '@duckdb/node-api'
import { basename, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ExtractFixture } from '../extract-fixture.ts'

/** `query:` means the same whatever kind of database was delivered. */

let fixture: ExtractFixture
beforeAll(async () => {
  fixture = await ExtractFixture.create()
})
afterAll(() => fixture.close())

const TABLES = `CREATE TABLE orders (id INTEGER, customer INTEGER, amount INTEGER); INSERT INTO orders VALUES (1, 1, 10), (2, 1, 20), (3, 2, NULL);
  CREATE TABLE customers (customer INTEGER, name TEXT); INSERT INTO customers VALUES (1, 'é "x"'), (2, NULL); CREATE VIEW dear AS SELECT * FROM orders WHERE amount > 15`

const FORMATS = [
  {
    format: 'sqlite' as const,
    async write(path: string) {
      const database = new Database(path)
      database.exec(`${TABLES}; CREATE TABLE "${basename(path)}" (x INTEGER)`)
      database.close()
    },
  },
  {
    format: 'duckdb' as const,
    async write(path: string) {
      const instance = await DuckDBInstance.create(path)
      const connection = await instance.connect()
      await connection.run(TABLES)
      connection.closeSync()
      instance.closeSync()
    },
  },
]

describe.each(FORMATS)('a query over a $format file', ({ format, write }) => {
  let paths: string[] = []
  beforeAll(async () => {
    paths = ['one', 'two'].map((name) => join(fixture.dir, `${name}.${format}`))
    for (const path of paths) await write(path)
  })
  const read = (query: string, files = paths.slice(0, 1)) => fixture.extract({ format, database: { table: null, query } }, files)

  it('gives its rows in its order, each known by its place in it', async () => {
    const { result, rows } = await read('SELECT o.id, c.name, o.amount FROM orders AS o JOIN customers AS c ON c.customer = o.customer ORDER BY o.id DESC', paths)
    expect(result).toMatchObject({ records: 6, rowCount: 6, quarantined: 0 })
    expect(await rows('id::INTEGER AS id, name, amount::INTEGER AS amount, _file, _record::INTEGER AS _record').then((all) => all.slice(0, 4))).toEqual([
      { id: 3, name: null, amount: null, _file: `one.${format}`, _record: 1 },
      { id: 2, name: 'é "x"', amount: 20, _file: `one.${format}`, _record: 2 },
      { id: 1, name: 'é "x"', amount: 10, _file: `one.${format}`, _record: 3 },
      { id: 3, name: null, amount: null, _file: `two.${format}`, _record: 1 },
    ])
  })

  it('reads views, aggregates and no rows at all', async () => {
    expect(await (await read('SELECT id FROM dear')).rows('id::INTEGER AS id')).toEqual([{ id: 2 }])
    expect(await (await read('WITH sums AS (SELECT customer, count(*) AS n FROM orders GROUP BY customer) SELECT max(n) AS most FROM sums')).rows('most::INTEGER AS most')).toEqual([{ most: 2 }])
    expect((await read('SELECT id FROM orders WHERE amount > 1000')).result).toMatchObject({ records: 0, rowCount: 0 })
  })

  it.each([
    ['writes', "INSERT INTO orders VALUES (9, 9, 9)"],
    ['drops', 'DROP TABLE orders'],
    ['has two statements', 'SELECT 1 AS a; SELECT 2 AS b'],
    ['reads what is not there', 'SELECT id FROM things'],
    ['reads a column that is not there', 'SELECT idd FROM orders'],
    ['is no SQL', 'read the orders'],
    ['opens another file', "ATTACH 'other.db' AS other"],
  ])('is refused in words when it %s, and leaves the file as it was', async (_, query) => {
    await expect(read(query)).rejects.toMatchObject({ problem: { code: 'SOURCE_UNREADABLE', message: expect.stringContaining(`one.${format}: `), hint: expect.stringMatching(/./) } })
    expect((await read('SELECT count(*) AS n FROM orders')).result).toMatchObject({ records: 1 })
  })
})

it('a DuckDB query whose value does not fit a declared type names file, column, types and value', async () => {
  const path = join(fixture.dir, 'typed.duckdb')
  await FORMATS[1]?.write(path)
  const extraction = fixture.extract({ format: 'duckdb', columns: { name: 'BIGINT' }, database: { table: null, query: 'SELECT name FROM customers' } }, [path])
  await expect(extraction).rejects.toMatchObject({ problem: { code: 'SOURCE_UNREADABLE', message: 'typed.duckdb: "name" is VARCHAR here, and the declared BIGINT does not hold é "x"' } })
})

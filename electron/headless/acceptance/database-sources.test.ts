import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { connect, createServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import mysql from 'mysql2/promise'
import pg from 'pg'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { type DatabaseServer, findMariadb, findPostgres, startMariadb, startPostgres } from '../../engine/etl/fetch/database-fixture.ts'

// The built program against real servers: increments over several runs, cursors by hand, secrets, queries that would write, lines that are cut.

const CLI = fileURLToPath(new URL('../../../dist/headless/cli.js', import.meta.url))
const PASSWORD = 'pw-7Kd/2=x&y'

/** A server with a table of orders, and the words in which it is spoken to. */
interface Shop extends AsyncDisposable {
  readonly port: number
  /** As an owner of the table. */
  run(sql: string): Promise<unknown>
  count(): Promise<number>
}

interface Kind {
  name: 'postgres' | 'mysql'
  isThere: boolean
  start(): Promise<Shop>
  /** A query that also writes. */
  writing: string
  moment: string
}

const CREATE = (moment: string): string => `CREATE TABLE orders (id INTEGER PRIMARY KEY, amount DECIMAL(10,2), changed ${moment})`
const FIRST = "INSERT INTO orders VALUES (1, 10.50, '2026-01-01 10:00:00.000001'), (2, 20, '2026-01-02 11:30:00.123456')"

async function startShop(server: DatabaseServer, run: (sql: string) => Promise<unknown>, more: { count: Shop['count']; end(): Promise<unknown>; setUp: readonly string[] }): Promise<Shop> {
  const stop = async (): Promise<void> => {
    await more.end()
    await server[Symbol.asyncDispose]()
  }
  try {
    for (const sql of more.setUp) await run(sql)
  } catch (error) {
    await stop()
    throw error
  }
  return { port: server.port, run, count: more.count, [Symbol.asyncDispose]: stop }
}

async function startPostgresShop(): Promise<Shop> {
  const server = await startPostgres(findPostgres() ?? '')
  const client = new pg.Client({ host: '127.0.0.1', port: server.port, user: server.user, database: 'postgres' })
  await client.connect()
  return startShop(server, (sql) => client.query(sql), {
    count: async () => Number((await client.query('SELECT count(*) AS n FROM orders')).rows[0].n),
    end: () => client.end(),
    setUp: ["SET TIME ZONE 'UTC'", CREATE('TIMESTAMPTZ'), `CREATE ROLE reader LOGIN PASSWORD '${PASSWORD}'`, 'GRANT ALL ON orders TO reader', 'CREATE FUNCTION add_order() RETURNS int LANGUAGE sql AS $$ INSERT INTO orders VALUES (99, 1, now()) RETURNING id $$'],
  })
}

async function startMariadbShop(): Promise<Shop> {
  const server = await startMariadb(findMariadb() ?? '')
  const client = await mysql.createConnection({ host: '127.0.0.1', port: server.port, user: server.user })
  return startShop(server, (sql) => client.query(sql), {
    count: async () => Number(z.array(z.array(z.object({ n: z.number() }))).parse([(await client.query('SELECT count(*) AS n FROM orders'))[0]])[0]?.[0]?.n),
    end: () => client.end(),
    setUp: ['CREATE DATABASE postgres', 'USE postgres', "SET time_zone = '+00:00'", CREATE('TIMESTAMP(6)'), `CREATE USER reader@'%' IDENTIFIED BY '${PASSWORD}'`, "GRANT ALL ON postgres.* TO reader@'%'", 'CREATE FUNCTION add_order() RETURNS INT MODIFIES SQL DATA BEGIN INSERT INTO orders VALUES (99, 1, now()); RETURN 1; END'],
  })
}

const KINDS: Kind[] = [
  { name: 'postgres', isThere: findPostgres() !== null, start: startPostgresShop, writing: 'SELECT add_order() AS id, now() AS changed', moment: '2026-01-02T11:30:00.123456Z' },
  { name: 'mysql', isThere: findMariadb() !== null, start: startMariadbShop, writing: 'SELECT add_order() AS id, now() AS changed', moment: '2026-01-02T11:30:00.123456Z' },
]
for (const { name, isThere } of KINDS) if (!isThere) console.log(`There is no ${name} on this machine: its runs are left out`)

/** A line to a server that can be cut after so many bytes. */
async function startProxy(port: number): Promise<{ port: number; cutAfter(bytes: number, times: number): void; connections: number } & AsyncDisposable> {
  let cuts = { bytes: Infinity, left: 0 }
  const open = new Set<Socket>()
  const proxy = { connections: 0 }
  const server = createServer((socket) => {
    proxy.connections++
    const upstream = connect(port, '127.0.0.1')
    const isCut = cuts.left-- > 0
    let seen = 0
    for (const one of [socket, upstream]) {
      open.add(one)
      one.on('error', () => undefined)
      one.on('close', () => {
        socket.destroy()
        upstream.destroy()
      })
    }
    socket.pipe(upstream)
    upstream.on('data', (chunk: Buffer) => {
      seen += chunk.length
      if (isCut && seen > cuts.bytes) return void socket.destroy()
      socket.write(chunk)
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  return Object.assign(proxy, {
    port: typeof address === 'object' && address !== null ? address.port : 0,
    cutAfter: (bytes: number, times: number) => void (cuts = { bytes, left: times }),
    async [Symbol.asyncDispose]() {
      for (const socket of open) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  })
}

const runSchema = z.object({ run: z.object({ state: z.string(), degraded: z.boolean(), problem: z.object({ code: z.string(), message: z.string() }).nullable() }), steps: z.array(z.object({ dataset: z.string(), state: z.string(), note: z.string().nullable(), rowsOut: z.number().nullable() })) })
const cursorsSchema = z.object({ cursors: z.array(z.object({ dataset: z.string(), column: z.string(), value: z.string().nullable(), setBy: z.object({ reason: z.string() }).nullable() })) })

describe.each(KINDS)('a source that asks $name', ({ name, isThere, start, writing, moment }) => {
  let shop: Shop
  let dir: string
  let runs: number
  beforeAll(async () => {
    if (isThere) shop = await start()
  }, 120_000)
  afterAll(() => shop?.[Symbol.asyncDispose]())
  beforeEach(async () => {
    if (!isThere) return
    dir = await mkdtemp(join(tmpdir(), 'strata-ask-'))
    runs = 0
    await shop.run('DELETE FROM orders')
    await shop.run(FIRST)
  })
  afterEach(async () => {
    if (isThere) await rm(dir, { recursive: true, force: true })
  })

  async function workspace({ query = 'SELECT id, amount, changed FROM orders', port = shop.port, user = 'reader', more = '' }: { query?: string; port?: number; user?: string; more?: string }): Promise<void> {
    const files = {
      'strata.yaml': 'name: shop\nlimits: { memory: 256MB, threads: 1 }\nretry: { network: { attempts: 2, base_delay: 1ms, max_delay: 1ms } }\n',
      'pipelines/shop/pipeline.yaml': `sources:\n  orders:\n    ${name}:\n      connection: { host: 127.0.0.1, port: ${port}, database: postgres, user: ${user}, password: secret:shop_password }\n      query: ${query}\n    incremental: { column: changed }\n${more}`,
      'pipelines/shop/curated/orders.sql': 'SELECT id, changed, _file AS file FROM raw.orders\n',
    }
    for (const [path, text] of Object.entries(files)) {
      await mkdir(dirname(join(dir, path)), { recursive: true })
      await writeFile(join(dir, path), text)
    }
  }

  function strata(...args: string[]): Promise<{ code: number; out: string; err: string }> {
    return new Promise((resolve) => {
      const env = { ...process.env, NO_COLOR: '1', STRATA_SECRET_SHOP_PASSWORD: PASSWORD, XDG_CONFIG_HOME: join(dir, '.config') }
      execFile(process.execPath, [CLI, ...args], { cwd: dir, env }, (error, out, err) => resolve({ code: error === null ? 0 : Number(error.code), out, err }))
    })
  }
  async function run(...args: string[]): Promise<z.infer<typeof runSchema> & { code: number }> {
    const { code } = await strata('run', 'shop', ...args)
    const shown = await strata('show', `shop#${++runs}`, '--json')
    return { code, ...runSchema.parse(JSON.parse(shown.out)) }
  }
  const ids = async (): Promise<unknown[]> => z.array(z.object({ id: z.number(), file: z.string() })).parse(JSON.parse((await strata('sql', 'SELECT id, file FROM shop.curated.orders ORDER BY file, id', '--json')).out)).map(({ id, file }) => [id, file])
  const cursors = async () => cursorsSchema.parse(JSON.parse((await strata('cursors', 'list', '--json')).out)).cursors

  it.runIf(isThere)('reads what is new beyond its cursor, run by run, and goes where the cursor is set by hand', async () => {
    await workspace({})
    expect(await run()).toMatchObject({ code: 0, steps: [{ state: 'succeeded', rowsOut: 2 }, { state: 'succeeded' }] })
    expect(await cursors()).toMatchObject([{ dataset: 'shop.raw.orders', column: 'changed', value: moment }])
    expect((await run()).steps).toMatchObject([{ state: 'reused', note: 'Nothing new since #1' }, { state: 'reused' }])
    await shop.run("INSERT INTO orders VALUES (3, 30, '2026-01-02 11:30:00.123457')")
    await shop.run("UPDATE orders SET amount = 11, changed = '2026-01-03 00:00:00' WHERE id = 1")
    expect((await run()).steps).toMatchObject([{ state: 'succeeded', rowsOut: 4 }, { state: 'succeeded', rowsOut: 4 }])
    expect(await ids()).toEqual([[1, 'orders-1-0001.ndjson'], [2, 'orders-1-0001.ndjson'], [1, 'orders-3-0001.ndjson'], [3, 'orders-3-0001.ndjson']])
    expect((await strata('cursors', 'set', 'shop.raw.orders', '2026-01-02 11:30:00.123456')).code).not.toBe(0)
    expect((await strata('cursors', 'set', 'shop.raw.orders', '2026-01-02 11:30:00.123456', '--reason', 'the third was corrected')).code).toBe(0)
    expect(await cursors()).toMatchObject([{ setBy: { reason: 'the third was corrected' } }])
    await run()
    expect(await ids()).toHaveLength(6)
    expect((await strata('audit', '--action', 'cursor_set')).out).toContain('the third was corrected')
    expect((await strata('cursors', 'clear', 'shop.raw.orders', '--reason', 'anew')).code).toBe(0)
    await run()
    expect(await ids()).toEqual([[1, 'orders-5-0001.ndjson'], [2, 'orders-5-0001.ndjson'], [3, 'orders-5-0001.ndjson']])
    expect((await run('--force')).steps[0]).toMatchObject({ state: 'succeeded', rowsOut: 3 })
  }, 180_000)

  it.runIf(isThere)('cannot write, whatever its query says and its user may', async () => {
    for (const query of [writing, '"DELETE FROM orders"', '"SELECT 1 AS id, now() AS changed; DELETE FROM orders"', '"SELECT 1 AS id) AS q; DELETE FROM orders; --"']) {
      await workspace({ query })
      const { run: ended } = await run()
      expect([query, ended.state, ended.problem?.code]).toEqual([query, 'failed', 'SOURCE_UNREADABLE'])
    }
    expect(await shop.count()).toBe(2)
  }, 120_000)

  it.runIf(isThere)('is asked again when the line is cut, and takes nothing over when it stays cut', async () => {
    await using proxy = await startProxy(shop.port)
    await shop.run('DELETE FROM orders')
    const rows = Array.from({ length: 20_000 }, (_, n) => `(${n}, ${n}, '2026-01-01 00:00:00')`)
    for (let at = 0; at < rows.length; at += 5_000) await shop.run(`INSERT INTO orders VALUES ${rows.slice(at, at + 5_000).join(', ')}`)
    await workspace({ port: proxy.port })
    proxy.cutAfter(300_000, 1)
    expect((await run()).steps).toMatchObject([{ state: 'succeeded', rowsOut: 20_000 }, { state: 'succeeded' }])
    expect(proxy.connections).toBe(2)
    proxy.cutAfter(300_000, 5)
    const failed = await run('--force')
    expect(failed.run).toMatchObject({ state: 'failed', problem: { code: 'SOURCE_UNREACHABLE' } })
    expect(await readdir(join(dir, 'zones/raw/shop/orders'))).toEqual(['v1'])
    expect(await cursors()).toMatchObject([{ value: '2026-01-01T00:00:00.000000Z' }])
    proxy.cutAfter(0, 5)
    expect((await run('--force')).run).toMatchObject({ state: 'failed', problem: { code: 'SOURCE_UNREACHABLE' } })
  }, 180_000)

  it.runIf(isThere)('is let in by a secret, which is nowhere written, also when it is wrong', async () => {
    await workspace({})
    expect((await run()).code).toBe(0)
    await workspace({ query: 'SELECT nope FROM orders' })
    await run()
    await workspace({ user: 'stranger' })
    const stranger = await strata('run', 'shop', '--force')
    expect(stranger.out + stranger.err).toContain('does not let in')
    await workspace({ more: `  whole:\n    ${name}: { connection: secret:shop_address, query: SELECT id FROM orders }\n` })
    const address = `${name}://reader:${encodeURIComponent(PASSWORD)}@127.0.0.1:${shop.port}/postgres`
    const env = { ...process.env, NO_COLOR: '1', STRATA_SECRET_SHOP_PASSWORD: PASSWORD, STRATA_SECRET_SHOP_ADDRESS: address }
    const byAddress = await new Promise<string>((resolve) => execFile(process.execPath, [CLI, 'run', 'shop', '--force'], { cwd: dir, env }, (_error, out, err) => resolve(out + err)))
    expect(byAddress).toContain('raw.whole')
    const written = [stranger.out, stranger.err, byAddress, ...(await texts(dir))].join('\n')
    for (const form of [PASSWORD, encodeURIComponent(PASSWORD)]) expect(written.includes(form)).toBe(false)
  }, 120_000)
})

async function texts(dir: string): Promise<string[]> {
  const entries = await readdir(dir, { recursive: true, withFileTypes: true })
  return Promise.all(entries.filter((entry) => entry.isFile()).map((entry) => readFile(join(entry.parentPath, entry.name), 'latin1')))
}

import { fork } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { createVersionFixture, type VersionFixture } from '../query/version-fixture.ts'
import type { OpInput, OpProgress, SeenSource, WorkerKind, WorkerProcess } from './wire.ts'
import { createWorkerClient, type WorkerClient } from './worker-client.ts'

/** The real worker processes, started from source as children of this one. */

let fixture: VersionFixture
let source: SeenSource
const living: { kill(): void }[] = []

beforeAll(async () => {
  fixture = await createVersionFixture()
  source = await fixture.plain({ dataType: 'shop', zone: 'curated', name: 'orders' }, 'SELECT i AS id, md5(i::VARCHAR) AS code FROM range(300000) t(i)')
})
afterEach(() => {
  for (const worker of living.splice(0)) worker.kill()
})
afterAll(() => fixture[Symbol.asyncDispose]())

function start<K extends WorkerKind>(kind: K): WorkerClient<K> {
  const child = fork(join(import.meta.dirname, `${kind}.worker.ts`), [], { serialization: 'advanced', execArgv: [], env: { ...process.env, UV_THREADPOOL_SIZE: '16' } })
  const worker: WorkerProcess = {
    pid: child.pid ?? null,
    post: (message) => void child.send(message as object),
    onMessage: (listener) => void child.on('message', listener),
    onExit: (listener) => void child.on('exit', (code, signal) => listener(signal ?? `code ${code}`)),
    kill: () => void child.kill('SIGKILL'),
  }
  living.push(worker)
  return createWorkerClient(kind, worker, fixture.init)
}

const ENDLESS = 'SELECT sum(a.range * b.range) FROM range(10000000) a, range(10000000) b'
const query = (sql: string, timeoutMs = 20_000): OpInput<'sandbox', 'query'> => ({ sql, reads: [source], defaultDataType: 'shop', limit: 10, timeoutMs })

describe('the reader process', () => {
  it('answers a page while a slow sort goes on, and stops the sort when it is cancelled', async () => {
    const reader = start('reader')
    const stop = new AbortController()
    const sorted = reader.call('page', { source, columns: null, sort: [{ column: 'code', direction: 'asc' }], filter: [], offset: 200_000, limit: 10 }, { signal: stop.signal })
    const page = await reader.call('page', { source, columns: ['id'], sort: [], filter: [], offset: 150_000, limit: 2 })
    expect(page).toMatchObject({ rowsJson: '[["150000"],["150001"]]', rowCount: 2 })
    stop.abort()
    await expect(sorted).rejects.toMatchObject({ problem: { code: 'CANCELLED' } })
    expect(await reader.call('count', { source, filter: [{ column: 'id', op: 'lt', value: 5 }] })).toEqual({ count: 5 })
  })
})

describe('the sandbox process', () => {
  it('gives problems as problems and goes on with the next query', async () => {
    const sandbox = start('sandbox')
    await expect(sandbox.call('query', query('SELECT x FROM curated.orders'))).rejects.toMatchObject({ problem: { code: 'SQL_FAILED', details: { line: 1, column: 8 } } })
    await expect(sandbox.call('query', query('DROP TABLE curated.orders'))).rejects.toMatchObject({ problem: { code: 'SQL_REFUSED' } })
    expect(await sandbox.call('query', query('SELECT max(id) AS last FROM curated.orders'))).toMatchObject({ rowsJson: '[["299999"]]' })
  })

  it('answers a query that takes too much or too long in plain words, and then ends', async () => {
    const greedy = start('sandbox')
    const gone = new Promise((resolve) => greedy.onExit(resolve))
    await expect(greedy.call('query', query('SELECT range(1000000000)'))).rejects.toMatchObject({ problem: { code: 'OUT_OF_MEMORY', message: expect.stringMatching(/needed more than \d+ MB/) } })
    await gone
    const slow = start('sandbox')
    await expect(slow.call('query', query("SELECT levenshtein(repeat('a', 300000), repeat('b', 300000))", 300))).rejects.toMatchObject({ problem: { code: 'TIMEOUT' } })
  })

  it('rejects what is pending when the process dies', async () => {
    const sandbox = start('sandbox')
    const pending = sandbox.call('query', query(ENDLESS))
    setTimeout(() => sandbox.kill(), 300)
    await expect(pending).rejects.toMatchObject({ problem: { code: 'WORKER_CRASHED' } })
    await expect(sandbox.call('query', query('SELECT 1'))).rejects.toMatchObject({ problem: { code: 'WORKER_CRASHED' } })
  })
})

describe('the export process', () => {
  it('writes a file, and removes what it had written when it is cancelled', async () => {
    const exporter = start('export')
    const path = join(fixture.dir, 'orders.csv')
    const seen: OpProgress[] = []
    const write = (target: string): OpInput<'export', 'write'> => ({ source, columns: ['id'], sort: [], filter: [], format: 'csv', path: target })
    expect(await exporter.call('write', write(path), { onProgress: (progress) => void seen.push(progress) })).toMatchObject({ rowCount: 300_000 })
    expect(readFileSync(path, 'utf8').slice(0, 10)).toBe('id\r\n0\r\n1\r\n')
    expect(seen.at(-1)).toEqual({ share: 1, note: null })
    const stop = new AbortController()
    const stopped = join(fixture.dir, 'stopped.csv')
    const given = exporter.call('write', { ...write(stopped), sort: [{ column: 'code', direction: 'asc' }] }, { signal: stop.signal })
    setTimeout(() => stop.abort(), 60)
    await expect(given).rejects.toMatchObject({ problem: { code: 'CANCELLED' } })
    expect(existsSync(stopped)).toBe(false)
  })
})

import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { startTestServer, type TestServer } from '../../etl/fetch/test-server.ts'
import { type LineageEvent, lineageRunId } from './facets.ts'
import { openOutbox, type Outbox } from './outbox.ts'

let dir: string
let server: TestServer
let status: (count: number) => number
const warnings: string[] = []

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'strata-outbox-'))
  status = () => 201
  warnings.length = 0
  server = await startTestServer((_request, response, count) => {
    response.statusCode = status(count)
    response.end()
  })
})

afterEach(async () => {
  await server[Symbol.asyncDispose]()
  await rm(dir, { recursive: true, force: true })
})

function open(): Promise<Outbox> {
  return openOutbox({ dir, target: () => Promise.resolve({ url: new URL(`${server.url}/api/v1/lineage`), headers: { authorization: 'Bearer hidden-token' } }), clock: Date.now, warn: (text) => void warnings.push(text), waitsMs: [5] })
}

function event(name: string): LineageEvent {
  return { eventType: 'START', eventTime: '2026-01-01T00:00:00.000Z', run: { runId: lineageRunId([name]), facets: {} }, job: { namespace: 'strata://shop', name, facets: {} }, inputs: [], outputs: [], producer: 'urn:strata:0', schemaURL: 'urn:x' }
}

const names = (): string[] => server.requests.map(({ body }) => (JSON.parse(body) as LineageEvent).job.name)

it('hands events over in order, with the declared headers, and is empty then', async () => {
  const outbox = await open()
  await outbox.add([event('a'), event('ö')])
  await outbox.add([event('c')])
  await vi.waitFor(async () => expect((await outbox.state()).sent).toBe(3))
  expect(names()).toEqual(['a', 'ö', 'c'])
  expect(server.requests[0]).toMatchObject({ method: 'POST', path: '/api/v1/lineage', headers: { authorization: 'Bearer hidden-token', 'content-type': 'application/json' } })
  expect(await outbox.state()).toMatchObject({ waitingBytes: 0, refused: 0, problem: null })
  await outbox.close(1_000)
  expect(await readFile(join(dir, 'outbox.ndjson'), 'utf8')).toBe('')
})

it('tries again while the server is faulty, and says once why it waits', async () => {
  status = (count) => (count <= 3 ? 503 : 200)
  const outbox = await open()
  await outbox.add([event('a'), event('b')])
  await vi.waitFor(async () => expect((await outbox.state()).sent).toBe(2))
  expect(names()).toEqual(['a', 'a', 'a', 'a', 'b'])
  expect(warnings).toEqual([expect.stringContaining('answered 503')])
  await outbox.close(1_000)
})

it('keeps what is refused for good aside, and goes on with the next', async () => {
  status = (count) => (count === 1 ? 422 : 200)
  const outbox = await open()
  await outbox.add([event('a'), event('b')])
  await vi.waitFor(async () => expect(await outbox.state()).toMatchObject({ sent: 1, refused: 1 }))
  expect((JSON.parse(await readFile(join(dir, 'refused.ndjson'), 'utf8')) as LineageEvent).job.name).toBe('a')
  await outbox.close(1_000)
})

it('loses nothing when it is closed while the server is away: the next one sends it', async () => {
  status = () => 500
  const first = await open()
  await first.add([event('a'), event('b')])
  await vi.waitFor(async () => expect((await first.state()).problem).toContain('answered 500'))
  await first.close(20)
  expect((await first.state()).waitingBytes).toBeGreaterThan(0)
  status = () => 200
  server.requests.length = 0
  const second = await open()
  await vi.waitFor(async () => expect((await second.state()).sent).toBe(2))
  expect(names()).toEqual(['a', 'b'])
  await second.close(1_000)
})

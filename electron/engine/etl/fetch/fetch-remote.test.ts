import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Problem } from '../../../../shared/domain/problem.ts'
import { ProblemError } from '../../../../shared/domain/problem.ts'
import type { FetchInput, FetchOutput } from '../../workers/fetch-wire.ts'
import type { HttpPaging, HttpSpec } from '../../workspace/remote-model.ts'
import { ExtractFixture } from '../extract-fixture.ts'
import { fetchRemote } from './fetch-remote.ts'
import { sendJson, startTestServer, type TestServer } from './test-server.ts'

const SECRET = 'p4ss/word+with=signs'
const RECORDS = [{ id: 1 }, { id: 2 }, { id: 3 }, { id: 4 }, { id: 5 }]
const FAST = { attempts: 3, baseDelayMs: 1, maxDelayMs: 2 }

let server: TestServer
let dir: string
let news: string[]
let notes: string[]

beforeEach(async () => {
  server = await startTestServer((_request, response) => sendJson(response, RECORDS))
  dir = await mkdtemp(join(tmpdir(), 'strata-fetch-'))
  news = []
  notes = []
})
afterEach(async () => {
  await server[Symbol.asyncDispose]()
  await rm(dir, { recursive: true, force: true })
})

type Overrides = Partial<Omit<FetchInput, 'remote'>> & { remote?: Partial<HttpSpec> }

function fetch({ remote, ...rest }: Overrides = {}, signal = new AbortController().signal): Promise<FetchOutput> {
  const spec: HttpSpec = {
    kind: 'http', url: `${server.url}/things`, method: 'GET', headers: {}, query: {}, body: null, auth: null, paging: null, intervalMs: 0, timeoutMs: 5_000, maxBytes: 1e6, redirects: 'same_host', ...remote,
  }
  const input: FetchInput = {
    remote: spec, format: 'json', record: null, incremental: null, values: { cursor: null, parameters: {} }, secrets: { token: SECRET }, dir, prefix: 'things', known: [], retry: { network: FAST, timeout: FAST }, ...rest,
  }
  return fetchRemote(input, {
    init: { memoryMb: 256, threads: 1, tempDir: dir },
    signal,
    progress: ({ note }) => void notes.push(note ?? ''),
    ask: ({ text }) => Promise.resolve(void news.push(text)),
    log: () => undefined,
  })
}

async function problemOf(work: Promise<unknown>): Promise<Problem> {
  const error = await work.then(() => null, (reason: unknown) => reason)
  if (error instanceof ProblemError) return error.problem
  throw new Error(`No problem: ${String(error)}`)
}

function paging(by: HttpPaging['by'], rest: Partial<HttpPaging> = {}): HttpPaging {
  return { by, parameter: by, start: by === 'page' ? 1 : 0, size: null, sizeParameter: null, next: null, maxPages: 100, ...rest }
}

const addresses = ({ files }: FetchOutput): string[] => files.map(({ origin }) => origin.replace(server.url, ''))

describe('pages', () => {
  it('by number, until one holds no record', async () => {
    server.answer(({ query }, response) => sendJson(response, RECORDS.slice((Number(query['page']) - 1) * 3, Number(query['page']) * 3)))
    expect(addresses(await fetch({ remote: { paging: paging('page') } }))).toEqual(['/things?page=1', '/things?page=2'])
    expect(server.requests).toHaveLength(3)
    expect((await readdir(dir)).toSorted()).toEqual(['things-0001.json', 'things-0002.json'])
  })

  it('by offset, until one is not full', async () => {
    server.answer(({ query }, response) => sendJson(response, { items: RECORDS.slice(Number(query['offset']), Number(query['offset']) + 2) }))
    const output = await fetch({ record: '$.items[*]', remote: { paging: paging('offset', { size: 2, sizeParameter: 'limit' }) } })
    expect(addresses(output)).toEqual(['/things?limit=2&offset=0', '/things?limit=2&offset=2', '/things?limit=2&offset=4'])
    expect(server.requests).toHaveLength(3)
  })

  it('by a token in the answer, or an address in it', async () => {
    server.answer(({ query, path }, response) => sendJson(response, path === '/more' ? { meta: { next: null } } : { meta: { next: query['after'] === undefined ? 'two' : '/more?x=1' } }))
    expect(addresses(await fetch({ remote: { paging: paging('cursor', { parameter: 'after', next: '$.meta.next' }) } }))).toEqual(['/things', '/things?after=two', '/more?x=1'])
  })

  it('by the Link header', async () => {
    server.answer(({ query }, response) => sendJson(response, RECORDS, query['p'] === undefined ? { link: `<${server.url}/things?p=9>; title="a, b"; rel="last", </things?p=2>; rel="next"` } : {}))
    expect(addresses(await fetch({ remote: { paging: paging('link') } }))).toEqual(['/things', '/things?p=2'])
  })

  it.each([
    ['csv', 'id\n1\n', 'id\n'],
    ['ndjson', '{"id":1}\n', '\n'],
    ['xml', '<a><b/></a>', '<a></a>'],
  ] as const)('also of %s', async (format, full, empty) => {
    server.answer(({ query }, response) => void response.end(query['page'] === '1' ? full : empty))
    expect((await fetch({ format, remote: { paging: paging('page') } })).files).toHaveLength(1)
  })

  it('that are the same over and over fail, as a server does that does not know what is asked for; two alike are two', async () => {
    server.answer((_request, response) => sendJson(response, RECORDS))
    expect(await problemOf(fetch({ remote: { paging: paging('page') } }))).toMatchObject({ code: 'SOURCE_UNREADABLE', message: expect.stringContaining('answers with the same page again and again: things-0001.json, things-0002.json, things-0003.json'), hint: expect.stringContaining('paging') })
    server.answer(({ query }, response) => sendJson(response, Number(query['page']) <= 2 ? RECORDS : []))
    expect((await fetch({ remote: { paging: paging('page') }, prefix: 'two' })).files).toHaveLength(2)
  })

  it('that go in a circle, or never end, fail', async () => {
    server.answer((_request, response) => sendJson(response, RECORDS, { link: '</things>; rel=next' }))
    expect((await problemOf(fetch({ remote: { paging: paging('link') } }))).message).toContain('go in a circle')
    server.answer(({ query }, response) => sendJson(response, [{ page: query['page'] }]))
    expect((await problemOf(fetch({ remote: { paging: paging('page', { maxPages: 4 }) }, prefix: 'many' }))).message).toContain('more than 4 pages')
  })
})

describe('what is asked', () => {
  it('carries parameters and the cursor, and leaves out what needs a cursor while there is none', async () => {
    const remote = { url: `${server.url}/of/{param:region}`, query: { since: '{cursor}', n: '2' }, headers: { 'X-Region': '{param:region}' } }
    await fetch({ remote, values: { cursor: null, parameters: { region: 'a b/c' } } })
    await fetch({ remote, values: { cursor: '2026-01-01', parameters: { region: 'x' } }, prefix: 'more' })
    expect(server.requests.map(({ path, query }) => ({ path, query }))).toEqual([{ path: '/of/a%20b%2Fc', query: { n: '2' } }, { path: '/of/x', query: { since: '2026-01-01', n: '2' } }])
    expect(server.requests[1]?.headers).toMatchObject({ 'x-region': 'x', 'accept-encoding': 'identity' })
  })

  it('can be a POST', async () => {
    await fetch({ remote: { method: 'POST', body: '{"since":"{cursor}"}', headers: { 'Content-Type': 'application/json' } }, values: { cursor: '7', parameters: {} } })
    expect(server.requests[0]).toMatchObject({ method: 'POST', body: '{"since":"7"}', headers: { 'content-type': 'application/json' } })
  })

  it.each([
    [{ by: 'bearer', token: 'secret:token' }, { authorization: `Bearer ${SECRET}` }],
    [{ by: 'basic', user: 'ann', password: 'secret:token' }, { authorization: `Basic ${Buffer.from(`ann:${SECRET}`).toString('base64')}` }],
    [{ by: 'header', name: 'X-Api-Key', value: 'Token {secret:token}' }, { 'x-api-key': `Token ${SECRET}` }],
  ] as const)('says who asks: %j', async (auth, headers) => {
    await fetch({ remote: { auth } })
    expect(server.requests[0]?.headers).toMatchObject(headers)
  })

  it('keeps to the rate', async () => {
    const times: number[] = []
    server.answer(({ query }, response) => {
      times.push(performance.now())
      sendJson(response, query['page'] === '3' ? [] : RECORDS)
    })
    await fetch({ remote: { paging: paging('page'), intervalMs: 60 } })
    expect(times.slice(1).every((time, index) => time - (times[index] ?? 0) > 50)).toBe(true)
  })
})

describe('faults', () => {
  const retried = /asked again in \d+ s, try 2 of 3$/

  it('that pass are asked again: 500, a cut body, a wrong length', async () => {
    server.answer((_request, response, count) => {
      if (count === 1) return void response.writeHead(500).end()
      if (count === 2) return void response.writeHead(200, { 'content-length': '100' }).write('[{"id":1}', () => response.destroy())
      sendJson(response, RECORDS)
    })
    const { files } = await fetch()
    expect(await readFile(join(dir, files[0]?.name ?? ''), 'utf8')).toBe(JSON.stringify(RECORDS))
    expect(news[0]).toMatch(retried)
    expect(news[1]).toMatch(/cut off; asked again in \d+ s, try 3 of 3$/)
    expect(await readdir(dir)).toEqual(['things-0001.json'])
  })

  it('say how often they were asked again, and leave nothing half written', async () => {
    server.answer((_request, response) => void response.writeHead(200, { 'transfer-encoding': 'chunked' }).write('[', () => response.destroy()))
    expect(await problemOf(fetch())).toMatchObject({ code: 'SOURCE_UNREACHABLE', details: { tries: 3, errorClass: 'network' } })
    expect(await readdir(dir)).toEqual([])
  })

  it('wait as long as the server asks for', async () => {
    server.answer((_request, response, count) => (count === 1 ? void response.writeHead(429, { 'retry-after': '1' }).end() : sendJson(response, RECORDS)))
    const before = performance.now()
    await fetch()
    expect(performance.now() - before).toBeGreaterThan(990)
    expect(news).toEqual([`${server.host} answers 429 Too Many Requests; asked again in 1 s, try 2 of 3`])
  })

  it('give up at once where waiting does not help', async () => {
    server.answer((_request, response) => void response.writeHead(401).end())
    expect(await problemOf(fetch())).toMatchObject({ code: 'SOURCE_UNREADABLE', details: { status: 401 } })
    server.answer((_request, response) => void response.writeHead(429, { 'retry-after': '86400' }).end())
    await problemOf(fetch())
    expect(server.requests).toHaveLength(2)
  })

  it('of a slow server are timeouts', async () => {
    server.answer(() => undefined)
    expect(await problemOf(fetch({ remote: { timeoutMs: 30 }, retry: { network: FAST, timeout: { ...FAST, attempts: 1 } } }))).toMatchObject({ details: { errorClass: 'timeout' } })
  })

  it('of nobody there', async () => {
    expect(await problemOf(fetch({ remote: { url: 'http://127.0.0.1:9/' }, retry: { network: { ...FAST, attempts: 1 }, timeout: FAST } }))).toMatchObject({ code: 'SOURCE_UNREACHABLE' })
  })

  it('are told without the secret, whatever the server says', async () => {
    server.answer(({ headers }, response) => void response.writeHead(400, headers['authorization']).end())
    const problem = await problemOf(fetch({ remote: { auth: { by: 'bearer', token: 'secret:token' } } }))
    expect(problem.message).toContain('answers 400 Bearer •••')
    expect(JSON.stringify(problem)).not.toContain(SECRET)
  })

  it('An answer that is too large is not kept', async () => {
    server.answer((_request, response) => void response.end('x'.repeat(2_000)))
    expect((await problemOf(fetch({ remote: { maxBytes: 1_000 } }))).message).toContain('larger than')
    expect(await readdir(dir)).toEqual([])
  })

  it('A cancel is heard at once, in the middle of a body', async () => {
    const stop = new AbortController()
    server.answer((_request, response) => void response.writeHead(200).write('[', () => setTimeout(() => stop.abort(), 20)))
    await expect(fetch({}, stop.signal)).rejects.toThrow(/abort/i)
    expect(await readdir(dir)).toEqual([])
  })
})

describe('redirects', () => {
  const to = (location: string) => server.answer(({ path }, response) => (path === '/things' ? void response.writeHead(302, { location }).end() : sendJson(response, RECORDS)))

  it('go on within the host, with the credentials', async () => {
    to('/elsewhere')
    await fetch({ remote: { auth: { by: 'bearer', token: 'secret:token' } } })
    expect(server.requests[1]).toMatchObject({ path: '/elsewhere', headers: { authorization: `Bearer ${SECRET}` } })
  })

  it('to another host are refused, and so is a private network where any host is allowed', async () => {
    await using other = await startTestServer((_request, response) => sendJson(response, RECORDS))
    to(`${other.url}/x`)
    expect((await problemOf(fetch())).message).toContain('the source does not allow that host')
    expect((await problemOf(fetch({ remote: { redirects: 'any' } }))).message).toContain('inside a private network')
    to(`http://localhost:${other.host.split(':')[1] ?? ''}/x`)
    expect((await problemOf(fetch({ remote: { redirects: 'any' } }))).message).toContain('inside a private network')
    expect(other.requests).toEqual([])
  })

  it('to a host that was named go on without the credentials', async () => {
    await using other = await startTestServer((_request, response) => sendJson(response, RECORDS))
    to(`${other.url}/x`)
    await fetch({ remote: { redirects: { hosts: [other.host] }, auth: { by: 'bearer', token: 'secret:token' }, headers: { 'X-Key': 'secret:token', Accept: 'text/plain' } } })
    expect(other.requests[0]?.headers).toMatchObject({ accept: 'text/plain' })
    expect(JSON.stringify(other.requests)).not.toContain(SECRET)
  })

  it('that never end are refused', async () => {
    to('/things')
    expect((await problemOf(fetch())).message).toContain('more than 10 times')
  })
})

describe('answers that are known', () => {
  it('are not sent again, and are linked from where they lie', async () => {
    server.answer((_request, response) => sendJson(response, RECORDS, { etag: '"1"', 'last-modified': 'Thu, 01 Jan 2026 00:00:00 GMT' }))
    const first = await fetch()
    const known = first.files.map((file) => ({ ...file, path: join(dir, file.name) }))
    server.answer((_request, response) => void response.writeHead(304).end())
    const second = await fetch({ known, prefix: 'again' })
    expect(server.requests[1]?.headers).toMatchObject({ 'if-none-match': '"1"', 'if-modified-since': 'Thu, 01 Jan 2026 00:00:00 GMT' })
    expect(second.files).toMatchObject([{ name: 'again-0001.json', sha256: first.files[0]?.sha256, isUnchanged: true, etag: '"1"' }])
  })

  it('Packed answers are kept packed, and read', async () => {
    server.answer((_request, response) => void response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync(JSON.stringify({ items: RECORDS, next: null }))))
    expect((await fetch({ remote: { paging: paging('cursor', { next: '$.next' }) } })).files[0]?.name).toBe('things-0001.json.gz')
  })
})

describe('what came over the network is read as files are', () => {
  // Files with the same content are read once, so each page has a record of its own.
  const bad = (page: number): unknown[] => [{ id: page }, 7, { id: 'x' }, RECORDS[1]]

  it.each([
    ['json', (page: number) => JSON.stringify(bad(page))],
    ['ndjson', (page: number) => `${bad(page).map((record) => JSON.stringify(record)).join('\n')}\n`],
    ['csv', (page: number) => `id\n${page}\nx,y,z\nx\n2\n`],
  ] as const)('%s: read = loaded + quarantined, on every page', async (format, bodyOf) => {
    server.answer(({ query }, response) => void response.end(Number(query['page']) <= 3 ? bodyOf(Number(query['page'])) : format === 'json' ? '[]' : ''))
    const { files } = await fetch({ format, remote: { paging: paging('page') } })
    const fixture = await ExtractFixture.create()
    try {
      const { result } = await fixture.extract({ format, columns: { id: 'INTEGER' } }, files.map(({ name }) => join(dir, name)))
      expect(result.files.map(({ records, loaded, quarantined }) => ({ records, loaded, quarantined }))).toEqual(files.map(() => ({ records: 4, loaded: 2, quarantined: 2 })))
      expect(result.files.map(({ sha256 }) => sha256)).toEqual(files.map(({ sha256 }) => sha256))
      expect(files).toHaveLength(3)
    } finally {
      await fixture.close()
    }
  })
})

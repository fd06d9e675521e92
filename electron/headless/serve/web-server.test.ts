import { createORPCClient } from '@orpc/client'
import { RPCLink } from '@orpc/client/websocket'
import { eventIterator } from '@orpc/contract'
import { os } from '@orpc/server'
import { mkdtemp, readFile, rm, symlink, writeFile, mkdir } from 'node:fs/promises'
import { request as httpRequest } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { z } from 'zod'
import { RPC_SUBPROTOCOL, RPC_TOKEN_PREFIX } from '../../../shared/contract/host.contract.ts'
import { type WebServer, startWebServer } from './web-server.ts'

let dir: string
let server: WebServer
let lastEnded = ''

const router = {
  double: os.input(z.number()).handler(({ input }) => input * 2),
  count: os.output(eventIterator(z.number())).handler(async function* ({ signal }) {
    try {
      for (let n = 1; !(signal?.aborted ?? false); n++) {
        yield n
        await new Promise((resolve) => setTimeout(resolve, 5))
      }
    } finally {
      lastEnded = 'count'
    }
  }),
}

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'strata-web-'))
  const rendererDir = join(dir, 'renderer')
  await mkdir(join(rendererDir, 'assets'), { recursive: true })
  await writeFile(join(rendererDir, 'index.html'), '<meta name="style-nonce" content="__STYLE_NONCE__"><title>Strata</title>')
  await writeFile(join(rendererDir, 'assets', 'app-1.js'), 'void 0')
  await writeFile(join(dir, 'secret.txt'), 'secret')
  await symlink(join(dir, 'renderer', 'index.html'), join(rendererDir, 'again.html'))
  server = await startWebServer({ router, version: '0.0.0', rendererDir, uploadsDir: join(dir, 'uploads'), port: 0, log: () => undefined })
})
afterAll(async () => {
  await server.close()
  await rm(dir, { recursive: true, force: true })
})

interface Answer {
  status: number
  headers: Record<string, string | string[] | undefined>
  body: string
}

function ask(path: string, { method = 'GET', headers = {} }: { method?: string; headers?: Record<string, string> } = {}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const request = httpRequest({ host: '127.0.0.1', port: server.port, path, method, headers }, (response) => {
      let body = ''
      response.on('data', (chunk: Buffer) => (body += chunk.toString()))
      response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body }))
    })
    request.on('error', reject)
    request.end()
  })
}

const token = (): string => new URLSearchParams(new URL(server.url).hash.slice(1)).get('token') ?? ''

/** 'open', or the status with which the upgrade was refused. */
function upgrade(protocols: string[], headers: Record<string, string>): Promise<{ outcome: 'open' | number; socket: WebSocket }> {
  const socket = new WebSocket(`ws://127.0.0.1:${server.port}/rpc`, protocols, { headers })
  return new Promise((resolve, reject) => {
    socket.on('open', () => resolve({ outcome: 'open', socket }))
    socket.on('unexpected-response', (_request, response) => resolve({ outcome: response.statusCode ?? 0, socket }))
    socket.on('error', reject)
  })
}

/** ws's own type differs from the browser's in the event types alone. */
const link = (socket: WebSocket): RPCLink<Record<never, never>> => new RPCLink({ websocket: socket as unknown as globalThis.WebSocket })

const ownOrigin = (): Record<string, string> => ({ origin: `http://127.0.0.1:${server.port}` })
const offer = (given = token()): string[] => [RPC_SUBPROTOCOL, RPC_TOKEN_PREFIX + given]

describe('the files of the window', () => {
  it('come with a policy whose style nonce is in the page, and is fresh each time', async () => {
    const [first, second] = [await ask('/'), await ask('/runs/prevalence/41')]
    const nonce = /nonce-([^']+)'/.exec(String(first.headers['content-security-policy']))?.[1]
    expect(nonce).toMatch(/^[\w+/]{24}$/)
    expect(first.body).toContain(`content="${nonce}"`)
    expect(second.body).toContain('<title>Strata</title>')
    expect(second.headers['content-security-policy']).not.toBe(first.headers['content-security-policy'])
    expect(first.headers['access-control-allow-origin']).toBeUndefined()
    expect(first.headers['x-content-type-options']).toBe('nosniff')
    expect(first.headers['cache-control']).toBe('no-store')
  })

  it('are cached only where the name carries a hash, and missing ones are not the page', async () => {
    const file = await ask('/assets/app-1.js')
    expect([file.status, file.body, file.headers['content-type']]).toEqual([200, 'void 0', 'text/javascript; charset=utf-8'])
    expect(file.headers['cache-control']).toContain('immutable')
    expect((await ask('/assets/app-2.js')).status).toBe(404)
  })

  it('cannot be left by any spelling of a path', async () => {
    for (const path of ['/../secret.txt', '/%2e%2e/secret.txt', '/assets/..%2f..%2fsecret.txt', '/..%5csecret.txt']) {
      const answer = await ask(path)
      expect(answer.body).not.toContain('secret')
    }
  })

  it('are answered to GET and HEAD only', async () => {
    expect(await ask('/', { method: 'HEAD' })).toMatchObject({ status: 200, body: '' })
    expect((await ask('/', { method: 'POST' })).status).toBe(405)
  })

  it('are refused under another host name', async () => {
    expect((await ask('/', { headers: { host: 'evil.example' } })).status).toBe(403)
  })
})

describe('the launch address', () => {
  it('leads to the window once', async () => {
    const { pathname } = new URL(server.launchUrl())
    const first = await ask(pathname)
    expect([first.status, first.headers['location']]).toEqual([303, `/#token=${token()}`])
    expect((await ask(pathname)).status).toBe(410)
  })

  it('is not opened by a guess', async () => {
    server.launchUrl()
    expect((await ask('/launch/x')).status).toBe(410)
  })
})

describe('the engine', () => {
  it('answers the holder of the token', async () => {
    const { outcome, socket } = await upgrade(offer(), ownOrigin())
    expect(outcome).toBe('open')
    expect(socket.protocol).toBe(RPC_SUBPROTOCOL)
    const client = createORPCClient<{ double(input: number): Promise<number> }>(link(socket))
    expect(await client.double(21)).toBe(42)
    socket.close()
  })

  it('ends a subscription when the page goes away', async () => {
    const { socket } = await upgrade(offer(), ownOrigin())
    const client = createORPCClient<{ count(): Promise<AsyncIterable<number>> }>(link(socket))
    lastEnded = ''
    for await (const n of await client.count()) if (n === 3) break
    socket.close()
    await expect.poll(() => lastEnded).toBe('count')
  })

  it('refuses a wrong token, none, another origin, no origin, another host', async () => {
    const outcomes = [
      await upgrade(offer('x'.repeat(32)), ownOrigin()),
      await upgrade([RPC_SUBPROTOCOL], ownOrigin()),
      await upgrade(offer(), { origin: 'http://evil.example' }),
      await upgrade(offer(), {}),
      await upgrade(offer(), { host: 'evil.example', origin: 'http://evil.example' }),
    ]
    expect(outcomes.map(({ outcome }) => outcome)).toEqual([401, 401, 403, 403, 403])
  })

  it('has a token of 192 bits', () => {
    expect(Buffer.from(token(), 'base64url')).toHaveLength(24)
  })
})

describe('files that the page sends', () => {
  const batch = '0b6f2f9e-6a0e-4f39-9d3f-2f0f6c1f6d3a'
  const token = (): string => new URL(server.url).hash.replace('#token=', '')
  const put = (path: string, body: string, headers: Record<string, string> = {}): Promise<number> =>
    new Promise((resolve, reject) => {
      const request = httpRequest({ host: '127.0.0.1', port: server.port, path, method: 'PUT', headers }, (response) => {
        response.resume()
        resolve(response.statusCode ?? 0)
      })
      request.on('error', reject)
      request.end(body)
    })

  it('lie together below their batch, with the folders that they came in', async () => {
    expect(await put(`/upload/${batch}/folder/a%20b.csv`, 'id\n1\n', { authorization: `Bearer ${token()}` })).toBe(201)
    expect(await readFile(join(dir, 'uploads', batch, 'folder', 'a b.csv'), 'utf8')).toBe('id\n1\n')
  })

  it('are taken from the holder of the token alone, and lead nowhere else', async () => {
    expect(await put(`/upload/${batch}/x.csv`, 'x')).toBe(403)
    for (const path of [`/upload/${batch}/..%2f..%2fx.csv`, `/upload/elsewhere/x.csv`, `/upload/${batch}/`]) {
      expect(await put(path, 'x', { authorization: `Bearer ${token()}` })).toBe(400)
    }
  })
})

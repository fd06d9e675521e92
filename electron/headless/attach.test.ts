import { type ChildProcess, spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { contract } from '../../shared/contract/contract.ts'

// Two real processes on one workspace: the built command line works in the engine of the built server.

const CLI = fileURLToPath(new URL('../../dist/headless/cli.js', import.meta.url))

const { FORCE_COLOR: _color, ...inherited } = process.env
const PLAIN_ENV = { ...inherited, NO_COLOR: '1' }

interface Program {
  child: ChildProcess
  ended: Promise<{ code: number | null; out: string; err: string }>
  until(text: string): Promise<void>
}

function start(cwd: string, ...args: string[]): Program {
  const child = spawn(process.execPath, [CLI, ...args], { cwd, env: PLAIN_ENV, stdio: ['ignore', 'pipe', 'pipe'] })
  let [out, err] = ['', '']
  child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()))
  child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()))
  return {
    child,
    ended: new Promise((resolve) => child.on('close', (code) => resolve({ code, out, err }))),
    async until(text) {
      while (!(out + err).includes(text)) {
        if (child.exitCode !== null) throw new Error(`It ended without "${text}":\n${out}\n${err}`)
        await delay(20)
      }
    },
  }
}

const SLOW = 'SELECT count(*) AS n, max(a.id) AS id FROM raw.files a, range(100000000000) r\n'
const FILES = {
  'strata.yaml': 'name: shop\nlimits: { memory: 512MB, threads: 1 }\n',
  'inbox/people.csv': 'id,name\n1,Ada\n2,Grace\n',
  'pipelines/people/pipeline.yaml': 'sources:\n  files: { files: inbox/people.csv }\n',
  'pipelines/people/curated/people.sql': 'SELECT id, name FROM raw.files\n',
  'pipelines/slow/pipeline.yaml': 'sources:\n  files: { files: inbox/people.csv }\n',
  'pipelines/slow/curated/people.sql': SLOW,
}

let base: string

async function makeWorkspace(name: string): Promise<string> {
  const dir = join(base, name)
  for (const [path, text] of Object.entries(FILES)) {
    await mkdir(dirname(join(dir, path)), { recursive: true })
    await writeFile(join(dir, path), text)
  }
  return dir
}

beforeAll(async () => {
  base = await mkdtemp(join(tmpdir(), 'strata-attach-'))
})
afterAll(() => rm(base, { recursive: true, force: true }))

const attachFile = (dir: string): string => join(dir, '.strata', 'attach.json')
const runList = z.object({ runs: z.array(z.looseObject({ dataType: z.string(), runNumber: z.int(), state: z.string(), trigger: z.string() })) })
const runsOf = async (dir: string) => runList.parse(JSON.parse((await start(dir, 'runs', '--json').ended).out)).runs

describe('beside a server that has the workspace open', () => {
  let dir: string
  let server: Program
  beforeAll(async () => {
    dir = await makeWorkspace('served')
    server = start(dir, 'serve', '--no-open')
    await server.until('Strata is at http://127.0.0.1:')
  })
  afterAll(async () => {
    server.child.kill('SIGTERM')
    await server.ended
  })

  it('the way in can be read by its owner alone', async () => {
    expect((await stat(attachFile(dir))).mode & 0o777).toBe(0o600)
    expect(JSON.parse(await readFile(attachFile(dir), 'utf8'))).toMatchObject({ pid: server.child.pid, host: 'browser', windowUrl: expect.stringContaining('http://127.0.0.1:') })
  })

  it('a run goes on in the server, is followed to its end, and is there for every other command', async () => {
    const { code, out } = await start(dir, 'run', 'people', '--json').ended
    expect(code).toBe(0)
    const lines = out.trimEnd().split('\n').map((line) => z.looseObject({ type: z.string() }).parse(JSON.parse(line)))
    expect(lines.at(-1)).toMatchObject({ type: 'finished', run: { state: 'succeeded', trigger: 'cli' } })
    expect(lines.some(({ type }) => type === 'event')).toBe(true)
    expect(await runsOf(dir)).toMatchObject([{ dataType: 'people', runNumber: 1, state: 'succeeded' }])
    expect((await start(dir, 'query', 'SELECT count(*) AS n FROM people.curated.people', '--format', 'csv').ended).out).toBe('n\n2\n')
  })

  it('an export goes where the command was told to write it, as without a server', async () => {
    const file = join(base, 'people.csv')
    expect(await start(dir, 'export', 'people.curated.people', '--to', file).ended).toMatchObject({ code: 0 })
    expect((await readFile(file, 'utf8')).trimEnd().split(/\r?\n/)).toHaveLength(3)
  })

  it('Ctrl+C cancels the run in the server, which lives on', async () => {
    const run = start(dir, 'run', 'slow')
    await run.until('slow.curated.people')
    run.child.kill('SIGINT')
    expect(await run.ended).toMatchObject({ code: 3, out: expect.stringContaining('cancelled') })
    expect((await runsOf(dir))[0]).toMatchObject({ dataType: 'slow', state: 'cancelled' })
    expect(server.child.exitCode).toBeNull()
  })

  it('a detached run outlives the command that started it', async () => {
    const { code, out } = await start(dir, 'run', 'people', '--detach').ended
    expect([code, out]).toEqual([0, 'people#2\n'])
    await expect.poll(async () => (await runsOf(dir))[0], { timeout: 20_000 }).toMatchObject({ runNumber: 2, state: 'succeeded' })
  })

  it('programs reach every verb over HTTP, at the way in and at the window, with the token only', async () => {
    const { port, token, windowUrl } = z.looseObject({ port: z.int(), token: z.string(), windowUrl: z.string() }).parse(JSON.parse(await readFile(attachFile(dir), 'utf8')))
    const windowToken = new URLSearchParams(new URL(windowUrl).hash.slice(1)).get('token') ?? ''
    for (const [origin, secret] of [[`http://127.0.0.1:${port}`, token], [new URL(windowUrl).origin, windowToken]] as const) {
      const call = async (path: string, body: unknown, headers: Record<string, string> = { authorization: `Bearer ${secret}` }) => {
        const response = await fetch(`${origin}/api${path}`, { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify(body) })
        return { status: response.status, body: z.record(z.string(), z.unknown()).parse(await response.json()) }
      }
      const started = await call('/runs/start', { commandId: randomUUID(), dataType: 'people' })
      expect(started).toMatchObject({ status: 200, body: { dataType: 'people', runNumber: expect.any(Number) } })
      await expect.poll(() => call('/runs/get', { run: started.body }), { timeout: 20_000 }).toMatchObject({ body: { run: { state: 'succeeded', trigger: 'http' } } })

      expect(await call('/runs/list', {}, {})).toMatchObject({ status: 401 })
      expect(await call('/runs/list', {}, { authorization: 'Bearer wrong' })).toMatchObject({ status: 401 })
      expect(await call('/runs/list', {}, { authorization: `Bearer ${secret}`, origin: 'http://evil.example' })).toMatchObject({ status: 403 })
      expect(await call('/runs/get', { run: { dataType: 'people', runNumber: 999 } })).toMatchObject({ status: 404, body: { code: 'NOT_FOUND', message: expect.stringContaining('#999') } })
      expect(await call('/runs/get', { run: { dataType: 'people' } })).toMatchObject({ status: 400, body: { code: 'BAD_INPUT', message: expect.stringContaining('run.runNumber') } })
      expect(await call('/runs/nothing', {})).toMatchObject({ status: 404, body: { code: 'NOT_FOUND' } })
    }
  })

  it('the description of the HTTP API names every verb of the contract, with what it takes', async () => {
    const { port, token } = z.looseObject({ port: z.int(), token: z.string() }).parse(JSON.parse(await readFile(attachFile(dir), 'utf8')))
    const response = await fetch(`http://127.0.0.1:${port}/api/openapi.json`, { headers: { authorization: `Bearer ${token}` } })
    const document = z.looseObject({ openapi: z.string(), paths: z.record(z.string(), z.looseObject({ post: z.looseObject({}) })) }).parse(await response.json())
    const verbs = Object.entries(contract).flatMap(([topic, procedures]) => Object.keys(procedures).map((verb) => `/${topic}/${verb}`))
    expect(Object.keys(document.paths).toSorted()).toEqual(verbs.toSorted())
    expect(JSON.stringify(document.paths['/runs/start'])).toContain('"commandId"')
  })

  it('events come as a stream over HTTP', async () => {
    const { port, token } = z.looseObject({ port: z.int(), token: z.string() }).parse(JSON.parse(await readFile(attachFile(dir), 'utf8')))
    const ended = new AbortController()
    const response = await fetch(`http://127.0.0.1:${port}/api/runs/events`, {
      method: 'POST', signal: ended.signal, headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` }, body: JSON.stringify({ afterSeq: 0 }),
    })
    expect(response.headers.get('content-type')).toBe('text/event-stream')
    let text = ''
    for await (const chunk of response.body ?? []) {
      text += Buffer.from(chunk).toString()
      if (text.includes('"succeeded"')) break
    }
    ended.abort()
    expect(text).toMatch(/^event: message\ndata: \[\{"seq":1,/m)
  })

  it('a second server says who has the workspace, gives the address, and starts nothing', async () => {
    const { code, out, err } = await start(dir, 'serve', '--no-open').ended
    const { windowUrl } = z.looseObject({ windowUrl: z.string() }).parse(JSON.parse(await readFile(attachFile(dir), 'utf8')))
    expect([code, out]).toEqual([0, `Strata is at ${windowUrl}\n`])
    expect(err).toContain(`process ${server.child.pid}`)
  })

  it('the way in goes with the server', async () => {
    server.child.kill('SIGTERM')
    expect((await server.ended).code).toBe(0)
    expect(existsSync(attachFile(dir))).toBe(false)
  })
})

describe('beside a command', () => {
  it('another works in its engine, which stays until both are through', async () => {
    const dir = await makeWorkspace('commands')
    const first = start(dir, 'run', 'slow')
    await first.until('slow.curated.people')
    const second = start(dir, 'run', 'people')
    await second.until('people #1')
    first.child.kill('SIGINT')
    expect(await second.ended).toMatchObject({ code: 0, out: expect.stringContaining('succeeded') })
    expect((await first.ended).code).toBe(3)
  })

  it('a run cannot be left behind in an engine that ends with the command', async () => {
    const dir = await makeWorkspace('alone')
    expect(await start(dir, 'run', 'people', '--detach').ended).toMatchObject({ code: 1, err: expect.stringContaining('strata serve') })
  })
})

describe('after a kill', () => {
  it('what the dead engine left is passed over, and who was attached hears of its end', async () => {
    const dir = await makeWorkspace('killed')
    const server = start(dir, 'serve', '--no-open')
    await server.until('Strata is at')
    const run = start(dir, 'run', 'slow')
    await run.until('slow.curated.people')
    server.child.kill('SIGKILL')
    await server.ended
    expect(await run.ended).toMatchObject({ code: 1, err: expect.stringContaining('has ended') })
    expect(existsSync(attachFile(dir))).toBe(true)
    expect((await runsOf(dir))[0]).toMatchObject({ dataType: 'slow', state: 'interrupted' })
  })
})

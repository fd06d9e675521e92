import { fork } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Duck, openDuck } from '../query/duckdb.ts'
import { createLivingShare } from './living-share.ts'
import type { WorkerInit, WorkerProcess } from './wire.ts'
import { createWorkerPool } from './worker-pool.ts'

let dir: string
beforeAll(async () => {
  dir = await mkdtemp(path.join(tmpdir(), 'strata-share-'))
})
afterAll(() => rm(dir, { recursive: true, force: true }))

/** Seconds of work. */
const SLOW = 'SELECT count(*) AS n FROM range(60000) a, range(60000) b WHERE hash(a.range * b.range) % 7 = 0'

async function limitsOf(duck: Duck): Promise<unknown> {
  const [row] = await duck.rows(`SELECT current_setting('memory_limit') AS memory, current_setting('threads')::INTEGER AS threads`)
  return row
}

describe('the share of a worker', () => {
  it('is larger for what is open as soon as it grows, also while a statement runs, and is not taken away from it', async () => {
    const share = createLivingShare({ memoryMb: 128, threads: 1, tempDir: dir })
    using duck = await openDuck(share.current())
    using beside = await duck.another()
    const stop = new AbortController()
    const running = duck.rows(SLOW, stop.signal).then(() => 'ended', () => 'cancelled')
    expect(await limitsOf(beside)).toEqual({ memory: '128.0 MiB', threads: 1 })
    share.set({ memoryMb: 512, threads: 2, tempDir: dir })
    while (JSON.stringify(await limitsOf(beside)) !== JSON.stringify({ memory: '512.0 MiB', threads: 2 })) await delay(5)
    share.set({ memoryMb: 64, threads: 1, tempDir: dir })
    await delay(20)
    expect(await limitsOf(beside)).toEqual({ memory: '512.0 MiB', threads: 2 })
    stop.abort()
    expect(await running).toBe('cancelled')
    expect(share.current()).toMatchObject({ memoryMb: 64, threads: 1 })
  })
})

describe('a worker', () => {
  it('leaves nothing of what it spilled when it is killed', async () => {
    const inits: WorkerInit[] = []
    const pool = createWorkerPool({
      log: () => undefined,
      initFor: () => ({ memoryMb: 128, threads: 1, tempDir: dir }),
      spawn(kind): WorkerProcess {
        const child = fork(path.join(import.meta.dirname, `${kind}.worker.ts`), [], { serialization: 'advanced', execArgv: [] })
        return {
          pid: child.pid ?? null,
          post(message) {
            if (typeof message === 'object' && message !== null && 'init' in message) inits.push(message.init as WorkerInit)
            child.send(message as object)
          },
          onMessage: (listener) => void child.on('message', listener),
          onExit: (listener) => void child.on('exit', (code, signal) => listener(signal ?? `code ${code}`)),
          kill: () => void child.kill('SIGKILL'),
        }
      },
    })
    const [one, two] = [pool.take('run'), pool.take('run')]
    const [first = dir, second = dir] = inits.map(({ tempDir }) => tempDir)
    expect(new Set([dir, first, second]).size).toBe(3)
    for (const spill of [first, second]) {
      await mkdir(spill)
      await writeFile(path.join(spill, 'duckdb_temp_storage.tmp'), '')
    }
    one.kill()
    while (existsSync(first)) await delay(5)
    expect(existsSync(second)).toBe(true)
    two.kill()
    await pool.close()
  })
})

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createForkSpawner, exitText } from './fork-spawner.ts'
import type { WorkerProcess, WorkerSpawner } from '../engine/workers/wire.ts'

let dir: string
let spawn: WorkerSpawner
const logged: string[] = []

beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'strata-fork-'))
  writeFileSync(join(dir, 'package.json'), '{"type":"module"}')
  // Answers every message with itself and its thread setting; ends as told.
  writeFileSync(
    join(dir, 'reader.worker.js'),
    `process.on('message', (message) => {
      if (message === 'fail') throw new TypeError('no such thing')
      if (message === 'end') process.exit(0)
      process.send({ message, threads: process.env.UV_THREADPOOL_SIZE })
    })`,
  )
  spawn = createForkSpawner({ workersDir: dir, log: (_level, text) => void logged.push(text), env: process.env })
})
afterAll(() => rmSync(dir, { recursive: true, force: true }))

const gone = (worker: WorkerProcess): Promise<string> => new Promise((resolve) => worker.onExit(resolve))

describe('a forked worker', () => {
  it('gets what structured clone can carry, and threads enough for long queries', async () => {
    const worker = spawn('reader')
    const answer = new Promise((resolve) => worker.onMessage(resolve))
    worker.post({ at: new Date(0), big: 2n ** 70n, map: new Map([['a', 1]]) })
    expect(await answer).toEqual({ message: { at: new Date(0), big: 2n ** 70n, map: new Map([['a', 1]]) }, threads: '16' })
    worker.kill()
    expect(await gone(worker)).toContain('SIGKILL')
  })

  it('says why it ended, in words', async () => {
    const failing = spawn('reader')
    failing.post('fail')
    expect(await gone(failing)).toBe('it exited with code 1: TypeError: no such thing')
    const ending = spawn('reader')
    ending.post('end')
    expect(await gone(ending)).toBe('it exited')
    expect(logged.some((line) => line.startsWith('reader worker: TypeError'))).toBe(true)
  })

  it('tells those who ask after its end as well, and takes messages without harm', async () => {
    const worker = spawn('reader')
    worker.post('end')
    await gone(worker)
    worker.post('too late')
    expect(await gone(worker)).toBe('it exited')
  })

  it('whose program is missing ends like any other', async () => {
    expect(await gone(spawn('run'))).toMatch(/^it exited with code 1: Error: Cannot find module/)
  })
})

it('a signal is named', () => {
  expect(exitText(null, 'SIGSEGV')).toBe('it crashed with SIGSEGV')
})

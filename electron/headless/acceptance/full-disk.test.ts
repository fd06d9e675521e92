import { execFile } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import { afterEach, describe, expect, it } from 'vitest'
import type { RunDetail, RunRef } from '../../../shared/contract/runs.contract.ts'
import { FINISHED_RUN_STATES } from '../../../shared/domain/run-status.ts'
import { findAppFiles } from '../app-root.ts'
import { createInProcessClient, type StrataClient } from '../client.ts'
import { openEngine } from '../open-engine.ts'
import { leftoversIn } from './folder-state.ts'

/** A disk that is full, and one that may not be written, for real: small file systems in memory. Needs the right to mount. */
const run = promisify(execFile)
const MOUNT = { smallMb: 16, largeMb: 160 }

const mounts: string[] = []
const folders: string[] = []
afterEach(async () => {
  for (const dir of mounts.splice(0).toReversed()) await run('umount', [dir])
  for (const dir of folders.splice(0)) await rm(dir, { recursive: true, force: true })
})

async function folder(): Promise<string> {
  const dir = await mkdtemp(path.join(tmpdir(), 'strata-disk-'))
  folders.push(dir)
  return dir
}

async function mountMemory(dir: string, sizeMb: number): Promise<void> {
  await mkdir(dir, { recursive: true })
  await run('mount', ['-t', 'tmpfs', '-o', `size=${sizeMb}m`, 'tmpfs', dir])
  mounts.push(dir)
}

async function mayMount(): Promise<boolean> {
  if (process.platform !== 'linux') return false
  const dir = await mkdtemp(path.join(tmpdir(), 'strata-mount-'))
  const isMounted = await run('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', dir]).then(() => true, () => false)
  if (isMounted) await run('umount', [dir])
  await rm(dir, { recursive: true })
  return isMounted
}

async function deliver(root: string, rows: number): Promise<void> {
  // Hashes do not compress, so that a version takes about as much as it holds.
  const lines = Array.from({ length: rows }, (_, i) => `${i},${randomUUID()}${randomUUID()}`)
  await writeFile(path.join(root, 'inbox/things.csv'), `id,noise\n${lines.join('\n')}\n`)
}

async function makeWorkspace(root: string): Promise<void> {
  const files = {
    'strata.yaml': 'name: disk\nlimits: { memory: 256MB, threads: 2 }\n',
    'pipelines/things/pipeline.yaml': 'sources:\n  log: { files: inbox/things.csv, format: csv }\n',
    'pipelines/things/curated/things.sql': 'SELECT id, noise, upper(noise) AS loud FROM raw.log\n',
    'inbox/.keep': '',
  }
  for (const [file, text] of Object.entries(files)) {
    await mkdir(path.dirname(path.join(root, file)), { recursive: true })
    await writeFile(path.join(root, file), text)
  }
}

async function withEngine<T>(root: string, use: (client: StrataClient) => Promise<T>): Promise<T> {
  const engine = await openEngine({ workspaceDir: root, host: 'cli', files: findAppFiles(import.meta.url), env: process.env, log: () => {}, resumeInterrupted: false })
  try {
    return await use(createInProcessClient(engine))
  } finally {
    await engine.close()
  }
}

async function toTheEnd(client: StrataClient, ref: RunRef): Promise<RunDetail> {
  for (;;) {
    const detail = await client.runs.get({ run: ref })
    if (FINISHED_RUN_STATES.has(detail.run.state)) return detail
    for await (const _ of await client.runs.events({ afterSeq: detail.seq })) break
  }
}

const start = (client: StrataClient): Promise<RunRef> => client.runs.start({ commandId: randomUUID(), dataType: 'things' })
const resume = (client: StrataClient, ref: RunRef): Promise<unknown> => client.runs.resume({ commandId: randomUUID(), run: ref })
const published = async (client: StrataClient): Promise<{ version: number; totalRows: number }> => {
  const { version, totalRows } = await client.datasets.page({ dataset: 'things.curated.things', limit: 10 })
  return { version, totalRows }
}

describe.runIf(await mayMount())('a run without room', () => {
  it('fails with words on a full disk, keeps what is published readable, and goes on when there is space', async () => {
    const root = path.join(await folder(), 'workspace')
    await mountMemory(root, MOUNT.smallMb)
    await makeWorkspace(root)
    await deliver(root, 1_000)
    await withEngine(root, async (client) => {
      expect((await toTheEnd(client, await start(client))).run.state).toBe('succeeded')
      await deliver(root, 100_000)
      const ref = await start(client)
      const full = await toTheEnd(client, ref)
      expect(full.run).toMatchObject({ state: 'failed', problem: { code: 'DISK_FULL', hint: expect.stringMatching(/free/i) } })
      expect(await published(client)).toEqual({ version: 1, totalRows: 1_000 })
      expect(await leftoversIn(root)).toEqual([])

      await run('mount', ['-o', `remount,size=${MOUNT.largeMb}m`, root])
      await resume(client, ref)
      expect((await toTheEnd(client, ref)).run.state).toBe('succeeded')
      expect(await published(client)).toEqual({ version: 2, totalRows: 100_000 })
      expect(await leftoversIn(root)).toEqual([])
    })
  }, 60_000)

  it('fails with words where zones cannot be written, and goes on when they can', async () => {
    const root = await folder()
    await makeWorkspace(root)
    const zones = path.join(root, 'zones')
    await mountMemory(zones, 64)
    await deliver(root, 1_000)
    await withEngine(root, async (client) => {
      expect((await toTheEnd(client, await start(client))).run.state).toBe('succeeded')
      await deliver(root, 2_000)
      await run('mount', ['-o', 'remount,ro', zones])
      const ref = await start(client)
      const refused = await toTheEnd(client, ref)
      expect(refused.run.state).toBe('failed')
      expect(refused.run.problem?.message).toMatch(/zones.*(read-only|may not be written)/i)
      expect(refused.run.problem?.hint).not.toBeNull()
      expect(await published(client)).toEqual({ version: 1, totalRows: 1_000 })

      await run('mount', ['-o', 'remount,rw', zones])
      await resume(client, ref)
      expect((await toTheEnd(client, ref)).run.state).toBe('succeeded')
      expect((await published(client)).totalRows).toBe(2_000)
      expect(await leftoversIn(root)).toEqual([])
    })
  }, 60_000)
})

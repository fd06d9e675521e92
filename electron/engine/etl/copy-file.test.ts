import { chmod, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { OpContext } from '../workers/worker-server.ts'
import { copyFile } from './copy-file.ts'
import { hashFile } from './hash-file.ts'

let dir: string
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'strata-copy-'))
})
afterAll(() => rm(dir, { recursive: true }))

function context(signal = new AbortController().signal): OpContext<never> {
  return { init: { memoryMb: 1, threads: 1, tempDir: dir }, signal, progress: () => {}, ask: () => Promise.resolve(), log: () => {} }
}

describe('copyFile', () => {
  it('keeps a file byte for byte, read-only, also over an earlier copy', async () => {
    const from = join(dir, 'a (1) [x].csv')
    const to = join(dir, 'kept', 'a.csv')
    await writeFile(from, Buffer.from(Array.from({ length: 3_000_000 }, (_, n) => n % 251)))
    await chmod(from, 0o444)
    const sha256 = await hashFile(from)
    for (let n = 0; n < 2; n++) expect(await copyFile({ from, to, sha256 }, context())).toEqual({ sizeBytes: 3_000_000 })
    expect((await readFile(to)).equals(await readFile(from))).toBe(true)
    expect((await stat(to)).mode & 0o777).toBe(0o444)
  })

  it('refuses a file that is no longer what was parsed, and leaves nothing', async () => {
    const [from, to] = [join(dir, 'b.csv'), join(dir, 'b-kept.csv')]
    await writeFile(from, 'one')
    const sha256 = await hashFile(from)
    await writeFile(from, 'two')
    await expect(copyFile({ from, to, sha256 }, context())).rejects.toMatchObject({ problem: { code: 'FILE_CHANGED', details: { path: from } } })
    await expect(stat(to)).rejects.toMatchObject({ code: 'ENOENT' })
  })

  it('stops when it is cancelled, and leaves nothing', async () => {
    const [from, to] = [join(dir, 'c.csv'), join(dir, 'c-kept.csv')]
    await writeFile(from, 'x')
    await expect(copyFile({ from, to, sha256: '' }, context(AbortSignal.abort()))).rejects.toMatchObject({ name: 'AbortError' })
    await expect(stat(to)).rejects.toMatchObject({ code: 'ENOENT' })
  })
})

import { createHash } from 'node:crypto'
import { constants, createReadStream, createWriteStream } from 'node:fs'
import { chmod, copyFile as copyNative, mkdir, open, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import { Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { ProblemError } from '../../../shared/domain/problem.ts'
import type { OpInput, OpOutput } from '../workers/wire.ts'
import type { OpContext } from '../workers/worker-server.ts'
import { hashFile } from './hash-file.ts'

const CHUNK_BYTES = 1 << 20
const READ_ONLY = 0o444

/**
 * Copies a delivered file byte for byte: shares its blocks where the file system can (an edit outside never reaches the copy), else
 * streams it. The copy is compared with the hash of what was parsed, synced and made read-only.
 * @throws FILE_CHANGED when the file is no longer what was parsed
 */
export async function copyFile({ from, to, sha256 }: OpInput<'run', 'copyFile'>, { signal }: OpContext<never>): Promise<OpOutput<'run', 'copyFile'>> {
  await mkdir(dirname(to), { recursive: true })
  await rm(to, { force: true })
  try {
    const actual = (await clone(from, to)) ? await hashFile(to, signal) : await copyHashing(from, to, signal)
    if (actual !== sha256) {
      throw new ProblemError('FILE_CHANGED', `${from} changed while it was read`, {
        details: { path: from, expected: sha256, actual },
        hint: 'Run again when nothing writes to the file any more',
      })
    }
    return { sizeBytes: await seal(to) }
  } catch (error) {
    await rm(to, { force: true })
    throw error
  }
}

async function clone(from: string, to: string): Promise<boolean> {
  try {
    await copyNative(from, to, constants.COPYFILE_FICLONE_FORCE)
    return true
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') throw error
    // Every other refusal means that this file system, or this pair of them, cannot share blocks; a real fault meets the copy below too.
    return false
  }
}

async function copyHashing(from: string, to: string, signal: AbortSignal): Promise<string> {
  const hash = createHash('sha256')
  const tap = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      hash.update(chunk)
      done(null, chunk)
    },
  })
  await pipeline(createReadStream(from, { highWaterMark: CHUNK_BYTES }), tap, createWriteStream(to), { signal })
  return hash.digest('hex')
}

async function seal(path: string): Promise<number> {
  // A clone has the mode of its original, which may forbid the open for sync.
  await chmod(path, 0o644)
  const file = await open(path, 'r+')
  try {
    await file.sync()
    return (await file.stat()).size
  } finally {
    await file.close()
    await chmod(path, READ_ONLY)
  }
}

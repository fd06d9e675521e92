import { createHash, hash as hashOf } from 'node:crypto'
import { closeSync, constants, fsync, mkdirSync, openSync, rmSync, writeFileSync } from 'node:fs'
import { chmod, copyFile as copyNative, mkdir, open, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import { promisify } from 'node:util'
import { ProblemError } from '../../../shared/domain/problem.ts'
import type { OpInput, OpOutput } from '../workers/wire.ts'
import type { OpContext } from '../workers/worker-server.ts'
import { hashFile } from './hash-file.ts'
import { readChunks } from './read-chunks.ts'
import { readSmall, SMALL_BYTES } from './small-file.ts'

const READ_ONLY = 0o444

/**
 * Copies a delivered file that was parsed before, and compares the copy with the hash of what was parsed.
 * @throws FILE_CHANGED when the file is no longer what was parsed
 */
export async function copyFile({ from, to, sha256 }: OpInput<'run', 'copyFile'>, { signal }: OpContext<never>): Promise<OpOutput<'run', 'copyFile'>> {
  const { sha256: actual, sizeBytes } = await copyHashing(from, to, { signal })
  if (actual === sha256) return { sizeBytes }
  await rm(to, { force: true })
  throw new ProblemError('FILE_CHANGED', `${from} changed while it was read`, {
    details: { path: from, expected: sha256, actual },
    hint: 'Run again when nothing writes to the file any more',
  })
}

interface CopyOptions {
  signal: AbortSignal
  /** Where known: a small file is copied in one go. */
  sizeBytes?: number
  /** Sees every chunk on the way; a chunk is valid until it returns. */
  onChunk?: ((chunk: Buffer) => void) | undefined
}

/**
 * A copy byte for byte, synced and read-only, and the hash of its bytes. It shares blocks where the file system can (an edit outside
 * never reaches the copy), else it is streamed. When it fails, nothing is left.
 */
export async function copyHashing(from: string, to: string, options: CopyOptions): Promise<{ sha256: string; sizeBytes: number }> {
  if ((options.sizeBytes ?? Infinity) <= SMALL_BYTES) return copySmall(from, to, options)
  await mkdir(dirname(to), { recursive: true })
  await rm(to, { force: true })
  try {
    const sha256 = (await clone(from, to)) ? await hashFile(to, options) : await stream(from, to, options)
    return { sha256, sizeBytes: await seal(to) }
  } catch (error) {
    await rm(to, { force: true })
    throw error
  }
}

const sync = promisify(fsync)

/** Only the sync waits for the disk, so that of many the disk can do several at once. */
async function copySmall(from: string, to: string, { signal, onChunk }: CopyOptions): Promise<{ sha256: string; sizeBytes: number }> {
  signal.throwIfAborted()
  const bytes = readSmall(from)
  onChunk?.(bytes)
  mkdirSync(dirname(to), { recursive: true })
  rmSync(to, { force: true })
  const file = openSync(to, 'wx', READ_ONLY)
  try {
    writeFileSync(file, bytes)
    await sync(file)
  } catch (error) {
    rmSync(to, { force: true })
    throw error
  } finally {
    closeSync(file)
  }
  return { sha256: hashOf('sha256', bytes, 'hex'), sizeBytes: bytes.length }
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

async function stream(from: string, to: string, { signal, onChunk }: CopyOptions): Promise<string> {
  const hash = createHash('sha256')
  const file = await open(to, 'wx')
  try {
    for await (const chunk of readChunks(from, signal)) {
      const writing = file.writeFile(chunk)
      hash.update(chunk)
      onChunk?.(chunk)
      await writing
    }
  } finally {
    await file.close()
  }
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

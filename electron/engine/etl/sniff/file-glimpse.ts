import { open } from 'node:fs/promises'
import { archiveOf } from '../archives/open-members.ts'
import type { Packing } from '../archives/packing.ts'
import { openSource } from '../connectors/open-source.ts'
import type { FoundFile } from '../find-files.ts'

export const HEAD_BYTES = 256 * 1024
const TAIL_BYTES = 16 * 1024

/** The beginning and the end of a file: enough to say what it is and how it is built. */
export interface FileGlimpse extends FoundFile {
  /** Unpacked where the file is one packed stream. */
  head: Buffer
  tail: Buffer
  packing: Packing
  /** `head` is all there is. */
  isWhole: boolean
}

export async function glimpse(file: FoundFile, signal: AbortSignal): Promise<FileGlimpse> {
  const archive = await archiveOf(file, true)
  if (archive?.kind === 'stream') return glimpseOfStream(file, archive.packing, signal)
  const handle = await open(file.path, 'r')
  try {
    const head = Buffer.alloc(Math.min(HEAD_BYTES, file.sizeBytes))
    const { bytesRead } = await handle.read(head, 0, head.length, 0)
    const tailStart = Math.max(0, file.sizeBytes - TAIL_BYTES)
    const tail = Buffer.alloc(file.sizeBytes - tailStart)
    if (bytesRead < file.sizeBytes) await handle.read(tail, 0, tail.length, tailStart)
    else head.copy(tail, 0, tailStart)
    return { ...file, head, tail, packing: 'plain', isWhole: bytesRead >= file.sizeBytes }
  } finally {
    await handle.close()
  }
}

/** A damaged one gives what it holds until there; reading it says why. */
async function glimpseOfStream(file: FoundFile, packing: Packing, signal: AbortSignal): Promise<FileGlimpse> {
  const chunks: Buffer[] = []
  let bytes = 0
  let isWhole = true
  try {
    for await (const chunk of openSource({ ...file, packing }, signal)) {
      chunks.push(chunk)
      bytes += chunk.length
      if (bytes < HEAD_BYTES) continue
      isWhole = false
      break
    }
  } catch (error) {
    signal.throwIfAborted()
    if (!(error instanceof Error)) throw error
    isWhole = false
  }
  return { ...file, head: Buffer.concat(chunks).subarray(0, HEAD_BYTES), tail: Buffer.alloc(0), packing, isWhole }
}

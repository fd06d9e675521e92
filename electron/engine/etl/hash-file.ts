import { createHash, hash as hashOf } from 'node:crypto'
import { readChunks } from './read-chunks.ts'
import { readSmall, SMALL_BYTES } from './small-file.ts'

interface HashOptions {
  signal?: AbortSignal | undefined
  /** Where known: a small file is read at once, which is much cheaper when there are thousands. */
  sizeBytes?: number
  /** Sees every chunk on the way; a chunk is valid until it returns. */
  onChunk?: ((chunk: Buffer) => void) | undefined
}

/** SHA-256 of a file's bytes as hex, read in chunks. */
export async function hashFile(path: string, { signal, sizeBytes = Infinity, onChunk }: HashOptions = {}): Promise<string> {
  if (sizeBytes <= SMALL_BYTES) {
    signal?.throwIfAborted()
    const bytes = readSmall(path)
    onChunk?.(bytes)
    return hashOf('sha256', bytes, 'hex')
  }
  const hash = createHash('sha256')
  for await (const chunk of readChunks(path, signal)) {
    hash.update(chunk)
    onChunk?.(chunk)
  }
  return hash.digest('hex')
}

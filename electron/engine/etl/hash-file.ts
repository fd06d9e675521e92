import { createHash, hash as hashOf } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { readChunks } from './read-chunks.ts'

const SMALL_BYTES = 1 << 20

/**
 * SHA-256 of a file's bytes as hex, read in chunks.
 * @param sizeBytes where known: a small file is read at once, which is much cheaper when there are thousands
 */
export async function hashFile(path: string, signal?: AbortSignal, sizeBytes = Infinity): Promise<string> {
  if (sizeBytes <= SMALL_BYTES) return hashOf('sha256', await readFile(path, { signal }), 'hex')
  const hash = createHash('sha256')
  for await (const chunk of readChunks(path, signal)) hash.update(chunk)
  return hash.digest('hex')
}

import { createHash, hash as hashOf } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { pipeline } from 'node:stream/promises'

const CHUNK_BYTES = 1 << 20

/**
 * SHA-256 of a file's bytes as hex, read in chunks of 1 MB.
 * @param sizeBytes where known: a small file is read at once, which is much cheaper when there are thousands
 */
export async function hashFile(path: string, signal?: AbortSignal, sizeBytes = Infinity): Promise<string> {
  if (sizeBytes <= CHUNK_BYTES) return hashOf('sha256', await readFile(path, { signal }), 'hex')
  const hash = createHash('sha256')
  await pipeline(createReadStream(path, { highWaterMark: CHUNK_BYTES }), hash, signal === undefined ? {} : { signal })
  return hash.digest('hex')
}

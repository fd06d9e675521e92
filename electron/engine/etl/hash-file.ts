import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { pipeline } from 'node:stream/promises'

const CHUNK_BYTES = 1 << 20

/** SHA-256 of a file's bytes as hex, read in chunks of 1 MB. */
export async function hashFile(path: string, signal?: AbortSignal): Promise<string> {
  const hash = createHash('sha256')
  await pipeline(createReadStream(path, { highWaterMark: CHUNK_BYTES }), hash, signal === undefined ? {} : { signal })
  return hash.digest('hex')
}

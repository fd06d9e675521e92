import { createReadStream } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { createGunzip } from 'node:zlib'
import { pipeline, type Readable } from 'node:stream'
import { truncated, unreadable } from '../source-problem.ts'

const CHUNK_BYTES = 1 << 20

export function isGzip(path: string): boolean {
  return path.toLowerCase().endsWith('.gz')
}

export interface SourceBytes {
  path: string
  name: string
  /** Where known: a small file is read at once, which is much cheaper than a stream when there are thousands. */
  sizeBytes?: number
}

/**
 * The bytes of a delivered file in chunks, unpacked where its name ends in .gz.
 * @throws SOURCE_UNREADABLE for a damaged or cut archive
 */
export async function* openSource({ path, name, sizeBytes = Infinity }: SourceBytes, signal: AbortSignal): AsyncGenerator<Buffer, void, undefined> {
  if (sizeBytes <= CHUNK_BYTES && !isGzip(path)) {
    yield await readFile(path, { signal })
    return
  }
  const file = createReadStream(path, { highWaterMark: CHUNK_BYTES, signal })
  // The callback is there because the error reaches the reader of the last stream anyway.
  const bytes: Readable = isGzip(path) ? pipeline(file, createGunzip({ chunkSize: CHUNK_BYTES }), () => undefined) : file
  try {
    for await (const chunk of bytes) yield chunk as Buffer
  } catch (error) {
    throw gzipProblem(error, name) ?? error
  } finally {
    bytes.destroy()
    file.destroy()
  }
}

function gzipProblem(error: unknown, file: string): Error | null {
  if (!(error instanceof Error) || !('code' in error) || !String(error.code).startsWith('Z_')) return null
  if (error.code === 'Z_BUF_ERROR') return truncated('the gzip archive ends early', { file, cause: error })
  return unreadable(`not a readable gzip archive (${error.message})`, { file, cause: error, hint: 'Deliver the file again, or rename it when it is no gzip archive' })
}

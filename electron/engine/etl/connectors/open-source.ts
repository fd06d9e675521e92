import { createReadStream } from 'node:fs'
import { type Packing, type UnpackLimit, unpacked } from '../archives/packing.ts'
import { transcode } from '../encodings/transcode.ts'
import { readSmall, SMALL_BYTES } from '../small-file.ts'

const CHUNK_BYTES = 1 << 20

export interface SourceBytes {
  path: string
  name: string
  /** Where known: a small file is read at once, which is much cheaper than a stream when there are thousands. */
  sizeBytes?: number
  packing?: Packing
  /** Of the unpacked text; it comes out as UTF-8. */
  encoding?: string
  limit?: UnpackLimit
}

/**
 * The bytes of a text in chunks that stay valid, unpacked and as UTF-8. What is no text in its encoding is marked (bad-bytes.ts).
 * @throws SOURCE_UNREADABLE for a damaged or cut archive
 */
export async function* openSource(source: SourceBytes, signal: AbortSignal): AsyncGenerator<Buffer, void, undefined> {
  const { path, name, sizeBytes = Infinity, packing = 'plain', encoding = 'utf-8', limit = { packedBytes: Infinity, freeBytes: Infinity } } = source
  if (sizeBytes <= SMALL_BYTES && packing === 'plain' && encoding === 'utf-8') {
    signal.throwIfAborted()
    yield readSmall(path)
    return
  }
  yield* transcode(unpacked(fileChunks(path, signal), packing, { file: name, limit }), encoding)
}

async function* fileChunks(path: string, signal: AbortSignal): AsyncGenerator<Buffer, void, undefined> {
  const file = createReadStream(path, { highWaterMark: CHUNK_BYTES, signal })
  try {
    for await (const chunk of file) yield chunk as Buffer
  } finally {
    file.destroy()
  }
}

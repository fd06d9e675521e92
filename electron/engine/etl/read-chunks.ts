import { open } from 'node:fs/promises'

const CHUNK_BYTES = 4 << 20

/**
 * The bytes of a file, a chunk at a time, all in one buffer: a chunk is valid until the next is asked for. Half the price of a stream,
 * which allocates every chunk anew.
 */
export async function* readChunks(path: string, signal?: AbortSignal): AsyncGenerator<Buffer, void, undefined> {
  const file = await open(path, 'r')
  try {
    const buffer = Buffer.allocUnsafeSlow(CHUNK_BYTES)
    for (;;) {
      signal?.throwIfAborted()
      const { bytesRead } = await file.read(buffer, 0, CHUNK_BYTES)
      if (bytesRead === 0) return
      yield buffer.subarray(0, bytesRead)
    }
  } finally {
    await file.close()
  }
}

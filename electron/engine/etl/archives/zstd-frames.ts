import { createZstdDecompress } from 'node:zlib'
import { Readable } from 'node:stream'

const MAGIC = 0xfd2fb528
const SKIPPABLE = 0x184d2a50

/**
 * Unpacks zstandard. An archive may hold several frames, one after the other (`cat a.zst b.zst`, parallel compressors); Node's stream
 * ends with the first and drops the rest without a word, so each frame gets a stream of its own.
 * @throws an error with code Z_BUF_ERROR where the archive is cut off, Z_DATA_ERROR where it is none
 */
export async function* unzstd(chunks: AsyncIterable<Buffer>, chunkBytes: number): AsyncGenerator<Buffer, void, undefined> {
  const input = new FrameReader(chunks)
  let frames = 0
  while (await input.hasMore()) {
    if (await input.skipSkippable()) continue
    const stream = Readable.from(input.frame(), { objectMode: false }).pipe(createZstdDecompress({ chunkSize: chunkBytes }))
    const failed = input.failure((error) => stream.destroy(error))
    try {
      for await (const chunk of stream) yield chunk as Buffer
    } finally {
      failed()
      stream.destroy()
    }
    frames++
  }
  if (frames === 0) throw zstdError('Z_BUF_ERROR', 'the archive is empty')
}

function zstdError(code: 'Z_BUF_ERROR' | 'Z_DATA_ERROR', message: string): Error {
  return Object.assign(new Error(message), { code })
}

/** Follows the layout of frames (RFC 8878, 3.1.1) without unpacking them. */
class FrameReader {
  readonly #source: AsyncIterator<Buffer>
  #rest: Buffer = Buffer.alloc(0)
  #onFailure: ((error: Error) => void) | null = null

  constructor(chunks: AsyncIterable<Buffer>) {
    this.#source = chunks[Symbol.asyncIterator]()
  }

  /** What is told when a frame cannot be followed; gives what ends the telling. */
  failure(tell: (error: Error) => void): () => void {
    this.#onFailure = tell
    return () => {
      this.#onFailure = null
    }
  }

  async hasMore(): Promise<boolean> {
    while (this.#rest.length === 0) if (!(await this.#more())) return false
    return true
  }

  async skipSkippable(): Promise<boolean> {
    const head = await this.#peek(4)
    const magic = head.readUInt32LE(0)
    if (magic === MAGIC) return false
    if ((magic & 0xfffffff0) >>> 0 !== SKIPPABLE) throw zstdError('Z_DATA_ERROR', 'unknown frame')
    const size = (await this.#peek(8)).readUInt32LE(4)
    for await (const _piece of this.#take(8 + size));
    return true
  }

  /** The bytes of one frame. */
  async *frame(): AsyncGenerator<Buffer, void, undefined> {
    try {
      yield* this.#frame()
    } catch (error) {
      this.#onFailure?.(error instanceof Error ? error : new Error(String(error)))
    }
  }

  async *#frame(): AsyncGenerator<Buffer, void, undefined> {
    const descriptor = (await this.#peek(5))[4] ?? 0
    const isSingleSegment = (descriptor & 0x20) !== 0
    const contentSize = [isSingleSegment ? 1 : 0, 2, 4, 8][descriptor >> 6] ?? 0
    const dictionary = [0, 1, 2, 4][descriptor & 3] ?? 0
    yield* this.#take(5 + (isSingleSegment ? 0 : 1) + dictionary + contentSize)
    for (let isLast = false; !isLast; ) {
      const block = (await this.#peek(3)).readUIntLE(0, 3)
      isLast = (block & 1) === 1
      const isRepeated = ((block >> 1) & 3) === 1
      yield* this.#take(3 + (isRepeated ? 1 : block >> 3))
    }
    if ((descriptor & 4) !== 0) yield* this.#take(4)
  }

  async #more(): Promise<boolean> {
    const next = await this.#source.next()
    if (next.done === true) return false
    // The chunk is only valid until the next; what is left of it here goes on.
    this.#rest = this.#rest.length === 0 ? Buffer.from(next.value) : Buffer.concat([this.#rest, next.value])
    return true
  }

  async #peek(count: number): Promise<Buffer> {
    while (this.#rest.length < count) if (!(await this.#more())) throw zstdError('Z_BUF_ERROR', 'unexpected end of file')
    return this.#rest
  }

  async *#take(count: number): AsyncGenerator<Buffer, void, undefined> {
    for (let left = count; left > 0; ) {
      await this.#peek(1)
      const piece = this.#rest.subarray(0, left)
      this.#rest = this.#rest.subarray(piece.length)
      left -= piece.length
      yield piece
    }
  }
}

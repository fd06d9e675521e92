/** LZ4 frames, as Arrow files written with the defaults of pandas and R are packed. https://github.com/lz4/lz4/blob/dev/doc/lz4_Frame_format.md */

const MAGIC = 0x184d2204
const MIN_MATCH = 4
const LONG = 15

/**
 * @returns the bytes that were packed
 * @throws Error where the frame is damaged
 */
export function decodeLz4Frame(bytes: Uint8Array): Uint8Array {
  const input = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (input.length < 7 || input.readUInt32LE(0) !== MAGIC) throw new Error('not an LZ4 frame')
  const flags = input[4] ?? 0
  const hasBlockSum = (flags & 0x10) !== 0
  let at = 7 + ((flags & 0x08) === 0 ? 0 : 8) + ((flags & 0x01) === 0 ? 0 : 4)
  const output = new Output()
  for (;;) {
    const size = input.readUInt32LE(at)
    at += 4
    if (size === 0) return output.bytes()
    const length = size & 0x7fffffff
    if (at + length > input.length) throw new Error('the LZ4 frame ends early')
    const block = input.subarray(at, at + length)
    if (size >>> 31 === 1) output.append(block)
    else decodeBlock(block, output)
    at += length + (hasBlockSum ? 4 : 0)
  }
}

/** Grows as needed; later blocks refer to what earlier ones gave. */
class Output {
  #buffer = Buffer.allocUnsafe(1 << 16)
  #length = 0

  append(piece: Uint8Array): void {
    this.#reserve(piece.length)
    this.#buffer.set(piece, this.#length)
    this.#length += piece.length
  }

  repeat(offset: number, length: number): void {
    if (offset === 0 || offset > this.#length) throw new Error('an LZ4 block refers to what is not there')
    this.#reserve(length)
    // Byte by byte, because the copy may read what it wrote.
    for (let n = 0; n < length; n++, this.#length++) this.#buffer[this.#length] = this.#buffer[this.#length - offset] ?? 0
  }

  bytes(): Uint8Array {
    return this.#buffer.subarray(0, this.#length)
  }

  #reserve(more: number): void {
    if (this.#length + more <= this.#buffer.length) return
    const grown = Buffer.allocUnsafe(Math.max(this.#buffer.length * 2, this.#length + more))
    this.#buffer.copy(grown, 0, 0, this.#length)
    this.#buffer = grown
  }
}

function decodeBlock(block: Buffer, output: Output): void {
  let at = 0
  const lengthFrom = (short: number): number => {
    if (short < LONG) return short
    let length = short
    for (;;) {
      const more = block.readUInt8(at++)
      length += more
      if (more < 255) return length
    }
  }
  while (at < block.length) {
    const token = block.readUInt8(at++)
    const literals = lengthFrom(token >> 4)
    if (at + literals > block.length) throw new Error('an LZ4 block ends early')
    output.append(block.subarray(at, at + literals))
    at += literals
    if (at === block.length) return
    const offset = block.readUInt16LE(at)
    at += 2
    output.repeat(offset, lengthFrom(token & LONG) + MIN_MATCH)
  }
}

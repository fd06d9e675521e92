import { unreadable } from '../source-problem.ts'
import { MAX_RECORD_BYTES } from './record-splitter.ts'

const LF = 10
const CR = 13
const BOM = Buffer.from([0xef, 0xbb, 0xbf])

/** The line break behind a line; empty at the end of a file that does not end with one. */
export type LineEnd = '\n' | '\r\n' | '\r' | ''

/** Cuts bytes that come in chunks into physical lines, whichever of the three line ends they have, mixed or not. */
export class LineCutter {
  readonly #file: string
  readonly #take: (line: Buffer, end: LineEnd) => void
  #rest: Buffer[] = []
  #restBytes = 0
  #lines = 0

  constructor(file: string, take: (line: Buffer, end: LineEnd) => void) {
    this.#file = file
    this.#take = take
  }

  write(chunk: Buffer): void {
    let start = 0
    for (let end = chunk.indexOf(LF); end !== -1; end = chunk.indexOf(LF, start)) {
      this.#segment(this.#whole(chunk.subarray(start, end)), '\n')
      start = end + 1
    }
    if (start < chunk.length) this.#keep(chunk.subarray(start))
  }

  end(): void {
    if (this.#restBytes > 0) this.#segment(this.#whole(Buffer.alloc(0)), '')
  }

  #keep(piece: Buffer): void {
    this.#rest.push(piece)
    this.#restBytes += piece.length
    // Old Mac files have no LF at all. A CR at the very end may be the first half of a line end.
    if (piece.subarray(0, -1).includes(CR)) {
      const all = this.#whole(Buffer.alloc(0))
      const last = all.lastIndexOf(CR, all.length - 2)
      for (const line of cutAt(all.subarray(0, last))) this.#emit(line, '\r')
      this.#rest = [all.subarray(last + 1)]
      this.#restBytes = all.length - last - 1
    }
    if (this.#restBytes > MAX_RECORD_BYTES) {
      throw unreadable(`the line is longer than ${MAX_RECORD_BYTES / 1024 / 1024} MB`, { file: this.#file, line: this.#lines + 1, hint: 'Check format and encoding of the source' })
    }
  }

  #whole(tail: Buffer): Buffer {
    if (this.#rest.length === 0) return tail
    const line = Buffer.concat([...this.#rest, tail])
    this.#rest = []
    this.#restBytes = 0
    return line
  }

  /** A stretch up to LF, or to the end of the file; it may hold lines that end with CR alone. */
  #segment(bytes: Buffer, end: '\n' | ''): void {
    const isCrLf = end === '\n' && bytes.at(-1) === CR
    const pieces = cutAt(isCrLf ? bytes.subarray(0, -1) : bytes)
    const last = pieces.pop() ?? bytes
    for (const piece of pieces) this.#emit(piece, '\r')
    if (end === '' && last.length === 0) return
    this.#emit(last, isCrLf ? '\r\n' : end)
  }

  #emit(line: Buffer, end: LineEnd): void {
    const isMarked = this.#lines++ === 0 && line.subarray(0, 3).equals(BOM)
    this.#take(isMarked ? line.subarray(BOM.length) : line, end)
  }
}

function cutAt(bytes: Buffer): Buffer[] {
  const pieces: Buffer[] = []
  let start = 0
  for (let at = bytes.indexOf(CR); at !== -1; at = bytes.indexOf(CR, start)) {
    pieces.push(bytes.subarray(start, at))
    start = at + 1
  }
  pieces.push(bytes.subarray(start))
  return pieces
}

/** What a byte means outside a JSON text: 0 nothing, else one of these. */
const [QUOTE, OPEN, CLOSE, LF, CR, END] = [1, 2, 3, 4, 5, 6]
const CLASSES = byteClasses()
const [BACKSLASH, QUOTE_BYTE, SPACE] = [92, 34, 32]

function byteClasses(): Uint8Array {
  const classes = new Uint8Array(256)
  const set = (bytes: string, kind: number): void => {
    for (const byte of Buffer.from(bytes)) classes[byte] = kind
  }
  set('"', QUOTE)
  set('{[', OPEN)
  set('}]', CLOSE)
  set('\n', LF)
  set('\r', CR)
  set(', \t:', END)
  return classes
}

export function isSpace(byte: number): boolean {
  return byte === SPACE || byte === 10 || byte === 13 || byte === 9
}

const [SCALAR, TEXT, CONTAINER] = [0, 1, 2]

/**
 * Finds the end of a JSON value in bytes that come in chunks. Knows brackets and texts only; whether the value is valid is for the parser
 * that reads it. Line breaks between tokens become spaces, in place, so that the value fits on one line.
 */
export class JsonValueScanner {
  isDone = false
  badByte: number | null = null
  #kind = SCALAR
  #depth = 0
  #isInText = false
  #isEscaped = false
  #newlines = 0

  get isScalar(): boolean {
    return this.#kind === SCALAR
  }

  /** @returns false when no value can begin with this byte */
  begin(byte: number): boolean {
    const kind = CLASSES[byte] ?? 0
    this.#kind = kind === QUOTE ? TEXT : kind === OPEN ? CONTAINER : SCALAR
    this.#depth = 0
    this.#isInText = false
    this.#isEscaped = false
    this.isDone = false
    return kind === QUOTE || kind === OPEN || kind === 0
  }

  /** Line breaks passed since the last call. */
  takeNewlines(): number {
    const newlines = this.#newlines
    this.#newlines = 0
    return newlines
  }

  /** Scans from `at`; gives the position behind the last byte that belongs to the value. */
  scan(chunk: Buffer, at: number): number {
    if (this.#kind === SCALAR) return this.#scanScalar(chunk, at)
    let next = at
    while (next < chunk.length && !this.isDone && this.badByte === null) {
      next = this.#isInText ? this.#scanText(chunk, next) : this.#scanStructure(chunk, next)
    }
    return next
  }

  #scanScalar(chunk: Buffer, from: number): number {
    for (let at = from; at < chunk.length; at++) {
      if ((CLASSES[chunk[at] ?? 0] ?? 0) === 0) continue
      this.isDone = true
      return at
    }
    return chunk.length
  }

  #scanText(chunk: Buffer, from: number): number {
    for (let at = from; at < chunk.length; at++) {
      const byte = chunk[at] ?? 0
      if (this.#isEscaped) this.#isEscaped = false
      else if (byte === BACKSLASH) this.#isEscaped = true
      else if (byte === QUOTE_BYTE) {
        this.#isInText = false
        this.isDone = this.#kind === TEXT
        return at + 1
      } else if (byte < SPACE) {
        this.badByte = byte
        return at
      }
    }
    return chunk.length
  }

  #scanStructure(chunk: Buffer, from: number): number {
    for (let at = from; at < chunk.length; at++) {
      switch (CLASSES[chunk[at] ?? 0] ?? 0) {
        case QUOTE:
          this.#isInText = true
          return at + 1
        case OPEN:
          this.#depth++
          break
        case CLOSE:
          if (--this.#depth > 0) break
          this.isDone = true
          return at + 1
        case LF:
          this.#newlines++
          chunk[at] = SPACE
          break
        case CR:
          chunk[at] = SPACE
      }
    }
    return chunk.length
  }
}

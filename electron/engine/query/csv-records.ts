import type { CsvOptions } from '../workspace/model.ts'

/** Bytes that end, enclose or separate, as they matter to where records begin. */
export interface CsvBytes {
  delimiter: string
  /** Empty: nothing encloses. */
  quote: string
  escape: string
  comment: string | null
  /** A file of one column has a record on a blank line too. */
  isOneColumn: boolean
}

/** A line of the file that is a record, or a blank or comment line; quoted line breaks are inside it. */
export interface CsvEntry {
  /** From 1: what DuckDB calls `line` of a reject. */
  entry: number
  /** Physical line at which it begins, from 1. */
  line: number
  isRecord: boolean
  /** Byte offsets of its text, without the line end. */
  start: number
  end: number
}

/** What a source leaves open, by the common rule: double quotes, doubled inside themselves. */
export function quoting({ quote, escape }: Pick<CsvOptions, 'quote' | 'escape'>): { quote: string; escape: string } {
  const enclosing = quote ?? '"'
  return { quote: enclosing, escape: enclosing === '' ? '' : (escape ?? enclosing) }
}

const [OUTSIDE, INSIDE, AFTER_QUOTE, AFTER_ESCAPE] = [0, 1, 2, 3]
const [LF, CR] = [10, 13]
const BOM = Buffer.from([0xef, 0xbb, 0xbf])
const [NOTHING, LINE_END, QUOTE] = [0, 1, 2]

/**
 * Finds where the records of a delimited text begin, in bytes that come in chunks, by the rules of DuckDB's strict reader: a quote
 * encloses only at the beginning of a field, and what follows a closing quote belongs to the field.
 */
export class CsvRecordScanner {
  readonly #options: CsvBytes
  readonly #visit: (entry: CsvEntry) => boolean
  readonly #classes = new Uint8Array(256)
  readonly #quote: number
  readonly #escape: number
  readonly #lastOfDelimiter: number
  #state = OUTSIDE
  #position = 0
  #start = 0
  #firstByte = -1
  #line = 1
  #startLine = 1
  #entry = 0
  #previous = -1
  #isStopped = false

  /** @param visit gives false to stop the scan */
  constructor(options: CsvBytes, visit: (entry: CsvEntry) => boolean) {
    this.#options = options
    this.#visit = visit
    this.#quote = byteOf(options.quote)
    this.#escape = byteOf(options.escape)
    this.#lastOfDelimiter = Buffer.from(options.delimiter).at(-1) ?? -1
    this.#classes[LF] = LINE_END
    this.#classes[CR] = LINE_END
    if (this.#quote >= 0) this.#classes[this.#quote] = QUOTE
  }

  get isStopped(): boolean {
    return this.#isStopped
  }

  /** After the end: the physical line of a record whose quotes were never closed, or null. */
  get openQuoteLine(): number | null {
    return this.#state === INSIDE || this.#state === AFTER_ESCAPE ? this.#startLine : null
  }

  /** After the end: the last record had no line break behind it. */
  get endsWithoutNewline(): boolean {
    return this.#previous !== LF && this.#previous !== CR
  }

  write(chunk: Buffer): void {
    const from = this.#position === 0 && chunk.subarray(0, 3).equals(BOM) ? BOM.length : 0
    if (from > 0) this.#start = from
    for (let at = from; at < chunk.length && !this.#isStopped; at++) {
      const byte = chunk[at] ?? 0
      const position = this.#position + at
      if (this.#state === OUTSIDE) {
        if (this.#firstByte < 0) this.#firstByte = byte
        const kind = this.#classes[byte] ?? NOTHING
        if (kind !== NOTHING) this.#special(kind, byte, position)
      } else this.#enclosed(byte, position)
      this.#previous = byte
    }
    this.#position += chunk.length
  }

  end(): void {
    if (!this.#isStopped && this.#position > this.#start) this.#close(this.#position)
  }

  #special(kind: number, byte: number, position: number): void {
    if (kind === QUOTE) {
      if (position === this.#start || this.#previous === this.#lastOfDelimiter) this.#state = INSIDE
      return
    }
    // The second half of a Windows line end belongs to the first.
    if (byte === LF && this.#previous === CR && position === this.#start) {
      this.#start = position + 1
      this.#firstByte = -1
      return
    }
    this.#close(position)
    this.#line++
    this.#start = position + 1
    this.#startLine = this.#line
    this.#firstByte = -1
  }

  #enclosed(byte: number, position: number): void {
    if (this.#state === AFTER_ESCAPE) {
      this.#state = INSIDE
    } else if (this.#state === AFTER_QUOTE) {
      if (byte === this.#quote && this.#escape === this.#quote) this.#state = INSIDE
      else {
        this.#state = OUTSIDE
        if (this.#classes[byte] === LINE_END) this.#special(LINE_END, byte, position)
      }
      return
    } else if (byte === this.#quote) {
      this.#state = AFTER_QUOTE
    } else if (byte === this.#escape) {
      this.#state = AFTER_ESCAPE
    }
    if (byte === LF && this.#previous !== CR) this.#line++
    if (byte === CR) this.#line++
  }

  #close(end: number): void {
    const sizeBytes = end - this.#start
    const isComment = this.#options.comment !== null && sizeBytes > 0 && this.#firstByte === byteOf(this.#options.comment)
    const isRecord = !isComment && (sizeBytes > 0 || this.#options.isOneColumn)
    this.#isStopped = !this.#visit({ entry: ++this.#entry, line: this.#startLine, isRecord, start: this.#start, end })
  }
}

function byteOf(text: string): number {
  return Buffer.from(text).at(0) ?? -1
}

import { isUtf8 } from 'node:buffer'
import { truncated, unreadable } from '../source-problem.ts'
import { JsonValueScanner, isSpace } from './json-value-scanner.ts'
import { notText, oneLine } from './ndjson-splitter.ts'
import { type PathStep, parseRecordPath } from './record-path.ts'
import { MAX_RECORD_BYTES, type RecordSplitter, type SplitterOptions } from './record-splitter.ts'
import type { RecordSink } from './record-stager.ts'

/** An object or list on the way to the records. */
interface Frame {
  kind: 'object' | 'list'
  /** Steps of the path that lead here. */
  depth: number
  /** Its elements are records. */
  isRecords: boolean
}

type Expected = 'value' | 'value or ]' | 'a name or }' | 'a name' | ':' | ', or ]' | ', or }' | 'the next document'

const SKIP = -1
const [COMMA, COLON, QUOTE, OPEN_OBJECT, CLOSE_OBJECT, OPEN_LIST, CLOSE_LIST] = [44, 58, 34, 123, 125, 91, 93]
const BOM = [0xef, 0xbb, 0xbf]

/**
 * Finds the records of a JSON document without building it: keeps only the way down to the record path, passes over everything beside it,
 * and copies each record's bytes. One object, a list, or several documents one after the other.
 */
export class JsonSplitter implements RecordSplitter {
  readonly #file: string
  readonly #sink: RecordSink
  readonly #encoding: string
  readonly #path: PathStep[]
  readonly #value = new JsonValueScanner()
  readonly #stack: Frame[] = []
  #expected: Expected = 'the next document'
  /** What the value being scanned is for. */
  #purpose: 'record' | 'skip' | 'name' | null = null
  /** Steps that lead to the value expected next; SKIP when the path does not lead there. */
  #depth = 0
  #pieces: Buffer[] = []
  #pieceBytes = 0
  #line = 1
  #valueLine = 1
  #documents = 0

  constructor({ file, encoding, sink, record }: SplitterOptions) {
    this.#file = file
    this.#encoding = encoding
    this.#sink = sink
    this.#path = record === null ? [] : parseRecordPath(record)
  }

  write(chunk: Buffer): void {
    let at = 0
    while (at < chunk.length) {
      if (this.#purpose !== null) at = this.#scan(chunk, at)
      else if (this.#step(chunk[at] ?? 0)) at++
    }
  }

  end(): void {
    if (this.#purpose === 'record' && this.#value.isScalar && this.#stack.length === 0) this.#finish()
    if (this.#purpose === 'skip' && this.#value.isScalar && this.#stack.length === 0) this.#purpose = null
    if (this.#purpose !== null) throw truncated(`the JSON value that begins here has no end`, { file: this.#file, line: this.#valueLine })
    if (this.#stack.length > 0) throw truncated(`the JSON ends where ${this.#expected} was expected`, { file: this.#file, line: this.#line })
    if (this.#documents === 0) throw truncated('the file is empty', { file: this.#file, line: 1 })
  }

  /** Scans on in a value; gives the position behind what was taken. */
  #scan(chunk: Buffer, from: number): number {
    const to = this.#value.scan(chunk, from)
    this.#line += this.#value.takeNewlines()
    if (this.#value.badByte !== null) {
      throw unreadable('a line break or control character inside a JSON text', { file: this.#file, line: this.#line, hint: 'A text may have lost its closing quote' })
    }
    if (this.#purpose !== 'skip') this.#keep(chunk.subarray(from, to))
    if (this.#value.isDone) this.#finish()
    return to
  }

  #keep(piece: Buffer): void {
    this.#pieces.push(piece)
    this.#pieceBytes += piece.length
    if (this.#pieceBytes > MAX_RECORD_BYTES) {
      throw unreadable(`one record is larger than ${MAX_RECORD_BYTES / 1024 / 1024} MB`, {
        file: this.#file,
        line: this.#valueLine,
        hint: 'Set the source\'s record to the list inside the document, for example $.studies[*]',
      })
    }
  }

  #finish(): void {
    const [first, ...others] = this.#pieces
    const bytes = others.length === 0 ? (first ?? Buffer.alloc(0)) : Buffer.concat(this.#pieces)
    this.#pieces = []
    this.#pieceBytes = 0
    const purpose = this.#purpose
    this.#purpose = null
    if (purpose === 'name') return this.#named(bytes)
    if (purpose === 'record') this.#emit(bytes)
    this.#afterValue()
  }

  #emit(bytes: Buffer): void {
    // Inside texts they are found while scanning; elsewhere no value can hold them, and records are staged with them between fields.
    if (bytes.includes(0) || bytes.includes(1)) throw unreadable('malformed JSON: a control character in the record that begins here', { file: this.#file, line: this.#valueLine })
    const isText = isUtf8(bytes)
    this.#sink.add({ line: this.#valueLine, json: isText ? bytes : oneLine(bytes), reason: isText ? null : notText(this.#encoding) })
  }

  #named(bytes: Buffer): void {
    const step = this.#path[this.#depth]
    const isWay = typeof step === 'object' && step.key === this.#parseName(bytes)
    this.#depth = isWay ? this.#depth + 1 : SKIP
    this.#expected = ':'
  }

  #parseName(bytes: Buffer): unknown {
    try {
      return JSON.parse(bytes.toString('utf8'))
    } catch (cause) {
      throw unreadable('a member has a malformed name', { file: this.#file, line: this.#valueLine, cause })
    }
  }

  /** Takes one byte between values; false when the byte begins a value and belongs to it. */
  #step(byte: number): boolean {
    if (isSpace(byte)) {
      if (byte === 10) this.#line++
      return true
    }
    switch (this.#expected) {
      case 'the next document':
        if (this.#line === 1 && this.#documents === 0 && BOM.includes(byte)) return true
        this.#documents++
        this.#depth = 0
        return this.#begin(byte)
      case 'value or ]':
        return byte === CLOSE_LIST ? this.#close() : this.#begin(byte)
      case 'value':
        return this.#begin(byte)
      case ':':
        if (byte !== COLON) throw this.#unexpected(byte)
        this.#expected = 'value'
        return true
      default:
        return this.#stepInContainer(byte)
    }
  }

  #stepInContainer(byte: number): boolean {
    const isInList = this.#expected === ', or ]'
    if (byte === (isInList ? CLOSE_LIST : CLOSE_OBJECT) && this.#expected !== 'a name') return this.#close()
    if (this.#expected === 'a name' || this.#expected === 'a name or }') {
      if (byte !== QUOTE) throw this.#unexpected(byte)
      this.#depth = this.#stack.at(-1)?.depth ?? SKIP
      return this.#start('name', byte)
    }
    if (byte !== COMMA) throw this.#unexpected(byte)
    this.#expected = isInList ? 'value' : 'a name'
    if (isInList) this.#depth = elementDepth(this.#stack.at(-1))
    return true
  }

  #begin(byte: number): boolean {
    const top = this.#stack.at(-1)
    if (top?.isRecords === true) return this.#start('record', byte)
    if (this.#depth === SKIP) return this.#start('skip', byte)
    const step = this.#path[this.#depth]
    if (step === undefined) return byte === OPEN_LIST && this.#path.at(-1) !== 'each' ? this.#open('list', true) : this.#start('record', byte)
    if (step === 'each' && byte === OPEN_LIST) return this.#open('list', false)
    if (step !== 'each' && byte === OPEN_OBJECT) return this.#open('object', false)
    return this.#start('skip', byte)
  }

  #start(purpose: 'record' | 'skip' | 'name', byte: number): boolean {
    if (!this.#value.begin(byte)) throw this.#unexpected(byte)
    this.#purpose = purpose
    this.#valueLine = this.#line
    return false
  }

  #open(kind: Frame['kind'], isRecords: boolean): boolean {
    this.#stack.push({ kind, depth: this.#depth, isRecords })
    this.#expected = kind === 'list' ? 'value or ]' : 'a name or }'
    if (kind === 'list') this.#depth = elementDepth(this.#stack.at(-1))
    return true
  }

  #close(): boolean {
    this.#stack.pop()
    this.#afterValue()
    return true
  }

  #afterValue(): void {
    const top = this.#stack.at(-1)
    if (top === undefined) this.#expected = 'the next document'
    else this.#expected = top.kind === 'list' ? ', or ]' : ', or }'
  }

  #unexpected(byte: number): Error {
    const found = byte > 32 && byte < 127 ? `"${String.fromCharCode(byte)}"` : `byte ${byte}`
    return unreadable(`malformed JSON: ${found} where ${this.#expected} was expected`, { file: this.#file, line: this.#line })
  }
}

function elementDepth(frame: Frame | undefined): number {
  return frame === undefined ? 0 : frame.depth + 1
}

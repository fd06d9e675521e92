import { isUtf8 } from 'node:buffer'
import { unfinishedBytes } from '../../encodings/bad-bytes.ts'
import { SEEN } from '../infer-columns.ts'
import { MAX_RECORD_BYTES, type RecordSplitter, type SplitterOptions } from '../record-splitter.ts'
import { JsonArena, type RecordMember } from './json-arena.ts'
import { LineCounter } from './line-counter.ts'
import { SaxesSplitter } from './saxes-splitter.ts'
import { type XmlName, XmlNames } from './xml-names.ts'
import { prologEnd } from './xml-prolog.ts'
import { type Scanned, XmlScanner } from './xml-scanner.ts'

const FIRST_BYTES = 1 << 20
const SEEN_OF: Record<RecordMember['kind'], number> = { null: 0, text: SEEN.text, nested: SEEN.nested }
/** Beside the bits of SEEN: the key was noted. */
const NOTED = 1 << 16

/**
 * Finds the elements at the record path and makes a JSON object of each: attributes as `@name`, repeated children as lists, an element
 * that is text alone as that text, else its text as `#text`. Names lose their namespace prefix. Without a path, the root's children are
 * the records.
 *
 * A record is read when all of it is there. What the scanner is not sure of, errors among it, is for SaxesSplitter, from the beginning of
 * that record or tag to the end of the document.
 */
export class XmlSplitter implements RecordSplitter {
  readonly #options: SplitterOptions
  readonly #path: readonly string[] | null
  readonly #arena: JsonArena
  readonly #names: XmlNames
  readonly #scanner: XmlScanner
  /** Open elements outside of records, outermost first. */
  readonly #open: XmlName[] = []
  /** By key: NOTED, and what its values were. */
  readonly #noted: number[] = []
  #isInDocument = false
  #isRootClosed = false
  readonly #lines = new LineCounter()
  /** Bytes of a character that goes on in the next chunk. */
  #unfinished: Buffer = Buffer.alloc(0)
  /** To read on is worth it when there are so many bytes. */
  #wantedBytes = 1
  #successor: SaxesSplitter | null = null

  constructor(options: SplitterOptions) {
    this.#options = options
    this.#path = options.record === null ? null : options.record.split('/').filter((name) => name !== '')
    this.#arena = new JsonArena(options.lists)
    this.#names = new XmlNames(this.#arena.keyOf)
    this.#scanner = new XmlScanner(this.#arena, this.#names)
    this.#scanner.bytes = Buffer.allocUnsafeSlow(FIRST_BYTES)
  }

  write(chunk: Buffer): void {
    if (this.#successor !== null) return this.#successor.write(chunk)
    const bytes = this.#unfinished.length === 0 ? chunk : Buffer.concat([this.#unfinished, chunk])
    const end = bytes.length - unfinishedBytes(bytes)
    const whole = bytes.subarray(0, end)
    this.#unfinished = Buffer.from(bytes.subarray(end))
    if (!isUtf8(whole)) {
      this.#unfinished = Buffer.alloc(0)
      return this.#handOver().write(bytes)
    }
    this.#append(whole)
    const waiting = this.#scanner.end - this.#scanner.at
    if (waiting > MAX_RECORD_BYTES) this.#handOver()
    else if (waiting >= this.#wantedBytes) this.#scan()
  }

  end(): void {
    const successor = this.#successor ?? this.#handOver()
    successor.end()
  }

  #append(bytes: Buffer): void {
    const { at, end, bytes: before } = this.#scanner
    const waiting = end - at
    const length = waiting + bytes.length + 1
    // One huge record must not keep its room to the end.
    const isTooSmall = length > before.length
    const isTooLarge = before.length > FIRST_BYTES && 8 * length < before.length
    const into = isTooSmall || isTooLarge ? Buffer.allocUnsafeSlow(Math.max(FIRST_BYTES, 2 * length)) : before
    before.copy(into, 0, at, end)
    bytes.copy(into, waiting)
    into[length - 1] = 0
    Object.assign(this.#scanner, { bytes: into, at: 0, end: length - 1 })
    this.#lines.moved(into, { at: 0, end: length - 1 })
  }

  #handOver(): SaxesSplitter {
    const { bytes, at, end } = this.#scanner
    const isBegun = this.#isInDocument
    this.#successor = new SaxesSplitter(this.#options, isBegun ? { open: this.#open.map(({ text }) => text), isRootClosed: this.#isRootClosed, line: this.#lines.line } : null)
    this.#successor.write(Buffer.concat([bytes.subarray(at, end), this.#unfinished]))
    this.#scanner.bytes = Buffer.alloc(1)
    this.#unfinished = Buffer.alloc(0)
    return this.#successor
  }

  #scan(): void {
    const scanner = this.#scanner
    let scanned: Scanned = 'done'
    while (scanned === 'done' && scanner.at < scanner.end) {
      const start = scanner.at
      scanned = this.#isInDocument ? this.#unit() : this.#prolog()
      if (scanned === 'done') this.#lines.countTo(scanner.at)
      else scanner.at = start
      if (this.#isRootClosed) scanned = 'unsure'
    }
    if (scanned === 'unsure') return void this.#handOver()
    this.#wantedBytes = scanned === 'more' ? 2 * (scanner.end - scanner.at) : 1
  }

  #prolog(): Scanned {
    const end = prologEnd(this.#scanner.bytes, this.#scanner.end)
    if (typeof end === 'string') return end
    this.#isInDocument = true
    this.#scanner.at = end
    return 'done'
  }

  #unit(): Scanned {
    const scanner = this.#scanner
    const { scanned, markup } = scanner.markup()
    if (scanned !== 'done' || markup === 'text' || markup === 'other') return scanned
    const { name } = scanner
    if (name === null) return 'unsure'
    if (markup === 'close') return this.#close(name)
    this.#open.push(name)
    if (this.#isRecord()) {
      const line = this.#lines.lineAt(scanner.at)
      const read = markup === 'empty' ? 'done' : scanner.record(name)
      if (read === 'done') this.#take(line)
      this.#open.pop()
      if (read !== 'done') return read
    } else if (markup === 'empty') this.#open.pop()
    this.#isRootClosed = this.#open.length === 0
    return 'done'
  }

  #close(name: XmlName): Scanned {
    if (this.#open.at(-1) !== name) return 'unsure'
    this.#open.pop()
    this.#isRootClosed = this.#open.length === 0
    return 'done'
  }

  #isRecord(): boolean {
    if (this.#path === null) return this.#open.length === 2
    return this.#path.length === this.#open.length && this.#path.every((name, depth) => name === this.#open[depth]?.local)
  }

  #take(line: number): void {
    const { sink, shapes = null } = this.#options
    const { start, end } = this.#arena.endRecord()
    if (!sink.add({ line, json: this.#arena.bytes.subarray(start, end), reason: null }) || shapes === null) return
    this.#arena.eachMember((key, kind) => {
      const seen = SEEN_OF[kind] | NOTED
      if (((this.#noted[key] ?? 0) & seen) === seen) return
      this.#noted[key] = (this.#noted[key] ?? 0) | seen
      shapes.note(this.#arena.keyText(key), SEEN_OF[kind])
    })
  }
}

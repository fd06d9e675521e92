import { BACKSLASH, CR, LF, QUOTE, SPACE, TAB, wideBlank } from './xml-bytes.ts'

/** Of a member: a piece of the element's own text, its first quote before it. */
const TEXT = 0
/** Where the next member of the same key is; none. */
const NONE = -1
const FIRST_BYTES = 1 << 16
const FIRST_MEMBERS = 256
/** More than this, kept for one huge record, is given back. */
const MAX_KEPT_BYTES = 8 << 20
/** Bytes that are copied faster one by one than by a call. */
const FEW_BYTES = 48
/** Around a key and its value: comma, brackets, braces. */
const AROUND_BYTES = 8
const [OPEN_BRACE, CLOSE_BRACE, OPEN_BRACKET, CLOSE_BRACKET, COMMA] = [0x7b, 0x7d, 0x5b, 0x5d, 0x2c]
const [LETTER_N, LETTER_R, LETTER_T] = [0x6e, 0x72, 0x74]
const NULL = Buffer.from('null')
const TEXT_KEY = Buffer.from('"#text":')

/** A member of the record that was closed last. */
export interface RecordMember {
  key: number
  kind: 'null' | 'text' | 'nested'
}

/**
 * JSON of nested elements, made of bytes in one piece of memory: the values of an element's members are written one behind the other, and
 * put together when it ends. What comes again becomes a list.
 */
export class JsonArena {
  bytes: Buffer = Buffer.allocUnsafeSlow(FIRST_BYTES)
  /** In use. */
  at = 0
  readonly #keys: Buffer[] = [TEXT_KEY]
  readonly #texts: string[] = ['#text']
  readonly #numbers = new Map<string, number>([['#text', TEXT]])
  /** Members of all open elements, those of the innermost last. */
  #member = new Int32Array(FIRST_MEMBERS)
  #start = new Int32Array(FIRST_MEMBERS)
  #end = new Int32Array(FIRST_MEMBERS)
  #next = new Int32Array(FIRST_MEMBERS)
  #isHead = new Uint8Array(FIRST_MEMBERS)
  #count = 0
  /** The object that was put together last has text of its own. */
  #hasText = false
  /** First member of each open element. */
  readonly #frames: number[] = []
  /** By key: the first and the last member of the element that is put together. */
  #head: number[] = [NONE]
  #tail: number[] = [NONE]
  /** By key: it is a list also where there is one value. */
  readonly #isForced: boolean[] = []

  /** @param lists keys that are lists also where there is one value */
  constructor(lists: readonly string[]) {
    for (const key of lists) this.#isForced[this.keyOf(key)] = true
  }

  keyOf = (text: string): number => {
    const known = this.#numbers.get(text)
    if (known !== undefined) return known
    const number = this.#keys.push(Buffer.from(`${JSON.stringify(text)}:`)) - 1
    this.#texts.push(text)
    this.#numbers.set(text, number)
    this.#head.push(NONE)
    this.#tail.push(NONE)
    return number
  }

  keyText(key: number): string {
    return this.#texts[key] ?? ''
  }

  /** Forgets what was begun. */
  clear(): void {
    this.at = 0
    this.#count = 0
    this.#frames.length = 0
    if (this.bytes.length > MAX_KEPT_BYTES) this.bytes = Buffer.allocUnsafeSlow(FIRST_BYTES)
  }

  /** Room for so many more bytes. */
  reserve(bytes: number): void {
    if (this.at + bytes <= this.bytes.length) return
    const larger = Buffer.allocUnsafeSlow(Math.max(2 * this.bytes.length, this.at + bytes))
    this.bytes.copy(larger, 0, 0, this.at)
    this.bytes = larger
  }

  begin(): void {
    this.#frames.push(this.#count)
  }

  /** Begins a text: its bytes, escaped, are written by whoever calls. */
  beginText(): void {
    this.reserve(2)
    this.bytes[this.at++] = QUOTE
  }

  /** @param start where the text begins, behind its quote */
  endText(start: number): void {
    if (this.at === start) this.at--
    else this.#push(TEXT, start, this.at)
  }

  /** Of attributes of the same key, the last counts, in the place of the first. */
  endAttribute(key: number, start: number): void {
    this.reserve(1)
    this.bytes[this.at++] = QUOTE
    for (let index = this.#frames.at(-1) ?? 0; index < this.#count; index++) {
      if (this.#member[index] !== key) continue
      this.#start[index] = start - 1
      this.#end[index] = this.at
      return
    }
    this.#push(key, start - 1, this.at)
  }

  /** Ends an element inside the record: it is a member of the one around it. */
  end(key: number): void {
    const first = this.#frames.pop() ?? 0
    const { start, end } = this.#valueOf(first)
    this.#count = first
    this.#push(key, start, end)
  }

  /** Ends the record, which is an object in any case. Its members are there until the next begins. */
  endRecord(): { start: number; end: number } {
    this.#frames.pop()
    return this.#object(0)
  }

  /** Members of the record that was ended, each key once, in order. */
  eachMember(use: (key: number, kind: RecordMember['kind']) => void): void {
    for (let index = 0; index < this.#count; index++) {
      const key = this.#member[index] ?? TEXT
      if (key === TEXT || this.#isHead[index] === 0) continue
      const first = this.#isListed(index) ? OPEN_BRACKET : this.bytes[this.#start[index] ?? 0]
      use(key, first === QUOTE ? 'text' : first === LETTER_N ? 'null' : 'nested')
    }
    if (this.#hasText) use(TEXT, 'text')
  }

  #push(key: number, start: number, end: number): void {
    if (this.#count === this.#member.length) this.#moreMembers()
    this.#member[this.#count] = key
    this.#start[this.#count] = start
    this.#end[this.#count++] = end
  }

  #moreMembers(): void {
    const longer = (list: Int32Array<ArrayBuffer>): Int32Array<ArrayBuffer> => {
      const copy = new Int32Array(2 * list.length)
      copy.set(list)
      return copy
    }
    this.#member = longer(this.#member)
    this.#start = longer(this.#start)
    this.#end = longer(this.#end)
    this.#next = longer(this.#next)
    this.#isHead = new Uint8Array(this.#next.length)
  }

  /** Without attributes and children an element is its text, exactly; blank or empty it is null. */
  #valueOf(first: number): { start: number; end: number } {
    if (this.#count === first) return this.#write(NULL)
    for (let index = first; index < this.#count; index++) if (this.#member[index] !== TEXT) return this.#object(first)
    const { start, end } = this.#textOf(first)
    if (this.#firstWritten(start, end) === end) return this.#write(NULL)
    this.reserve(1)
    this.bytes[end] = QUOTE
    this.at = end + 1
    return { start: start - 1, end: end + 1 }
  }

  #write(bytes: Buffer): { start: number; end: number } {
    this.reserve(bytes.length)
    const start = this.at
    this.at += bytes.copy(this.bytes, start)
    return { start, end: this.at }
  }

  /** The pieces of text from a member on, in one piece at the end, behind a quote. */
  #textOf(first: number): { start: number; end: number } {
    if (first === this.#count - 1 && this.#end[first] === this.at) return { start: this.#start[first] ?? 0, end: this.at }
    this.beginText()
    const start = this.at
    for (let index = first; index < this.#count; index++) {
      if (this.#member[index] !== TEXT) continue
      const [from, to] = [this.#start[index] ?? 0, this.#end[index] ?? 0]
      this.reserve(to - from + 1)
      this.bytes.copyWithin(this.at, from, to)
      this.at += to - from
    }
    return { start, end: this.at }
  }

  #object(first: number): { start: number; end: number } {
    const { bytes: room, hasText } = this.#group(first)
    const text = hasText ? this.#trimmed(this.#textOf(first)) : null
    this.reserve(room + AROUND_BYTES + (text === null ? 0 : TEXT_KEY.length + text.end - text.start + AROUND_BYTES))
    const start = this.at
    let at = start
    this.bytes[at++] = OPEN_BRACE
    for (let index = first; index < this.#count; index++) {
      if (this.#member[index] === TEXT || this.#isHead[index] === 0) continue
      if (at > start + 1) this.bytes[at++] = COMMA
      at = this.#putMember(index, at)
    }
    this.#hasText = text !== null && text.start < text.end
    if (text !== null && text.start < text.end) {
      if (at > start + 1) this.bytes[at++] = COMMA
      at = put(TEXT_KEY, { from: 0, to: TEXT_KEY.length, into: this.bytes, at })
      this.bytes[at++] = QUOTE
      at = put(this.bytes, { from: text.start, to: text.end, into: this.bytes, at })
      this.bytes[at++] = QUOTE
    }
    this.bytes[at++] = CLOSE_BRACE
    this.at = at
    return { start, end: at }
  }

  /** Links members of the same key. Gives the room that they take. */
  #group(first: number): { bytes: number; hasText: boolean } {
    let bytes = 0
    let hasText = false
    for (let index = first; index < this.#count; index++) {
      const [key = TEXT, start = 0, end = 0] = [this.#member[index], this.#start[index], this.#end[index]]
      if (key === TEXT) hasText ||= this.#firstWritten(start, end) !== end
      else {
        bytes += end - start + (this.#keys[key]?.length ?? 0) + AROUND_BYTES
        this.#link(index, key, first)
      }
    }
    return { bytes, hasText }
  }

  #link(index: number, key: number, first: number): void {
    this.#next[index] = NONE
    const head = this.#head[key] ?? NONE
    // What was noted for an element before may point anywhere.
    const isNew = head < first || head >= index || this.#member[head] !== key
    this.#isHead[index] = isNew ? 1 : 0
    if (isNew) this.#head[key] = index
    else this.#next[this.#tail[key] ?? index] = index
    this.#tail[key] = index
  }

  #putMember(index: number, from: number): number {
    const key = this.#member[index] ?? TEXT
    const name = this.#keys[key] ?? TEXT_KEY
    const isList = this.#isListed(index)
    let at = put(name, { from: 0, to: name.length, into: this.bytes, at: from })
    if (isList) this.bytes[at++] = OPEN_BRACKET
    for (let member = index; member !== NONE; member = this.#next[member] ?? NONE) {
      if (member !== index) this.bytes[at++] = COMMA
      at = put(this.bytes, { from: this.#start[member] ?? 0, to: this.#end[member] ?? 0, into: this.bytes, at })
    }
    if (isList) this.bytes[at++] = CLOSE_BRACKET
    return at
  }

  #isListed(index: number): boolean {
    return this.#next[index] !== NONE || this.#isForced[this.#member[index] ?? TEXT] === true
  }

  /** Where escaped text has its first character that is no blank. */
  #firstWritten(start: number, end: number): number {
    let at = start
    while (at < end) {
      const length = this.#blank(at)
      if (length === 0) return at
      at += length
    }
    return end
  }

  #trimmed({ start, end }: { start: number; end: number }): { start: number; end: number } {
    const first = this.#firstWritten(start, end)
    let last = first
    for (let at = first; at < end; ) {
      const blank = this.#blank(at)
      at += blank > 0 ? blank : this.bytes[at] === BACKSLASH ? 2 : 1
      if (blank === 0) last = at
    }
    return { start: first, end: last }
  }

  /** Length of the blank here in escaped text; 0: none. */
  #blank(at: number): number {
    const byte = this.bytes[at] ?? 0
    if (byte === SPACE) return 1
    if (byte !== BACKSLASH) return byte < 0x80 ? 0 : wideBlank(this.bytes, at)
    const escaped = this.bytes[at + 1]
    return escaped === LETTER_N || escaped === LETTER_T || escaped === LETTER_R ? 2 : 0
  }
}

/** The letter that stands for a byte behind a backslash; 0: it stands for itself. */
export const ESCAPES = new Uint8Array(256)
ESCAPES[QUOTE] = QUOTE
ESCAPES[BACKSLASH] = BACKSLASH
ESCAPES[LF] = LETTER_N
ESCAPES[TAB] = LETTER_T
ESCAPES[CR] = LETTER_R

function put(source: Buffer, { from, to, into, at }: { from: number; to: number; into: Buffer; at: number }): number {
  if (to - from > FEW_BYTES) return at + source.copy(into, at, from, to)
  let end = at
  for (let place = from; place < to; place++) into[end++] = source[place] ?? 0
  return end
}

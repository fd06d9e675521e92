import { ESCAPES, type JsonArena } from './json-arena.ts'
import { AMP, APOSTROPHE, ATTRIBUTE_BYTES, BACKSLASH, BANG, BRACKET, CDATA_BYTES, CR, EQUALS, GT, HYPHEN, isForbidden, isSpace, LF, LT, PLAIN, QUESTION, QUOTE, SLASH, SPACE, TAB, TEXT_BYTES } from './xml-bytes.ts'
import { characterOf, MAX_REFERENCE_BYTES } from './xml-references.ts'
import { isThere, type XmlName, type XmlNames } from './xml-names.ts'

/** What came of reading something: it is read, its end is not there yet, or it is nothing that this scanner is sure of. */
export type Scanned = 'done' | 'more' | 'unsure'

/** What was found outside of records. */
export type Markup = 'text' | 'open' | 'empty' | 'close' | 'other'

/** Bytes of one character, escaped, at most; an arena always has room for it behind a run. */
const CHARACTER_BYTES = 8

/**
 * Reads XML from bytes, in one pass, into the JSON of an arena. It takes only what is well-formed beyond doubt: with anything else, the
 * parser goes on that knows all of XML and says what is wrong. The bytes are followed by a zero byte, which no document holds.
 */
export class XmlScanner {
  bytes: Buffer = Buffer.alloc(1)
  /** Of the bytes, without the one behind them. */
  end = 0
  at = 0
  /** Name of the tag that was read last. */
  name: XmlName | null = null
  readonly #arena: JsonArena
  readonly #names: XmlNames
  /** Open elements inside the record. */
  readonly #open: XmlName[] = []
  /** Of a tag or an attribute, the last that was read. */
  #last: XmlName | null = null
  /** Of the tag that is read. */
  readonly #attributes: XmlName[] = []

  constructor(arena: JsonArena, names: XmlNames) {
    this.#arena = arena
    this.#names = names
  }

  /** Up to the next tag outside of records, or the tag itself; what it says is forgotten. */
  markup(): { scanned: Scanned; markup: Markup } {
    this.#arena.clear()
    this.#arena.begin()
    if (this.bytes[this.at] !== LT) return { scanned: this.#text(), markup: 'text' }
    const next = this.bytes[this.at + 1]
    if (next === SLASH) return { scanned: this.#closeTag(null), markup: 'close' }
    if (next === BANG || next === QUESTION) return { scanned: this.#special(), markup: 'other' }
    const opened = this.#openTag()
    if (opened === 'unsure' || opened === 'more' || opened === 'done') return { scanned: opened, markup: 'other' }
    return { scanned: 'done', markup: opened }
  }

  /** The rest of a record whose start tag was read last, to its end. */
  record(name: XmlName): Scanned {
    this.#open.length = 0
    this.#open.push(name)
    for (;;) {
      const scanned = this.#step()
      if (scanned !== 'done') return scanned
      if (this.#open.length === 0) return 'done'
    }
  }

  #step(): Scanned {
    if (this.bytes[this.at] !== LT) return this.#text()
    const next = this.bytes[this.at + 1]
    if (next === SLASH) return this.#leave()
    return next === BANG || next === QUESTION ? this.#special() : this.#enter()
  }

  #enter(): Scanned {
    this.#arena.begin()
    const opened = this.#openTag()
    if (opened !== 'open' && opened !== 'empty') return opened
    if (this.name === null) return 'unsure'
    if (opened === 'empty') this.#arena.end(this.name.childKey)
    else this.#open.push(this.name)
    return 'done'
  }

  #leave(): Scanned {
    const name = this.#open.at(-1) ?? null
    const closed = this.#closeTag(name)
    if (closed !== 'done') return closed
    this.#open.pop()
    if (name !== null && this.#open.length > 0) this.#arena.end(name.childKey)
    return 'done'
  }

  #stopped(): Scanned {
    return this.at >= this.end ? 'more' : 'unsure'
  }

  /** Copies bytes that need no look. */
  #run(table: Uint8Array): number {
    const { bytes } = this
    const arena = this.#arena
    let from = this.at
    let to = arena.at
    let into = arena.bytes
    let limit = into.length - CHARACTER_BYTES
    let byte = bytes[from] ?? 0
    while (table[byte] === PLAIN) {
      if (to >= limit) {
        arena.at = to
        arena.reserve(2 * CHARACTER_BYTES)
        into = arena.bytes
        limit = into.length - CHARACTER_BYTES
      }
      into[to++] = byte
      byte = bytes[++from] ?? 0
    }
    arena.at = to
    this.at = from
    if (to > limit) arena.reserve(2 * CHARACTER_BYTES)
    return byte
  }

  #put(byte: number): void {
    const arena = this.#arena
    const letter = ESCAPES[byte] ?? 0
    if (letter !== 0) arena.bytes[arena.at++] = BACKSLASH
    arena.bytes[arena.at++] = letter === 0 ? byte : letter
    this.at++
  }

  /** A byte that is looked at in any kind of text. @returns false where it may not be there */
  #other(byte: number, lineEnd: number): boolean {
    if (byte === CR) {
      // CR LF is one line end.
      if (this.bytes[this.at + 1] === LF) this.at++
      else if (this.at + 1 >= this.end) return this.#none()
      byte = LF
    }
    if (byte === LF || byte === TAB) this.#put(lineEnd === SPACE ? SPACE : byte)
    else if (byte < SPACE) return this.#none()
    else if (byte > 0x7f && (this.at + 2 >= this.end || isForbidden(this.bytes, this.at))) return this.#none()
    else this.#put(byte)
    return true
  }

  /** Ends reading here: for want of more bytes where these are the last, else for want of sureness. */
  #none(): boolean {
    if (this.at + 2 >= this.end) this.at = this.end
    return false
  }

  #text(): Scanned {
    const arena = this.#arena
    arena.beginText()
    const start = arena.at
    let runStart = this.at
    for (;;) {
      const byte = this.#run(TEXT_BYTES)
      if (byte === LT) {
        arena.endText(start)
        return 'done'
      }
      if (byte === AMP) {
        if (!this.#reference()) return this.#stopped()
        runStart = this.at
      } else if (byte === GT && this.at - 2 >= runStart && this.bytes[this.at - 1] === BRACKET && this.bytes[this.at - 2] === BRACKET) return 'unsure'
      else if (!this.#other(byte, LF)) return this.#stopped()
    }
  }

  #reference(): boolean {
    const found = characterOf(this.bytes, this.at, this.end)
    if (found === null) {
      if (this.at + MAX_REFERENCE_BYTES > this.end) this.at = this.end
      return false
    }
    const arena = this.#arena
    this.at += found.length - 1
    const code = found.character
    if (code < 0x80) this.#put(code)
    else {
      arena.at += arena.bytes.write(String.fromCodePoint(code), arena.at)
      this.at++
    }
    arena.reserve(2 * CHARACTER_BYTES)
    return true
  }

  /** A tag that opens an element, with its attributes. */
  #openTag(): Scanned | 'open' | 'empty' {
    const name = this.#readName(this.at + 1)
    if (name === null) return this.#stopped()
    this.#attributes.length = 0
    for (;;) {
      const before = this.at
      this.#spaces()
      const byte = this.bytes[this.at] ?? 0
      if (byte === GT || byte === SLASH) {
        this.name = name
        return this.#tagEnd(byte)
      }
      if (this.at >= this.end) return 'more'
      if (before === this.at) return 'unsure'
      const scanned = this.#attribute()
      if (scanned !== 'done') return scanned
    }
  }

  #tagEnd(byte: number): Scanned | 'open' | 'empty' {
    this.at++
    if (byte === GT) return 'open'
    if (this.at >= this.end) return 'more'
    if (this.bytes[this.at] !== GT) return 'unsure'
    this.at++
    return 'empty'
  }

  #attribute(): Scanned {
    const name = this.#readName(this.at)
    if (name === null) return this.#stopped()
    if (this.#attributes.includes(name)) return 'unsure'
    this.#attributes.push(name)
    this.#spaces()
    if (this.bytes[this.at] !== EQUALS) return this.#stopped()
    this.at++
    this.#spaces()
    const quote = this.bytes[this.at]
    if (quote !== QUOTE && quote !== APOSTROPHE) return this.#stopped()
    this.at++
    const arena = this.#arena
    const begin = arena.at
    arena.beginText()
    const start = arena.at
    for (;;) {
      const byte = this.#run(ATTRIBUTE_BYTES)
      if (byte === quote) break
      if (byte === LT) return 'unsure'
      if (byte === AMP ? !this.#reference() : !this.#other(byte, SPACE)) return this.#stopped()
    }
    this.at++
    if (name.isNamespace) arena.at = begin
    else arena.endAttribute(name.attributeKey, start)
    return 'done'
  }

  /** @param open the element that it has to close; null: see `name` */
  #closeTag(open: XmlName | null): Scanned {
    const from = this.at + 2
    const to = this.#names.end(this.bytes, from)
    if (to >= this.end) return 'more'
    if (open === null) this.name = this.#names.at(this.bytes, from, to)
    else if (!isThere(open.bytes, this.bytes, { from, to })) return 'unsure'
    this.at = to
    this.#spaces()
    if (this.bytes[this.at] !== GT) return this.#stopped()
    this.at++
    return 'done'
  }

  #readName(from: number): XmlName | null {
    const guessed = this.#names.guess(this.#last?.next ?? null, this.bytes, from)
    if (guessed !== null && from + guessed.bytes.length < this.end) {
      this.#last = guessed
      this.at = from + guessed.bytes.length
      return guessed
    }
    const to = this.#names.end(this.bytes, from)
    this.at = to
    if (to >= this.end || to === from) return null
    const name = this.#names.at(this.bytes, from, to)
    if (this.#last !== null) this.#last.next = name
    this.#last = name
    return name
  }

  #spaces(): void {
    while (isSpace(this.bytes[this.at] ?? 0)) this.at++
  }

  /** Comment, CDATA, processing instruction. */
  #special(): Scanned {
    if (this.at + 9 > this.end) return 'more'
    const { bytes, at } = this
    if (bytes[at + 1] === QUESTION) return this.#instruction()
    if (bytes[at + 2] === HYPHEN && bytes[at + 3] === HYPHEN) {
      const end = bytes.indexOf('--', at + 4, 'latin1')
      if (end === -1 || end + 2 >= this.end) return 'more'
      return bytes[end + 2] === GT ? this.#skipTo(end + 3) : 'unsure'
    }
    if (bytes.toString('latin1', at, at + 9) !== '<![CDATA[') return 'unsure'
    this.at += 9
    return this.#cdata()
  }

  #instruction(): Scanned {
    const end = this.bytes.indexOf('?>', this.at + 2, 'latin1')
    if (end === -1 || end + 2 > this.end) return 'more'
    const target = this.#names.end(this.bytes, this.at + 2)
    const name = target > this.at + 2 ? this.#names.at(this.bytes, this.at + 2, target) : null
    if (name === null || name.text.toLowerCase() === 'xml' || (target !== end && !isSpace(this.bytes[target] ?? 0))) return 'unsure'
    return this.#skipTo(end + 2)
  }

  /** Over what says nothing, but may hold no forbidden character either. */
  #skipTo(end: number): Scanned {
    for (let at = this.at; at < end; at++) {
      const byte = this.bytes[at] ?? 0
      if ((byte < SPACE && !isSpace(byte)) || isForbidden(this.bytes, at)) return 'unsure'
    }
    this.at = end
    return 'done'
  }

  #cdata(): Scanned {
    const arena = this.#arena
    arena.beginText()
    const start = arena.at
    for (;;) {
      const byte = this.#run(CDATA_BYTES)
      if (byte === BRACKET && this.bytes[this.at + 1] === BRACKET && this.bytes[this.at + 2] === GT) {
        this.at += 3
        arena.endText(start)
        return 'done'
      }
      if (byte === BRACKET && this.at + 2 >= this.end) return 'more'
      if (!this.#other(byte, LF)) return this.#stopped()
    }
  }
}

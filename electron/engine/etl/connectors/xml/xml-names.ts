import { NAME_BYTES } from './xml-bytes.ts'

/** A name as it is written in tags, and what becomes of it. */
export interface XmlName {
  bytes: Uint8Array
  text: string
  /** Without its prefix. */
  local: string
  isNamespace: boolean
  /** Numbers of the keys that a child or an attribute of this name has in a JSON object. */
  childKey: number
  attributeKey: number
  /** The name that was read behind it last time: most often it is there again. */
  next: XmlName | null
}

/** XML 1.0, fifth edition, production 5. */
const START = String.raw`:A-Z_a-z\u{C0}-\u{D6}\u{D8}-\u{F6}\u{F8}-\u{2FF}\u{370}-\u{37D}\u{37F}-\u{1FFF}\u{200C}\u{200D}\u{2070}-\u{218F}\u{2C00}-\u{2FEF}\u{3001}-\u{D7FF}\u{F900}-\u{FDCF}\u{FDF0}-\u{FFFD}\u{10000}-\u{EFFFF}`
const NAME = new RegExp(String.raw`^[${START}][${START}\-.0-9\u{B7}\u{300}-\u{36F}\u{203F}\u{2040}]*$`, 'u')

const MIN_SLOTS = 256
const HASH_FACTOR = 31

/** Every name of a document once: they are few, and come again and again. */
export class XmlNames {
  readonly #keyOf: (key: string) => number
  readonly #names: XmlName[] = []
  /** Open addressing; 0 is free, else the number of a name from 1. */
  #slots = new Int32Array(MIN_SLOTS)

  /** @param keyOf gives a key its number */
  constructor(keyOf: (key: string) => number) {
    this.#keyOf = keyOf
  }

  /** The name that begins here, if it is one that was read before. */
  guess(guessed: XmlName | null, bytes: Uint8Array, from: number): XmlName | null {
    if (guessed === null) return null
    const to = from + guessed.bytes.length
    return NAME_BYTES[bytes[to] ?? 0] === 0 && isThere(guessed.bytes, bytes, { from, to }) ? guessed : null
  }

  /** Where the name that begins here ends. */
  end(bytes: Uint8Array, from: number): number {
    let at = from
    while (NAME_BYTES[bytes[at] ?? 0] === 1) at++
    return at
  }

  /** @returns null for what is no name */
  at(bytes: Uint8Array, from: number, to: number): XmlName | null {
    let slot = hashOf(bytes, from, to) & (this.#slots.length - 1)
    for (let number = this.#slots[slot] ?? 0; number !== 0; number = this.#slots[slot] ?? 0) {
      const name = this.#names[number - 1]
      if (name !== undefined && isThere(name.bytes, bytes, { from, to })) return name
      slot = (slot + 1) & (this.#slots.length - 1)
    }
    return this.#add(new Uint8Array(bytes.subarray(from, to)))
  }

  #add(bytes: Uint8Array): XmlName | null {
    const text = Buffer.from(bytes).toString('utf8')
    const local = text.slice(text.indexOf(':') + 1)
    if (!NAME.test(text)) return null
    const name: XmlName = { bytes, text, local, isNamespace: text === 'xmlns' || text.startsWith('xmlns:'), childKey: this.#keyOf(local), attributeKey: this.#keyOf(`@${local}`), next: null }
    this.#names.push(name)
    if (2 * this.#names.length <= this.#slots.length) this.#place(this.#names.length - 1)
    else {
      this.#slots = new Int32Array(2 * this.#slots.length)
      for (const index of this.#names.keys()) this.#place(index)
    }
    return name
  }

  #place(index: number): void {
    const { bytes } = this.#names[index] ?? { bytes: new Uint8Array() }
    let slot = hashOf(bytes, 0, bytes.length) & (this.#slots.length - 1)
    while (this.#slots[slot] !== 0) slot = (slot + 1) & (this.#slots.length - 1)
    this.#slots[slot] = index + 1
  }
}

function hashOf(bytes: Uint8Array, from: number, to: number): number {
  let hash = 0
  for (let at = from; at < to; at++) hash = (Math.imul(hash, HASH_FACTOR) + (bytes[at] ?? 0)) | 0
  return hash ^ (hash >>> 15)
}

/** Whether the bytes lie in others between two places. */
export function isThere(name: Uint8Array, bytes: Uint8Array, { from, to }: { from: number; to: number }): boolean {
  if (to - from !== name.length) return false
  for (let at = 0; at < name.length; at++) if (name[at] !== bytes[from + at]) return false
  return true
}

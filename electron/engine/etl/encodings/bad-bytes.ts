import { isUtf8 } from 'node:buffer'

/**
 * Bytes that are no text in the encoding of their file go on as bytes that are no UTF-8 either, so that every reader of UTF-8 finds the
 * records that hold them. A marker keeps the byte: 0xFF, then its two halves.
 */
const MARK = 0xff
const HALF = 0x80
const HALF_END = 0x8f

export function markBad(byte: number): number[] {
  return [MARK, HALF | (byte >> 4), HALF | (byte & 15)]
}

/** Length of the UTF-8 character that begins here; 0 where none does. */
function characterAt(bytes: Buffer, at: number): number {
  const first = bytes[at] ?? 0
  if (first < 0x80) return 1
  const length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2
  return at + length <= bytes.length && isUtf8(bytes.subarray(at, at + length)) ? length : 0
}

/** What is at `at` in bytes that may be no UTF-8: its length, and the byte that could not be read, or null. */
function stepOver(bytes: Buffer, at: number): { length: number; bad: number | null } {
  const length = characterAt(bytes, at)
  if (length > 0) return { length, bad: null }
  const [mark = 0, high = 0, low = 0] = bytes.subarray(at, at + 3)
  const isMarker = mark === MARK && high >= HALF && high <= HALF_END && low >= HALF && low <= HALF_END
  return isMarker ? { length: 3, bad: ((high & 15) << 4) | (low & 15) } : { length: 1, bad: mark }
}

/** The text of bytes, with `bad` for each that could not be read. */
function textOf(bytes: Buffer, bad: (byte: number) => string): string {
  if (isUtf8(bytes)) return bytes.toString('utf8')
  let text = ''
  let good = 0
  for (let at = 0; at < bytes.length; ) {
    const step = stepOver(bytes, at)
    if (step.bad !== null) {
      text += bytes.toString('utf8', good, at) + bad(step.bad)
      good = at + step.length
    }
    at += step.length
  }
  return text + bytes.toString('utf8', good)
}

function escaped(byte: number): string {
  return `\\x${byte.toString(16).padStart(2, '0').toUpperCase()}`
}

/** For people: every byte that is no text, and every control character but tabs and line ends, as `\xE9`. */
export function printableBytes(bytes: Buffer): string {
  return textOf(bytes, escaped).replaceAll(/[^\P{Cc}\t\n\r]/gu, (control) => escaped(control.charCodeAt(0)))
}

/** Stands for a byte in text that has to go through a parser of characters: of the private use area, where no document has any. */
const STAND_IN = 0x10fe00
const STAND_INS = /[\u{10FE00}-\u{10FEFF}]/u
const ALL_STAND_INS = /[\u{10FE00}-\u{10FEFF}]/gu

export function textWithStandIns(bytes: Buffer): string {
  return textOf(bytes, (byte) => String.fromCodePoint(STAND_IN + byte))
}

export function hasStandIns(text: string): boolean {
  return STAND_INS.test(text)
}

export function printableStandIns(text: string): string {
  return text.replaceAll(ALL_STAND_INS, (character) => escaped((character.codePointAt(0) ?? STAND_IN) - STAND_IN))
}

/** Bytes at the end of a chunk that may go on in the next: the beginning of a character. */
export function unfinishedBytes(chunk: Buffer): number {
  for (let back = 1; back <= Math.min(3, chunk.length); back++) {
    const byte = chunk[chunk.length - back] ?? 0
    if (byte < 0x80) return 0
    // A marker's first byte, or a lead byte that asks for more than is there.
    if (byte === MARK) return back < 3 ? back : 0
    if (byte >= 0xc0) return back < (byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2) ? back : 0
  }
  return 0
}

/** How much of a text is UTF-8 beyond plain letters, and how much is not: what tells a damaged file from one in another encoding. */
export function utf8Evidence(bytes: Buffer): { characters: number; bad: number } {
  let characters = 0
  let bad = 0
  for (let at = 0; at < bytes.length; ) {
    const length = characterAt(bytes, at)
    if (length === 0) bad++
    else if (length > 1) characters++
    at += Math.max(1, length)
  }
  return { characters, bad }
}

import { isAscii } from 'node:buffer'
import iconv from 'iconv-lite'
import { markBad } from './bad-bytes.ts'

/** Turns whole pieces of one encoding into UTF-8. */
interface PieceDecoder {
  /** How much of these bytes can be decoded without what follows them. */
  wholeLength(bytes: Buffer): number
  decode(piece: Buffer): Buffer
}

const UNREADABLE = '\uFFFD'
/** Below this no byte is ever the second half of a character, in any of the encodings of several bytes. */
const NEVER_SECOND = 0x30
const MAX_CARRIED_BYTES = 8 << 20

/**
 * The bytes of a text as UTF-8, a chunk at a time. Bytes that are no text in its encoding come out marked (bad-bytes.ts), never as
 * characters of replacement. A byte order mark goes.
 * @param encoding as `encodingName` gives it, with its byte order
 */
export async function* transcode(chunks: AsyncIterable<Buffer>, encoding: string): AsyncGenerator<Buffer, void, undefined> {
  if (encoding === 'utf-8') {
    yield* chunks
    return
  }
  const decoder = decoderOf(encoding)
  let carried: Buffer = Buffer.alloc(0)
  let isFirst = true
  const out = (bytes: Buffer): Buffer => {
    const text = isFirst ? withoutMark(bytes) : bytes
    isFirst = isFirst && bytes.length === 0
    return text
  }
  for await (const chunk of chunks) {
    const bytes = carried.length === 0 ? chunk : Buffer.concat([carried, chunk])
    const length = decoder.wholeLength(bytes)
    // The chunk's memory is not ours after the next is asked for.
    carried = Buffer.from(bytes.subarray(length))
    if (length > 0) yield out(decoder.decode(bytes.subarray(0, length)))
  }
  if (carried.length > 0) yield out(decoder.decode(carried))
}

function withoutMark(bytes: Buffer): Buffer {
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? bytes.subarray(3) : bytes
}

/** The text of a sample in an encoding, null where a byte of it is none; a character that is cut at its end does not count. */
export function decodeCleanly(sample: Buffer, encoding: string): string | null {
  const decoder = decoderOf(encoding)
  const text = decoder.decode(sample.subarray(0, decoder.wholeLength(sample)))
  return text.includes(0xff) ? null : text.toString('utf8')
}

function decoderOf(encoding: string): PieceDecoder {
  switch (encoding) {
    case 'utf-8':
      return { wholeLength: (bytes) => bytes.length, decode: (piece) => piece }
    case 'utf-16le':
      return new Utf16(false)
    case 'utf-16be':
      return new Utf16(true)
    case 'utf-32le':
    case 'utf-32be':
      return new Utf32(encoding === 'utf-32be')
    default:
      return isSingleByte(encoding) ? new SingleBytes(encoding) : new SeveralBytes(encoding)
  }
}

class Utf16 implements PieceDecoder {
  readonly #isBigEndian: boolean

  constructor(isBigEndian: boolean) {
    this.#isBigEndian = isBigEndian
  }

  wholeLength(bytes: Buffer): number {
    const even = bytes.length - (bytes.length % 2)
    const last = even === 0 ? 0 : this.#unitAt(bytes, even - 2)
    return last >= 0xd800 && last < 0xdc00 ? even - 2 : even
  }

  decode(piece: Buffer): Buffer {
    const even = piece.length - (piece.length % 2)
    const units = this.#isBigEndian ? Buffer.from(piece.subarray(0, even)).swap16() : piece.subarray(0, even)
    const text = units.toString('utf16le')
    if (text.isWellFormed() && even === piece.length) return Buffer.from(text)
    return Buffer.concat([...Array.from(text, (character) => this.#bytesOf(character)), ...(even === piece.length ? [] : [Buffer.from(markBad(piece[even] ?? 0))])])
  }

  #unitAt(bytes: Buffer, at: number): number {
    return this.#isBigEndian ? bytes.readUInt16BE(at) : bytes.readUInt16LE(at)
  }

  /** Half a pair of surrogates, alone, is no character. */
  #bytesOf(character: string): Buffer {
    if (character.isWellFormed()) return Buffer.from(character)
    const unit = character.charCodeAt(0)
    const bytes = this.#isBigEndian ? [unit >> 8, unit & 0xff] : [unit & 0xff, unit >> 8]
    return Buffer.from(bytes.flatMap(markBad))
  }
}

class Utf32 implements PieceDecoder {
  readonly #isBigEndian: boolean

  constructor(isBigEndian: boolean) {
    this.#isBigEndian = isBigEndian
  }

  wholeLength(bytes: Buffer): number {
    return bytes.length - (bytes.length % 4)
  }

  decode(piece: Buffer): Buffer {
    const whole = this.wholeLength(piece)
    const parts: Buffer[] = []
    let text = ''
    for (let at = 0; at < whole; at += 4) {
      const point = this.#isBigEndian ? piece.readUInt32BE(at) : piece.readUInt32LE(at)
      if (point <= 0x10ffff && (point < 0xd800 || point > 0xdfff)) {
        text += String.fromCodePoint(point)
        continue
      }
      parts.push(Buffer.from(text), Buffer.from([...piece.subarray(at, at + 4)].flatMap(markBad)))
      text = ''
    }
    return Buffer.concat([...parts, Buffer.from(text), Buffer.from([...piece.subarray(whole)].flatMap(markBad))])
  }
}

/** Encodings in which every byte is a character, or nothing. */
class SingleBytes implements PieceDecoder {
  readonly #encoding: string

  constructor(encoding: string) {
    // What Latin-1 calls control characters, files that say they are Latin-1 mean as Windows-1252 does: quotes, dashes, the euro.
    this.#encoding = encoding
  }

  wholeLength(bytes: Buffer): number {
    return bytes.length
  }

  decode(piece: Buffer): Buffer {
    if (isAscii(piece)) return Buffer.from(piece)
    const text = this.#text(piece)
    if (!text.includes(UNREADABLE)) return Buffer.from(text)
    return Buffer.concat(Array.from(text, (character, at) => (character === UNREADABLE ? Buffer.from(markBad(piece[at] ?? 0)) : Buffer.from(character))))
  }

  #text(piece: Buffer): string {
    if (this.#encoding !== 'latin-1') return iconv.decode(piece, this.#encoding, { stripBOM: false })
    const text = iconv.decode(piece, 'windows-1252', { stripBOM: false })
    return text.includes(UNREADABLE) ? Array.from(text, (character, at) => (character === UNREADABLE ? String.fromCharCode(piece[at] ?? 0) : character)).join('') : text
  }
}

/** Encodings whose characters are one byte or more; all of them keep ASCII as it is. */
class SeveralBytes implements PieceDecoder {
  readonly #encoding: string

  constructor(encoding: string) {
    this.#encoding = encoding
  }

  wholeLength(bytes: Buffer): number {
    for (let at = bytes.length - 1; at >= 0; at--) if ((bytes[at] ?? 0) < NEVER_SECOND) return at + 1
    return bytes.length > MAX_CARRIED_BYTES ? bytes.length : 0
  }

  decode(piece: Buffer): Buffer {
    if (isAscii(piece)) return Buffer.from(piece)
    const text = this.#text(piece)
    if (!text.includes(UNREADABLE)) return Buffer.from(text)
    const parts: Buffer[] = []
    for (let start = 0; start < piece.length; ) {
      const end = endOfRun(piece, start)
      const run = piece.subarray(start, end)
      const runText = this.#text(run)
      parts.push(runText.includes(UNREADABLE) ? this.#oneByOne(run) : Buffer.from(runText))
      start = end
    }
    return Buffer.concat(parts)
  }

  #text(bytes: Buffer): string {
    return iconv.decode(bytes, this.#encoding, { stripBOM: false })
  }

  #oneByOne(run: Buffer): Buffer {
    const out: number[] = []
    for (let at = 0; at < run.length; ) {
      const length = this.#characterAt(run, at)
      if (length === 0) out.push(...markBad(run[at] ?? 0))
      else out.push(...Buffer.from(this.#text(run.subarray(at, at + length))))
      at += Math.max(1, length)
    }
    return Buffer.from(out)
  }

  #characterAt(run: Buffer, at: number): number {
    if ((run[at] ?? 0) < 0x80) return 1
    for (const length of [2, 1, 4, 3]) {
      if (at + length > run.length) continue
      const text = this.#text(run.subarray(at, at + length))
      if (!text.includes(UNREADABLE) && [...text].length === 1) return length
    }
    return 0
  }
}

function endOfRun(bytes: Buffer, start: number): number {
  for (let at = start; at < bytes.length; at++) if ((bytes[at] ?? 0) < NEVER_SECOND) return at + 1
  return bytes.length
}

const SEVERAL_BYTES = /jis|932|31j|kanji|euc|gb|936|chinese|949|ks_?c|korea|big5|950|isoir(58|149)/

/** Whether no two bytes ever make one character. */
function isSingleByte(encoding: string): boolean {
  return !SEVERAL_BYTES.test(encoding.replaceAll(/[-_:]/g, ''))
}

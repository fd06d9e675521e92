import { isAscii, isUtf8 } from 'node:buffer'
import { analyse } from 'chardet'
import { unfinishedBytes, utf8Evidence } from './bad-bytes.ts'
import { encodingName } from './encoding-names.ts'
import { decodeCleanly } from './transcode.ts'

export interface EncodingGuess {
  /** As `encodingName` gives it, byte order included. */
  encoding: string
  /** What it was told by. `damaged`: UTF-8 but for a few bytes. */
  by: 'mark' | 'xml declaration' | 'ascii' | 'utf-8' | 'zero bytes' | 'damaged' | 'statistics'
  /** From 0 to 1. */
  confidence: number
  /** Others that would fit, best first. */
  others: { encoding: string; confidence: number }[]
}

const MARKS: readonly (readonly [string, readonly number[]])[] = [
  ['utf-8', [0xef, 0xbb, 0xbf]],
  ['utf-32le', [0xff, 0xfe, 0, 0]],
  ['utf-32be', [0, 0, 0xfe, 0xff]],
  ['utf-16le', [0xff, 0xfe]],
  ['utf-16be', [0xfe, 0xff]],
  ['gb18030', [0x84, 0x31, 0x95, 0x33]],
]

/** The encoding that a byte order mark at the beginning says, or null. */
export function encodingOfMark(head: Buffer): string | null {
  return MARKS.find(([, mark]) => head.subarray(0, mark.length).equals(Buffer.from(mark)))?.[0] ?? null
}

const XML_DECLARATION = /^\s*<\?xml[^>]*?encoding\s*=\s*["']([\w.:-]+)["']/
const DECLARATION_BYTES = 256

/** What an XML declaration says, where the bytes before it can be read as ASCII. */
export function encodingOfXml(head: Buffer): string | null {
  const declared = XML_DECLARATION.exec(head.toString('latin1', 0, DECLARATION_BYTES))?.[1]
  return declared === undefined ? null : encodingName(declared)
}

const ZEROS_BYTES = 4_096

/** Least and most of zero bytes at each of four positions, as a share. */
const ZEROS: readonly (readonly [string, readonly (readonly [number, number])[]])[] = [
  ['utf-32le', [[0, 0.02], [0, 1], [0.9, 1], [0.9, 1]]],
  ['utf-32be', [[0.9, 1], [0.9, 1], [0, 1], [0, 0.02]]],
  ['utf-16le', [[0, 0.02], [0.3, 1], [0, 0.02], [0.3, 1]]],
  ['utf-16be', [[0.3, 1], [0, 0.02], [0.3, 1], [0, 0.02]]],
]

/** UTF-16 or UTF-32 without a mark: where Latin letters are, every other byte, or three of four, is zero. */
export function encodingOfZeros(sample: Buffer): string | null {
  const bytes = sample.subarray(0, Math.min(ZEROS_BYTES, sample.length - (sample.length % 4)))
  if (!bytes.includes(0)) return null
  const shares = [0, 1, 2, 3].map((place) => bytes.filter((byte, at) => byte === 0 && at % 4 === place).length / (bytes.length / 4))
  const fits = (ranges: readonly (readonly [number, number])[]): boolean => ranges.every(([least, most], place) => (shares[place] ?? 0) >= least && (shares[place] ?? 0) <= most)
  return ZEROS.find(([, ranges]) => fits(ranges))?.[0] ?? null
}

/**
 * In what encoding a text is, from its first bytes or all of them. Byte order marks and valid UTF-8 settle it; what is left is told by
 * statistics, which can be wrong: look at `confidence` and `others`.
 * @param isXml its declaration counts
 */
export function detectEncoding(sample: Buffer, { isXml = false }: { isXml?: boolean } = {}): EncodingGuess {
  const mark = encodingOfMark(sample)
  if (mark !== null) return { encoding: mark, by: 'mark', confidence: 1, others: [] }
  const declared = isXml ? encodingOfXml(sample) : null
  // A declaration that can be read byte by byte cannot be in UTF-16, whatever it says.
  if (declared !== null && !declared.startsWith('utf-16') && !declared.startsWith('utf-32')) return { encoding: declared, by: 'xml declaration', confidence: 1, others: [] }
  const zeros = encodingOfZeros(sample)
  if (zeros !== null) return { encoding: zeros, by: 'zero bytes', confidence: 0.95, others: [] }
  if (isAscii(sample)) return { encoding: 'utf-8', by: 'ascii', confidence: 1, others: [] }
  const whole = sample.subarray(0, sample.length - unfinishedBytes(sample))
  if (isUtf8(whole)) return { encoding: 'utf-8', by: 'utf-8', confidence: 0.99, others: [] }
  const { characters, bad } = utf8Evidence(whole.subarray(0, STATISTICS_BYTES))
  // Text of another encoding hardly ever makes UTF-8 characters by chance.
  if (characters > 2 * bad) return { encoding: 'utf-8', by: 'damaged', confidence: characters / (characters + bad), others: [] }
  return byStatistics(sample)
}

const STATISTICS_BYTES = 1 << 20
const MULTI_BYTE = new Set(['shift_jis', 'euc-jp', 'gb18030', 'big5', 'euc-kr'])
const MANY_IN_PAIRS = 0.6

function byStatistics(sample: Buffer): EncodingGuess {
  const telling = linesBeyondAscii(sample)
  const isPaired = pairedShare(telling) > MANY_IN_PAIRS
  const weight = (encoding: string, percent: number): number => {
    // Of few bytes the library says 10 %; characters of two bytes each, all of them whole, say more.
    if (!MULTI_BYTE.has(encoding) || !isPaired) return percent / 100
    return Math.min(100, Math.max(percent, 40) + (encoding === 'shift_jis' && hasKana(telling) ? 30 : 0)) / 100
  }
  const [best = { encoding: USUAL, confidence: 0.05 }, ...others] = candidates(telling, weight)
  return { ...best, by: 'statistics', others: others.slice(0, 3) }
}

/** Encodings that a text may be in, best first. Those that read it alike are one, named by the usual of them. */
function candidates(telling: Buffer, weight: (encoding: string, percent: number) => number): EncodingGuess['others'] {
  const byText = new Map<string, { encoding: string; confidence: number }>()
  for (const { name, confidence } of [...analyse(telling), { name: USUAL, confidence: 10 }]) {
    const encoding = encodingName(name)
    if (encoding === null || encoding.startsWith('utf')) continue
    const text = decodeCleanly(telling, encoding)
    if (text === null) continue
    const before = byText.get(text) ?? { encoding, confidence: 0 }
    const isUsual = encoding === 'latin-1' || encoding === USUAL
    byText.set(text, { encoding: isUsual ? USUAL : before.encoding, confidence: Math.max(weight(encoding, confidence), before.confidence) })
  }
  return [...byText.values()].sort((a, b) => b.confidence - a.confidence)
}

const USUAL = 'windows-1252'
const LF = 10
const MAX_TELLING_BYTES = 256 * 1024

/** Only the lines that say anything, since the library looks at a sample and plain letters hide the rest. */
function linesBeyondAscii(sample: Buffer): Buffer {
  const lines: Buffer[] = []
  let bytes = 0
  for (let start = 0; start < sample.length && bytes < MAX_TELLING_BYTES; ) {
    const lf = sample.indexOf(LF, start)
    const end = lf === -1 ? sample.length : lf + 1
    const line = sample.subarray(start, Math.min(end, start + MAX_TELLING_BYTES))
    if (!isAscii(line)) {
      lines.push(line)
      bytes += line.length
    }
    start = end
  }
  return Buffer.concat(lines)
}

/** Of the bytes beyond ASCII, those that lie beside another. */
function pairedShare(bytes: Buffer): number {
  let high = 0
  let paired = 0
  for (const [at, byte] of bytes.entries()) {
    if (byte < 0x80) continue
    high++
    if ((bytes[at - 1] ?? 0) >= 0x80 || (bytes[at + 1] ?? 0) >= 0x80) paired++
  }
  return high === 0 ? 0 : paired / high
}

/** Hiragana and katakana of Shift-JIS begin with 0x82 and 0x83, which are rare elsewhere. */
function hasKana(bytes: Buffer): boolean {
  return bytes.filter((byte) => byte === 0x82 || byte === 0x83).length * 10 > bytes.filter((byte) => byte >= 0x80).length
}

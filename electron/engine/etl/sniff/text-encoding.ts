import { detectEncoding, type EncodingGuess as Detected } from '../encodings/detect-encoding.ts'
import { transcode } from '../encodings/transcode.ts'

export interface EncodingGuess {
  /** In the words of pipeline.yaml. */
  name: string
  confidence: number
  evidence: string
  /** It does not follow from the bytes, so it is declared. */
  isGuess: boolean
  others: Detected['others']
  /** What was looked at, decoded. */
  text: string
  isWhole: boolean
}

/** How bytes are text; null when they are none. */
export async function guessEncoding(bytes: Buffer, isWhole: boolean): Promise<EncodingGuess | null> {
  const found = detectEncoding(bytes, { isXml: /^\s*<\?xml/.test(bytes.toString('latin1', 0, 64)) })
  const isWide = found.encoding.startsWith('utf-16') || found.encoding.startsWith('utf-32')
  if (!isWide && (bytes.includes(0) || controlShare(bytes) > MOST_CONTROLS)) return null
  const text = await decodeAs(bytes, found.encoding)
  return { name: found.encoding, confidence: found.confidence, evidence: evidenceOf(found, text), isGuess: found.by === 'statistics', others: found.others, text, isWhole }
}

export async function decodeAs(bytes: Buffer, encoding: string): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of transcode(once(bytes), encoding)) chunks.push(chunk)
  return Buffer.concat(chunks).toString('utf8')
}

async function* once(bytes: Buffer): AsyncGenerator<Buffer, void, undefined> {
  yield bytes
}

const EVIDENCE: Readonly<Record<Exclude<Detected['by'], 'statistics'>, string>> = {
  mark: 'by its byte order mark',
  'xml declaration': 'as its XML declaration says',
  ascii: 'only ASCII',
  'utf-8': 'all characters beyond ASCII are valid UTF-8',
  'zero bytes': 'by the zero bytes between Latin letters',
  damaged: 'UTF-8 but for a few bytes, whose records go to quarantine',
}

function evidenceOf({ by }: Detected, text: string): string {
  if (by !== 'statistics') return EVIDENCE[by]
  const at = text.search(/[\u0080-\uffff]/)
  return `not UTF-8; by statistics, in which the first character beyond ASCII reads "${text.slice(Math.max(0, at - 12), at + 12).replaceAll(/\s+/g, ' ')}"`
}

const MOST_CONTROLS = 0.02

function controlShare(bytes: Buffer): number {
  const sample = bytes.subarray(0, 65_536)
  let controls = 0
  for (const byte of sample) if (byte < 32 && !ALLOWED.has(byte)) controls++
  return controls / Math.max(1, sample.length)
}

/** Line ends, tabs, and the control characters that separate fields. */
const ALLOWED: ReadonlySet<number> = new Set([1, 9, 10, 12, 13, 27, 30, 31])

import { detectEncoding, type EncodingGuess, encodingOfMark, encodingOfZeros } from './detect-encoding.ts'

/** Read to tell an encoding: nearly every file as a whole. What lies beyond is checked record by record. */
const LOOK_BYTES = 32 << 20
const HEAD_BYTES = 4_096

export interface FoundEncoding {
  encoding: string
  /** Null where it was declared. */
  guess: EncodingGuess | null
  /** Zero bytes were seen in text that does not have them by its nature. */
  hasZeroByte: boolean
}

/** The encoding of a text as declared, or as its bytes say. */
export async function findEncoding(chunks: AsyncIterable<Buffer>, { declared, isXml }: { declared: string | null; isXml: boolean }): Promise<FoundEncoding> {
  const isWide = declared?.startsWith('utf-16') === true || declared?.startsWith('utf-32') === true
  const sample = await firstBytes(chunks, isWide ? HEAD_BYTES : LOOK_BYTES)
  if (declared === null) {
    const guess = detectEncoding(sample, { isXml })
    return { encoding: guess.encoding, guess, hasZeroByte: !/^utf-(16|32)/.test(guess.encoding) && sample.includes(0) }
  }
  if (declared !== 'utf-16' && declared !== 'utf-32') return { encoding: declared, guess: null, hasZeroByte: !isWide && sample.includes(0) }
  const found = [encodingOfMark(sample), encodingOfZeros(sample)].find((name) => name?.startsWith(declared) === true)
  return { encoding: found ?? `${declared}le`, guess: null, hasZeroByte: false }
}

async function firstBytes(chunks: AsyncIterable<Buffer>, limit: number): Promise<Buffer> {
  const parts: Buffer[] = []
  let bytes = 0
  for await (const chunk of chunks) {
    parts.push(chunk)
    bytes += chunk.length
    if (bytes >= limit) break
  }
  return parts.length === 1 ? (parts[0] ?? Buffer.alloc(0)) : Buffer.concat(parts)
}

const SURE = 0.8

/** A sentence about an encoding that is not plain UTF-8; null where there is nothing to say. `isSure`: nobody has to look. */
export function describeGuess({ guess }: FoundEncoding): { text: string; isSure: boolean } | null {
  if (guess === null || guess.by === 'ascii' || (guess.encoding === 'utf-8' && guess.by !== 'damaged')) return null
  if (guess.by === 'damaged') return { text: 'UTF-8 with bytes in it that are none; the records that hold them go to quarantine', isSure: false }
  if (guess.by === 'mark' || guess.by === 'xml declaration' || guess.by === 'zero bytes') return { text: `read as ${guess.encoding}, by its ${guess.by === 'mark' ? 'byte order mark' : guess.by}`, isSure: true }
  const others = guess.others.map(({ encoding, confidence }) => `${encoding} ${percent(confidence)}`).join(', ')
  return {
    text: `not UTF-8; read as ${guess.encoding}, which is a guess (${percent(guess.confidence)}${others === '' ? '' : `; also possible: ${others}`}). Declare encoding in pipeline.yaml`,
    isSure: guess.confidence > SURE && guess.others.every(({ confidence }) => confidence < SURE / 2),
  }
}

function percent(share: number): string {
  return `${Math.round(100 * share)} %`
}

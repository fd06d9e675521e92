import { DEFAULT_BUFFER_BYTES, DEFAULT_RECORD_BYTES } from './csv-scan.ts'
import { openSource } from './open-source.ts'
import type { PlainText } from './plain-text.ts'

const LF = 10
const CR = 13

/**
 * Length of the longest line in bytes, where it is so long that DuckDB must be told; else null. Only a file larger than DuckDB's buffer
 * can lose such a line in silence, so smaller ones are not read.
 */
export async function longestLine(texts: readonly PlainText[], signal: AbortSignal): Promise<number | null> {
  let longest = 0
  for (const text of texts.filter(({ sizeBytes }) => sizeBytes >= DEFAULT_BUFFER_BYTES)) {
    let openBytes = 0
    for await (const chunk of openSource(text, signal)) {
      // Lines that begin and end in one chunk are short enough.
      const first = firstLineEnd(chunk)
      longest = Math.max(longest, openBytes + (first ?? chunk.length))
      openBytes = first === null ? openBytes + chunk.length : chunk.length - Math.max(chunk.lastIndexOf(LF), chunk.lastIndexOf(CR)) - 1
    }
  }
  return longest < DEFAULT_RECORD_BYTES ? null : longest
}

function firstLineEnd(chunk: Buffer): number | null {
  const lf = chunk.indexOf(LF)
  const until = lf === -1 ? chunk : chunk.subarray(0, lf)
  const cr = until.indexOf(CR)
  if (cr !== -1) return cr
  return lf === -1 ? null : lf
}

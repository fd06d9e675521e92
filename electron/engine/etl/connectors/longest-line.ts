import { readChunks } from '../read-chunks.ts'
import { DEFAULT_BUFFER_BYTES, DEFAULT_RECORD_BYTES } from './csv-scan.ts'
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
    for await (const chunk of readChunks(text.path, signal)) {
      // Lines that begin and end in one chunk are shorter than the buffer. CR ends lines only where there is no LF; to look for both costs twice.
      const end = chunk.includes(LF) ? LF : CR
      const first = chunk.indexOf(end)
      longest = Math.max(longest, openBytes + (first === -1 ? chunk.length : first))
      openBytes = first === -1 ? openBytes + chunk.length : chunk.length - chunk.lastIndexOf(end) - 1
    }
  }
  return longest < DEFAULT_RECORD_BYTES ? null : longest
}

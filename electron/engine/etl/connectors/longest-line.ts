import { readChunks } from '../read-chunks.ts'
import { DEFAULT_BUFFER_BYTES, DEFAULT_RECORD_BYTES } from './csv-scan.ts'
import type { ExtractJob } from './connector.ts'
import type { PlainText } from './plain-text.ts'

const LF = 10
const CR = 13

/** Measures the lines of one file that goes past, chunk by chunk; lines that begin and end in one chunk are not looked at. */
export class LineGauge {
  #longestBytes = 0
  #openBytes = 0

  get longestBytes(): number {
    return this.#longestBytes
  }

  write(chunk: Buffer): void {
    // CR ends lines only where there is no LF; to look for both costs twice.
    const end = chunk.includes(LF) ? LF : CR
    const first = chunk.indexOf(end)
    this.#longestBytes = Math.max(this.#longestBytes, this.#openBytes + (first === -1 ? chunk.length : first))
    this.#openBytes = first === -1 ? this.#openBytes + chunk.length : chunk.length - chunk.lastIndexOf(end) - 1
  }
}

/** Only a file larger than DuckDB's buffer can lose a long line in silence. */
export function needsGauge({ sizeBytes }: { sizeBytes: number }): boolean {
  return sizeBytes >= DEFAULT_BUFFER_BYTES
}

/**
 * Length of the longest line in bytes, where it is so long that DuckDB must be told; else null. A delivered file was measured while it
 * was hashed; only a text that was made from it is read again.
 */
export async function longestLine({ deliveredLines, signal }: Pick<ExtractJob, 'deliveredLines' | 'signal'>, texts: readonly PlainText[]): Promise<number | null> {
  let longest = 0
  for (const text of texts.filter(needsGauge)) longest = Math.max(longest, (await deliveredLines(text.path)) ?? (await measure(text, signal)))
  return longest < DEFAULT_RECORD_BYTES ? null : longest
}

async function measure({ path }: PlainText, signal: AbortSignal): Promise<number> {
  const gauge = new LineGauge()
  for await (const chunk of readChunks(path, signal)) gauge.write(chunk)
  return gauge.longestBytes
}

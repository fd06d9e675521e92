import { readChunks } from '../read-chunks.ts'
import { DEFAULT_BUFFER_BYTES, DEFAULT_RECORD_BYTES } from './csv-scan.ts'
import type { ExtractJob } from './connector.ts'
import { LineGauge } from './line-gauge.ts'
import type { PlainText } from './plain-text.ts'

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
  for (const text of texts.filter(needsGauge)) longest = Math.max(longest, (await deliveredLines(text.path))?.longestBytes ?? (await measure(text, signal)))
  return longest < DEFAULT_RECORD_BYTES ? null : longest
}

async function measure({ path }: PlainText, signal: AbortSignal): Promise<number> {
  const gauge = new LineGauge()
  for await (const chunk of readChunks(path, signal)) gauge.write(chunk)
  return gauge.longestBytes
}

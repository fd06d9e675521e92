import { createWriteStream } from 'node:fs'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { type CsvEntry, CsvRecordScanner } from '../../query/csv-records.ts'
import type { ExtractJob } from './connector.ts'
import type { CsvScan } from './csv-scan.ts'
import { openSource } from './open-source.ts'
import type { PlainText } from './plain-text.ts'

/** Copies of the files in which every record ends in \n, which DuckDB's strict reader asks for. What quotes enclose stays as it is. */
export async function withOneLineEnd(job: ExtractJob, { texts, head }: CsvScan): Promise<PlainText[]> {
  const copies: PlainText[] = []
  for (const text of texts) {
    const path = join(job.scratchDir, `lines-${text.index}.txt`)
    await pipeline(linesOf(text, { ...head.dialect, comment: job.source.csv.comment }, job.signal), createWriteStream(path), { signal: job.signal })
    copies.push({ ...text, path })
  }
  return copies
}

async function* linesOf(text: PlainText, dialect: { delimiter: string; quote: string; escape: string; comment: string | null }, signal: AbortSignal): AsyncGenerator<Buffer> {
  let entries: CsvEntry[] = []
  const scanner = new CsvRecordScanner({ ...dialect, isOneColumn: false }, (entry) => entries.push(entry) > 0)
  let rest: Buffer = Buffer.alloc(0)
  let restStart = 0
  const cut = (): Buffer => {
    const pieces = entries.flatMap(({ start, end }) => [rest.subarray(start - restStart, end - restStart), Buffer.from('\n')])
    const done = entries.at(-1)?.end ?? restStart
    rest = rest.subarray(done - restStart)
    restStart = done
    entries = []
    return Buffer.concat(pieces)
  }
  for await (const chunk of openSource({ path: text.path, name: text.name, sizeBytes: text.sizeBytes }, signal)) {
    rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk])
    scanner.write(chunk)
    if (entries.length > 0) yield cut()
  }
  scanner.end()
  const last = cut()
  // A last record without a line end stays one: a cut file must still be seen as cut.
  yield scanner.endsWithoutNewline && last.length > 0 ? last.subarray(0, -1) : last
}

import { ProblemError } from '../../../../shared/domain/problem.ts'
import { unreadable } from '../source-problem.ts'
import type { ExtractJob } from './connector.ts'
import { auditRejects, LongRecord, MAX_RECORD_BYTES } from './csv-audit.ts'
import type { CsvHead } from './csv-head.ts'
import { type CsvScan, DEFAULT_RECORD_BYTES } from './csv-scan.ts'
import { longestLine } from './longest-line.ts'
import { longestRecord, type RecordLength } from './longest-record.ts'
import { withOneLineEnd } from './one-line-end.ts'
import type { PlainText } from './plain-text.ts'

export interface CsvFile {
  text: PlainText
  /** Null: the file has no line at all. */
  head: CsvHead | null
}

export interface CsvColumns {
  columns: { name: string; type: string }[]
}

interface Texts {
  texts: readonly PlainText[]
  head: CsvHead
}

/** DuckDB keeps the beginning of a record that is too long for it among the rejects, and fails where that ends in the middle of a character. */
const CUT_RECORD = /segment statistics/i

/**
 * Runs `copy` over a scan and accounts for its rejects; again, with other means, where the files need it.
 * @param copy gives the rows read, by path
 */
export async function scanTexts(job: ExtractJob, { texts, head }: Texts, copy: (scan: CsvScan) => Promise<ReadonlyMap<string, number>>): Promise<void> {
  let scan: CsvScan = { source: job.source, texts, head, longestBytes: null, scanId: job.nextId() }
  for (let isRepeat = false; ; isRepeat = true) {
    try {
      const [loaded, longestBytes] = await Promise.all([copy(scan), scan.longestBytes === null ? longestLine(job, texts) : null])
      if (longestBytes !== null) throw new LongRecord(longestBytes)
      return await auditRejects(job, scan, loaded)
    } catch (error) {
      const next = isRepeat && !(error instanceof LongRecord) ? null : await otherMeans(job, scan, error)
      if (next === null) throw error
      scan = next
    }
  }
}

async function otherMeans(job: ExtractJob, scan: CsvScan, error: unknown): Promise<CsvScan | null> {
  if (error instanceof LongRecord) {
    if (error.longestBytes > MAX_RECORD_BYTES) throw tooLong(await longestRecord(job, scan))
    return { ...scan, longestBytes: error.longestBytes, scanId: job.nextId() }
  }
  if (!(error instanceof ProblemError)) return null
  if (CUT_RECORD.test(error.message)) {
    const { sizeBytes } = await longestRecord(job, scan)
    return sizeBytes < DEFAULT_RECORD_BYTES ? null : otherMeans(job, scan, new LongRecord(sizeBytes))
  }
  if (!/invalid state/i.test(error.message)) return null
  job.log('warn', `${scan.texts.map(({ name }) => name).slice(0, 3).join(', ')}: line ends of two kinds, read as one`)
  return { ...scan, texts: await withOneLineEnd(job, scan), scanId: job.nextId() }
}

function tooLong({ sizeBytes, file, line }: RecordLength): Error {
  return unreadable(`the record that begins here has ${(sizeBytes / 1024 / 1024).toFixed(0)} MB, more than the ${MAX_RECORD_BYTES / 1024 / 1024} MB that are read`, {
    file, line, hint: 'A quote may open and never close. Check quote and escape of the source',
  })
}

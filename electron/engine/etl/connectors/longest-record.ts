import { CsvRecordScanner } from '../../query/csv-records.ts'
import { readChunks } from '../read-chunks.ts'
import type { ExtractJob } from './connector.ts'
import type { CsvScan } from './csv-scan.ts'

export interface RecordLength {
  sizeBytes: number
  /** Where the record begins: name of its text, physical line. */
  file: string
  line: number
}

/** The longest record; what quotes enclose may have many lines. */
export async function longestRecord({ source, signal }: Pick<ExtractJob, 'source' | 'signal'>, { texts, head }: CsvScan): Promise<RecordLength> {
  let longest: RecordLength = { sizeBytes: 0, file: '', line: 1 }
  for (const { path, name } of texts) {
    const scanner = new CsvRecordScanner({ ...head.dialect, comment: source.csv.comment, isOneColumn: head.columns.length === 1 }, ({ start, end, line }) => {
      if (end - start > longest.sizeBytes) longest = { sizeBytes: end - start, file: name, line }
      return true
    })
    for await (const chunk of readChunks(path, signal)) scanner.write(chunk)
    scanner.end()
  }
  return longest
}

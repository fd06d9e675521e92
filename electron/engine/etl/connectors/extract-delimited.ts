import type { CsvColumns } from './csv-scan-texts.ts'
import type { CsvHead } from './csv-head.ts'
import type { ExtractJob, Extracted } from './connector.ts'
import { DelimitedSplitter } from './delimited-splitter.ts'
import { extractRecords } from './extract-records.ts'
import type { RecordSplitter } from './record-splitter.ts'

/** A file without a line of data. */
const NOTHING: RecordSplitter = { write: () => undefined, end: () => undefined }

/** Delimited text by our own reader instead of DuckDB's. */
export async function extractDelimited(job: ExtractJob, { heads, columns }: { heads: readonly (CsvHead | null)[] } & CsvColumns): Promise<Extracted> {
  const { source, files } = job
  const byFile = new Map(files.map(({ name }, index) => [name, heads[index] ?? null]))
  const names = new Map(columns.map(({ name }) => [name.toLowerCase(), name]))
  const typed = { ...source, columns: Object.fromEntries(columns.map(({ name, type }) => [name, type])) }
  return extractRecords({ ...job, source: typed }, {
    splitter: (options) => {
      const head = byFile.get(options.file) ?? null
      if (head === null) return NOTHING
      return new DelimitedSplitter(options, { head, columns: head.columns.map((name) => names.get(name.toLowerCase()) ?? name), csv: source.csv })
    },
    onMalformed: 'reject',
    areRejectsQuoted: true,
  })
}

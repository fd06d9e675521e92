import type { Connector } from './connector.ts'
import { extractLines } from './extract-lines.ts'
import { extractRecords } from './extract-records.ts'
import { NdjsonSplitter } from './ndjson-splitter.ts'
import { extractScanned } from './ndjson/extract-scanned.ts'
import type { RecordFormat } from './record-splitter.ts'

const FORMAT: RecordFormat = { splitter: (options) => new NdjsonSplitter(options), onMalformed: 'reject' }

/** One JSON object a line. A bad line is one rejected record; the lines after it are read. */
export const ndjsonConnector: Connector = {
  format: 'ndjson',
  isText: true,
  extract: async (job) => (await extractScanned(job, FORMAT)) ?? (await extractLines(job, FORMAT)) ?? extractRecords(job, FORMAT),
}

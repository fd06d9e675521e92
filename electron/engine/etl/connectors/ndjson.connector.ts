import type { Connector } from './connector.ts'
import { extractRecords } from './extract-records.ts'
import { NdjsonSplitter } from './ndjson-splitter.ts'

/** One JSON object a line. A bad line is one rejected record; the lines after it are read. */
export const ndjsonConnector: Connector = {
  format: 'ndjson',
  isText: true,
  extract: (job) => extractRecords(job, { splitter: (options) => new NdjsonSplitter(options), onMalformed: 'reject' }),
}

import type { Connector } from './connector.ts'
import { extractRecords } from './extract-records.ts'
import { JsonSplitter } from './json-splitter.ts'

/** JSON documents: records are found while streaming, so a document may be larger than memory; one record may not be above 64 MB. */
export const jsonConnector: Connector = {
  format: 'json',
  isText: true,
  extract: (job) => extractRecords(job, { splitter: (options) => new JsonSplitter(options), onMalformed: 'stop' }),
}

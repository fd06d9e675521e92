import type { Connector } from '../connector.ts'
import { extractRecords } from '../extract-records.ts'
import { XmlSplitter } from './xml-splitter.ts'

/** XML, streamed; every record becomes a JSON object on the way. */
export const xmlConnector: Connector = {
  format: 'xml',
  isText: true,
  extract: (job) => extractRecords(job, { splitter: (options) => new XmlSplitter(options), onMalformed: 'stop', tellsShapes: true }),
}

import { locateRecord } from '../query/locate-record.ts'
import { createReader } from '../query/reader.ts'
import { serveWorker } from './worker-server.ts'

serveWorker<'reader'>(createReader((input, { signal }) => locateRecord(input, signal)))

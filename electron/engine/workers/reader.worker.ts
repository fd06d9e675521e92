import { locateRecord } from '../query/locate-record.ts'
import { createReader } from '../query/reader.ts'
import { recordInFile } from '../query/record-in-file.ts'
import { serveWorker } from './worker-server.ts'

serveWorker<'reader'>({
  ...createReader((input, { signal }) => locateRecord(input, signal)),
  recordInFile: (input, { signal }) => recordInFile(input, signal),
})

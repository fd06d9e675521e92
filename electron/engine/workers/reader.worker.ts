import { createReader } from '../query/reader.ts'
import { serveWorker } from './worker-server.ts'

serveWorker<'reader'>(createReader())

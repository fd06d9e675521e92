import { writeExport } from '../exports/write-export.ts'
import { serveWorker } from './worker-server.ts'

serveWorker<'export'>({ write: writeExport })

import { writeDiff } from '../exports/write-diff.ts'
import { writePivot } from '../exports/write-pivot.ts'
import { writeExport } from '../exports/write-export.ts'
import { hashFiles } from '../keep/hash-files.ts'
import { serveWorker } from './worker-server.ts'

serveWorker<'export'>({ write: writeExport, writeDiff, writePivot, hashFiles })

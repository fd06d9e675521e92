import { previewSource } from '../etl/sniff/preview-source.ts'
import { sniffPaths } from '../etl/sniff/sniff-paths.ts'
import { hashFiles } from '../keep/hash-files.ts'
import { serveWorker } from './worker-server.ts'

/** Looks at files that may become sources. Of its own, so that a large file never holds up browsing. */
serveWorker<'ingest'>({ sniff: sniffPaths, preview: previewSource, hash: hashFiles })

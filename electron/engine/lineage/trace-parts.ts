import type { ReadParts } from '../keep/read-versions.ts'
import type { VersionsReader } from '../ledger/versions.store.ts'
import type { WorkspaceService } from '../parts.ts'
import type { WorkerPool } from '../workers/worker-pool.ts'

export interface TraceParts extends ReadParts {
  versions: VersionsReader
  workspace: WorkspaceService
  workers: WorkerPool
}

/** A trace follows this many rows of a stage, and shows no more. */
export const MOST_ROWS = 20

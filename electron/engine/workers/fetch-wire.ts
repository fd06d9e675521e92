import type { RetryPolicy } from '../../../shared/domain/error-class.ts'
import type { ParameterValues } from '../../../shared/domain/run-parameters.ts'
import type { SourceFormat } from '../workspace/model.ts'
import type { IncrementalSpec, RemoteSpec } from '../workspace/remote-model.ts'

/** By which a server tells that its answer is the one it gave before. */
export interface Validators {
  etag: string | null
  lastModified: string | null
}

/** An answer that an earlier version was read from. */
export interface KnownAnswer extends Validators {
  origin: string
  /** Where it is kept. */
  path: string
  sizeBytes: number
}

export interface FetchInput {
  remote: RemoteSpec
  format: SourceFormat
  /** Path to the records, to tell whether a page holds any. */
  record: string | null
  incremental: IncrementalSpec | null
  values: { cursor: string | null; parameters: ParameterValues }
  /** By name. They go no further than the requests. */
  secrets: Record<string, string>
  /** Where the answers go, and how their names begin. */
  dir: string
  prefix: string
  known: KnownAnswer[]
  retry: { network: RetryPolicy; timeout: RetryPolicy }
}

/** One answer as it came. */
export interface FetchedFile extends Validators {
  name: string
  /** Whom it was asked of, without secrets. */
  origin: string
  sha256: string
  sizeBytes: number
  /** How many records are in it; null where that was not counted. */
  records: number | null
  /** The server said that it is as before. */
  isUnchanged: boolean
}

export interface FetchOutput {
  files: FetchedFile[]
  /** DuckDB types that the server's own types stand for, by column; none where answers do not tell. */
  columns: Record<string, string>
}

/** For the log of the run, while it goes on. */
export interface FetchNews {
  level: 'info' | 'warn'
  text: string
}

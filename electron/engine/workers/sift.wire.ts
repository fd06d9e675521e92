import type { DatasetName } from '../../../shared/domain/naming.ts'
import type { CheckSpec, SourceSpec } from '../workspace/model.ts'
import type { SqlVariable, VersionSource, WrittenVersion } from './version.wire.ts'

/** What somebody decided about a record of the quarantine, as it is replayed over every later version. */
export interface SiftDecision {
  id: number
  /** The one record; null: all that have the signature. */
  record: string | null
  signature: string | null
  kind: 'correct' | 'accept' | 'ignore'
  /** Of a correction: texts by column; null is null. */
  fields: Record<string, string | null>
  /** What columns held when it was decided; where they hold something else, nothing is decided. */
  was: Record<string, string | null>
  /** Of an acceptance: the rules in spite of which the row counts. */
  rules: string[]
}

/** A version as a step wrote it, before it is sealed. */
export interface SiftInput {
  dataset: DatasetName
  /** Folder with its parts. */
  dir: string
  written: WrittenVersion
  /** Records that could not be read, as the connector left them. */
  rejectsName: string | null
  /** Delivered files in their order. */
  files: string[]
  rules: CheckSpec[]
  reads: VersionSource[]
  variables: SqlVariable[]
  /** Columns that name a row; none: its contents do. */
  key: string[]
  /** Order of the rows in the version. */
  orderBy: string[]
  /** A `SiftDecision` a line; null: nothing is decided. */
  decisionsFile: string | null
  /** Keep rows as they were made, so that a later version of some entities can start from them. */
  keepsOriginals: boolean
}

export interface FileSums {
  fileName: string
  loaded: number
  quarantined: number
  skipped: number
}

/** rows the step saw = rows of the version + quarantined + skipped */
export interface SiftOutput {
  written: WrittenVersion
  rejectsName: string | null
  originals: Originals | null
  files: FileSums[]
  quarantined: number
  /** Left out because somebody said so. */
  skipped: number
}

/** Parquet beside the parts: rows as they were made where the version has others or none instead, and those others. */
export interface Originals {
  name: string
  /** Rows that the version has instead. */
  replaced: number
}

/** A record that is not in its version, as the ledger lists it. */
export interface RejectedCase {
  recordId: string
  rule: string | null
  signature: string
  column: string | null
  value: string | null
  key: string | null
  file: string | null
  record: number | null
  line: number | null
  reason: string
  /** The beginning of the raw text. */
  excerpt: string
  outcome: 'quarantined' | 'skipped'
  /** The decision that was looked at when the version was made. */
  decision: number | null
}

export interface CaseBatch {
  cases: RejectedCase[]
}

/** A record of the rejects as it is kept there. */
export interface RejectedRecord {
  id: string
  raw: string
  /** Values by column, as text; null: it could not be read. */
  fields: Record<string, string | null> | null
}

export interface FileRecordRequest {
  /** The delivered file. */
  path: string
  /** Of it, where it is an archive. */
  member: string | null
  source: Pick<SourceSpec, 'csv' | 'format' | 'xlsx' | 'encoding'>
  record: number | null
  /** Where it is known. */
  line: number | null
  /** Columns as declared, which name the fields of files without a header. */
  declared: string[]
  /** Of a record that could not be read, to be cut into fields; null: it need not be. */
  raw: string | null
}

export interface FileRecord {
  lines: { number: number; text: string; isRecord: boolean }[]
  /** By the header's names; null: it cannot be cut so. */
  fields: Record<string, string | null> | null
}

import { quoteLiteral } from '../../../../shared/domain/naming.ts'
import type { Duck } from '../../query/duckdb.ts'
import type { SourceFormat, SourceSpec } from '../../workspace/model.ts'
import type { Packing, UnpackLimit } from '../archives/packing.ts'
import type { LineGauge } from './line-gauge.ts'
import type { RejectsTable } from '../rejects-table.ts'
import type { SkippedRecords } from '../skipped-records.ts'

/** Above this many files a version is merged into few parts that store `_file` and `_record`. */
export const MAX_FILES_AS_PARTS = 64

/** One delivered file or member of an archive, as a connector reads it. Text is read through `openSource`. */
export interface SourceFile {
  /** Position among what the source reads, from 0. */
  index: number
  /** Position of the delivered file that holds it, from 0. */
  delivered: number
  path: string
  /** Value of `_file`. */
  name: string
  sizeBytes: number
  modifiedAt: string
  packing: Packing
  /** Of text, as `encodingName` gives it. */
  encoding: string
  /** Of text: zero bytes were seen in it. */
  hasZeroByte: boolean
  limit: UnpackLimit
}

export interface ExtractJob {
  duck: Duck
  source: SourceSpec
  files: SourceFile[]
  /** Where the parts go. */
  outDir: string
  /** For anything on the way; removed afterwards. */
  scratchDir: string
  /** `per_file`: a part for each file, in order. `stored`: at most 64 parts with the columns `_file` and `_record`. */
  layout: 'per_file' | 'stored'
  rejects: RejectsTable
  skips: SkippedRecords
  /** What was seen of a delivered file, by its path, where that was looked at while the file was hashed; else null. */
  deliveredLines(path: string): Promise<LineGauge | null>
  /** A number not given before in this job. */
  nextId(): number
  signal: AbortSignal
  /** @param share from 0 to 1 */
  report(share: number, note: string): void
  log(level: 'info' | 'warn', text: string): void
}

export interface Extracted {
  parts: { name: string; file: string | null }[]
}

/**
 * Reads delivered files of one format into Parquet parts that all have the same columns. Every record is either a row of a part or a
 * row of the rejects, never both, never neither. What cannot be split into records at all throws SOURCE_UNREADABLE.
 */
export interface Connector {
  readonly format: SourceFormat
  /** Its files are text: any encoding, packed or not. Others are on disk as they are when they are read. */
  readonly isText?: true
  extract(job: ExtractJob): Promise<Extracted>
}

/** The name of a file as SQL, from a column that holds its index; no join, so rows keep their order. */
export function fileNameSql(files: readonly SourceFile[], index: string): string {
  return `list_extract([${files.map(({ name }) => quoteLiteral(name)).join(', ')}], (${index} + 1)::BIGINT)`
}

export function partName(index: number): string {
  return `part-${String(index).padStart(4, '0')}.parquet`
}

import type { DatasetName } from '../../../shared/domain/naming.ts'
import type { ParameterType, ParameterValue } from '../../../shared/domain/run-parameters.ts'
import type { Column } from '../../../shared/domain/table-query.ts'

/** Versions as operations of every kind speak of them. */

/** One immutable part of a version. */
export interface PartRef {
  /** Absolute path. */
  path: string
  rowCount: number
  /** raw zone, one part a delivered file: the file's name, which is every row's `_file`. Null: no such column, or stored in the part. */
  file: string | null
  /** `per_file`: rejected records of that file; 0 saves looking for them. Absent: not known. */
  rejected?: number
}

/**
 * A version as a relation. Raw versions answer `_file` and `_record`: `per_file` computes them while reading (one part a file,
 * `_record` = file_row_number + 1 + rejected records before it), `stored` finds them as columns in the parts.
 */
export interface VersionSource {
  dataset: DatasetName
  layout: 'plain' | 'per_file' | 'stored'
  columns: Column[]
  parts: PartRef[]
  rowCount: number
  /** Parquet of the rejected records: `_file, _record, column_name, line, reason, raw`. Null: none were rejected. */
  rejectsPath: string | null
}

/** A column as somebody sees it: of a masked one, `type` and `kind` are those of the mask, and `storedType` is that of its values. */
export interface SeenColumn extends Column {
  isMasked: boolean
  storedType: string
}

/** A version as somebody sees it: only masks/ makes one, so that whatever shows rows has to ask whether they may be shown. */
export interface SeenSource extends VersionSource {
  columns: SeenColumn[]
}

/** What a writing operation left in its folder. */
export interface WrittenVersion {
  parts: { name: string; rowCount: number; sizeBytes: number; sha256: string; file: string | null }[]
  layout: VersionSource['layout']
  columns: Column[]
  rowCount: number
  /** Hash over names, types and rows: equal where a step may take one version for the other. */
  contentHash: string
  entityIndex?: EntityIndex | null
}

/** Parquet beside the parts of a version: entity, input_hash, state, row_count. Says which entities need no work next time. */
export interface EntityIndex {
  name: string
  rowCount: number
  sha256: string
}

/** A parameter as SQL sees it: `getvariable('name')`. A null value has the type all the same. */
export interface SqlVariable {
  name: string
  type: ParameterType
  value: ParameterValue | null
}

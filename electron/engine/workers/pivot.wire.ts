import type { GroupKey, PivotPage, PivotSpec } from '../../../shared/domain/pivot.ts'
import type { Filter, Sort } from '../../../shared/domain/table-query.ts'
import type { SeenSource } from './version.wire.ts'

export interface PivotOps {
  /** A page of one level of groups of the rows that pass the filters. */
  pivot: {
    input: {
      source: SeenSource
      filter: Filter[]
      spec: PivotSpec
      /** The group that is opened, from the outermost inwards; none: the outermost level. */
      path: GroupKey[]
      /** How many groupings to take at once. */
      levels: number
      /** By names of groupings and columns; names of other levels are passed over. */
      sort: Sort[]
      offset: number
      limit: number
    }
    output: PivotPage
    ask: never
  }
}

/** Writes the deepest groups into a file. */
export interface WritePivotOp {
  input: { source: SeenSource; filter: Filter[]; spec: PivotSpec; sort: Sort[]; format: 'csv' | 'parquet'; path: string }
  output: { rowCount: number; sizeBytes: number; sha256: string }
  ask: never
}

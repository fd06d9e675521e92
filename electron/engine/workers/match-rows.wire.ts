import type { Column } from '../../../shared/domain/table-query.ts'
import type { SqlVariable, VersionSource } from './version.wire.ts'

/** A column and the value that a row has in it; null: none. */
export interface ColumnValue {
  column: string
  value: string | number | boolean | null
}

/** Rows of a version that have all values of at least one of the sets. */
export interface MatchRows {
  input: { source: VersionSource; sets: ColumnValue[][]; limit: number }
  output: { rowsJson: string; rowCount: number }
  ask: never
}

/** A row that a statement made. */
export interface MadeRow {
  /** Its values. */
  values: ColumnValue[]
  /** What rows of the input have to have that may be behind it; none: any may. */
  candidates: ColumnValue[]
}

/** Rows of one input by which a statement makes given rows, found by running it over fewer and fewer of them. */
export interface ReplayRows {
  input: {
    sql: string
    dataType: string
    variables: SqlVariable[]
    /** The input that is looked through. */
    source: VersionSource
    others: VersionSource[]
    outputs: Column[]
    rows: MadeRow[]
    limit: number
  }
  /** Null: it cannot be told this way, or not soon. */
  output: { rowsJson: string; rowCount: number } | null
  ask: never
}

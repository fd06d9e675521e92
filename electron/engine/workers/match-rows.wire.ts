import type { VersionSource } from './version.wire.ts'

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

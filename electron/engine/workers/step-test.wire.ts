import type { DatasetName } from '../../../shared/domain/naming.ts'
import type { Column } from '../../../shared/domain/table-query.ts'
import type { SqlVariable } from './version.wire.ts'

/** Rows of text that the types of their columns read; of nested types JSON. */
export interface TextRows {
  columns: string[]
  rows: (string | null)[][]
}

/** What a name means while a statement is tested. */
export interface GivenRows extends TextRows {
  dataset: DatasetName
  /** All columns of the dataset; those without given cells hold nothing. */
  types: { name: string; type: string }[]
}

export interface StatementTest {
  sql: string
  /** Whose datasets may be named `zone.name`. */
  dataType: string
  variables: SqlVariable[]
  given: GivenRows[]
  expected: TextRows
  timeoutMs: number
}

export interface StatementTestResult {
  /** Of the statement. */
  columns: Column[]
  /** The first rows that it gave, all columns. */
  actual: TextRows & { rowCount: number }
  /** Rows of the columns that were expected, as often as they are lacking or too many. */
  missing: TextRows & { rowCount: number }
  unexpected: TextRows & { rowCount: number }
}

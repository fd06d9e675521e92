import type { Column, Filter } from '../../../shared/domain/table-query.ts'
import type { VersionSource } from './version.wire.ts'

/** What the reader does for somebody who looks for something in a table. */
export interface LookOps {
  /** Different values of a column among the rows that pass `filter`, the most frequent first; `containing` narrows them by their text, in any case. */
  values: {
    input: { source: VersionSource; column: string; filter: Filter[]; containing: string; limit: number }
    output: {
      /** As text that a filter takes. */
      values: { value: string; count: number }[]
      /** Different values in all, of those that contain the text. */
      distinct: number
      /** Rows without a value, whatever is searched for. */
      nulls: number
    }
    ask: never
  }
  /** Fails where the filter cannot be used on rows with these columns. */
  judge: { input: { columns: Column[]; filter: Filter }; output: Record<string, never>; ask: never }
}

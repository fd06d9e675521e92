import type { Filter, Sort } from '../../../shared/domain/table-query.ts'
import type { CopyDir } from './copy.wire.ts'
import type { SeenColumn, SeenSource } from './version.wire.ts'

/** What the reader does for somebody who looks for something in a table. */
export interface LookOps {
  /** Different values of a column among the rows that pass `filter`, the most frequent first; `containing` narrows them by their text, in any case. */
  values: {
    input: { source: SeenSource; column: string; filter: Filter[]; containing: string; limit: number }
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
  /** The next cell that contains a text, after `from` in the order in which rows are shown, cells by the order of `columns`; round the end from its beginning. */
  find: {
    input: { source: SeenSource; columns: string[]; sort: Sort[]; filter: Filter[]; text: string; from: { row: number; column: string | null } | null; backward: boolean; copyDir?: CopyDir }
    output: {
      /** `row` from 0; `index` among all that were found, from 1. */
      found: { row: number; column: string; index: number } | null
      total: number
    }
    ask: never
  }
  /** Fails where the filter cannot be used on rows with these columns. */
  judge: { input: { columns: SeenColumn[]; filter: Filter }; output: Record<string, never>; ask: never }
}

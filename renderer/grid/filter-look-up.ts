import type { ColumnValues, FilterVerdict } from '../../shared/contract/look.contract.ts'
import type { Column, Filter } from '../../shared/domain/table-query.ts'

/** What the engine knows of the rows that are being narrowed; made once for a table. */
export interface FilterLookUp {
  /** Values to choose from, the most frequent first. */
  values(request: { column: Column; containing: string; signal: AbortSignal }): Promise<ColumnValues>
  /** What is wrong with a filter, before rows are asked for with it. */
  judge(filter: Filter): Promise<FilterVerdict>
}

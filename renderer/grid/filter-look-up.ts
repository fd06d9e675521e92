import type { ColumnValues, FilterVerdict, FoundCell } from '../../shared/contract/look.contract.ts'
import type { Column, Filter, Sort } from '../../shared/domain/table-query.ts'

/** What the engine knows of the rows that are being narrowed; made once for a table. */
export interface FilterLookUp {
  /** Values to choose from, the most frequent first. */
  values(request: { column: Column; containing: string; signal: AbortSignal }): Promise<ColumnValues>
  /** What is wrong with a filter, before rows are asked for with it. */
  judge(filter: Filter): Promise<FilterVerdict>
  /** The next cell that contains a text. */
  find(request: FindRequest & { signal: AbortSignal }): Promise<FoundCell>
}

export interface FindRequest {
  readonly text: string
  /** From left to right. */
  readonly columns: readonly string[]
  readonly sort: readonly Sort[]
  readonly filter: readonly Filter[]
  readonly from: { readonly row: number; readonly column: string | null } | null
  readonly backward: boolean
}

import type { GridApi } from 'ag-grid-community'
import { ROW_NUMBER_ID } from './grid-columns.ts'
import type { GridRow } from './grid-query.ts'

/** Names of the columns that are shown, from left to right. */
export function dataColumnIds(api: GridApi<GridRow>): string[] {
  return api.getAllDisplayedColumns().map((column) => column.getColId()).filter((id) => id !== ROW_NUMBER_ID)
}

import type { GridApi, IRowNode } from 'ag-grid-community'
import { rawText } from './cell-format.ts'
import type { GridCell, GridRow } from './grid-query.ts'
import { ROW_NUMBER_ID } from './grid-columns.ts'
import { toTsv } from './tsv.ts'

/** The selected rows, or the row of `cell` when none is selected, as shown: visible columns in their order, with names above. */
export function selectedTsv(api: GridApi<GridRow>, cell: GridCell): string {
  const columns = api.getAllDisplayedColumns().filter((column) => column.getColId() !== ROW_NUMBER_ID)
  const selected = api.getSelectedNodes().filter((node) => node.data !== undefined)
  const node = api.getDisplayedRowAtIndex(cell.rowIndex)
  const nodes = selected.length > 0 ? selected.sort(byIndex) : node === undefined ? [] : [node]
  const rows = nodes.map((item) => columns.map((column) => api.getCellValue({ rowNode: item, colKey: column })))
  return toTsv([columns.map((column) => column.getColId()), ...rows])
}

/** What Ctrl C takes: several selected rows, else the cell. */
export function copiedText(api: GridApi<GridRow>, cell: GridCell): string {
  return api.getSelectedNodes().length > 1 ? selectedTsv(api, cell) : rawText(cell.value)
}

function byIndex(a: IRowNode<GridRow>, b: IRowNode<GridRow>): number {
  return (a.rowIndex ?? 0) - (b.rowIndex ?? 0)
}

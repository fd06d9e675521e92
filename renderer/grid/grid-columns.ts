import type { CellClassParams, ColDef, ColGroupDef, ValueFormatterParams, ValueGetterParams } from 'ag-grid-community'
import type { Column } from '../../shared/domain/table-query.ts'
import { type CellTone, cellTone, formatCell, groupsDigits, isIdentifierColumn } from './cell-format.ts'
import { arrangeColumns, type ColumnLayout, pinnedColumns } from './column-layout.ts'
import { formatCellAs } from './column-format.ts'
import { estimateColumnWidth } from './column-width.ts'
import { GridHeader } from './grid-header.tsx'
import type { GridTree } from './grid-tree.ts'
import { GridRoundedCell, GridTreeCell } from './grid-tree-cell.tsx'
import { type GridMarks, isFound } from './grid-marks.ts'
import { isInBounds } from './cell-range.ts'
import type { GridPage, GridRow } from './grid-query.ts'

export const ROW_NUMBER_ID = '#row'

interface ColumnsRequest {
  /** Decides columns and widths. */
  page: GridPage
  keyColumns: readonly string[]
  layout: ColumnLayout
  /** Decides the width of the row number column. */
  rowCount: number
  comfortable: boolean
  labels: Readonly<Record<string, string>>
  tree: GridTree | undefined
}

/** Column definitions of a table: the row number, then every column as arranged. Rows are arrays in the page's column order. */
export function gridColumns({ page, keyColumns, layout, rowCount, comfortable, labels, tree }: ColumnsRequest): (ColDef<GridRow> | ColGroupDef<GridRow>)[] {
  const place = new Map(page.columns.map((column, index) => [column.name, index]))
  const columns = arrangeColumns(page.columns, layout, keyColumns).map((column) => {
    const index = place.get(column.name) ?? 0
    return toColDef({ column, index, page, keyColumns, layout, comfortable, labels, tree })
  })
  return [rowNumberColumn(rowCount), ...underHeadings(columns, layout)]
}

/** Columns that stand beside each other under one heading become a group. */
function underHeadings(columns: readonly ColDef<GridRow>[], { groups }: ColumnLayout): (ColDef<GridRow> | ColGroupDef<GridRow>)[] {
  const result: (ColDef<GridRow> | ColGroupDef<GridRow>)[] = []
  for (const column of columns) {
    const name = groups[column.colId ?? '']
    const last = result.at(-1)
    if (name === undefined) result.push(column)
    else if (last !== undefined && 'children' in last && last.headerName === name) last.children.push(column)
    else result.push({ groupId: `${name} ${column.colId}`, headerName: name, headerClass: 'grid-group-head', children: [column] })
  }
  return result
}

interface ColDefRequest extends Omit<ColumnsRequest, 'rowCount'> {
  column: Column
  index: number
}

function toColDef({ column, index, page, keyColumns, layout, comfortable, labels, tree }: ColDefRequest): ColDef<GridRow> {
  const mono = isIdentifierColumn(column, keyColumns)
  const grouped = groupsDigits(column, keyColumns)
  const isNumber = column.kind === 'number'
  const format = layout.formats[column.name]
  const text = (value: unknown): string => (format === undefined ? formatCell(value, column, grouped) : formatCellAs(value, column, format))
  const isKey = keyColumns.includes(column.name)
  const isMarked = (test: (marks: GridMarks, params: CellClassParams<GridRow>) => boolean) => (params: CellClassParams<GridRow>) => test(params.context, params)
  const toneIs = (tone: CellTone) => (params: CellClassParams<GridRow>) => params.data !== undefined && cellTone(params.value) === tone
  return {
    colId: column.name,
    headerName: labels[column.name] ?? column.name,
    headerComponent: GridHeader,
    headerComponentParams: { dataColumn: column, isKey, label: labels[column.name] },
    ...(tree !== undefined && tree.column === column.name ? { cellRenderer: GridTreeCell, cellRendererParams: { tree } } : {}),
    // What stands between groups is rounded more often than it is cut: hovering shows it whole.
    ...(tree !== undefined && format !== undefined ? { cellRenderer: GridRoundedCell } : {}),
    headerClass: isNumber ? 'grid-num' : '',
    headerTooltip: `${column.name}: ${column.type.toLowerCase()}`,
    valueGetter: (params: ValueGetterParams<GridRow>) => params.data?.[index],
    valueFormatter: (params: ValueFormatterParams<GridRow>) => (params.data === undefined || params.data === null ? '' : text(params.value)),
    tooltipValueGetter: (params) => (params.data == null ? undefined : tooltipText(text(params.value))),
    cellClass: [isNumber ? 'grid-num' : '', mono ? 'grid-mono' : '', isKey ? 'grid-key' : ''].filter((name) => name !== ''),
    cellClassRules: {
      'grid-null': toneIs('null'),
      'grid-empty': toneIs('empty'),
      'grid-nested': toneIs('nested'),
      'grid-in-range': isMarked(({ range }, { rowIndex }) => range !== null && isInBounds(range, { row: rowIndex, column: column.name })),
      'grid-found': isMarked((marks, { data, value }) => data != null && isFound(marks, column.name, value)),
      'grid-loading': (params) => params.data === undefined || params.data === null,
    },
    width: layout.widths[column.name] ?? estimateColumnWidth({ column, cells: page.rows.map((row) => row[index]), grouped, mono, comfortable }),
    hide: layout.hidden.includes(column.name),
    pinned: pinnedColumns(layout, keyColumns).includes(column.name) ? 'left' : null,
    minWidth: 44,
    resizable: true,
    sortable: false,
    equals: (a: unknown, b: unknown) => a === b,
  }
}

function rowNumberColumn(rowCount: number): ColDef<GridRow> {
  const digits = Math.max(2, String(rowCount).length)
  return {
    colId: ROW_NUMBER_ID,
    headerName: 'Row',
    headerClass: 'grid-rownumber-head',
    cellClass: 'grid-rownumber',
    cellAriaRole: 'rowheader',
    valueGetter: (params) => (params.node?.rowIndex ?? 0) + 1,
    valueFormatter: (params) => String(params.value).replace(/\B(?=(\d{3})+$)/g, ','),
    width: 14 + Math.ceil(digits * 6.6 + Math.floor((digits - 1) / 3) * 3.4),
    pinned: 'left',
    lockPinned: true,
    lockPosition: 'left',
    suppressNavigable: true,
    suppressMovable: true,
    sortable: false,
    resizable: false,
  }
}

/** Values as long as a cell may be cut need no more than their beginning on hover; Enter shows the whole. */
function tooltipText(text: string): string {
  return text.length > 400 ? `${text.slice(0, 400)}…` : text
}

import type { CellCommand } from './grid-keys.ts'
import type { ReactNode, RefObject } from 'react'
import type { Column, Sort } from '../../shared/domain/table-query.ts'
import type { Anchor, MenuGroups } from '../ui/popup-menu.tsx'
import type { ColumnLayout } from './column-layout.ts'
import type { GridTree } from './grid-tree.ts'
import type { HeadDrop } from './head-drop.ts'
import type { FilterLookUp } from './filter-look-up.ts'
import type { FetchGridPage, GridCell, GridPage, GridQuery } from './grid-query.ts'
import type { SelectionSize } from './use-cursor.ts'

export interface DataGridProps {
  /** Names the table for those who hear it. */
  label: string
  /** What the rows are of; another source keeps the old rows until its first page is here. Use a React key to drop them. */
  source: string
  query: GridQuery
  fetchPage: FetchGridPage
  keyColumns: readonly string[]
  /** Rows of the query when somebody has counted them; null while that is open. */
  rowCount: number | null
  layout: ColumnLayout
  onLayout: (layout: ColumnLayout) => void
  onSort: (sort: Sort[]) => void
  /** The person does not wait any longer: the query that is shown is the one to keep. */
  onStop: (shown: GridQuery) => void
  onFilterColumn: (column: Column, anchor: Anchor) => void
  /** The cell under the cursor; null when its row is not here yet or nothing is focused. */
  onCell: (cell: GridCell | null) => void
  /** More than one cell that is chosen; null: none is. */
  onSelectionSize: (size: SelectionSize | null) => void
  /** Single letters on a cell, for example f and l. */
  onCellKey: (command: CellCommand, cell: GridCell) => void
  /** What the menu of a cell offers besides copying and showing the value. */
  cellMenu: (cell: GridCell) => MenuGroups
  /** What the menu of a column offers first. */
  columnMenu?: (column: Column) => MenuGroups
  /** Somebody wants an order by a masked column, which has none. */
  onMasked?: (column: Column) => void
  onCopied: (text: string) => void
  /** What stands over columns in place of their names. */
  labels?: Readonly<Record<string, string>>
  /** Rows stand in groups that open and close. */
  tree?: GridTree
  /** Rises when rows came or went: those on screen are asked for anew, the place stays. */
  epoch?: number
  /** Enter or a double click on a cell; true: that was it, the value is not shown. */
  onOpen?: (cell: GridCell) => boolean
  /** Where headers can be dragged besides other places in the header. */
  headDrop?: HeadDrop
  /** Null where the engine knows no more of the rows than their pages: then nothing is found in them. */
  lookUp: FilterLookUp | null
  /** In place of rows when the query has none. */
  empty: ReactNode
  /** A page came that is on screen now, the first of its query. */
  onFirstPage: (page: GridPage, query: GridQuery) => void
}

export type OpenMenu = { kind: 'cell'; cell: GridCell; anchor: Anchor } | { kind: 'column'; column: Column; anchor: Anchor }

/** Tries blocks again that failed; set by the table, called by the bar under it. */
export type RetryRef = RefObject<() => void>

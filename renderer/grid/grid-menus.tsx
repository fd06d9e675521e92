import type { GridApi } from 'ag-grid-community'
import type { Column, Sort } from '../../shared/domain/table-query.ts'
import { type MenuGroups, type MenuItem, PopupMenu } from '../ui/popup-menu.tsx'
import { pinnedColumns, withHidden, withPinned } from './column-layout.ts'
import type { CopyWhat } from './copy-cells.ts'
import { type Arranging, hasFormats } from './arrange-panel.tsx'
import type { DataGridProps, OpenMenu } from './grid-props.ts'
import type { GridCell, GridRow } from './grid-query.ts'

interface GridMenusProps extends Pick<DataGridProps, 'query' | 'layout' | 'onLayout' | 'onSort' | 'onFilterColumn' | 'cellMenu' | 'columnMenu' | 'tree' | 'onCopied' | 'keyColumns'> {
  menu: OpenMenu
  api: GridApi<GridRow> | null
  onView: (cell: GridCell, peek: boolean) => void
  onCopy: (what: CopyWhat) => void
  onArrange: (what: Arranging) => void
  /** More than one cell is chosen. */
  isRange: boolean
  onClose: () => void
}

/** The menu of a cell or of a column header; one at a time. */
export function GridMenus(props: GridMenusProps) {
  const { menu, onClose } = props
  const groups = menu.kind === 'cell' ? cellGroups(menu.cell, props) : columnGroups(menu, props)
  const label = menu.kind === 'cell' ? `Cell of ${menu.cell.column.name}` : `Column ${menu.column.name}`
  return <PopupMenu label={label} anchor={menu.anchor} groups={groups} onClose={onClose} />
}

function cellGroups(cell: GridCell, { cellMenu, onCopy, onView, isRange }: GridMenusProps): MenuGroups {
  const copy = (format: CopyWhat['format'], header: boolean) => () => onCopy({ cell, format, header })
  const items: MenuItem[] = [
    { id: 'copy', label: isRange ? 'Copy cells' : 'Copy cell', icon: 'copy', shortcut: 'Ctrl C', run: copy('tsv', false) },
    { id: 'copy-header', label: 'Copy with header', run: copy('tsv', true) },
    { id: 'copy-markdown', label: 'Copy as Markdown', run: copy('markdown', true) },
    { id: 'copy-json', label: 'Copy as JSON', run: copy('json', true) },
  ]
  return [...cellMenu(cell), items, [{ id: 'view', label: 'Show whole value', icon: 'external', shortcut: 'Enter', run: () => onView(cell, false) }]]
}

function columnGroups({ column, anchor }: { column: Column; anchor: OpenMenu['anchor'] }, props: GridMenusProps): MenuGroups {
  const { query, layout, keyColumns, onLayout, onFilterColumn, onCopied } = props
  const pinned = pinnedColumns(layout, keyColumns).includes(column.name)
  const { isMasked = false } = column
  return [
    ...(props.columnMenu?.(column) ?? []),
    sortItems(column, query.sort, props.onSort),
    props.tree === undefined ? [{ id: 'filter', label: 'Filter…', icon: 'filter', disabled: isMasked, run: () => onFilterColumn(column, anchor) }] : [],
    [
      { id: 'pin', label: pinned ? 'Unpin' : 'Pin to the left', icon: 'pin', run: () => onLayout(withPinned(layout, column.name, { pinned: !pinned, keyColumns })) },
      { id: 'format', label: 'Format…', icon: 'settings', disabled: !hasFormats(column), run: () => props.onArrange({ kind: 'format', column, anchor }) },
      { id: 'group', label: layout.groups[column.name] === undefined ? 'Put under a heading…' : 'Change its heading…', icon: 'columns', run: () => props.onArrange({ kind: 'group', column, anchor }) },
      { id: 'fit', label: 'Fit width to values', run: () => fitWidth(column.name, props) },
      { id: 'hide', label: 'Hide column', icon: 'mask', run: () => onLayout(withHidden(layout, column.name, true)) },
      { id: 'copy-name', label: 'Copy name', icon: 'copy', run: () => onCopied(column.name) },
    ],
  ]
}

function sortItems(column: Column, sort: readonly Sort[], onSort: (sort: Sort[]) => void): MenuItem[] {
  const others = sort.filter((item) => item.column !== column.name)
  const sorted = others.length !== sort.length
  const items: MenuItem[] = [
    { id: 'asc', label: 'Sort ascending', icon: 'asc', disabled: column.isMasked === true, run: () => onSort([{ column: column.name, direction: 'asc' }]) },
    { id: 'desc', label: 'Sort descending', icon: 'desc', disabled: column.isMasked === true, run: () => onSort([{ column: column.name, direction: 'desc' }]) },
  ]
  if (others.length > 0 && !sorted && column.isMasked !== true) items.push({ id: 'then', label: `Then by ${column.name}`, icon: 'plus', run: () => onSort([...sort, { column: column.name, direction: 'asc' }]) })
  if (sorted) items.push({ id: 'unsort', label: 'Clear sort', icon: 'close', run: () => onSort(others) })
  return items
}

function fitWidth(name: string, { api, layout, onLayout }: GridMenusProps): void {
  api?.autoSizeColumns([name])
  const width = api?.getColumn(name)?.getActualWidth()
  if (width !== undefined) onLayout({ ...layout, widths: { ...layout.widths, [name]: Math.min(width, 900) } })
}

import { useMemo, useState } from 'react'
import { headFilters, pathFilters } from '../../../../shared/domain/pivot-filters.ts'
import { GROUP_COLUMN, headLabel, type PivotColumn, type PivotHead, type PivotView as Pivot, valueName } from '../../../../shared/domain/pivot.ts'
import type { Column, Filter } from '../../../../shared/domain/table-query.ts'
import { DataGrid } from '../../../grid/data-grid.tsx'
import { type ColumnLayout, EMPTY_LAYOUT } from '../../../grid/column-layout.ts'
import type { GridTree } from '../../../grid/grid-tree.ts'
import type { GridCell, GridQuery } from '../../../grid/grid-query.ts'
import { selectionWords } from '../../../grid/selection-words.ts'
import type { SelectionSize } from '../../../grid/use-cursor.ts'
import { EmptyState } from '../../../ui/empty-state.tsx'
import { countOf, formatDuration } from '../../../ui/format.ts'
import type { MenuGroups, MenuItem } from '../../../ui/popup-menu.tsx'
import { useCopyText } from '../../../ui/use-copy-text.ts'
import { useStable } from '../../../ui/use-stable.ts'
import { type GroupLine, lineOf, type PivotRows, usePivotRows } from './use-pivot-rows.ts'

interface PivotViewProps {
  dataset: string
  version: number
  columns: readonly Column[]
  filter: readonly Filter[]
  pivot: Pivot
  onPivot: (pivot: Pivot) => void
  /** Shows the rows behind a cell: those that pass these filters. */
  onRows: (filters: readonly Filter[]) => void
}

const NOTHING = (): void => undefined
const NO_KEYS: readonly string[] = []

/** Groups of the rows, level by level, with what is computed of them. */
export function PivotView(props: PivotViewProps) {
  const { dataset, version, filter, pivot, onPivot } = props
  const copy = useCopyText()
  const [selected, setSelected] = useState<SelectionSize | null>(null)
  const [own, setOwn] = useState<ColumnLayout>(EMPTY_LAYOUT)
  const spec = useStable(useMemo(() => ({ ...pivot, sort: [] }), [pivot]))
  const query = useStable<GridQuery>({ sort: pivot.sort, filter: [] })
  const rows = usePivotRows({ dataset, version, filter, pivot: spec })
  const { labels, layout } = useHeadings(rows.facts, { pivot: spec, own })
  const tree = useMemo<GridTree>(() => ({ column: GROUP_COLUMN, depthOf: (row) => Math.max(0, lineOf(row).path.length - 1), foldOf: (row) => foldOf(lineOf(row)), isTotal: (row) => lineOf(row).path.length === 0, toggle: (row) => void rows.toggle(lineOf(row)) }), [rows])
  const open = (cell: GridCell): boolean => {
    const line = lineOf(cell.row)
    if (cell.column.name === GROUP_COLUMN && line.canOpen) void rows.toggle(line)
    else show(cell)
    return true
  }
  const show = (cell: GridCell): void => {
    const filters = filtersOf(cell, { ...props, facts: rows.facts })
    if (filters !== null) props.onRows(filters)
  }
  return (
    <>
      <DataGrid
        label={`Groups of ${dataset}`}
        source={JSON.stringify([version, filter, spec])}
        query={query}
        fetchPage={rows.fetchPage}
        keyColumns={NO_KEYS}
        rowCount={rows.lineCount}
        layout={layout}
        onLayout={setOwn}
        labels={labels}
        tree={tree}
        epoch={rows.epoch}
        onOpen={open}
        onSort={(sort) => onPivot({ ...pivot, sort })}
        onStop={({ sort }) => onPivot({ ...pivot, sort: [...sort] })}
        onFilterColumn={NOTHING}
        onCell={NOTHING}
        onSelectionSize={setSelected}
        onCellKey={(key, cell) => {
          if (key === 'cell.filter') show(cell)
        }}
        cellMenu={(cell) => cellGroups(cell, { rows, onRows: filtersOf(cell, { ...props, facts: rows.facts }) === null ? null : () => show(cell) })}
        onCopied={copy}
        lookUp={null}
        empty={<EmptyState inline title='No row passes the filters'>There is nothing to put together.</EmptyState>}
        onFirstPage={rows.onFirstPage}
      />
      <PivotFoot rows={rows} selected={selected} />
    </>
  )
}

function PivotFoot({ rows: { facts, cost }, selected }: { rows: PivotRows; selected: SelectionSize | null }) {
  return (
    <div className='grid-foot'>
      <span role='status'>{facts === null ? 'Computing' : <><b>{countOf(facts.groupCount, 'group')}</b> of {countOf(facts.rowCount, 'row')}</>}</span>
      {selected !== null && <span>{selectionWords(selected)}</span>}
      <span className='grow' />
      {cost !== null && <span title='What the engine needed for the last groups'>{cost.fromCache ? 'from cache' : `query ${formatDuration(cost.tookMs)}`}</span>}
    </div>
  )
}

/** What stands across is a heading; below it, what is computed. */
function useHeadings(facts: PivotRows['facts'], { pivot, own }: { pivot: Pivot; own: ColumnLayout }): { labels: Readonly<Record<string, string>>; layout: ColumnLayout } {
  return useMemo(() => {
    const columns = facts?.columns ?? []
    const across = columns.map((column): [string, string] => [column.name, headOf(column, { pivot, heads: facts?.heads ?? [] })])
    // A heading over each single column would be a line more that says nothing.
    const isHeading = pivot.columns.length > 0 && pivot.values.length > 1
    const computed = pivot.columns.length > 0 && !isHeading ? across : columns.map((column): [string, string] => [column.name, labelOf(column, pivot)])
    // Names of columns hold what stands over them, too: they say nothing of the width.
    const widths = Object.fromEntries(computed.map(([name, label]) => [name, Math.max(84, 36 + 7 * label.length)]))
    const group = pivot.rows.map(({ column }) => column).join(' › ')
    return { labels: { ...Object.fromEntries(computed), [GROUP_COLUMN]: group === '' ? 'Groups' : group }, layout: { ...own, pinned: [GROUP_COLUMN], groups: isHeading ? Object.fromEntries(across) : {}, widths: { ...widths, [GROUP_COLUMN]: 260, ...own.widths }, formats: { ...roundedFormats(facts, pivot), ...own.formats } } }
  }, [facts, pivot, own])
}

/** What divides has digits without end: shown are as many as tell groups of this size apart. Copies and files have all of them. */
function roundedFormats(facts: PivotRows['facts'], { values }: Pivot): ColumnLayout['formats'] {
  const columns = facts?.columns ?? []
  const decimalsOf = (value: number): number | null => decimalsFor(facts?.total[columns.findIndex((column) => column.head === null && column.value === value)])
  return Object.fromEntries(columns.flatMap(({ name, type, value }) => {
    const isRounded = ['mean', 'median'].includes(values[value]?.of ?? '') || (values[value]?.of === 'sum' && type === 'DOUBLE')
    const decimals = isRounded ? decimalsOf(value) : null
    return decimals === null ? [] : [[name, { kind: 'number', style: 'grouped', decimals }] as const]
  }))
}

/** Null where a fixed number of decimals would hide the value. */
function decimalsFor(total: unknown): number | null {
  const size = Math.abs(Number(total))
  if (total === null || total === undefined || Number.isNaN(size) || size === 0) return 2
  return size >= 100 ? 2 : size >= 1 ? 3 : size >= 0.01 ? 4 : null
}

function labelOf({ value }: PivotColumn, { values }: Pivot): string {
  const measure = values[value]
  return measure === undefined ? '' : valueName(measure)
}

function headOf({ head }: PivotColumn, { pivot, heads }: { pivot: Pivot; heads: readonly PivotHead[] }): string {
  return head === null ? 'total' : headLabel(pivot, heads[head])
}

function foldOf({ canOpen, isOpen }: GroupLine): 'open' | 'closed' | null {
  return canOpen ? (isOpen ? 'open' : 'closed') : null
}

/** What leads to the rows behind a cell; null where filters cannot say it. */
function filtersOf({ row, column }: GridCell, { columns, pivot, facts }: Pick<PivotViewProps, 'columns' | 'pivot'> & Pick<PivotRows, 'facts'>): Filter[] | null {
  const across = facts?.columns.find(({ name }) => name === column.name)
  const head = across === undefined || across.head === null ? undefined : facts?.heads[across.head]
  const under = head === undefined ? [] : headFilters(pivot, { head, heads: facts?.heads ?? [] }, columns)
  return under === null ? null : [...pathFilters(pivot, lineOf(row).path, columns), ...under]
}

interface CellMenu {
  rows: PivotRows
  onRows: (() => void) | null
}

function cellGroups(cell: GridCell, { rows, onRows }: CellMenu): MenuGroups {
  const line = lineOf(cell.row)
  const fold: MenuItem[] = line.canOpen ? [{ id: 'fold', label: line.isOpen ? 'Close the group' : 'Open the group', icon: line.isOpen ? 'down' : 'right', run: () => void rows.toggle(line) }] : []
  return [
    [{ id: 'rows', label: 'Show the rows behind it', icon: 'table', command: 'cell.filter', disabled: onRows === null, run: () => onRows?.() }],
    [...fold, { id: 'close-all', label: 'Close all groups', run: rows.closeAll }],
  ]
}

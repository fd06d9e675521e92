import { useQuery } from '@tanstack/react-query'
import { useCallback, useEffect, useState } from 'react'
import type { DatasetDetail } from '../../../shared/contract/datasets.contract.ts'
import type { DatasetName } from '../../../shared/domain/naming.ts'
import { type Column, type Filter, filterColumn } from '../../../shared/domain/table-query.ts'
import { useApi } from '../../api/api.tsx'
import { problemOf } from '../../api/problem-of.ts'
import { useDatasetLookUp } from '../../api/use-look-up.ts'
import { DataGrid } from '../../grid/data-grid.tsx'
import { shownColumns } from '../../grid/column-layout.ts'
import { FilterBar, type FilterRequest } from '../../grid/filter-bar.tsx'
import { FilterForm } from '../../grid/filter-form.tsx'
import { filterByCell, withFilter } from '../../grid/filter-words.ts'
import { type GridCell, type GridQuery, sameQuery } from '../../grid/grid-query.ts'
import type { SelectionSize } from '../../grid/use-cursor.ts'
import { type DataSearch, dataAddress, entityAddress, goTo, lineageAddress, traceAddress } from '../../ui/addresses.ts'
import { ErrorState } from '../../ui/error-state.tsx'
import { Note } from '../../ui/note.tsx'
import type { MenuGroups } from '../../ui/popup-menu.tsx'
import { useToast } from '../../ui/toast.tsx'
import { useCopyText } from '../../ui/use-copy-text.ts'
import { useShortcut } from '../../ui/use-shortcut.ts'
import { useStable } from '../../ui/use-stable.ts'
import { ChartButton } from './chart-button.tsx'
import { ChartView } from './chart-view.tsx'
import { ColumnsButton } from './columns-button.tsx'
import { useColumnLayout, useDataView } from './data-view.store.ts'
import { DatasetFoot } from './dataset-foot.tsx'
import { DatasetHead } from './dataset-head.tsx'
import { ExportDialog } from './export-dialog.tsx'
import { MaskBar } from './mask-bar.tsx'
import { NoMatches } from './no-matches.tsx'
import { DatasetPanel } from './dataset-panel.tsx'
import { PivotBar } from './pivot/pivot-bar.tsx'
import { PivotButton } from './pivot/pivot-button.tsx'
import { PivotView } from './pivot/pivot-view.tsx'
import { type PivotBarState, usePivotBar } from './pivot/use-pivot-bar.ts'
import { RevealDialog } from './reveal-dialog.tsx'
import { rowFilter } from './row-filter.ts'
import { useDatasetRows } from './use-dataset-rows.ts'
import { useMaskedQuery } from './use-masked-query.ts'
import { useVersionCopy } from './use-version-copy.ts'
import { useOpenedView } from './use-saved-view.ts'

interface DatasetViewProps {
  dataset: string
  name: DatasetName
  /** The version shown: the one of the address, else the current one. */
  version: number
  search: DataSearch
  entityKeys: ReadonlySet<string>
}

const NO_COLUMNS: readonly Column[] = []
const NO_KEYS: readonly string[] = []

/** One dataset at a version: head, filters, rows, and what is known about them. */
export function DatasetView(props: DatasetViewProps) {
  const { dataset, name, version, search, entityKeys } = props
  const { queries } = useApi()
  const query = useStable<GridQuery>({ sort: search.sort ?? [], filter: search.filter ?? [] })
  const { data: detail, error, refetch } = useQuery(queries.datasets.get.queryOptions({ input: { dataset, version } }))
  const columns = detail?.columns ?? NO_COLUMNS
  const keyColumns = useStable(detail?.key ?? NO_KEYS)
  const rows = useDatasetRows(dataset, version, query)
  const [cell, setCell] = useState<GridCell | null>(null)
  const [editing, setEditing] = useState<FilterRequest | null>(null)
  const [exporting, setExporting] = useState(false)
  const [revealing, setRevealing] = useState<{ column: string | null } | null>(null)
  const panelOpen = useDataView((state) => state.panelOpen)
  const bar = usePivotBar(dataset, search)
  useOpenedView(dataset, search)
  useDatasetKeys({ onExport: () => setExporting(detail !== undefined) })

  const setQuery = useCallback((next: GridQuery) => goTo(dataAddress(dataset, { v: search.v, sort: [...next.sort], filter: [...next.filter], view: search.view, chart: search.chart, pivot: search.pivot })), [dataset, search.v, search.view, search.chart, search.pivot])
  useMaskedQuery({ columns, query, setQuery })
  const shared: SharedProps = { ...props, detail, columns, keyColumns, query, setQuery, rows, bar, onCell: setCell, onEdit: setEditing, onReveal: setRevealing }
  return (
    <>
      <section className='main' aria-label={dataset} data-region='' tabIndex={-1}>
        <DatasetHead name={name} dataset={dataset} detail={detail} onVersion={(v) => goTo(dataAddress(dataset, { ...search, v: v ?? undefined }))} onExport={() => setExporting(true)} />
        {detail !== undefined && <OldVersionNote detail={detail} search={search} />}
        <DatasetBars {...shared} />
        <MaskBar dataset={dataset} columns={columns} onReveal={() => setRevealing({ column: null })} />
        {error !== null && <ErrorState inline problem={problemOf(error)} onRetry={() => void refetch()} />}
        <DatasetBody {...shared} />
      </section>
      {panelOpen && <DatasetPanel cell={cell} columns={columns} detail={detail} dataType={name.dataType} entityKeys={entityKeys} filters={query.filter} onFilters={(filter) => setQuery({ ...query, filter })} />}
      <OpenDialogs {...shared} editing={editing} revealing={revealing} exporting={exporting} onExported={() => setExporting(false)} />
    </>
  )
}

interface SharedProps extends DatasetViewProps {
  detail: DatasetDetail | undefined
  columns: readonly Column[]
  keyColumns: readonly string[]
  query: GridQuery
  setQuery: (query: GridQuery) => void
  rows: ReturnType<typeof useDatasetRows>
  bar: PivotBarState
  onCell: (cell: GridCell | null) => void
  onEdit: (request: FilterRequest | null) => void
  onReveal: (request: { column: string | null } | null) => void
}

interface OpenDialogsProps extends SharedProps {
  editing: FilterRequest | null
  revealing: { column: string | null } | null
  exporting: boolean
  onExported: () => void
}

function OpenDialogs({ editing, revealing, exporting, onExported, ...shared }: OpenDialogsProps) {
  const { dataset, columns, onReveal } = shared
  return (
    <>
      {editing !== null && <FilterOf {...shared} editing={editing} />}
      {revealing !== null && <RevealDialog dataset={dataset} columns={columns} column={revealing.column} onClose={() => onReveal(null)} />}
      {exporting && <ExportOf {...shared} onClose={onExported} />}
    </>
  )
}

/** What narrows the rows, and what puts them together. Groups have an order of their own, which their headers show. */
function DatasetBars({ dataset, search, columns, keyColumns, query, setQuery, bar, onEdit }: SharedProps) {
  const shown = bar.isGrouped ? { ...query, sort: [] } : query
  return (
    <>
      <FilterBar columns={columns} query={shown} onQuery={(next) => setQuery(bar.isGrouped ? { ...next, sort: query.sort } : next)} onEdit={onEdit}>
        <PivotButton dataset={dataset} search={search} />
        <ChartButton dataset={dataset} search={search} columns={columns} keyColumns={keyColumns} />
        <ColumnsButton dataset={dataset} columns={columns} keyColumns={keyColumns} />
      </FilterBar>
      {bar.pivot !== null && search.chart === undefined && <PivotBar pivot={bar.pivot} columns={columns} onPivot={bar.onPivot} onClose={bar.onClose} over={bar.over} />}
    </>
  )
}

/** The rows, groups of them, or a chart. */
function DatasetBody(props: SharedProps) {
  const { dataset, version, search, columns, query, bar } = props
  const showRows = useShowRows(dataset, search)
  if (search.chart === undefined && bar.pivot !== null && bar.isGrouped) return <PivotView dataset={dataset} version={version} columns={columns} filter={query.filter} pivot={bar.pivot} onPivot={bar.onPivot} onRows={showRows} />
  if (search.chart === undefined) return <DatasetRows {...props} />
  return <ChartView dataset={dataset} version={version} columns={columns} filter={query.filter} spec={search.chart} onSpec={(chart) => goTo(dataAddress(dataset, { ...search, chart }))} />
}

function FilterOf({ dataset, version, editing, columns, query, setQuery, onEdit }: SharedProps & { editing: FilterRequest }) {
  const lookUp = useDatasetLookUp(dataset, version, query.filter)
  return <FilterForm editing={editing} columns={columns} query={query} lookUp={lookUp} onQuery={setQuery} onClose={() => onEdit(null)} />
}

/** Exports what is wanted, which is what the chips say, even while its rows are on their way. */
function ExportOf({ dataset, version, columns, keyColumns, query, rows, bar, onClose }: SharedProps & { onClose: () => void }) {
  const layout = useColumnLayout(dataset)
  const isShown = rows.shown !== null && sameQuery(rows.shown, query)
  const names = shownColumns(columns, layout, keyColumns).map((column) => column.name)
  return <ExportDialog subject={{ dataset, version, query, shownColumns: names, columnCount: columns.length, rowCount: isShown ? rows.rowCount : null, pivot: bar.isGrouped ? bar.pivot : null }} onClose={onClose} />
}

/** The grid with what can be done to its cells, and the line below it. */
function DatasetRows({ dataset, version, entityKeys, columns, keyColumns, query, setQuery, rows, bar, onCell, onEdit, onReveal }: SharedProps) {
  const [selected, setSelected] = useState<SelectionSize | null>(null)
  const layout = useColumnLayout(dataset)
  const versionCopy = useVersionCopy(dataset, version, query)
  const setLayout = useDataView((state) => state.setLayout)
  const copy = useCopyText()
  const lookUp = useDatasetLookUp(dataset, version)
  const setFilters = (filter: readonly Filter[]): void => setQuery({ ...query, filter })
  const traceOf = ({ row, column }: GridCell): string => traceAddress(dataset, { v: version, filter: rowFilter({ columns, keyColumns, row }), column: column.name })
  const filterCell = (target: GridCell): void => setFilters(withFilter(query.filter, filterByCell(target.column, target.value)))
  return (
    <>
      <DataGrid
        key={dataset}
        label={dataset}
        source={String(version)}
        query={query}
        fetchPage={rows.fetchPage}
        keyColumns={keyColumns}
        rowCount={rows.rowCount}
        layout={layout}
        onLayout={(next) => setLayout(dataset, next)}
        onSort={(sort) => setQuery({ ...query, sort })}
        onStop={setQuery}
        onFilterColumn={(column, anchor) => onEdit({ anchor, column, initial: query.filter.find((item) => filterColumn(item) === column.name) ?? null })}
        onCell={onCell}
        onSelectionSize={setSelected}
        onCellKey={(key, target) => {
          if (key === 'cell.filter' && (target.column.isMasked !== true || target.value === null)) filterCell(target)
          if (key === 'cell.lineage') goTo(lineageAddress(dataset))
          if (key === 'cell.trace') goTo(traceOf(target))
        }}
        cellMenu={(target) => cellGroups({ target, dataset, entityKeys, onFilter: () => filterCell(target), trace: traceOf(target) })}
        columnMenu={(column) => (column.isMasked === true ? [[{ id: 'reveal', label: 'Reveal its values…', icon: 'mask', run: () => onReveal({ column: column.name }) }]] : [bar.columnMenu(column)])}
        onMasked={(column) => onReveal({ column: column.name })}
        onCopied={copy}
        {...(bar.pivot === null ? {} : { headDrop: bar.headDrop })}
        lookUp={lookUp}
        empty={<NoMatches dataset={dataset} version={version} filters={query.filter} columns={columns} onFilters={setFilters} />}
        onFirstPage={rows.onFirstPage}
      />
      <DatasetFoot rowCount={rows.rowCount} totalRows={rows.totalRows} filtered={(rows.shown?.filter.length ?? 0) > 0} selected={selected} keys={keyColumns} cost={rows.cost} copy={versionCopy} />
    </>
  )
}

/** Ctrl E, and the same from the menu of the desktop program. */
function useDatasetKeys({ onExport }: { onExport: () => void }): void {
  const { host } = useApi()
  const toggleTree = useDataView((state) => state.toggleTree)
  const togglePanel = useDataView((state) => state.togglePanel)
  useShortcut('data.tree', toggleTree)
  useShortcut('data.panel', togglePanel)
  useShortcut('data.export', onExport)
  useEffect(() => host?.onMenu((command) => {
    if (command === 'export') onExport()
  }), [host, onExport])
}

/** The rows behind a group, in place of the groups; back leads to them again. */
function useShowRows(dataset: string, search: DataSearch): (filters: readonly Filter[]) => void {
  const toast = useToast()
  return (filters) => {
    const filter = [...(search.filter ?? []), ...filters]
    if (filter.length <= MOST_FILTERS) goTo(dataAddress(dataset, { v: search.v, sort: search.sort, filter }))
    else toast({ status: 'degraded', title: `The group would need ${filter.length} filters`, text: `A table takes ${MOST_FILTERS}. Drop some of those in force first.` })
  }
}

const MOST_FILTERS = 32

interface CellMenuRequest {
  target: GridCell
  dataset: string
  entityKeys: ReadonlySet<string>
  onFilter: () => void
  /** Address of the trace of the cell. */
  trace: string
}

function cellGroups({ target, dataset, entityKeys, onFilter, trace }: CellMenuRequest): MenuGroups {
  const { column, value } = target
  const isMasked = column.isMasked === true
  const isEntity = !isMasked && entityKeys.has(column.name) && value !== null && value !== '' && typeof value !== 'object'
  return [
    isEntity ? [{ id: 'entity', label: `Everything about ${String(value)}`, icon: 'key', run: () => goTo(entityAddress(String(value))) }] : [],
    [
      { id: 'filter', label: value === null ? `Only rows without ${column.name}` : 'Only rows with this value', icon: 'filter', command: 'cell.filter', disabled: isMasked && value !== null, run: onFilter },
      { id: 'trace', label: 'Trace this value to its file', icon: 'file', command: 'cell.trace', run: () => goTo(trace) },
      { id: 'lineage', label: 'Lineage of this dataset', icon: 'lineage', command: 'cell.lineage', run: () => goTo(lineageAddress(dataset)) },
    ],
  ]
}

function OldVersionNote({ detail, search }: { detail: DatasetDetail; search: DataSearch }) {
  const current = detail.versions.find((version) => version.isCurrent)
  if (current === undefined || current.version === detail.version) return null
  return (
    <div className='data-note'>
      <Note status='running'>
        You look at v{detail.version} of run #{detail.runNumber}. <a href={dataAddress(detail.dataset, { ...search, v: undefined })}>Go to current, run #{current.runNumber}</a>
      </Note>
    </div>
  )
}

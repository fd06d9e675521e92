import { useQuery } from '@tanstack/react-query'
import { useCallback, useState } from 'react'
import { z } from 'zod'
import type { QueryResult } from '../../../shared/contract/query.contract.ts'
import { filterColumn } from '../../../shared/domain/table-query.ts'
import { IMMUTABLE, useApi } from '../../api/api.tsx'
import { useQueryLookUp } from '../../api/use-look-up.ts'
import { type ColumnLayout, EMPTY_LAYOUT } from '../../grid/column-layout.ts'
import { DataGrid } from '../../grid/data-grid.tsx'
import { FilterBar, type FilterRequest } from '../../grid/filter-bar.tsx'
import { FilterForm } from '../../grid/filter-form.tsx'
import { filterByCell, withFilter } from '../../grid/filter-words.ts'
import type { FetchGridPage, GridCell, GridQuery } from '../../grid/grid-query.ts'
import { selectionWords } from '../../grid/selection-words.ts'
import type { SelectionSize } from '../../grid/use-cursor.ts'
import { dataAddress } from '../../ui/addresses.ts'
import { Button } from '../../ui/button.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { countOf, formatBytes, formatCount, formatDuration } from '../../ui/format.ts'
import { Icon } from '../../ui/icon.tsx'
import { useCopyText } from '../../ui/use-copy-text.ts'

interface ResultGridProps {
  result: QueryResult
  limit: number | null
  onAll: () => void
}

const rowsSchema = z.array(z.array(z.unknown()))
const ALL: GridQuery = { sort: [], filter: [] }
const NO_KEYS: readonly string[] = []

/** The rows of a query in the grid that datasets have: sorted and filtered by the engine, at any depth. */
export function ResultGrid({ result, limit, onAll }: ResultGridProps) {
  const { queryId, columns } = result
  const [query, setQuery] = useState<GridQuery>(ALL)
  const [layout, setLayout] = useState<ColumnLayout>(EMPTY_LAYOUT)
  const [editing, setEditing] = useState<FilterRequest | null>(null)
  const [selected, setSelected] = useState<SelectionSize | null>(null)
  const copy = useCopyText()
  const lookUp = useQueryLookUp(queryId, query.filter)
  const isFiltered = query.filter.length > 0
  const { fetchPage, rowCount } = useResultRows(result, query)
  const filterCell = ({ column, value }: GridCell): void => setQuery({ ...query, filter: withFilter(query.filter, filterByCell(column, value)) })
  return (
    <>
      {result.masked.length > 0 && <MaskedReads masked={result.masked} />}
      {(isFiltered || query.sort.length > 0) && <FilterBar columns={columns} query={query} onQuery={setQuery} onEdit={setEditing} />}
      <DataGrid
        label='Result'
        source={queryId}
        query={query}
        fetchPage={fetchPage}
        keyColumns={NO_KEYS}
        rowCount={rowCount}
        layout={layout}
        onLayout={setLayout}
        onSort={(sort) => setQuery({ ...query, sort })}
        onStop={setQuery}
        onFilterColumn={(column, anchor) => setEditing({ anchor, column, initial: query.filter.find((item) => filterColumn(item) === column.name) ?? null })}
        onCell={NOTHING}
        onSelectionSize={setSelected}
        onCellKey={(key, cell) => {
          if (key === 'cell.filter') filterCell(cell)
        }}
        cellMenu={(cell) => [[{ id: 'filter', label: cell.value === null ? `Only rows without ${cell.column.name}` : 'Only rows with this value', icon: 'filter', command: 'cell.filter', run: () => filterCell(cell) }]]}
        onCopied={copy}
        lookUp={lookUp}
        empty={<NoRows isFiltered={isFiltered} onClear={() => setQuery(ALL)} />}
        onFirstPage={NOTHING}
      />
      {editing !== null && <FilterForm editing={editing} columns={columns} query={query} lookUp={lookUp} onQuery={setQuery} onClose={() => setEditing(null)} />}
      <ResultFoot result={result} limit={limit} matches={isFiltered ? rowCount : null} selected={selected} onAll={onAll} />
    </>
  )
}

const NOTHING = (): void => undefined

/** Pages of a result for the grid, and how many rows pass its filter. */
function useResultRows({ queryId, rowCount }: QueryResult, { filter }: GridQuery): { fetchPage: FetchGridPage; rowCount: number | null } {
  const { client, queries } = useApi()
  const fetchPage = useCallback<FetchGridPage>(
    async (request) => {
      const page = await client.query.page({ queryId, sort: [...request.sort], filter: [...request.filter], offset: request.offset, limit: request.limit }, { signal: request.signal })
      return { columns: page.columns, rows: rowsSchema.parse(JSON.parse(page.rowsJson)), totalRows: page.totalRows }
    },
    [client, queryId],
  )
  const count = useQuery({ ...queries.query.count.queryOptions({ input: { queryId, filter: [...filter] } }), ...IMMUTABLE, enabled: filter.length > 0 })
  return { fetchPage, rowCount: filter.length > 0 ? (count.data?.count ?? null) : rowCount }
}

/** A condition on a masked column compares masks, which nobody would see from the rows. */
function MaskedReads({ masked }: Pick<QueryResult, 'masked'>) {
  return (
    <div className='sql-masked' role='note'>
      <Icon name='mask' size={14} />
      <span>
        Read as masks, also by conditions and orders:{' '}
        {masked.map(({ dataset, columns }, i) => (
          <span key={dataset}>{i > 0 && '; '}<b className='mono'>{columns.join(', ')}</b> of <a href={dataAddress(dataset)} className='mono'>{dataset}</a></span>
        ))}. Reveal them there, and run it again.
      </span>
    </div>
  )
}

function NoRows({ isFiltered, onClear }: { isFiltered: boolean; onClear: () => void }) {
  if (!isFiltered) return <EmptyState inline title='The query gave no rows'>It ran to its end, and nothing matched.</EmptyState>
  return <EmptyState inline title='No row of the result matches these filters' actions={<Button small onClick={onClear}>Clear the filters</Button>} />
}

function ResultFoot({ result, limit, matches, selected, onAll }: ResultGridProps & { matches: number | null; selected: SelectionSize | null }) {
  const { rowCount, isCut, sizeBytes, tookMs } = result
  return (
    <div className='grid-foot'>
      <span role='status'>{matches === null ? <><b>{formatCount(rowCount)}</b> {rowCount === 1 ? 'row' : 'rows'}</> : <><b>{formatCount(matches)}</b> of {formatCount(rowCount)} rows</>}</span>
      {isCut && (
        <span className='row sql-cut'>
          <span>{`There are more: it stops at ${formatCount(limit ?? rowCount)}`}</span>
          <Button small onClick={onAll}>Get all rows</Button>
        </span>
      )}
      {selected !== null && <span>{selectionWords(selected)}</span>}
      <span className='grow' />
      <span className='t3'>{`${countOf(result.columns.length, 'column')}, ${formatBytes(sizeBytes)}`}</span>
      <span title='From sending the query to its last row'>{formatDuration(tookMs)}</span>
    </div>
  )
}

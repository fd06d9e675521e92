import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { DatasetDetail } from '../../../shared/contract/datasets.contract.ts'
import type { Column } from '../../../shared/domain/table-query.ts'
import { IMMUTABLE, useApi } from '../../api/api.tsx'
import { problemOf } from '../../api/problem-of.ts'
import { cellTone, formatCell, groupsDigits, isIdentifierColumn } from '../../grid/cell-format.ts'
import type { GridCell } from '../../grid/grid-query.ts'
import { entityAddress, traceAddress } from '../../ui/addresses.ts'
import { Button, LinkButton } from '../../ui/button.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { ErrorState } from '../../ui/error-state.tsx'
import { formatCount } from '../../ui/format.ts'
import { Icon } from '../../ui/icon.tsx'
import { rowFilter } from './row-filter.ts'

interface RowPanelProps {
  cell: GridCell | null
  columns: readonly Column[]
  detail: DatasetDetail | undefined
  /** Columns whose values name an entity. */
  entityKeys: ReadonlySet<string>
}

/** The row under the cursor, one column a line, and where it came from. */
export function RowPanel({ cell, columns, detail, entityKeys }: RowPanelProps) {
  if (cell === null) return <EmptyState inline title='No row is chosen'>Click a row, or move to one with the arrow keys, to see all its columns here.</EmptyState>
  const file = provenance(cell, columns, '_file')
  const record = provenance(cell, columns, '_record')
  return (
    <>
      <div className='row-head'>
        <span>Row <b>{formatCount(cell.rowIndex + 1)}</b></span>
        {detail !== undefined && <LinkButton small variant='quiet' icon='lineage' iconSize={13} href={traceAddress(detail.dataset, { v: detail.version, filter: rowFilter({ columns, keyColumns: detail.key, row: cell.row }) })}>Trace to its files</LinkButton>}
      </div>
      <dl className='row-values scroll' tabIndex={0} aria-label='Values of the row'>
        {columns.map((column, index) => (
          <div key={column.name} className={column.name === cell.column.name ? 'at' : undefined}>
            <dt className='cut' title={`${column.name}: ${column.type.toLowerCase()}`}>{column.name}</dt>
            <dd><RowValue column={column} value={cell.row[index]} keys={detail?.key ?? []} isEntity={entityKeys.has(column.name)} /></dd>
          </div>
        ))}
      </dl>
      {detail !== undefined && typeof file === 'string' && Number.isInteger(Number(record)) && (
        <SourceLine key={`${file} ${String(record)}`} detail={detail} file={file} record={Number(record)} />
      )}
    </>
  )
}

function provenance(cell: GridCell, columns: readonly Column[], name: string): unknown {
  const index = columns.findIndex((column) => column.isProvenance && column.name === name)
  return index === -1 ? undefined : cell.row[index]
}

function RowValue({ column, value, keys, isEntity }: { column: Column; value: unknown; keys: readonly string[]; isEntity: boolean }) {
  const tone = cellTone(value)
  const text = formatCell(value, column, groupsDigits(column, keys))
  if (tone === 'null' || tone === 'empty') return <span className={tone === 'null' ? 'null' : 't3'}>{text}</span>
  const mono = isIdentifierColumn(column, keys) || tone === 'nested' ? 'mono' : undefined
  if (isEntity && tone === 'plain') {
    return <a className={mono} href={entityAddress(String(value))} title={`Everything about ${String(value)}`}>{text}</a>
  }
  return <span className={mono}>{text}</span>
}

/** Finds the line of the delivered file at which the record begins; asked for, because it may mean reading the file. */
function SourceLine({ detail, file, record }: { detail: DatasetDetail; file: string; record: number }) {
  const { queries, host } = useApi()
  const [asked, setAsked] = useState(false)
  const place = useQuery({ ...queries.datasets.locate.queryOptions({ input: { dataset: detail.dataset, version: detail.version, file, record } }), ...IMMUTABLE, enabled: asked })
  return (
    <div className='panel-foot'>
      <div className='row row-4 s12'><Icon name='file' size={13} /><span className='wrap'>Record <b>{formatCount(record)}</b> of <span className='mono'>{file}</span></span></div>
      {!asked && <Button small icon='search' iconSize={13} onClick={() => setAsked(true)}>Show source line</Button>}
      {asked && place.isPending && <div className='s12 t2'>Reading {file}</div>}
      {place.error !== null && <ErrorState inline problem={problemOf(place.error)} onRetry={() => void place.refetch()} />}
      {place.data !== undefined && (
        <div className='s12'>
          <SourcePlace line={place.data.line} place={place.data.place} />
          <div className='mono s11 t2 wrap'>{place.data.path}</div>
          {host !== null && <Button small icon='folder' iconSize={13} onClick={() => void host.revealFile(place.data.path)}>Show in folder</Button>}
        </div>
      )}
    </div>
  )
}

function SourcePlace({ line, place }: { line: number | null; place: string | null }) {
  if (place !== null) return <>Begins at cell <b className='mono'>{place}</b></>
  return line === null ? 'Lines mean nothing in this file; the record is counted.' : <>Begins at line <b>{formatCount(line)}</b></>
}

import { useState } from 'react'
import type { ErrorGroup } from '../../../shared/contract/history.contract.ts'
import { useApi } from '../../api/api.tsx'
import { problemOf } from '../../api/problem-of.ts'
import { type PagedRows, usePagedRows } from '../../api/use-paged-rows.ts'
import { runAddress } from '../../ui/addresses.ts'
import { PanelHead } from '../../ui/bars.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { ErrorState } from '../../ui/error-state.tsx'
import { formatCount } from '../../ui/format.ts'
import { LoadingState } from '../../ui/loading-state.tsx'
import { TimeAgo } from '../../ui/time-ago.tsx'
import { type TableColumn, VirtualTable } from '../../ui/virtual-table.tsx'

const PAGE = 100

/** The same error over entities and runs: how often, where, first and last seen. */
export function RunErrors({ dataType, text }: { dataType: string | undefined; text: string | undefined }) {
  const { queries } = useApi()
  const [chosen, setChosen] = useState<string | null>(null)
  const filter = { ...(dataType === undefined ? {} : { dataType }), ...(text === undefined ? {} : { text }) }
  const rows = usePagedRows({
    pageSize: PAGE,
    page: (offset) => queries.history.errors.queryOptions({ input: { ...filter, offset, limit: PAGE } }),
    read: ({ total, groups }) => ({ total, rows: groups }),
  })
  if (rows.error !== null && rows.total === 0) return <ErrorState problem={problemOf(rows.error)} onRetry={rows.retry} />
  if (rows.isPending) return <LoadingState rows={10}>Grouping the failures</LoadingState>
  if (rows.total === 0) return <NoErrors filtered={Object.keys(filter).length > 0} />
  const groups = rows.answer?.groups ?? []
  return <Groups rows={rows} group={groups.find((one) => one.signature === chosen) ?? groups[0]} onChoose={setChosen} />
}

function Groups({ rows, group, onChoose }: { rows: PagedRows<unknown, ErrorGroup>; group: ErrorGroup | undefined; onChoose: (signature: string) => void }) {
  return (
    <>
      <VirtualTable label='Errors by cause' columns={COLUMNS} total={rows.total} rowAt={rows.rowAt} onRange={rows.onRange} rowKey={(one) => one.signature} selectedKey={group?.signature ?? null} onSelect={(one) => onChoose(one.signature)} />
      {group !== undefined && <Detail group={group} />}
    </>
  )
}

function NoErrors({ filtered }: { filtered: boolean }) {
  if (filtered) return <EmptyState title='No cause matches these filters'>Drop one of them to see more.</EmptyState>
  return <EmptyState title='Nothing has failed' icon='check'>When entities or runs fail, their errors are grouped here by cause, with where each was first and last seen.</EmptyState>
}

const refText = ({ dataType, runNumber }: ErrorGroup['lastRun']): string => `${dataType} #${runNumber}`

const COLUMNS: readonly TableColumn<ErrorGroup>[] = [
  { id: 'cause', header: 'Cause', width: 'minmax(0, 1.6fr)', cell: (group) => <span className='mono'>{group.signature}</span>, title: (group) => group.signature },
  { id: 'class', header: 'Class', width: '112px', cell: (group) => <span className='t2'>{group.errorClass?.replaceAll('_', ' ') ?? ''}</span> },
  { id: 'datasets', header: 'Where', width: 'minmax(0, 0.9fr)', cell: (group) => <span className='mono'>{group.datasets.join(', ')}</span>, title: (group) => group.datasets.join(', ') },
  { id: 'entities', header: 'Entities', width: '84px', numeric: true, cell: (group) => (group.entities === 0 ? '' : formatCount(group.entities)) },
  { id: 'runs', header: 'Runs', width: '68px', numeric: true, cell: (group) => (group.runs === 0 ? '' : formatCount(group.runs)) },
  { id: 'first', header: 'First seen', width: '104px', numeric: true, cell: (group) => <TimeAgo at={group.firstSeen} /> },
  { id: 'last', header: 'Last seen', width: '104px', numeric: true, cell: (group) => <TimeAgo at={group.lastSeen} /> },
  { id: 'run', header: 'Last in', width: '150px', cell: (group) => <a className='mono' href={runAddress(group.lastRun, group.entities > 0 ? 'entities' : undefined)}>{refText(group.lastRun)}</a> },
]

function Detail({ group }: { group: ErrorGroup }) {
  return (
    <section className='check-detail' aria-label='The chosen cause'>
      <PanelHead title='As it was written' remark={<>first in <a className='mono' href={runAddress(group.firstRun)}>{refText(group.firstRun)}</a>, last in <a className='mono' href={runAddress(group.lastRun)}>{refText(group.lastRun)}</a></>} />
      <pre className='raw-record'>{group.example}</pre>
    </section>
  )
}

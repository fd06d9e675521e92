import { useState } from 'react'
import type { QuarantinedRecord, RunRef } from '../../../shared/contract/runs.contract.ts'
import { useApi } from '../../api/api.tsx'
import { problemOf } from '../../api/problem-of.ts'
import { usePagedRows } from '../../api/use-paged-rows.ts'
import { quarantineAddress } from '../../ui/addresses.ts'
import { PanelHead } from '../../ui/bars.tsx'
import { LinkButton } from '../../ui/button.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { ErrorState } from '../../ui/error-state.tsx'
import { countOf, formatCount } from '../../ui/format.ts'
import { LoadingState } from '../../ui/loading-state.tsx'
import { type TableColumn, VirtualTable } from '../../ui/virtual-table.tsx'

const PAGE = 200

/** Rejected records with the reason; the one chosen as it was delivered. */
export function RunQuarantine({ run }: { run: RunRef }) {
  const { queries } = useApi()
  const [chosen, setChosen] = useState<QuarantinedRecord | null>(null)
  const rows = usePagedRows({
    pageSize: PAGE,
    page: (offset) => queries.runs.quarantine.queryOptions({ input: { run, offset, limit: PAGE } }),
    read: ({ total, records }) => ({ total, rows: records }),
  })
  if (rows.error !== null && rows.answer === undefined) return <ErrorState problem={problemOf(rows.error)} onRetry={rows.retry} />
  if (rows.isPending) return <LoadingState rows={8}>Reading the quarantine</LoadingState>
  if (rows.total === 0) return <EmptyState title='Nothing was rejected' icon='check'>Records that cannot be read or break a rule come here with file, record and reason, so that read = loaded + quarantined.</EmptyState>
  const shown = chosen ?? rows.rowAt(0) ?? null
  return (
    <section className='run-panel' aria-label='Quarantine'>
      <PanelHead title={countOf(rows.total, 'record')} remark={rows.total === 1 ? 'could not be read, or breaks a rule' : 'could not be read, or break a rule'}>
        <LinkButton small icon='quality' href={quarantineAddress({ dataType: run.dataType })}>Work through them</LinkButton>
      </PanelHead>
      <VirtualTable label='Quarantined records' columns={COLUMNS} total={rows.total} rowAt={rows.rowAt} onRange={rows.onRange} rowKey={keyOf} selectedKey={shown === null ? null : keyOf(shown)} onSelect={setChosen} />
      {shown !== null && (
        <div className='check-detail' tabIndex={0} role='group' aria-label='Record as delivered'>
          <PanelHead title='As delivered' remark={<><span className='mono'>{shown.file}</span>{shown.record === null ? '' : `, record ${formatCount(shown.record)}`}</>} />
          <pre className='raw-record'>{shown.raw}</pre>
        </div>
      )}
    </section>
  )
}

const COLUMNS: readonly TableColumn<QuarantinedRecord>[] = [
  { id: 'reason', header: 'Reason', width: 'minmax(0, 1.2fr)', cell: (record) => record.reason, title: (record) => record.reason },
  { id: 'column', header: 'Column', width: '150px', cell: (record) => <span className='mono'>{record.column ?? ''}</span> },
  { id: 'dataset', header: 'Dataset', width: 'minmax(0, 0.7fr)', cell: (record) => <span className='mono'>{record.dataset}</span>, title: (record) => record.dataset },
  { id: 'file', header: 'File', width: 'minmax(0, 0.7fr)', cell: (record) => <span className='mono'>{record.file}</span>, title: (record) => record.file },
  { id: 'record', header: 'Record', width: '84px', numeric: true, cell: (record) => (record.record === null ? '' : formatCount(record.record)) },
]

function keyOf(record: QuarantinedRecord): string {
  return `${record.dataset} ${record.file} ${record.record} ${record.column} ${record.reason}`
}

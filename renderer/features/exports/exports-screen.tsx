import { KeyName } from '../../ui/kbd.tsx'
import { useState } from 'react'
import type { Export } from '../../../shared/contract/exports.contract.ts'
import { useApi } from '../../api/api.tsx'
import { problemOf } from '../../api/problem-of.ts'
import { type PagedRows, usePagedRows } from '../../api/use-paged-rows.ts'
import { dataAddress } from '../../ui/addresses.ts'
import { PageHead } from '../../ui/bars.tsx'
import { LinkButton } from '../../ui/button.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { ErrorState } from '../../ui/error-state.tsx'
import { countOf } from '../../ui/format.ts'
import { LoadingState } from '../../ui/loading-state.tsx'
import { VirtualTable } from '../../ui/virtual-table.tsx'
import { EXPORT_COLUMNS } from './export-columns.tsx'
import { ExportPanel } from './export-panel.tsx'
import './exports.css'

const PAGE_ROWS = 100
const POLL_MS = 500

/** What was written to files, what is being written, and the facts of each. */
export function ExportsScreen() {
  const { queries } = useApi()
  const [selectedId, setSelectedId] = useState<string | null>(null)
  const list = usePagedRows<{ total: number; exports: Export[] }, Export>({
    pageSize: PAGE_ROWS,
    // A running export says how far it is only when asked.
    page: (offset) => ({
      ...queries.exports.list.queryOptions({ input: { offset, limit: PAGE_ROWS } }),
      refetchInterval: (query) => (query.state.data?.exports.some((item) => item.state === 'running') === true ? POLL_MS : false),
    }),
    read: ({ total, exports }) => ({ total, rows: exports }),
  })
  if (list.error !== null && list.answer === undefined) return <div className='view'><ErrorState problem={problemOf(list.error)} onRetry={list.retry} /></div>
  if (list.isPending) return <div className='view'><LoadingState rows={8}>Reading the exports</LoadingState></div>
  if (list.total === 0) return <NoExports />
  return <ExportList list={list} selectedId={selectedId} onSelect={setSelectedId} />
}

type ExportRows = PagedRows<{ total: number; exports: Export[] }, Export>

function ExportList({ list, selectedId, onSelect }: { list: ExportRows; selectedId: string | null; onSelect: (id: string) => void }) {
  const loaded = list.answer?.exports ?? []
  const running = loaded.filter((item) => item.state === 'running').length
  const selected = loaded.find((item) => item.id === selectedId) ?? loaded[0] ?? null
  return (
    <div className='view'>
      <section className='main' aria-label='Exports'>
        <PageHead
          title='Exports'
          facts={`${countOf(list.total, 'file')}${running === 0 ? '' : `, ${running} being written`}`}
          actions={<LinkButton icon='table' href={dataAddress()}>Choose data to export</LinkButton>}
        />
        <VirtualTable<Export>
          label='Exports'
          columns={EXPORT_COLUMNS}
          total={list.total}
          rowAt={list.rowAt}
          rowKey={(item) => item.id}
          onRange={list.onRange}
          onSelect={(item) => onSelect(item.id)}
          selectedKey={selected?.id ?? null}
        />
      </section>
      {selected !== null && <ExportPanel item={selected} />}
    </div>
  )
}

function NoExports() {
  return (
    <div className='view'>
      <section className='main' aria-label='Exports'>
        <PageHead title='Exports' />
        <EmptyState icon='exports' title='Nothing has been exported yet' actions={<LinkButton variant='primary' icon='table' href={dataAddress()}>Choose data to export</LinkButton>}>
          Open a dataset in Data, filter and sort it, then press Export or <KeyName of='data.export' />. The file and a manifest with its rows, size and SHA-256 are kept in the exports folder of the workspace.
        </EmptyState>
      </section>
    </div>
  )
}

import type { Export } from '../../../shared/contract/exports.contract.ts'
import { formatBytes, formatCount, formatShare, shortHash } from '../../ui/format.ts'
import { Progress } from '../../ui/progress.tsx'
import { Status } from '../../ui/status.tsx'
import { TimeAgo } from '../../ui/time-ago.tsx'
import type { TableColumn } from '../../ui/virtual-table.tsx'

export const EXPORT_COLUMNS: readonly TableColumn<Export>[] = [
  { id: 'state', header: 'State', width: '118px', cell: (item) => <ExportState item={item} /> },
  { id: 'dataset', header: 'Dataset', width: 'minmax(140px, 3fr)', cell: (item) => <span className='mono'>{item.dataset}</span>, title: (item) => item.dataset },
  { id: 'version', header: 'Version', width: '84px', cell: versionWords, title: (item) => (item.against === null ? undefined : `What differs between v${item.against.version} and v${item.version}`) },
  { id: 'format', header: 'Format', width: '68px', cell: (item) => (item.format === 'csv' ? 'CSV' : 'Parquet') },
  { id: 'rows', header: 'Rows', width: '88px', numeric: true, cell: (item) => (item.rowCount === null ? '' : formatCount(item.rowCount)) },
  { id: 'size', header: 'Size', width: '84px', numeric: true, cell: (item) => (item.sizeBytes === null ? '' : formatBytes(item.sizeBytes)) },
  { id: 'path', header: 'File', width: 'minmax(90px, 2fr)', cell: (item) => <span className='mono'>{fileName(item.path)}</span>, title: (item) => item.path },
  { id: 'sha256', header: 'SHA-256', width: '106px', cell: (item) => <span className='mono'>{item.sha256 === null ? '' : shortHash(item.sha256)}</span>, title: (item) => item.sha256 ?? undefined },
  { id: 'started', header: 'Started', width: '92px', cell: (item) => <TimeAgo at={item.startedAt} /> },
]

function ExportState({ item }: { item: Export }) {
  if (item.state !== 'running') return <Status status={item.state} />
  return (
    <span className='row row-4'>
      <Status status='running' text={item.share === null ? 'Writing' : formatShare(item.share)} />
      <span className='grow'><Progress label={`Export of ${item.dataset}`} share={item.share} /></span>
    </span>
  )
}

/** "v4", or "v3 → v4" for differences. */
export function versionWords({ version, against }: Export): string {
  return against === null ? `v${version}` : `v${against.version} → v${version}`
}

/** The last part of a path, of either kind of slash. */
export function fileName(path: string): string {
  return path.split(/[\\/]/).at(-1) ?? path
}

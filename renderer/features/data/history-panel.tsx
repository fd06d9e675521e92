import type { DatasetDetail, Version } from '../../../shared/contract/datasets.contract.ts'
import { dataAddress, runAddress } from '../../ui/addresses.ts'
import { formatBytes, formatCount } from '../../ui/format.ts'
import { TimeAgo } from '../../ui/time-ago.tsx'

/** Every version that is kept, newest first, with what changed in size and the run that made it. */
export function HistoryPanel({ detail, dataType }: { detail: DatasetDetail; dataType: string }) {
  return (
    <ol className='version-history scroll' tabIndex={0} aria-label='Versions'>
      {detail.versions.map((version, index) => (
        <li key={version.version} className={version.version === detail.version ? 'sel' : undefined}>
          <div className='row row-4'>
            <a href={dataAddress(detail.dataset, version.isCurrent ? {} : { v: version.version })} aria-current={version.version === detail.version || undefined}>v{version.version}</a>
            <span className='t3'>from</span>
            <a href={runAddress({ dataType, runNumber: version.runNumber })}>run #{version.runNumber}</a>
            {version.isCurrent && <span className='chip'>current</span>}
            {version.publishedAt === null && <span className='chip'>not published</span>}
            <span className='end t3'><TimeAgo at={version.createdAt} /></span>
          </div>
          <div className='t2'>{`${formatCount(version.rowCount)} rows${growth(version, detail.versions[index + 1])}, ${formatBytes(version.sizeBytes)}`}</div>
        </li>
      ))}
    </ol>
  )
}

/** " (+316)" against the version before. */
function growth(version: Version, before: Version | undefined): string {
  if (before === undefined || before.rowCount === version.rowCount) return ''
  const change = version.rowCount - before.rowCount
  return ` (${change > 0 ? '+' : '−'}${formatCount(Math.abs(change))})`
}

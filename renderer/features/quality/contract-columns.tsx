import type { ContractListItem, ContractState, ContractVersion } from '../../../shared/contract/contracts.contract.ts'
import { checkCountsText } from '../../../shared/domain/check-counts.ts'
import { runAddress } from '../../ui/addresses.ts'
import { formatAbsolute } from '../../ui/format.ts'
import { Status, StatusMark, type StatusName } from '../../ui/status.tsx'
import { TimeAgo } from '../../ui/time-ago.tsx'
import type { TableColumn } from '../../ui/virtual-table.tsx'
import { ZoneMark } from '../../ui/zone-mark.tsx'

export const CONTRACT_STATUS: Readonly<Record<ContractState, StatusName>> = { holds: 'succeeded', quarantines: 'quarantined', warns: 'warning', blocked: 'failed', unchecked: 'pending' }

/** What is known of each contract. */
export const CONTRACT_COLUMNS: readonly TableColumn<ContractListItem>[] = [
  {
    id: 'dataset',
    header: 'Dataset',
    width: 'minmax(0, 1.7fr)',
    cell: ({ dataset, zone }) => <span className='quality-name'><ZoneMark zone={zone} size={12} /><span className='mono cut'>{dataset}</span></span>,
    title: ({ dataset, description }) => (description === null ? dataset : `${dataset}: ${description}`),
  },
  { id: 'rules', header: 'Rules', width: '64px', numeric: true, cell: ({ ruleCount }) => (ruleCount === 0 ? <span className='t3'>none</span> : ruleCount) },
  { id: 'state', header: 'Newest version', width: '176px', cell: ({ versions, ruleCount }) => <NewestState version={versions[0]} ruleCount={ruleCount} /> },
  { id: 'current', header: 'Published', width: '96px', cell: ({ versions }) => <Published versions={versions} /> },
  { id: 'history', header: 'Last versions', width: '200px', cell: ({ dataType, versions }) => <VersionStrip dataType={dataType} versions={versions} /> },
  { id: 'key', header: 'Key', width: 'minmax(0, 0.8fr)', cell: ({ key }) => <span className='mono'>{key.join(', ')}</span>, title: ({ key }) => key.join(', ') },
  { id: 'file', header: 'Contract', width: 'minmax(0, 1fr)', cell: ({ file }) => (file === null ? <span className='t3'>promises nothing</span> : <span className='mono'>{file.split('/').slice(2).join('/')}</span>), title: ({ file }) => file ?? undefined },
]

function NewestState({ version, ruleCount }: { version: ContractVersion | undefined; ruleCount: number }) {
  if (version === undefined) return <span className='t3'>no version yet</span>
  if (version.state === 'unchecked') return <span className='t3'>{ruleCount === 0 ? 'no rules' : 'not checked yet'}</span>
  return <Status status={CONTRACT_STATUS[version.state]} text={checkCountsText(version)} />
}

function Published({ versions }: { versions: readonly ContractVersion[] }) {
  const current = versions.find(({ isCurrent }) => isCurrent)
  return current === undefined || current.publishedAt === null ? <span className='t3'>{versions.length === 0 ? '' : 'not yet'}</span> : <span>v{current.version}, <TimeAgo bare at={current.publishedAt} /></span>
}

/** One mark a version, oldest first, each leading to the checks of its run. */
function VersionStrip({ dataType, versions }: { dataType: string; versions: readonly ContractVersion[] }) {
  return (
    <span className='version-strip'>
      {versions.toReversed().map((version) => {
        const words = `v${version.version}, #${version.runNumber}, ${formatAbsolute(version.at)}: ${checkCountsText(version)}${version.publishedAt === null ? ', never published' : ''}`
        return (
          <a key={version.version} href={runAddress({ dataType, runNumber: version.runNumber }, 'checks')} title={words} aria-label={words} aria-current={version.isCurrent ? 'true' : undefined} tabIndex={-1}>
            <StatusMark status={CONTRACT_STATUS[version.state]} size={12} />
          </a>
        )
      })}
    </span>
  )
}

import type { ReactNode } from 'react'
import type { Attention, Finding } from '../../../shared/contract/workspace.contract.ts'
import { approvalAddress, checksAddress, dataAddress, quarantineAddress, runAddress, type RunTab, storageAddress } from '../../ui/addresses.ts'
import { PanelHead, SidePanel } from '../../ui/bars.tsx'
import { LinkButton } from '../../ui/button.tsx'
import { Badge } from '../../ui/chip.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { placeText } from '../../ui/error-state.tsx'
import { Status, type StatusName } from '../../ui/status.tsx'
import { TimeAgo } from '../../ui/time-ago.tsx'
import { groupNeeds, type Need } from './group-needs.ts'

type Kind = Attention['kind']

const KINDS: Readonly<Record<Kind, { status: StatusName; word: string; action: string; tab: RunTab | undefined }>> = {
  waiting_gate: { status: 'waiting', word: 'Waits for approval', action: 'Look and decide', tab: undefined },
  failed_run: { status: 'failed', word: 'Failed run', action: 'See what happened', tab: undefined },
  interrupted_run: { status: 'interrupted', word: 'Interrupted run', action: 'Open and resume', tab: undefined },
  failed_entities: { status: 'failed', word: 'Failed entities', action: 'Show the entities', tab: 'entities' },
  quarantine: { status: 'quarantined', word: 'Quarantine', action: 'Work through them', tab: 'quarantine' },
  blocked_check: { status: 'failed', word: 'Blocked by a check', action: 'Show the checks', tab: 'checks' },
  warned_check: { status: 'warning', word: 'Check warns', action: 'Show the checks', tab: 'checks' },
  damaged_files: { status: 'failed', word: 'Changed files', action: 'Show the files', tab: undefined },
  finding: { status: 'failed', word: 'Mistake in a file', action: '', tab: undefined },
}

/** What waits for a person, then mistakes in the workspace's files. */
export function NeedsYou({ attention, findings, below }: { attention: readonly Attention[]; findings: readonly Finding[]; below: ReactNode }) {
  const needs = groupNeeds(attention)
  return (
    <SidePanel label='Needs you'>
      <PanelHead title={<>Needs you{needs.length > 0 && <>{' '}<Badge count={needs.length} /></>}</>} />
      <div className='scroll grow' tabIndex={0} role='group' aria-label='What needs you'>
        {needs.length === 0 && findings.length === 0 && (
          <EmptyState inline title='Nothing waits for you'>Failed runs, warnings of checks and quarantined records appear here.</EmptyState>
        )}
        {needs.map((need) => <NeedItem key={`${need.kind} ${need.dataType} ${need.runNumber} ${need.dataset} ${need.text}`} need={need} />)}
        {findings.length > 0 && <Findings findings={findings} />}
      </div>
      {below}
    </SidePanel>
  )
}

function NeedItem({ need }: { need: Need }) {
  const kind = KINDS[need.kind]
  const address = addressOf(need, kind.tab)
  return (
    <article className='need'>
      <div className='top'>
        <Status status={kind.status} text={kind.word} />
        {need.at !== null && <span className='t3 s11'><TimeAgo bare at={need.at} /></span>}
      </div>
      <p>
        {need.runNumber !== null && need.dataType !== null && !need.text.includes(`#${need.runNumber}`) && <><a href={runAddress({ dataType: need.dataType, runNumber: need.runNumber }, kind.tab)}>{need.dataType} #{need.runNumber}</a>: </>}
        {need.text}
      </p>
      {need.datasets.length > 1 && <ul>{need.datasets.map((dataset) => <li key={dataset} className='cut' title={dataset}>{dataset.slice(dataset.indexOf('.') + 1)}</li>)}</ul>}
      {address !== null && <LinkButton small href={address}>{kind.action}</LinkButton>}
    </article>
  )
}

function addressOf(need: Attention, tab: RunTab | undefined): string | null {
  const { kind, dataType, runNumber, dataset } = need
  if (kind === 'damaged_files') return storageAddress
  if (QUALITY_KINDS.has(kind)) return qualityOf(need)
  if (dataType !== null && runNumber !== null) return kind === 'waiting_gate' ? approvalAddress({ dataType, runNumber }) : runAddress({ dataType, runNumber }, tab)
  return dataset === null ? null : dataAddress(dataset)
}

const QUALITY_KINDS: ReadonlySet<Kind> = new Set(['quarantine', 'warned_check', 'blocked_check'])

/** Its part of the Quality screen. */
function qualityOf({ kind, dataType, dataset }: Attention): string {
  const search = { dataType: dataType ?? undefined, dataset: dataset ?? undefined }
  return kind === 'quarantine' ? quarantineAddress(search) : checksAddress(search)
}

/** Mistakes in the workspace's files, at their places. */
function Findings({ findings }: { findings: readonly Finding[] }) {
  return (
    <section aria-label='Findings in the workspace'>
      <PanelHead title={<>Findings{' '}<Badge count={findings.length} quiet /></>} remark='in the files of this workspace' />
      {findings.map((finding) => (
        <article className='finding' key={`${finding.file}:${finding.line}:${finding.column} ${finding.code} ${finding.message}`}>
          <Status status={finding.severity === 'error' ? 'failed' : 'warning'} text={finding.code} />
          <p>{finding.message}</p>
          {finding.suggestion !== null && <p className='suggestion'>{finding.suggestion}</p>}
          <div className='place'>{placeText(finding.file, finding.line, finding.column)}</div>
        </article>
      ))}
    </section>
  )
}

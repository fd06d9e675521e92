import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import type { DatasetDetail, Version } from '../../../shared/contract/datasets.contract.ts'
import type { Publication } from '../../../shared/contract/publish.contract.ts'
import { useApi } from '../../api/api.tsx'
import { dataAddress, runAddress } from '../../ui/addresses.ts'
import { IconButton } from '../../ui/button.tsx'
import { formatBytes, formatCount, sentence } from '../../ui/format.ts'
import { TimeAgo } from '../../ui/time-ago.tsx'
import { CompareWith } from './compare-with.tsx'
import { useVersionActions, type VersionActions } from './use-version-actions.tsx'
import { VersionMarks } from './version-marks.tsx'

const PUBLICATIONS_SHOWN = 50

/** Every version, newest first, with what changed in size and the run that made it; then what became current when, and why. */
export function HistoryPanel({ detail, dataType }: { detail: DatasetDetail; dataType: string }) {
  const { actions, dialog } = useVersionActions(detail.dataset)
  return (
    <div className='version-history scroll' tabIndex={0} role='group' aria-label='History'>
      <ol aria-label='Versions'>
        {detail.versions.map((version, index) => <VersionItem key={version.version} version={version} before={detail.versions[index + 1]} detail={detail} dataType={dataType} actions={actions} />)}
      </ol>
      <Publications dataset={detail.dataset} dataType={dataType} />
      {dialog}
    </div>
  )
}

interface VersionItemProps {
  version: Version
  before: Version | undefined
  detail: DatasetDetail
  dataType: string
  actions: VersionActions
}

function VersionItem({ version, before, detail, dataType, actions }: VersionItemProps) {
  const isShown = version.version === detail.version
  const isKept = version.removedAt === null
  return (
    <li className={isShown ? 'sel' : undefined}>
      <div className='row row-4'>
        {isKept ? <a href={dataAddress(detail.dataset, version.isCurrent ? {} : { v: version.version })} aria-current={isShown || undefined}>v{version.version}</a> : <span>v{version.version}</span>}
        <span className='t3'>from</span>
        <a href={runAddress({ dataType, runNumber: version.runNumber })}>run #{version.runNumber}</a>
        <span className='end t3'><TimeAgo at={version.createdAt} /></span>
      </div>
      <div className='t2'>{`${formatCount(version.rowCount)} rows${growth(version, before)}, ${formatBytes(version.sizeBytes)}`}</div>
      {version.drift !== null && <div className='t2 version-drift' title={version.drift}>Columns: {version.drift}</div>}
      <div className='row row-4 version-tools'>
        {version.isCurrent && <span className='chip'>current</span>}
        {version.publishedAt === null && <span className='chip'>not published</span>}
        <VersionMarks version={version} />
        {isKept && <VersionTools version={version} actions={actions} compare={<CompareWith version={version} detail={detail} />} />}
      </div>
    </li>
  )
}

function VersionTools({ version, actions, compare }: { version: Version; actions: VersionActions; compare: ReactNode }) {
  const name = `v${version.version}`
  return (
    <span className='end row row-4'>
      {compare}
      {!version.isCurrent && version.publishedAt !== null && <IconButton small variant='quiet' icon='undo' iconSize={13} label={`Make ${name} current again`} onClick={() => actions.rollBackTo(version)} />}
      {version.pinReason === null
        ? <IconButton small variant='quiet' icon='pin' iconSize={13} label={`Pin ${name}`} onClick={() => actions.pin(version)} />
        : <IconButton small variant='quiet' icon='pin' iconSize={13} pressed label={`Unpin ${name}`} onClick={() => actions.unpin(version)} />}
    </span>
  )
}

/** What became current, when, by whom and why. */
function Publications({ dataset, dataType }: { dataset: string; dataType: string }) {
  const { queries } = useApi()
  const { data } = useQuery(queries.publish.history.queryOptions({ input: { dataset, limit: PUBLICATIONS_SHOWN } }))
  if (data === undefined || data.publications.length === 0) return null
  return (
    <section aria-label='Publications'>
      <h3 className='panel-section'>Publications</h3>
      <ol>
        {data.publications.map((publication) => (
          <li key={publication.id}>
            <div className='row row-4'>
              <b>{publicationWords(publication, dataset)}</b>
              {publication.runNumber !== null && <a href={runAddress({ dataType: publication.dataType, runNumber: publication.runNumber })}>{publication.dataType === dataType ? '' : `${publication.dataType} `}#{publication.runNumber}</a>}
              <span className='end t3'><TimeAgo at={publication.at} /></span>
            </div>
            {publication.reason !== '' && <div className='t2 wrap'>{publication.reason}</div>}
            {publication.kind !== 'publish' && <div className='t3'>{publication.actor}</div>}
          </li>
        ))}
      </ol>
      {data.total > data.publications.length && <p className='t3 panel-section'>{formatCount(data.total - data.publications.length)} older ones: strata publications {dataType}</p>}
    </section>
  )
}

const KIND_WORDS: Readonly<Record<Publication['kind'], string>> = { publish: 'published by', rollback: 'rolled back', promote: 'promoted again with' }

function publicationWords({ kind, runNumber, changes }: Publication, dataset: string): string {
  const change = changes.find((candidate) => candidate.dataset === dataset)
  const to = change?.to ?? null
  const what = to === null ? 'withdrawn' : `v${to.version}`
  if (kind === 'rollback') return runNumber === null ? `${sentence(KIND_WORDS.rollback)} to ${what}` : `${what} by rolling back`
  return `${what} ${KIND_WORDS[kind]}`
}

/** " (+316)" against the version before. */
function growth(version: Version, before: Version | undefined): string {
  if (before === undefined || before.rowCount === version.rowCount) return ''
  const change = version.rowCount - before.rowCount
  return ` (${change > 0 ? '+' : '−'}${formatCount(Math.abs(change))})`
}

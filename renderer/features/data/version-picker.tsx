import { useQuery } from '@tanstack/react-query'
import { useRef, useState } from 'react'
import type { DatasetDetail, Version } from '../../../shared/contract/datasets.contract.ts'
import type { RunRef } from '../../../shared/contract/runs.contract.ts'
import { useApi } from '../../api/api.tsx'
import { problemOf } from '../../api/problem-of.ts'
import { formatAbsolute, formatCount } from '../../ui/format.ts'
import { Icon } from '../../ui/icon.tsx'
import { type Anchor, anchorOf } from '../../ui/popup-menu.tsx'
import { PopupPanel } from '../../ui/popup-panel.tsx'
import { StatusMark } from '../../ui/status.tsx'
import { AsOfForm } from '../../ui/as-of-form.tsx'
import { VersionMarks } from './version-marks.tsx'

interface VersionPickerProps {
  detail: DatasetDetail
  /** Null goes back to the current version, whichever that will be. */
  onChoose: (version: number | null) => void
}

/** Which run's data are shown, and the way to another's. */
export function VersionPicker({ detail, onChoose }: VersionPickerProps) {
  const [anchor, setAnchor] = useState<Anchor | null>(null)
  const button = useRef<HTMLButtonElement>(null)
  const shown = detail.versions.find((version) => version.version === detail.version)
  const choose = (version: Pick<Version, 'version' | 'isCurrent'>): void => {
    onChoose(version.isCurrent ? null : version.version)
    setAnchor(null)
  }
  return (
    <>
      <button ref={button} type='button' className='version-button' aria-haspopup='dialog' onClick={() => { if (button.current !== null) setAnchor(anchorOf(button.current)) }}>
        {shown !== undefined && shown.damagedFiles > 0 ? <StatusMark status='failed' size={13} /> : <Icon name='history' size={13} />}
        <span>as of run <b>#{detail.runNumber}</b></span>
        <span className='t2'>{shown?.isCurrent === true ? 'current' : `v${detail.version}`}</span>
        {shown !== undefined && shown.damagedFiles > 0 && <span className='sr-only'>files changed</span>}
        <Icon name='down' size={12} />
      </button>
      {anchor !== null && (
        <PopupPanel label='Versions' anchor={anchor} width={400} onClose={() => setAnchor(null)}>
          <ul className='version-list scroll'>
            {detail.versions.map((version) => (
              <li key={version.version}>
                <VersionLine version={version} shown={version.version === detail.version} onChoose={() => choose(version)} />
              </li>
            ))}
          </ul>
          <AsOf detail={detail} onChoose={choose} />
        </PopupPanel>
      )}
    </>
  )
}

/** What was current just after a run, of this data type or another. */
function AsOf({ detail, onChoose }: { detail: DatasetDetail; onChoose: (version: Pick<Version, 'version' | 'isCurrent'>) => void }) {
  const { client, queries } = useApi()
  const workspace = useQuery(queries.workspace.get.queryOptions())
  const [problem, setProblem] = useState<string | null>(null)
  const look = async (asOf: RunRef): Promise<void> => {
    try {
      const { version } = await client.datasets.get({ dataset: detail.dataset, asOf })
      onChoose({ version, isCurrent: detail.versions.some((candidate) => candidate.version === version && candidate.isCurrent) })
    } catch (error) {
      const { message, hint } = problemOf(error)
      setProblem(hint === null ? message : `${message}. ${hint}`)
    }
  }
  return (
    <div className='as-of'>
      <span className='t2'>As it was just after a run, of any data type</span>
      <AsOfForm dataTypes={workspace.data?.dataTypes.map(({ name }) => name) ?? []} dataType={detail.dataset.split('.', 1)[0] ?? ''} onRun={(run) => void look(run)} />
      {problem !== null && <p role='alert'>{problem}</p>}
    </div>
  )
}

function VersionLine({ version, shown, onChoose }: { version: Version; shown: boolean; onChoose: () => void }) {
  const isGone = version.removedAt !== null
  return (
    <button type='button' className={`version-line${shown ? ' sel' : ''}`} disabled={isGone} aria-current={shown || undefined} data-autofocus={shown || undefined} onClick={onChoose}>
      <b>#{version.runNumber}</b>
      <span className='t2'>v{version.version}</span>
      <span className='cut'>{formatAbsolute(version.createdAt)}</span>
      <VersionMarks version={version} />
      <span className='end'>{version.isCurrent ? 'current' : version.publishedAt === null ? 'not published' : `${formatCount(version.rowCount)} rows`}</span>
    </button>
  )
}

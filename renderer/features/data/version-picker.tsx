import { useRef, useState } from 'react'
import type { DatasetDetail, Version } from '../../../shared/contract/datasets.contract.ts'
import { formatAbsolute, formatCount } from '../../ui/format.ts'
import { Icon } from '../../ui/icon.tsx'
import { type Anchor, anchorOf } from '../../ui/popup-menu.tsx'
import { PopupPanel } from '../../ui/popup-panel.tsx'

interface VersionPickerProps {
  detail: DatasetDetail
  /** Null goes back to the current version, whichever that will be. */
  onChoose: (version: number | null) => void
}

/** Which run's data are shown, and the way to another's. */
export function VersionPicker({ detail, onChoose }: VersionPickerProps) {
  const [anchor, setAnchor] = useState<Anchor | null>(null)
  const button = useRef<HTMLButtonElement>(null)
  const current = detail.versions.find((version) => version.isCurrent)
  const isCurrent = current?.version === detail.version
  return (
    <>
      <button ref={button} type='button' className='version-button' aria-haspopup='dialog' onClick={() => { if (button.current !== null) setAnchor(anchorOf(button.current)) }}>
        <Icon name='history' size={13} />
        <span>as of run <b>#{detail.runNumber}</b></span>
        <span className='t2'>{isCurrent ? 'current' : `v${detail.version}`}</span>
        <Icon name='down' size={12} />
      </button>
      {anchor !== null && (
        <PopupPanel label='Versions' anchor={anchor} width={340} onClose={() => setAnchor(null)}>
          <ul className='version-list scroll'>
            {detail.versions.map((version) => (
              <li key={version.version}>
                <VersionLine
                  version={version}
                  shown={version.version === detail.version}
                  onChoose={() => {
                    onChoose(version.isCurrent ? null : version.version)
                    setAnchor(null)
                  }}
                />
              </li>
            ))}
          </ul>
        </PopupPanel>
      )}
    </>
  )
}

function VersionLine({ version, shown, onChoose }: { version: Version; shown: boolean; onChoose: () => void }) {
  return (
    <button type='button' className={`version-line${shown ? ' sel' : ''}`} aria-current={shown || undefined} data-autofocus={shown || undefined} onClick={onChoose}>
      <b>#{version.runNumber}</b>
      <span className='t2'>v{version.version}</span>
      <span className='cut'>{formatAbsolute(version.createdAt)}</span>
      <span className='end'>{version.isCurrent ? 'current' : version.publishedAt === null ? 'not published' : `${formatCount(version.rowCount)} rows`}</span>
    </button>
  )
}

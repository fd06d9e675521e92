import { useQuery } from '@tanstack/react-query'
import { useRef, useState } from 'react'
import type { CheckedStatement } from '../../../shared/contract/sql-pad.contract.ts'
import { useApi } from '../../api/api.tsx'
import { problemOf } from '../../api/problem-of.ts'
import { ErrorState } from '../../ui/error-state.tsx'
import { countOf, formatCount } from '../../ui/format.ts'
import { Icon } from '../../ui/icon.tsx'
import { LoadingState } from '../../ui/loading-state.tsx'
import { type Anchor, anchorOf } from '../../ui/popup-menu.tsx'
import { PopupPanel } from '../../ui/popup-panel.tsx'
import { TimeAgo } from '../../ui/time-ago.tsx'

type Read = CheckedStatement['reads'][number]

interface ReadsBarProps {
  statements: readonly CheckedStatement[]
  pins: Readonly<Record<string, number>>
  onPin: (dataset: string, version: number | null) => void
  /** `Ln 3, Col 12` */
  place: string
}

/** What the text reads, each dataset with the version that it is read at, which can be another one. */
export function ReadsBar({ statements, pins, onPin, place }: ReadsBarProps) {
  const reads = [...new Map(statements.flatMap((statement) => statement.reads).map((read) => [read.dataset, read])).values()]
  const problems = statements.filter(({ problem }) => problem !== null).length
  return (
    <div className='sql-reads' role='group' aria-label='What it reads'>
      <div className='sql-read-chips'>
        {reads.length === 0 ? <span className='t3'>Reads no dataset yet</span> : reads.map((read) => <ReadChip key={read.dataset} read={read} isPinned={pins[read.dataset] !== undefined} onPin={onPin} />)}
      </div>
      {statements.length > 1 && <span className='t2'>{countOf(statements.length, 'statement')}</span>}
      <span className={problems > 0 ? 'sql-bad' : 't3'} role='status'>{problems === 0 ? '' : countOf(problems, 'problem')}</span>
      <span className='t3'>{place}</span>
    </div>
  )
}

function ReadChip({ read, isPinned, onPin }: { read: Read; isPinned: boolean; onPin: ReadsBarProps['onPin'] }) {
  const [anchor, setAnchor] = useState<Anchor | null>(null)
  const button = useRef<HTMLButtonElement>(null)
  return (
    <>
      <button
        ref={button}
        type='button'
        className={`chip${isPinned ? ' on' : ''}`}
        aria-haspopup='dialog'
        aria-label={`${read.dataset} at version ${read.version}${isPinned ? ', pinned' : ''}: choose another`}
        onClick={() => { if (button.current !== null) setAnchor(anchorOf(button.current)) }}
      >
        <Icon name={isPinned ? 'pin' : 'table'} size={12} />
        <span className='mono cut'>{read.dataset}</span>
        <b>v{read.version}</b>
      </button>
      {anchor !== null && (
        <PopupPanel label={`Versions of ${read.dataset}`} anchor={anchor} width={320} onClose={() => setAnchor(null)}>
          <Versions
            read={read}
            isPinned={isPinned}
            onChoose={(version) => {
              onPin(read.dataset, version)
              setAnchor(null)
            }}
          />
        </PopupPanel>
      )}
    </>
  )
}

function Versions({ read, isPinned, onChoose }: { read: Read; isPinned: boolean; onChoose: (version: number | null) => void }) {
  const { queries } = useApi()
  const { data, error } = useQuery(queries.datasets.get.queryOptions({ input: { dataset: read.dataset, version: read.version } }))
  if (data === undefined) return error === null ? <LoadingState rows={4}>Reading its versions</LoadingState> : <ErrorState inline problem={problemOf(error)} />
  return (
    <ul className='version-list scroll'>
      <li>
        <button type='button' className={`version-line${isPinned ? '' : ' sel'}`} onClick={() => onChoose(null)}>
          <b>not pinned</b>
          <span className='t2'>the version of the moment</span>
        </button>
      </li>
      {data.versions.filter(({ removedAt }) => removedAt === null).map((version) => (
        <li key={version.version}>
          <button type='button' className={`version-line${isPinned && version.version === read.version ? ' sel' : ''}`} onClick={() => onChoose(version.version)}>
            <b>v{version.version}</b>
            <span className='t2'>run #{version.runNumber}{version.isCurrent ? ', current' : ''}</span>
            <span className='end'>{formatCount(version.rowCount)} · <TimeAgo at={version.createdAt} bare /></span>
          </button>
        </li>
      ))}
    </ul>
  )
}

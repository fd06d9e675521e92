import type { SourceGuess } from '../../../shared/contract/ingest.contract.ts'
import { PanelHead, SidePanel } from '../../ui/bars.tsx'
import { countOf, formatBytes, formatCount } from '../../ui/format.ts'
import { Status } from '../../ui/status.tsx'
import type { SourceEdit } from './ingest-model.ts'

interface SourceListProps {
  sources: readonly SourceGuess[]
  edits: readonly SourceEdit[]
  at: number
  onChoose: (index: number) => void
  onTake: (index: number, isTaken: boolean) => void
}

/** What the files are taken for: files that look alike are one source. */
export function SourceList({ sources, edits, at, onChoose, onTake }: SourceListProps) {
  return (
    <SidePanel label='Proposed sources' side='left'>
      <PanelHead title='Sources' remark={countOf(sources.length, 'kind', 'kinds')} />
      <ul className='ingest-sources scroll'>
        {sources.map((source, index) => (
          <li key={source.files[0]} className={index === at ? 'sel' : ''}>
            <input type='checkbox' aria-label={`Take ${source.name}`} checked={edits[index]?.isTaken === true} disabled={source.cannot !== null} onChange={(event) => onTake(index, event.target.checked)} />
            <button type='button' aria-current={index === at || undefined} onClick={() => onChoose(index)}>
              <span className='mono cut strong'>{edits[index]?.name ?? source.name}</span>
              <span className='t2 cut'>{source.files.length === 1 ? fileName(source) : countOf(source.files.length, 'file')}, {formatBytes(source.sizeBytes)}</span>
              <span className='t2 cut'>{source.cannot === null ? rowsText(source) : <Status small status='failed' text='cannot be read' />}</span>
            </button>
          </li>
        ))}
      </ul>
    </SidePanel>
  )
}

function fileName({ files }: SourceGuess): string {
  return (files[0] ?? '').split(/[\\/]/).at(-1) ?? ''
}

function rowsText({ rows, format }: SourceGuess): string {
  return rows === null ? format : `${format}, ${rows.isExact ? '' : '≈ '}${formatCount(rows.count)} records`
}

import type { Upkeep } from '../../../shared/contract/storage.contract.ts'
import { PanelHead } from '../../ui/bars.tsx'
import { Status, type StatusName } from '../../ui/status.tsx'
import { TimeAgo } from '../../ui/time-ago.tsx'
import { upkeepResult, upkeepWords } from './upkeep-words.ts'

/** What was done to the files, newest first. */
export function UpkeepList({ entries }: { entries: readonly Upkeep[] }) {
  const over = entries.filter((entry) => entry.state !== 'running')
  return (
    <>
      <PanelHead title='Done before' />
      {over.length === 0 && <p className='storage-none t2'>Files were neither verified nor removed yet.</p>}
      <ol className='upkeep-list scroll' aria-label='Done before'>
        {over.map((entry) => (
          <li key={entry.id}>
            <div className='row row-4'>
              <Status small status={statusOf(entry)} text={upkeepWords(entry.kind).name} />
              <span className='end t3'><TimeAgo at={entry.finishedAt ?? entry.startedAt} /></span>
            </div>
            {entry.dataset !== null && <div className='mono cut'>{entry.dataset}</div>}
            <div className='t2'>{upkeepResult(entry)}</div>
          </li>
        ))}
      </ol>
    </>
  )
}

function statusOf({ state, damaged }: Upkeep): StatusName {
  if (state === 'succeeded') return damaged > 0 ? 'warning' : 'succeeded'
  return state
}

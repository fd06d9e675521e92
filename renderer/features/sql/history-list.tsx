import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { AskedQuery } from '../../../shared/contract/sql-pad.contract.ts'
import { useApi } from '../../api/api.tsx'
import { problemOf } from '../../api/problem-of.ts'
import { EmptyState } from '../../ui/empty-state.tsx'
import { ErrorState } from '../../ui/error-state.tsx'
import { SearchField } from '../../ui/field.tsx'
import { countOf, formatCount, formatDuration } from '../../ui/format.ts'
import { LoadingState } from '../../ui/loading-state.tsx'
import { StatusMark } from '../../ui/status.tsx'
import { TimeAgo } from '../../ui/time-ago.tsx'

const SHOWN = 200

/** What was run, the last first: a click takes it back into the editor. */
export function HistoryList({ onOpen }: { onOpen: (query: AskedQuery) => void }) {
  const { queries } = useApi()
  const [text, setText] = useState('')
  const { data, error, refetch } = useQuery({ ...queries.query.history.queryOptions({ input: { text, limit: SHOWN } }), placeholderData: keepPreviousData, staleTime: 0 })
  return (
    <>
      <div className='panelhead tree-search'>
        <SearchField small label='Find in the history' value={text} onChange={setText} width='100%' />
      </div>
      {data === undefined && (error === null ? <LoadingState rows={6}>Reading the history</LoadingState> : <ErrorState inline problem={problemOf(error)} onRetry={() => void refetch()} />)}
      {data?.total === 0 && <EmptyState inline title={text === '' ? 'Nothing was run yet' : 'No query has this in it'}>The last 2,000 are kept here, with what became of them.</EmptyState>}
      {data !== undefined && data.total > 0 && (
        <ul className='sql-list scroll' aria-label='History'>
          {data.entries.map((entry) => (
            <li key={entry.seq}>
              <button type='button' className='sql-entry' title={entry.problem ?? entry.sql} onClick={() => onOpen(entry)}>
                <span className='mono cut s11'>{entry.sql.replaceAll(/\s+/g, ' ').trim()}</span>
                <span className='row row-4 t2 s11'><Ending entry={entry} /><span className='end t3'><TimeAgo at={entry.at} bare /></span></span>
              </button>
            </li>
          ))}
          {data.total > data.entries.length && <li className='tree-none'>{`${formatCount(data.total - data.entries.length)} older ones: find them by a word`}</li>}
        </ul>
      )}
    </>
  )
}

function Ending({ entry: { state, rowCount, isCut, tookMs } }: { entry: AskedQuery }) {
  return (
    <>
      <StatusMark status={state} size={12} />
      <span>{state === 'succeeded' ? `${countOf(rowCount ?? 0, 'row')}${isCut ? ' and more' : ''}` : state}</span>
      <span className='t3'>{formatDuration(tookMs)}</span>
    </>
  )
}

import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { Filter } from '../../../shared/domain/table-query.ts'
import { IMMUTABLE, useApi } from '../../api/api.tsx'
import { problemOf } from '../../api/problem-of.ts'
import { Button } from '../../ui/button.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { ErrorState } from '../../ui/error-state.tsx'
import { SearchField } from '../../ui/field.tsx'
import { countOf, formatDuration, formatShare } from '../../ui/format.ts'
import { LoadingState } from '../../ui/loading-state.tsx'
import { TimeAgo } from '../../ui/time-ago.tsx'
import { ColumnProfileView } from './column-profile-view.tsx'

interface ProfilePanelProps {
  dataset: string
  version: number
  rowCount: number
  filters: readonly Filter[]
  onFilters: (filters: Filter[]) => void
}

/** With more columns than this they are found by name. */
const FEW_COLUMNS = 8

/** What is in every column, and rows filtered by what is pressed or brushed there. */
export function ProfilePanel({ dataset, version, rowCount, filters, onFilters }: ProfilePanelProps) {
  const { queries, queryClient } = useApi()
  const [stopped, setStopped] = useState(false)
  const [search, setSearch] = useState('')
  const options = queries.datasets.profile.queryOptions({ input: { dataset, version } })
  const { data, error, refetch } = useQuery({ ...options, ...IMMUTABLE, enabled: !stopped })
  const begin = (): void => {
    setStopped(false)
    void refetch()
  }
  if (error !== null) return <ErrorState problem={problemOf(error)} onRetry={begin} />
  if (data === undefined && stopped) {
    return <EmptyState title='Not looked at yet' actions={<Button onClick={begin}>Look at the columns</Button>}>Every value of {countOf(rowCount, 'row')} is read once; what comes of it is kept.</EmptyState>
  }
  if (data === undefined) {
    const stop = (): void => {
      setStopped(true)
      void queryClient.cancelQueries({ queryKey: options.queryKey })
    }
    return <Computing dataset={dataset} version={version} rowCount={rowCount} onStop={stop} />
  }
  const shown = data.columns.filter(({ column }) => column.name.toLowerCase().includes(search.toLowerCase()))
  return (
    <>
      <div className='profile-head'>
        {data.columns.length > FEW_COLUMNS ? <SearchField small icon='filter' label='Find a column' value={search} onChange={setSearch} width='100%' /> : <span>{`Of ${countOf(data.rowCount, 'row')}`}</span>}
      </div>
      <div className='scroll panel-scroll profile-columns' tabIndex={0} role='group' aria-label='Profile of the columns'>
        {shown.length === 0 && <p className='tree-none'>{`No column is called “${search}”`}</p>}
        {shown.map((profile) => <ColumnProfileView key={profile.column.name} profile={profile} rowCount={data.rowCount} filters={filters} onFilters={onFilters} />)}
        <p className='profile-foot t3'>Of all {countOf(data.rowCount, 'row')} of v{data.version}, looked at <TimeAgo at={data.computedAt} /> in {formatDuration(data.tookMs)}</p>
      </div>
    </>
  )
}

const LOOK_EVERY_MS = 300

function Computing({ dataset, version, rowCount, onStop }: Pick<ProfilePanelProps, 'dataset' | 'version' | 'rowCount'> & { onStop: () => void }) {
  const { queries } = useApi()
  const { data } = useQuery({ ...queries.datasets.profileProgress.queryOptions({ input: { dataset, version } }), refetchInterval: LOOK_EVERY_MS, staleTime: 0, gcTime: 0 })
  const at = data ?? null
  return (
    <LoadingState rows={8} actions={<Button small onClick={onStop}>Stop</Button>}>
      {at === null || at.note === null ? `Looking at ${countOf(rowCount, 'row')}` : `${formatShare(at.share)}, ${at.note}`}
    </LoadingState>
  )
}

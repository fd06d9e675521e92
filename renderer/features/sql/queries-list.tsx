import { KeyName } from '../../ui/kbd.tsx'
import { useMutation, useQuery } from '@tanstack/react-query'
import type { NamedQuery } from '../../../shared/contract/sql-pad.contract.ts'
import { useApi } from '../../api/api.tsx'
import { problemOf } from '../../api/problem-of.ts'
import { IconButton } from '../../ui/button.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { ErrorState } from '../../ui/error-state.tsx'
import { LoadingState } from '../../ui/loading-state.tsx'
import { TimeAgo } from '../../ui/time-ago.tsx'
import { useToast } from '../../ui/toast.tsx'

interface QueriesListProps {
  /** The one that is open. */
  current: string | null
  onOpen: (query: NamedQuery) => void
}

/** SQL that is kept under a name, in the workspace's folder queries. */
export function QueriesList({ current, onOpen }: QueriesListProps) {
  const { queries } = useApi()
  const { data, error, refetch } = useQuery(queries.query.saved.queryOptions({ input: {} }))
  if (data === undefined) return error === null ? <LoadingState rows={6}>Reading the queries</LoadingState> : <ErrorState inline problem={problemOf(error)} onRetry={() => void refetch()} />
  if (data.length === 0) return <EmptyState inline title='No query has a name yet'>Save one with <KeyName of='sql.save' />: it becomes a file in the workspace’s folder queries, and is there for everybody who has the workspace.</EmptyState>
  return (
    <ul className='sql-list scroll' aria-label='Named queries'>
      {data.map((query) => <QueryLine key={query.name} query={query} isOpen={query.name === current} onOpen={onOpen} />)}
    </ul>
  )
}

function QueryLine({ query, isOpen, onOpen }: { query: NamedQuery; isOpen: boolean; onOpen: QueriesListProps['onOpen'] }) {
  const remove = useRemoveQuery()
  return (
    <li className={isOpen ? 'sel' : undefined}>
      <button type='button' className='sql-entry' aria-current={isOpen || undefined} title={query.file} onClick={() => onOpen(query)}>
        <span className='row'><b className='cut'>{query.name}</b><span className='end t3 s11'><TimeAgo at={query.modifiedAt} bare /></span></span>
        <span className='t2 cut'>{query.description ?? query.sql.replaceAll(/\s+/g, ' ')}</span>
      </button>
      <IconButton small variant='quiet' icon='close' iconSize={12} label={`Remove ${query.name}`} onClick={() => remove(query)} />
    </li>
  )
}

/** Removes it, with the way back: it can be saved again as it was. */
function useRemoveQuery(): (query: NamedQuery) => void {
  const { client, queries, queryClient } = useApi()
  const toast = useToast()
  const refresh = (): void => void queryClient.invalidateQueries({ queryKey: queries.query.saved.key() })
  const fail = (error: unknown): void => toast({ status: 'failed', title: problemOf(error).message })
  const { mutate } = useMutation({
    mutationFn: (query: NamedQuery) => client.query.remove({ commandId: crypto.randomUUID(), name: query.name }),
    onSuccess: (_, { name, sql }) => {
      refresh()
      const undo = (): void => void client.query.save({ commandId: crypto.randomUUID(), name, sql }).then(refresh, fail)
      toast({ status: 'succeeded', title: `The query “${name}” is removed`, action: { label: 'Undo', run: undo } })
    },
    onError: fail,
  })
  return mutate
}

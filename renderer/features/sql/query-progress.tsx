import { useQuery } from '@tanstack/react-query'
import { useApi } from '../../api/api.tsx'
import { Button } from '../../ui/button.tsx'
import { formatClock, formatShare } from '../../ui/format.ts'
import { LoadingState } from '../../ui/loading-state.tsx'
import type { QueryRun } from './use-query-runs.ts'

const LOOK_EVERY_MS = 400

/** A query that runs or waits for the one before it, and the way to stop it. */
export function QueryProgress({ run, onCancel }: { run: QueryRun; onCancel: () => void }) {
  const { queries } = useApi()
  const { data } = useQuery({
    ...queries.query.progress.queryOptions({ input: { queryId: run.queryId } }),
    refetchInterval: LOOK_EVERY_MS, staleTime: 0, gcTime: 0, enabled: run.state === 'running',
  })
  const share = data?.share ?? null
  const words = run.state === 'waiting' ? 'Waits for the statement before it' : ['Running', ...(data === undefined || data === null ? [] : [formatClock(data.elapsedMs)]), ...(share === null || share <= 0 ? [] : [formatShare(share)])].join(', ')
  return <LoadingState center actions={<Button small icon='stop' iconSize={12} onClick={onCancel}>Stop</Button>}>{words}</LoadingState>
}

import { KeyName } from '../../ui/kbd.tsx'
import { useQuery } from '@tanstack/react-query'
import { useCallback, useEffect, useRef, useState } from 'react'
import { z } from 'zod'
import { useApi } from '../../api/api.tsx'
import { useQueryLookUp } from '../../api/use-look-up.ts'
import { problemOf } from '../../api/problem-of.ts'
import type { FetchGridPage } from '../../grid/grid-query.ts'
import { PlainGrid } from '../../grid/plain-grid.tsx'
import { Button } from '../../ui/button.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { ErrorState } from '../../ui/error-state.tsx'
import { countOf, formatDuration } from '../../ui/format.ts'
import { LoadingState } from '../../ui/loading-state.tsx'

/** Of a preview; what a run makes of all of it is for a run. */
const MOST_ROWS = 1_000

const rowsSchema = z.array(z.array(z.unknown()))
const NO_KEYS: readonly string[] = []

interface StepPreviewProps {
  /** Whose short names `zone.name` the statement may use. */
  dataType: string
  sql: string
  /** Counts up when a preview is asked for; 0: none was yet. */
  asked: number
}

/** What the SELECT gives now, over the current versions of what it reads. Nothing is published. */
export function StepPreview({ dataType, sql, asked }: StepPreviewProps) {
  const { client } = useApi()
  const [wanted, setWanted] = useState<{ queryId: string; sql: string } | null>(null)
  const lookUp = useQueryLookUp(wanted?.queryId ?? '')
  // What is typed afterwards is for the next time.
  const latest = useRef(sql)
  latest.current = sql
  useEffect(() => {
    if (asked > 0) setWanted({ queryId: crypto.randomUUID(), sql: latest.current })
  }, [asked])
  const query = useQuery({
    queryKey: ['pipelines', 'preview', wanted?.queryId ?? ''],
    queryFn: ({ signal }) => client.query.start({ queryId: wanted?.queryId ?? '', sql: wanted?.sql ?? '', dataType, limit: MOST_ROWS }, { signal }),
    enabled: wanted !== null,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 60_000,
  })
  const result = query.data
  const fetchPage = useCallback<FetchGridPage>(
    async ({ sort, filter, offset, limit, signal }) => {
      const page = await client.query.page({ queryId: wanted?.queryId ?? '', sort: [...sort], filter: [...filter], offset, limit }, { signal })
      return { columns: page.columns, rows: rowsSchema.parse(JSON.parse(page.rowsJson)), totalRows: page.totalRows }
    },
    [client, wanted?.queryId],
  )
  if (wanted === null) return <EmptyState inline title='Not run yet'>Preview runs the SELECT as it is in the editor over the current data, and publishes nothing. <KeyName of='file.preview' /> does it.</EmptyState>
  if (query.error !== null) return <ErrorState inline problem={problemOf(query.error)} />
  if (result === undefined) {
    return <div className='file-waiting'><LoadingState rows={3}>Running the SELECT</LoadingState><Button small onClick={() => void client.query.cancel({ queryId: wanted.queryId })}>Cancel</Button></div>
  }
  return (
    <>
      <PlainGrid label='Preview' source={wanted.queryId} fetchPage={fetchPage} keyColumns={NO_KEYS} rowCount={result.rowCount} lookUp={lookUp} empty={<EmptyState inline title='The SELECT gives no rows' />} />
      <p className='file-foot s12 t2'>
        {`${countOf(result.rowCount, 'row')}${result.isCut ? ', the first of more' : ''}, ${countOf(result.columns.length, 'column')}, ${formatDuration(result.tookMs)}; over the current versions, not published`}
        {wanted.sql !== sql && <span className='file-unsaved'> The text has changed since.</span>}
      </p>
    </>
  )
}

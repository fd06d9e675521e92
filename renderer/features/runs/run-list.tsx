import { useMemo, useState } from 'react'
import { type Run, type RunTrigger, triggerSchema } from '../../../shared/contract/runs.contract.ts'
import { type RunState, runStateSchema } from '../../../shared/domain/run-status.ts'
import { useApi } from '../../api/api.tsx'
import { problemOf } from '../../api/problem-of.ts'
import { type PagedRows, usePagedRows } from '../../api/use-paged-rows.ts'
import { compareAddress, goTo, runAddress, runListAddress, type RunListSearch } from '../../ui/addresses.ts'
import { Button } from '../../ui/button.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { ErrorState } from '../../ui/error-state.tsx'
import { countOf } from '../../ui/format.ts'
import { LoadingState } from '../../ui/loading-state.tsx'
import { useNow } from '../../ui/time-ago.tsx'
import { VirtualTable } from '../../ui/virtual-table.tsx'
import { dayRange } from './run-calendar-model.ts'
import { runColumns } from './run-columns.tsx'

const PAGE = 100

interface RunFilter {
  dataType?: string
  states?: RunState[]
  triggers?: RunTrigger[]
  text?: string
  from?: string
  to?: string
}

interface RunListState {
  rows: PagedRows<unknown, Run>
  filtered: boolean
  /** "61 runs match" */
  facts: string
}

/** The runs that the address asks for, page by page. */
export function useRunList(search: RunListSearch): RunListState {
  const { queries } = useApi()
  const filter = filterOf(search)
  const rows = usePagedRows({
    pageSize: PAGE,
    page: (offset) => queries.runs.list.queryOptions({ input: { ...filter, offset, limit: PAGE } }),
    read: ({ total, runs }) => ({ total, rows: runs }),
  })
  const filtered = Object.keys(filter).length > 0
  return { rows, filtered, facts: rows.isPending ? '' : `${countOf(rows.total, 'run')}${filtered ? ' match' : ''}` }
}

function filterOf({ dataType, state, trigger, text, from, to }: RunListSearch): RunFilter {
  const states = runStateSchema.safeParse(state)
  const triggers = triggerSchema.safeParse(trigger)
  return {
    ...(dataType === undefined ? {} : { dataType }),
    ...(states.success ? { states: [states.data] } : {}),
    ...(triggers.success ? { triggers: [triggers.data] } : {}),
    ...(text === undefined || text === '' ? {} : { text }),
    ...dayRange(from, to),
  }
}

/** The table, or what stands in its place. */
export function RunList({ search, onRun }: { search: RunListSearch; onRun: () => void }) {
  const { rows, filtered } = useRunList(search)
  if (rows.error !== null && rows.total === 0) return <ErrorState problem={problemOf(rows.error)} onRetry={rows.retry} />
  if (rows.isPending) return <LoadingState rows={12}>Reading the runs</LoadingState>
  if (rows.total === 0) return <NoRuns filtered={filtered} onRun={onRun} />
  return <RunTable total={rows.total} rowAt={rows.rowAt} onRange={rows.onRange} />
}

type Picked = Pick<Run, 'dataType' | 'runNumber'>

function RunTable({ total, rowAt, onRange }: { total: number; rowAt: (index: number) => Run | undefined; onRange: (first: number, last: number) => void }) {
  const [picked, setPicked] = useState<readonly Picked[]>([])
  const newest = rowAt(0)
  const now = useNow(1_000, newest !== undefined && newest.finishedAt === null)
  const isPicked = (run: Picked): boolean => picked.some((one) => one.dataType === run.dataType && one.runNumber === run.runNumber)
  // A third takes the place of the first.
  const pick = (run: Picked): void => setPicked((before) => (before.some((one) => one.dataType === run.dataType && one.runNumber === run.runNumber) ? before.filter((one) => one.dataType !== run.dataType || one.runNumber !== run.runNumber) : [...before, run].slice(-2)))
  return (
    <>
      <VirtualTable
        label='Runs'
        columns={runColumns(now, { isPicked, pick })}
        total={total}
        rowAt={rowAt}
        onRange={onRange}
        rowKey={(run) => `${run.dataType}#${run.runNumber}`}
        onOpen={(run) => goTo(runAddress(run))}
      />
      {picked.length > 0 && <PickedBar picked={picked} onClear={() => setPicked([])} />}
    </>
  )
}

/** What can be done with the marked runs. */
function PickedBar({ picked, onClear }: { picked: readonly Picked[]; onClear: () => void }) {
  const [from, to] = useMemo(() => picked.toSorted((a, b) => a.runNumber - b.runNumber), [picked])
  const reason = from === undefined || to === undefined ? 'Mark a second run of the same data type' : from.dataType === to.dataType ? null : 'These are runs of different data types'
  return (
    <div className='picked-bar' role='status'>
      <span>Marked: {picked.map((run) => `${run.dataType} #${run.runNumber}`).join(' and ')}</span>
      <span className='grow' />
      <Button small variant='quiet' onClick={onClear}>Clear</Button>
      <Button
        small
        variant='primary'
        icon='diff'
        disabledReason={reason}
        onClick={() => from !== undefined && to !== undefined && goTo(compareAddress({ dataType: from.dataType, from: from.runNumber, to: to.runNumber }))}
      >
        Compare runs
      </Button>
    </div>
  )
}

function NoRuns({ filtered, onRun }: { filtered: boolean; onRun: () => void }) {
  if (filtered) {
    return <EmptyState title='No run matches these filters' actions={<Button onClick={() => goTo(runListAddress())}>Clear all filters</Button>}>Drop one of them, or look at every run.</EmptyState>
  }
  return (
    <EmptyState title='Nothing has run yet' icon='runs' actions={<Button variant='primary' icon='play' iconSize={13} onClick={onRun}>Run</Button>}>
      A run reads the delivered files of one data type, makes its datasets from raw to results, checks them and publishes them together. Every run stays here, with its log.
    </EmptyState>
  )
}

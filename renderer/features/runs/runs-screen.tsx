import { useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { useEffect, useState } from 'react'
import type { Run } from '../../../shared/contract/runs.contract.ts'
import { RUN_STATES, type RunState, runStateSchema } from '../../../shared/domain/run-status.ts'
import { useApi } from '../../api/api.tsx'
import { problemOf } from '../../api/problem-of.ts'
import { type PagedRows, usePagedRows } from '../../api/use-paged-rows.ts'
import { useRunPlanning } from '../../api/use-run-planning.ts'
import { goTo, runAddress, runListAddress, type RunListSearch } from '../../ui/addresses.ts'
import { PageHead, Toolbar } from '../../ui/bars.tsx'
import { Button } from '../../ui/button.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { ErrorState } from '../../ui/error-state.tsx'
import { SearchField, SelectField } from '../../ui/field.tsx'
import { countOf, sentence } from '../../ui/format.ts'
import { LoadingState } from '../../ui/loading-state.tsx'
import { RunDialog } from '../../ui/run-dialog.tsx'
import { useRunToasts } from '../../ui/run-toasts.ts'
import { useNow } from '../../ui/time-ago.tsx'
import { useShortcut } from '../../ui/use-shortcut.ts'
import { VirtualTable } from '../../ui/virtual-table.tsx'
import { runColumns } from './run-columns.tsx'
import './runs.css'

const PAGE = 100
const ANY = ''
const route = getRouteApi('/runs')

interface RunFilter {
  dataType?: string
  states?: RunState[]
  text?: string
}

/** Every run of the workspace, newest first, narrowed by data type, state and text. */
export function RunsScreen() {
  const search: RunListSearch = route.useSearch()
  const { queries } = useApi()
  const [dialog, setDialog] = useState(false)
  const workspace = useQuery(queries.workspace.get.queryOptions())
  useShortcut('ctrl+enter', () => setDialog(true))
  const filter = filterOf(search)
  const rows = usePagedRows({
    pageSize: PAGE,
    page: (offset) => queries.runs.list.queryOptions({ input: { ...filter, offset, limit: PAGE } }),
    read: ({ total, runs }) => ({ total, rows: runs }),
  })
  const dataTypes = workspace.data?.dataTypes ?? []
  const planning = useRunPlanning(dataTypes, useRunToasts())
  const filtered = Object.keys(filter).length > 0
  return (
    <div className='view'>
      <section className='main' aria-label='Runs' data-region='' tabIndex={-1}>
        <PageHead
          title='Runs'
          facts={rows.isPending ? '' : `${countOf(rows.total, 'run')}${filtered ? ' match' : ''}`}
          actions={<Button variant='primary' icon='play' iconSize={13} onClick={() => setDialog(true)}>Run</Button>}
        />
        <RunFilters search={search} dataTypes={dataTypes.map((type) => type.name)} />
        <div className='runs-list'><RunRows rows={rows} filtered={filtered} onRun={() => setDialog(true)} /></div>
      </section>
      <RunDialog open={dialog} onClose={() => setDialog(false)} dataTypes={dataTypes} initial={search.dataType} {...planning} />
    </div>
  )
}

function filterOf({ dataType, state, text }: RunListSearch): RunFilter {
  const states = runStateSchema.safeParse(state)
  return {
    ...(dataType === undefined ? {} : { dataType }),
    ...(states.success ? { states: [states.data] } : {}),
    ...(text === undefined || text === '' ? {} : { text }),
  }
}

/** The table, or what stands in its place. */
function RunRows({ rows, filtered, onRun }: { rows: PagedRows<unknown, Run>; filtered: boolean; onRun: () => void }) {
  if (rows.error !== null && rows.total === 0) return <ErrorState problem={problemOf(rows.error)} onRetry={rows.retry} />
  if (rows.isPending) return <LoadingState rows={12}>Reading the runs</LoadingState>
  if (rows.total === 0) return <NoRuns filtered={filtered} onRun={onRun} />
  return <RunTable total={rows.total} rowAt={rows.rowAt} onRange={rows.onRange} />
}

function RunTable({ total, rowAt, onRange }: { total: number; rowAt: (index: number) => Run | undefined; onRange: (first: number, last: number) => void }) {
  const newest = rowAt(0)
  const now = useNow(1_000, newest !== undefined && newest.finishedAt === null)
  return (
    <VirtualTable
      label='Runs'
      columns={runColumns(now)}
      total={total}
      rowAt={rowAt}
      onRange={onRange}
      rowKey={(run) => `${run.dataType}#${run.runNumber}`}
      onOpen={(run) => goTo(runAddress(run))}
    />
  )
}

/** Choices go to the address at once, typing after a moment. */
function RunFilters({ search, dataTypes }: { search: RunListSearch; dataTypes: readonly string[] }) {
  const [text, setText] = useState(search.text ?? '')
  useEffect(() => {
    if (text === (search.text ?? '')) return
    const timer = setTimeout(() => goTo(runListAddress({ ...search, text })), 200)
    return () => clearTimeout(timer)
  }, [text, search])
  const set = (change: RunListSearch): void => goTo(runListAddress({ ...search, text, ...change }))
  const filtered = search.dataType !== undefined || search.state !== undefined || text !== ''
  return (
    <Toolbar label='Filters'>
      <SelectField
        label='Data type'
        width={190}
        value={search.dataType ?? ANY}
        options={[{ value: ANY, label: 'All data types' }, ...dataTypes.map((name) => ({ value: name, label: name }))]}
        onChange={(dataType) => set({ dataType: dataType === ANY ? undefined : dataType })}
      />
      <SelectField
        label='State'
        width={150}
        value={search.state ?? ANY}
        options={[{ value: ANY, label: 'Any state' }, ...RUN_STATES.map((state) => ({ value: state, label: sentence(state) }))]}
        onChange={(state) => set({ state: state === ANY ? undefined : state })}
      />
      <SearchField label='Find in number or summary' width={240} value={text} onChange={setText} />
      {filtered && (
        <Button
          variant='quiet'
          onClick={() => {
            setText('')
            goTo(runListAddress())
          }}
        >
          Clear all
        </Button>
      )}
    </Toolbar>
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

import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { useCallback, useRef } from 'react'
import type { QuarantineFilter, QuarantineGroup, ShownState } from '../../../shared/contract/quarantine.contract.ts'
import type { Problem } from '../../../shared/domain/problem.ts'
import { useApi } from '../../api/api.tsx'
import { problemOf } from '../../api/problem-of.ts'
import { type QuarantineCommands, useQuarantine } from '../../api/use-quarantine.ts'
import { goTo, quarantineAddress, type QuarantineSearch, runAddress } from '../../ui/addresses.ts'
import { Button } from '../../ui/button.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { ErrorState } from '../../ui/error-state.tsx'
import { countOf, formatCount } from '../../ui/format.ts'
import { LoadingState } from '../../ui/loading-state.tsx'
import { useToast } from '../../ui/toast.tsx'
import { useKeptFocus } from '../../ui/use-kept-focus.ts'
import { QualityFilters } from './quality-filters.tsx'
import { QualityFrame } from './quality-frame.tsx'
import { DeliveredAccount, QuarantineTrend } from './quarantine-account.tsx'
import { QuarantineGroups } from './quarantine-groups.tsx'
import { QuarantineRecords } from './quarantine-records.tsx'
import { StateFilter } from './state-filter.tsx'
import './quarantine.css'

const route = getRouteApi('/quality/quarantine')
const show = (search: QuarantineSearch): void => goTo(quarantineAddress(search))
const GROUPS = 500

/** Records that are not in the data, as a queue of work: by reason, one after the other, each with its place in the file. */
export function QuarantineScreen() {
  const search: QuarantineSearch = route.useSearch()
  const toast = useToast()
  const onProblem = useCallback((problem: Problem) => toast({ status: 'failed', title: problem.message, ...(problem.hint === null ? {} : { text: problem.hint }) }), [toast])
  const commands = useQuarantine(onProblem)
  const { queries } = useApi()
  const filter = filterOf(search)
  const groups = useQuery({ ...queries.quarantine.groups.queryOptions({ input: { ...filter, limit: GROUPS } }), placeholderData: keepPreviousData })
  const queues = useQuery(queries.quarantine.queues.queryOptions())
  const mine = (queues.data?.queues ?? []).filter(({ dataset }) => search.dataType === undefined || dataset.startsWith(`${search.dataType}.`))
  const waiting = mine.reduce((sum, queue) => sum + queue.waiting, 0)
  const open = mine.reduce((sum, queue) => sum + queue.open, 0)
  return (
    <QualityFrame view='quarantine' dataType={search.dataType} facts={queues.data === undefined ? '' : <>{factsOf({ open, waiting, unlisted: mine.reduce((sum, queue) => sum + queue.unlisted, 0) })}<DeliveredAccount dataType={search.dataType} /></>} actions={<RunAgain waiting={waiting} dataType={search.dataType} commands={commands} />}>
      <QualityFilters label='Find in reason, record, key or file' search={search} onChange={(next) => show({ ...next, state: search.state })}>
        <StateFilter value={search.state} onChange={(state) => show({ ...search, state, signature: undefined, dataset: search.signature === undefined ? search.dataset : undefined })} />
        {search.dataset !== undefined && <Button variant='quiet' icon='close' iconSize={12} onClick={() => show({ ...search, dataset: undefined, signature: undefined })}>{search.dataset}</Button>}
      </QualityFilters>
      {groups.error !== null && <ErrorState problem={problemOf(groups.error)} onRetry={() => void groups.refetch()} />}
      {groups.isPending && <LoadingState rows={10}>Reading the quarantine</LoadingState>}
      {groups.data !== undefined && (groups.data.groups.length === 0 ? <Nothing search={search} open={open} waiting={waiting} /> : <Queue groups={groups.data.groups} search={search} filter={filter} commands={commands} />)}
    </QualityFrame>
  )
}

function RunAgain({ waiting, dataType, commands }: { waiting: number; dataType: string | undefined; commands: QuarantineCommands }) {
  const run = async (): Promise<void> => {
    const runs = await commands.rerun(dataType)
    const [first] = runs ?? []
    if (first !== undefined) goTo(runAddress(first))
  }
  return (
    <Button
      variant='primary'
      icon='retry'
      onClick={() => void run()}
      disabledReason={waiting === 0 ? 'No decision waits for a run' : null}
      title='The last run goes on with what was decided, and with what reads it; the rest stays'
    >
      {waiting === 0 ? 'Run again' : `Run again with ${countOf(waiting, 'decision')}`}
    </Button>
  )
}

interface QueueProps {
  groups: readonly QuarantineGroup[]
  search: QuarantineSearch
  filter: QuarantineFilter
  commands: QuarantineCommands
}

function Queue({ groups, search, filter, commands }: QueueProps) {
  const box = useRef<HTMLDivElement>(null)
  useKeptFocus(box)
  const chosen = groups.find(({ dataset, signature }) => dataset === search.dataset && signature === search.signature) ?? groups[0]
  return (
    <div className='quarantine' ref={box}>
      <div className='q-left'>
        <QuarantineGroups groups={groups} chosen={chosen} onChoose={({ dataset, signature }) => show({ ...search, dataset, signature })} />
        {chosen !== undefined && <QuarantineTrend dataset={chosen.dataset} />}
      </div>
      {chosen !== undefined && <QuarantineRecords key={`${chosen.dataset} ${chosen.signature}`} group={chosen} filter={filter} commands={commands} />}
    </div>
  )
}

function Nothing({ search, open, waiting }: { search: QuarantineSearch; open: number; waiting: number }) {
  // A reason that was chosen narrows nothing.
  const { signature, dataset, ...rest } = search
  const narrowing = { ...rest, dataset: signature === undefined ? dataset : undefined }
  if (Object.values(narrowing).some((value) => value !== undefined && value !== '')) {
    return <EmptyState title='No record matches these filters' actions={<Button onClick={() => show({})}>Clear all filters</Button>}>{open === 0 ? 'Nothing is open without them either.' : `Without them ${countOf(open, 'record')} ${open === 1 ? 'is' : 'are'} open.`}</EmptyState>
  }
  if (waiting > 0) return <EmptyState icon='check' title='Everything is decided' actions={<Button onClick={() => show({ state: 'all' })}>Show what was decided</Button>}>The next run takes up {countOf(waiting, 'decision')}, and makes again what reads it.</EmptyState>
  return <EmptyState icon='check' title='Nothing is in quarantine'>Records that cannot be read come here, and rows that break a rule with <span className='mono'>severity: quarantine</span>, with file, line and reason, until somebody corrects, accepts or ignores them.</EmptyState>
}

function factsOf({ open, waiting, unlisted }: { open: number; waiting: number; unlisted: number }): string {
  const more = unlisted > 0 ? `; ${formatCount(unlisted)} more are too many to list` : ''
  return `${countOf(open, 'record')} open${waiting > 0 ? `, ${countOf(waiting, 'decision')} ${waiting === 1 ? 'waits' : 'wait'} for a run` : ''}${more}`
}

/** The dataset narrows the groups only where no reason is chosen with it. */
function filterOf({ dataType, dataset, signature, text, state = 'open' }: QuarantineSearch): QuarantineFilter {
  const states: ShownState[] | undefined = state === 'all' ? undefined : [state]
  return {
    ...(dataType === undefined ? {} : { dataType }), ...(text === undefined || text === '' ? {} : { text }), ...(states === undefined ? {} : { states }),
    ...(dataset === undefined || signature !== undefined ? {} : { dataset }),
  }
}

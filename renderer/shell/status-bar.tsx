import { useQuery } from '@tanstack/react-query'
import type { Run } from '../../shared/contract/runs.contract.ts'
import type { DatasetCard, EngineStatus } from '../../shared/contract/workspace.contract.ts'
import { FINISHED_RUN_STATES, RUN_STATES, type RunState } from '../../shared/domain/run-status.ts'
import { useApi, useConnectionState } from '../api/api.tsx'
import { approvalAddress, groupAddress, runAddress, runListAddress } from '../ui/addresses.ts'
import { formatAgo, formatBytes, formatCount, formatShare, sentence } from '../ui/format.ts'
import { Icon } from '../ui/icon.tsx'
import { Progress } from '../ui/progress.tsx'
import { Status, StatusMark } from '../ui/status.tsx'
import { useNow } from '../ui/time-ago.tsx'
import { RevealedValues } from './revealed-values.tsx'
import { usePreferences } from '../ui/theme/preferences.tsx'

const LIVE_STATES: RunState[] = RUN_STATES.filter((state) => !FINISHED_RUN_STATES.has(state))
const STATUS_EVERY_MS = 5_000

/** Engine, running job, then what it costs. */
export function StatusBar() {
  const { queries } = useApi()
  const status = useQuery({ ...queries.workspace.status.queryOptions(), refetchInterval: STATUS_EVERY_MS })
  return (
    <footer className='statusbar' aria-label='Status' data-region='' tabIndex={-1}>
      <EngineState />
      <RunningJob />
      <RevealedValues />
      <span className='gap' />
      {status.data !== undefined && <Costs status={status.data} />}
      <ThemeSwitch />
    </footer>
  )
}

function EngineState() {
  const state = useConnectionState()
  switch (state.phase) {
    case 'ready':
      return <span><Status status='succeeded' text='Engine ready' /></span>
    case 'connecting':
      return <span><Status status='queued' text='Engine starting' /></span>
    case 'lost':
      return <span><Status status='interrupted' text='Engine lost, reconnecting' /></span>
    case 'refused':
      return <span><Status status='failed' text='Engine not reachable' /></span>
  }
}

/** The run that is furthest along; how many others wait. */
function RunningJob() {
  const { queries } = useApi()
  const live = useQuery(queries.runs.list.queryOptions({ input: { states: LIVE_STATES, limit: 20 } }))
  const overview = useQuery(queries.workspace.overview.queryOptions())
  const waiting = live.data?.runs.filter((candidate) => candidate.state === 'waiting') ?? []
  const working = live.data?.runs.filter((candidate) => candidate.state !== 'waiting') ?? []
  const run = working.find((candidate) => candidate.state !== 'queued') ?? working[0]
  return (
    <>
      {run === undefined ? <span>No run in progress</span> : <Job run={run} others={working.length - 1} cards={overview.data?.cards ?? []} />}
      {run !== undefined && run.group !== null && <a href={groupAddress(run.group)} title='The run of all data types that is under way'>group {run.group}</a>}
      {waiting.length > 0 && <Waiting runs={waiting} />}
    </>
  )
}

/** Runs that go on when somebody has decided. */
function Waiting({ runs }: { runs: readonly Run[] }) {
  const [first] = runs
  if (first === undefined) return null
  return (
    <a href={runs.length === 1 ? approvalAddress(first) : runListAddress({ state: 'waiting' })} title={runs.map(({ dataType, runNumber, summary }) => `${dataType} #${runNumber}: ${summary}`).join('\n')}>
      <Status status='waiting' text={runs.length === 1 ? <><b className='mono'>{first.dataType} #{first.runNumber}</b> waits for approval</> : `${runs.length} runs wait for approval`} />
    </a>
  )
}

function Job({ run, others, cards }: { run: Run; others: number; cards: readonly DatasetCard[] }) {
  return (
    <a href={runAddress(run)} title={run.summary}>
      <StatusMark status={run.state === 'queued' ? 'queued' : 'running'} />
      <b className='mono'>{run.dataType} #{run.runNumber}</b>
      <StepProgress run={run} cards={cards} />
      {others > 0 && <span>and {others} more</span>}
    </a>
  )
}

/** The dataset that is being made, and how far it is; the run's state while there is none. */
function StepProgress({ run, cards }: { run: Run; cards: readonly DatasetCard[] }) {
  const card = cards.find((candidate) => candidate.dataType === run.dataType && candidate.live?.state === 'running')
  if (card === undefined) return <span>{sentence(run.state)}</span>
  const share = card.live?.share ?? null
  return (
    <>
      <Progress label={`Step ${card.name} of ${run.dataType} #${run.runNumber}`} share={share} width={72} />
      {share !== null && <b>{formatShare(share)}</b>}
      <span>{card.zone}.{card.name}</span>
    </>
  )
}

function Costs({ status }: { status: EngineStatus }) {
  const now = useNow(20_000)
  const { hits, asked, entries, sizeBytes, oldestAt } = cacheTotals(status.caches.filter(({ name }) => name !== 'copies'))
  const memory = status.memoryBytes + status.workers.reduce((sum, worker) => sum + (worker.memoryBytes ?? 0), 0)
  return (
    <>
      <span title={`${formatCount(hits)} of ${formatCount(asked)} answers came from the cache, which holds ${formatCount(entries)} in ${formatBytes(sizeBytes)}${oldestAt === null ? '' : `, the oldest made ${formatAgo(oldestAt, now)}`}`}>
        Cache <b>{asked === 0 ? 'empty' : `${Math.round((hits / asked) * 100)}% hits`}</b>
      </span>
      <span title={`Engine and ${status.workers.length} workers`}>Memory <b>{formatBytes(memory)}</b></span>
    </>
  )
}

function cacheTotals(caches: EngineStatus['caches']): { hits: number; asked: number; entries: number; sizeBytes: number; oldestAt: string | null } {
  const sum = (key: 'hits' | 'misses' | 'entries' | 'sizeBytes'): number => caches.reduce((total, cache) => total + cache[key], 0)
  return { hits: sum('hits'), asked: sum('hits') + sum('misses'), entries: sum('entries'), sizeBytes: sum('sizeBytes'), oldestAt: caches.flatMap(({ oldestAt }) => oldestAt ?? []).toSorted()[0] ?? null }
}

const NEXT_THEME = { system: 'light', light: 'dark', dark: 'system' } as const

function ThemeSwitch() {
  const theme = usePreferences((state) => state.theme)
  const setTheme = usePreferences((state) => state.setTheme)
  return (
    <button type='button' aria-label={`Theme: ${theme}. Switch to ${NEXT_THEME[theme]}`} onClick={() => setTheme(NEXT_THEME[theme])}>
      <Icon name='theme' size={13} />
      <span>{sentence(theme)}</span>
    </button>
  )
}

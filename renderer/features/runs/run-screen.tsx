import { useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { useState } from 'react'
import type { RunDetail, RunRef } from '../../../shared/contract/runs.contract.ts'
import { CANCELLABLE_RUN_STATES, FINISHED_RUN_STATES } from '../../../shared/domain/run-status.ts'
import { useApi } from '../../api/api.tsx'
import { problemOf } from '../../api/problem-of.ts'
import { useRunCommands } from '../../api/use-run-commands.ts'
import { goTo, runAddress, runsAddress, type RunTab } from '../../ui/addresses.ts'
import { LinkButton } from '../../ui/button.tsx'
import { ErrorState } from '../../ui/error-state.tsx'
import { formatCount } from '../../ui/format.ts'
import { LoadingState } from '../../ui/loading-state.tsx'
import { useRunToasts } from '../../ui/run-toasts.ts'
import { useShortcut } from '../../ui/use-shortcut.ts'
import { type Tab, TabPanel, Tabs } from '../../ui/tabs.tsx'
import { RedoFrom } from './redo-from.tsx'
import { checksText, RunChecks } from './run-checks.tsx'
import { RunEntities } from './run-entities.tsx'
import { RunDrift } from './run-drift.tsx'
import { RunGates } from './run-gate.tsx'
import { RunHead } from './run-head.tsx'
import { RunIoPanel, RunReadsAndWrites } from './run-io.tsx'
import { RunLog } from './run-log.tsx'
import { RunPlanChanges } from './run-plan-changes.tsx'
import { RunQuarantine } from './run-quarantine.tsx'
import { RunLive } from './run-live.tsx'
import { RunFlags, RunTrends } from './run-trends.tsx'
import { StepDetail } from './step-detail.tsx'
import { StepGantt } from './step-gantt.tsx'
import './runs.css'

const route = getRouteApi('/runs/$dataType/$runNumber')

/** One run, living or over. */
export function RunScreen() {
  const { dataType, runNumber } = route.useParams()
  const { tab = 'steps' } = route.useSearch()
  const run = { dataType, runNumber: Number(runNumber) }
  const { queries } = useApi()
  const detail = useQuery(queries.runs.get.queryOptions({ input: { run } }))
  if (detail.data !== undefined) return <Loaded key={`${dataType}#${runNumber}`} detail={detail.data} tab={tab} />
  return (
    <div className='view'>
      <section className='main' aria-label={`Run ${dataType} #${runNumber}`}>
        {detail.error === null ? <LoadingState rows={8}>Reading {dataType} #{runNumber}</LoadingState> : (
          <ErrorState problem={problemOf(detail.error)} onRetry={() => void detail.refetch()} actions={<LinkButton small href={runsAddress}>All runs</LinkButton>} />
        )}
      </section>
    </div>
  )
}

function Loaded({ detail, tab }: { detail: RunDetail; tab: RunTab }) {
  const { run, steps, checks } = detail
  const ref: RunRef = { dataType: run.dataType, runNumber: run.runNumber }
  const toasts = useRunToasts()
  const commands = useRunCommands(toasts.onProblem)
  const live = !FINISHED_RUN_STATES.has(run.state)
  const cancellable = CANCELLABLE_RUN_STATES.has(run.state)
  const cancel = (): void => void commands.cancel(ref)
  useShortcut('run.cancel', () => cancellable && cancel())
  return (
    <div className='view'>
      <section className='main' aria-label={`Run ${run.dataType} #${run.runNumber}`} data-region='' tabIndex={-1}>
        <RunHead
          run={run}
          steps={steps}
          onCancel={cancel}
          onResume={() => void commands.resume(ref)}
          onRunAgain={() => void commands.start(run.dataType, run.entities ?? undefined, run.options).then((next) => next !== null && goTo(runAddress(next)))}
        />
        {run.problem !== null && (
          <div className='run-problem' tabIndex={0} role='group' aria-label='What happened'>
            <ErrorState inline problem={run.problem}>{safeText(detail)}</ErrorState>
          </div>
        )}
        <RunGates run={run} />
        <RunPlanChanges planChanges={detail.planChanges} />
        <RunDrift steps={steps} checks={checks} />
        <RunFlags run={run} />
        {live && <RunLive run={ref} />}
        <Tabs label='Parts of the run' tabs={tabsOf(detail)} value={tab} onChange={(next) => goTo(runAddress(ref, next === 'steps' ? undefined : next))} />
        <TabPanel id={tab}>
          {tab === 'steps' && <Steps detail={detail} live={live} onRedo={(dataset) => void commands.resume(ref, dataset)} />}
          {tab === 'entities' && <RunEntities run={run} />}
          {tab === 'quarantine' && <RunQuarantine run={ref} />}
          {tab === 'checks' && <RunChecks run={run} checks={checks} steps={steps} />}
          {tab === 'trend' && <RunTrends run={ref} />}
          {tab === 'log' && <RunLog run={ref} live={live} />}
          {tab === 'io' && <RunReadsAndWrites detail={detail} />}
        </TabPanel>
      </section>
      {tab === 'steps' && <RunIoPanel detail={detail} />}
    </div>
  )
}

/** Gantt above; below the chosen step's entities or facts, and the log. */
function Steps({ detail: { run, steps }, live, onRedo }: { detail: RunDetail; live: boolean; onRedo: (dataset: string) => void }) {
  const ref = { dataType: run.dataType, runNumber: run.runNumber }
  const [chosen, setChosen] = useState<string | null>(null)
  const interesting = steps.find((step) => step.state === 'failed') ?? steps.find((step) => step.state === 'running' || step.state === 'retrying') ?? steps.find((step) => step.entities !== null && step.entities.failed + step.entities.quarantined > 0) ?? steps.find(hasEntities) ?? steps[0]
  const selected = steps.find((step) => step.dataset === chosen) ?? interesting
  if (selected === undefined) return <LoadingState center>{run.state === 'queued' ? 'Waiting for its turn' : 'Planning the steps'}</LoadingState>
  return (
    <>
      <StepGantt run={run} steps={steps} selected={selected.dataset} onSelect={setChosen} />
      <div className='run-split'>
        {hasEntities(selected) && selected.problem === null ? <RunEntities key={selected.dataset} run={run} dataset={selected.dataset} actions={<RedoFrom run={run} step={selected} onRedo={onRedo} />} /> : <StepDetail run={run} step={selected} withProblem={selected.problem?.message !== run.problem?.message} onRedo={onRedo} />}
        <RunLog run={ref} live={live} />
      </div>
    </>
  )
}

/** A processor, or an SQL step that accounts for its entities. */
function hasEntities(step: RunDetail['steps'][number]): boolean {
  return step.kind === 'entity' || step.entities !== null
}

function tabsOf({ run, steps, checks }: RunDetail): Tab<RunTab>[] {
  const entities = steps.reduce((total, step) => total + (step.entities?.total ?? 0), 0)
  return [
    { id: 'steps', label: 'Steps', count: formatCount(steps.length) },
    { id: 'entities', label: 'Entities', count: formatCount(entities) },
    { id: 'quarantine', label: 'Quarantine', count: formatCount(run.quarantined) },
    { id: 'checks', label: 'Checks', count: checks.length === 0 ? '0' : checksText(checks) },
    { id: 'trend', label: 'Trend' },
    { id: 'log', label: 'Log' },
    { id: 'io', label: 'Reads and writes' },
  ]
}

/** What stayed as it was: publishing is all or nothing. */
function safeText({ run }: RunDetail): string {
  if (run.state === 'interrupted') return 'Nothing was published. Every entity that was done is kept; resuming goes on from there.'
  return 'Nothing was published: the data of earlier runs stays current and is unchanged.'
}

import type { ReactNode } from 'react'
import type { Run, RunStep } from '../../../shared/contract/runs.contract.ts'
import { describeOptions } from '../../../shared/domain/run-options.ts'
import { LEAST_WAIT_MS, waitedSoFarMs, workedMs } from '../../../shared/domain/run-duration.ts'
import { CANCELLABLE_RUN_STATES, DONE_STEP_STATES, FINISHED_RUN_STATES, RESUMABLE_RUN_STATES } from '../../../shared/domain/run-status.ts'
import { groupAddress } from '../../ui/addresses.ts'
import { Button } from '../../ui/button.tsx'
import { countOf, formatAbsolute, formatClock, formatCount, formatDuration, formatLeft, formatShare, formatTime } from '../../ui/format.ts'
import { StackedProgress } from '../../ui/progress.tsx'
import { runStatus, runWord, Status } from '../../ui/status.tsx'
import { useNow } from '../../ui/time-ago.tsx'
import { triggerWord } from '../../ui/trigger-word.ts'
import { PublishActions } from './publish-actions.tsx'
import { CompareLink } from './compare-link.tsx'
import { runShare, timeLeftMs } from './gantt-model.ts'

interface RunHeadProps {
  run: Run
  steps: readonly RunStep[]
  onCancel: () => void
  onResume: () => void
  onRunAgain: () => void
}

/** Number, state, facts and what can be done with the run. */
export function RunHead({ run, steps, onCancel, onResume, onRunAgain }: RunHeadProps) {
  return (
    <div className='run-head'>
      <div className='row row-12'>
        <h1>{run.dataType} #{run.runNumber}</h1>
        <Status pill status={runStatus(run)} text={runWord(run)} />
        <span className='t2 s12 cut grow' title={run.summary}>{run.summary}</span>
        {RESUMABLE_RUN_STATES.has(run.state) && (
          <Button variant='primary' icon='retry' onClick={onResume} title='What succeeded stays; failed entities run again, under the same number'>{run.state === 'failed' ? 'Retry failed' : 'Resume run'}</Button>
        )}
        <PublishActions run={run} />
        {run.state === 'succeeded' && run.entitiesFailed > 0 && (
          <Button icon='retry' onClick={onResume} title='The others stay; what comes out is published under the same number'>Retry failed entities</Button>
        )}
        <CompareLink run={run} />
        {FINISHED_RUN_STATES.has(run.state) && <Button icon='play' iconSize={13} onClick={onRunAgain} title='Starts a new run under the next number'>Run again</Button>}
        {CANCELLABLE_RUN_STATES.has(run.state) && run.state !== 'cancelling' && (
          <Button variant='danger' icon='stop' iconSize={12} onClick={onCancel} title='What is done stays; the run can be resumed' command='run.cancel'>Cancel run</Button>
        )}
      </div>
      <Facts run={run} steps={steps} />
      <RunBar run={run} steps={steps} />
    </div>
  )
}

function Facts({ run, steps }: { run: Run; steps: readonly RunStep[] }) {
  const over = FINISHED_RUN_STATES.has(run.state)
  const now = useNow(1_000, !over)
  const done = steps.filter((step) => DONE_STEP_STATES.has(step.state)).length
  const left = timeLeftMs(run, steps, now)
  return (
    <dl className='run-facts'>
      <Fact name='Steps'><b>{done}</b> of {stepsTaken(run, steps)} done{over || run.state === 'waiting' ? '' : `, ${formatShare(sum(runShare(steps)))} of the run`}</Fact>
      {left !== null && steps.length > 0 && run.state !== 'waiting' && <Fact name='Left'><b>{formatLeft(left).replace(/ left$/, '')}</b> <span className='t3'>from earlier runs</span></Fact>}
      <Times run={run} now={now} />
      <Fact name='Started'><span title={formatAbsolute(run.startedAt ?? run.queuedAt)}>{startedText(run, now)}</span> by {triggerWord(run.trigger).toLowerCase()}{run.attempt > 1 ? `, attempt ${run.attempt}` : ''}</Fact>
      {run.group !== null && <Fact name='Part of'><a href={groupAddress(run.group)} title='A run of all data types'>group {run.group}</a></Fact>}
      <AskedFor run={run} />
      <Fact name='Rows out'><b>{formatCount(run.rowsOut)}</b></Fact>
      {run.quarantined > 0 && <Fact name='Quarantined'><b>{formatCount(run.quarantined)}</b></Fact>}
      {run.entitiesFailed > 0 && <Fact name='Failed entities'><b>{formatCount(run.entitiesFailed)}</b></Fact>}
    </dl>
  )
}

/** What it worked for and what it waited for people: two figures. */
function Times({ run, now }: { run: Run; now: number }) {
  const wait = waitedSoFarMs(run, now)
  return (
    <>
      <Fact name={FINISHED_RUN_STATES.has(run.state) || run.state === 'waiting' ? 'Worked for' : 'Working for'}><b>{elapsedText(run, now)}</b></Fact>
      {wait >= LEAST_WAIT_MS && <Fact name={run.state === 'waiting' ? 'Waiting for' : 'Waited'}><b>{formatDuration(wait)}</b> <span className='t3'>for a person</span></Fact>}
    </>
  )
}

/** What a run left out is none of its steps, once it is through. */
function stepsTaken(run: Run, steps: readonly RunStep[]): number {
  return run.state === 'succeeded' ? steps.filter((step) => step.state !== 'skipped').length : steps.length
}

/** What it was narrowed to, and with which parameters. */
function AskedFor({ run: { entities, options } }: { run: Run }) {
  const asked = describeOptions(options)
  return (
    <>
      {entities !== null && <Fact name='Only'>{countOf(entities.length, 'entity', 'entities')}</Fact>}
      {asked !== '' && <Fact name='Asked for'><span className='cut' title={asked}>{asked}</span></Fact>}
    </>
  )
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  )
}

function RunBar({ run, steps }: { run: Run; steps: readonly RunStep[] }) {
  const share = runShare(steps)
  return (
    <StackedProgress
      label={`Progress of ${run.dataType} #${run.runNumber}`}
      parts={[
        { status: 'succeeded', share: share.succeeded },
        { status: 'reused', share: share.reused },
        { status: 'failed', share: share.failed },
        { status: 'running', share: share.running },
      ]}
    />
  )
}

function elapsedText(run: Run, now: number): string {
  if (run.durationMs !== null) return formatDuration(run.durationMs)
  const ms = workedMs(run, now)
  if (ms === null) return 'not started'
  return run.state === 'waiting' ? formatDuration(ms) : formatClock(ms)
}

/** The time alone for today, with the date otherwise. */
function startedText(run: Run, now: number): string {
  const at = run.startedAt ?? run.queuedAt
  return new Date(at).toDateString() === new Date(now).toDateString() ? formatTime(at) : formatAbsolute(at)
}

function sum(share: Readonly<Record<string, number>>): number {
  return Object.values(share).reduce((total, part) => total + part, 0)
}

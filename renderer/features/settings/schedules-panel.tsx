import type { Schedule, ScheduleStart } from '../../../shared/contract/schedules.contract.ts'
import { actorText } from '../../../shared/domain/actor.ts'
import { problemOf } from '../../api/problem-of.ts'
import { useSchedulePause, useSchedules } from '../../api/use-schedules.ts'
import { runAddress } from '../../ui/addresses.ts'
import { PanelHead } from '../../ui/bars.tsx'
import { Button } from '../../ui/button.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { ErrorState } from '../../ui/error-state.tsx'
import { formatAbsolute, formatAgo, sentence } from '../../ui/format.ts'
import { formatDue } from '../../ui/format-due.ts'
import { LoadingState } from '../../ui/loading-state.tsx'
import { useRunToasts } from '../../ui/run-toasts.ts'
import { Status } from '../../ui/status.tsx'
import { TimeAgo, useNow } from '../../ui/time-ago.tsx'

/** Data types that run by themselves: when next, what came of the last time, and the switch. */
export function SchedulesPanel() {
  const { data, schedules, error, refetch } = useSchedules()
  const { onProblem } = useRunToasts()
  const pause = useSchedulePause(onProblem)
  return (
    <>
      <PanelHead title='Schedules and triggers' remark={schedules.length === 0 ? undefined : 'as long as Strata is open'} />
      {data !== undefined ? <ScheduleTable schedules={schedules} onPause={pause} /> : error === null ? <LoadingState>Asking for schedules</LoadingState> : <ErrorState inline problem={problemOf(error)} onRetry={() => void refetch()} />}
    </>
  )
}

function ScheduleTable({ schedules, onPause }: { schedules: readonly Schedule[]; onPause: (schedule: Schedule) => void }) {
  const now = useNow(20_000)
  if (schedules.length === 0) {
    return <EmptyState inline title='Nothing runs by itself'>Write <code>schedule</code> or <code>triggers</code> into a pipeline.yaml: a time, new files, or after another data type.</EmptyState>
  }
  return (
    <table className='t schedules'>
      <colgroup>
        <col style={{ width: '28%' }} />
        <col />
        <col style={{ width: '31%' }} />
        <col style={{ width: 96 }} />
      </colgroup>
      <thead><tr><th scope='col'>Data type</th><th scope='col'>Next</th><th scope='col'>Last</th><th scope='col' aria-label='Switch' /></tr></thead>
      <tbody>
        {schedules.map((schedule) => (
          <tr key={schedule.dataType}>
            <td title={whenText(schedule)}>
              <div className='mono cut'>{schedule.dataType}</div>
              <div className='t3 s11 cut'>{whenText(schedule)}</div>
            </td>
            <td><Next schedule={schedule} now={now} /></td>
            <td>{schedule.last === null ? <span className='t3'>not yet</span> : <Last start={schedule.last} />}</td>
            <td className='num'>
              <Button small onClick={() => onPause(schedule)} title={schedule.paused === null ? 'Nothing starts by itself until it is resumed' : 'What fell due meanwhile is not made up for'}>{schedule.paused === null ? 'Pause' : 'Resume'}</Button>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

function Next({ schedule, now }: { schedule: Schedule; now: number }) {
  const { paused, next: [first], files, after, pendingFiles, timeZone } = schedule
  if (paused !== null) {
    return (
      <>
        <Status status='waiting' text='Paused' />
        <div className='t3 s11 cut' title={formatAbsolute(paused.at)}>{formatAgo(paused.at, now)} by {actorText(paused.by)}</div>
      </>
    )
  }
  const triggers = [pendingFiles > 0 ? `${pendingFiles} new ${pendingFiles === 1 ? 'file' : 'files'} being written` : files.length > 0 ? 'when files arrive' : '', after.length > 0 ? `after ${after.join(', ')}` : ''].filter((part) => part !== '')
  return (
    <>
      {first !== undefined && <time className='cut' dateTime={first} title={`${formatAbsolute(first)} here; set for ${timeZone ?? ''}`}>{formatDue(first, now)}</time>}
      <div className={first === undefined ? 'cut' : 't3 s11 cut'} title={triggers.join('; ')}>{triggers.join('; ')}</div>
    </>
  )
}

const OUTCOME_WORDS: Readonly<Record<ScheduleStart['outcome'], string>> = { started: 'Started', missed: 'Made up for', skipped: 'Skipped', busy: 'Was busy' }

function Last({ start }: { start: ScheduleStart }) {
  const { run, outcome, note, at } = start
  return (
    <>
      <div className='row row-4 cut' title={note}>
        {run === null ? <span>{OUTCOME_WORDS[outcome]}</span> : <a className='mono' href={runAddress(run)}>#{run.runNumber}</a>}
        {run !== null && <Status status={run.state === 'succeeded' && run.degraded ? 'degraded' : run.state === 'planning' || run.state === 'cancelling' ? 'running' : run.state} text={sentence(run.state)} />}
      </div>
      <div className='t3 s11 cut' title={note}><TimeAgo at={at} />, {note}</div>
    </>
  )
}

/** "0 6 * * 1, Europe/Berlin; new files of studies; after drugs". */
function whenText({ cron, timeZone, files, after }: Schedule): string {
  return [
    cron === null ? '' : `${cron}, ${timeZone ?? ''}`,
    files.length === 0 ? '' : `new files of ${files.map(({ source }) => source).join(', ')}`,
    after.length === 0 ? '' : `after ${after.join(', ')}`,
  ].filter((part) => part !== '').join('; ')
}

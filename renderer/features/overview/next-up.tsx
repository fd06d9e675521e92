import { useQuery } from '@tanstack/react-query'
import type { Queue } from '../../../shared/contract/queue.contract.ts'
import type { Schedule } from '../../../shared/contract/schedules.contract.ts'
import { useApi } from '../../api/api.tsx'
import { problemOf } from '../../api/problem-of.ts'
import { useSchedules } from '../../api/use-schedules.ts'
import { groupAddress, runAddress, settingsAddress } from '../../ui/addresses.ts'
import { PanelHead } from '../../ui/bars.tsx'
import { Button } from '../../ui/button.tsx'
import { formatAbsolute } from '../../ui/format.ts'
import { formatDue } from '../../ui/format-due.ts'
import { Icon } from '../../ui/icon.tsx'
import { useRunToasts } from '../../ui/run-toasts.ts'
import { StatusMark } from '../../ui/status.tsx'
import { useNow } from '../../ui/time-ago.tsx'

const MOST_SCHEDULES = 4

/** Runs that wait, and what starts by itself next; nothing where there is neither. */
export function NextUp() {
  const { client, queries, queryClient } = useApi()
  const { onProblem } = useRunToasts()
  const queue = useQuery(queries.queue.get.queryOptions())
  const { schedules } = useSchedules()
  const now = useNow(20_000)
  const waiting = queue.data?.waiting ?? []
  if (waiting.length + schedules.length === 0) return null
  const cancelGroup = (group: number): void => {
    client.groups.cancel({ group }).catch((error: unknown) => onProblem(problemOf(error))).finally(() => void queryClient.invalidateQueries({ queryKey: queries.queue.key() }))
  }
  return (
    <section className='next-up' aria-label='Next up'>
      <PanelHead title='Next up' />
      <ul>
        {groupsOf(queue.data).map(({ group, left }) => (
          <li key={`group ${group}`}>
            <Icon name='runs' size={13} />
            <a className='grow' href={groupAddress(group)}>Run of all data types, {left} to go</a>
            <Button small variant='quiet' onClick={() => cancelGroup(group)} title='Cancels every run of it that is not finished'>Cancel all</Button>
          </li>
        ))}
        {waiting.map(({ run, position, text }) => (
          <li key={`${run.dataType} ${run.runNumber}`} title={`Place ${position}. ${text}`}>
            <StatusMark status='queued' />
            <a className='mono nw' href={runAddress(run)}>{run.dataType} #{run.runNumber}</a>
            <span className='t3 cut grow'>{text.replace(/^Waiting for/, 'waits for').replace(/^Place .*?: /, '')}</span>
          </li>
        ))}
        {schedules.slice(0, MOST_SCHEDULES).map((schedule) => <Due key={schedule.dataType} schedule={schedule} now={now} />)}
        {schedules.length > MOST_SCHEDULES && <li><a href={settingsAddress}>{schedules.length - MOST_SCHEDULES} more</a></li>}
      </ul>
    </section>
  )
}

/** Groups that are under way, with how many of their runs are not finished. */
function groupsOf(queue: Queue | undefined): { group: number; left: number }[] {
  const counts = new Map<number, number>()
  for (const { group } of [...(queue?.running ?? []), ...(queue?.waiting ?? [])]) if (group !== null) counts.set(group, (counts.get(group) ?? 0) + 1)
  return [...counts].map(([group, left]) => ({ group, left }))
}

function Due({ schedule, now }: { schedule: Schedule; now: number }) {
  const { dataType, next: [first], paused, files, after, pendingFiles } = schedule
  const patterns = files.flatMap((file) => file.patterns)
  return (
    <li>
      <Icon name={first !== undefined || files.length === 0 ? 'clock' : 'folder'} size={13} />
      <a className='mono cut' href={settingsAddress}>{dataType}</a>
      <span className='t3 cut grow num' title={first === undefined ? patterns.join(', ') : formatAbsolute(first)}>
        {paused !== null ? 'paused' : first !== undefined ? formatDue(first, now) : pendingFiles > 0 ? `${pendingFiles} new, being written` : files.length > 0 ? `watches ${patterns.join(', ')}` : `after ${after.join(', ')}`}
      </span>
    </li>
  )
}

import { useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import type { RunGroup } from '../../../shared/contract/groups.contract.ts'
import { CANCELLABLE_RUN_STATES, FINISHED_RUN_STATES } from '../../../shared/domain/run-status.ts'
import { useApi } from '../../api/api.tsx'
import { problemOf } from '../../api/problem-of.ts'
import { runsAddress } from '../../ui/addresses.ts'
import { PageHead } from '../../ui/bars.tsx'
import { Button, LinkButton } from '../../ui/button.tsx'
import { ErrorState } from '../../ui/error-state.tsx'
import { countOf, formatDuration } from '../../ui/format.ts'
import { LoadingState } from '../../ui/loading-state.tsx'
import { Note } from '../../ui/note.tsx'
import { Progress } from '../../ui/progress.tsx'
import { useRunToasts } from '../../ui/run-toasts.ts'
import { runStatus, runWord, Status } from '../../ui/status.tsx'
import { TimeAgo, useNow } from '../../ui/time-ago.tsx'
import { triggerWord } from '../../ui/trigger-word.ts'
import { useShortcut } from '../../ui/use-shortcut.ts'
import { GroupTable } from './group-table.tsx'
import './runs.css'

const route = getRouteApi('/runs/run-group/$group')

/** A run of all data types: its runs in their order, and what waits for what. */
export function GroupScreen() {
  const number = Number(route.useParams().group)
  const { queries } = useApi()
  const group = useQuery(queries.groups.get.queryOptions({ input: { group: number } }))
  return (
    <div className='view'>
      <section className='main' aria-label={`Group ${number}`} data-region='' tabIndex={-1}>
        {group.data !== undefined ? <Loaded group={group.data} /> : group.error === null ? <LoadingState rows={6}>Reading group {number}</LoadingState> : (
          <ErrorState problem={problemOf(group.error)} onRetry={() => void group.refetch()} actions={<LinkButton small href={runsAddress}>All runs</LinkButton>} />
        )}
      </section>
    </div>
  )
}

function Loaded({ group }: { group: RunGroup }) {
  const { client, queries, queryClient } = useApi()
  const { onProblem } = useRunToasts()
  const now = useNow(1_000, group.finishedAt === null)
  const canCancel = group.runs.some(({ state }) => CANCELLABLE_RUN_STATES.has(state) && state !== 'cancelling')
  const cancel = (): void => {
    client.groups.cancel({ group: group.group }).catch((error: unknown) => onProblem(problemOf(error))).finally(() => void queryClient.invalidateQueries({ queryKey: queries.groups.key() }))
  }
  useShortcut('run.cancel', () => canCancel && cancel())
  return (
    <>
      <PageHead
        title={`Run of all data types, group ${group.group}`}
        facts={<GroupFacts group={group} now={now} />}
        actions={canCancel && <Button variant='danger' icon='stop' iconSize={12} onClick={cancel} title='Cancels every run of it that is not finished; what is published stays' command='run.cancel'>Cancel group</Button>}
      />
      <Progress label={`Progress of group ${group.group}`} share={group.runs.reduce((sum, run) => sum + (FINISHED_RUN_STATES.has(run.state) ? 1 : run.share), 0) / Math.max(1, group.runs.length)} status={runStatus(group)} />
      {group.leftOut.length > 0 && (
        <div className='group-left-out'>
          <Note status='degraded'>{group.leftOut.map(({ dataType, reason }) => <div key={dataType}><b className='mono'>{dataType}</b> got no run: {reason}</div>)}</Note>
        </div>
      )}
      <div className='scroll grow' tabIndex={0} role='group' aria-label='Runs of the group'>
        <GroupTable group={group} now={now} />
      </div>
    </>
  )
}

function GroupFacts({ group, now }: { group: RunGroup; now: number }) {
  const over = group.runs.filter(({ state }) => FINISHED_RUN_STATES.has(state)).length
  const tookMs = (group.finishedAt === null ? now : Date.parse(group.finishedAt)) - Date.parse(group.queuedAt)
  return (
    <span className='row row-12'>
      <Status pill status={runStatus(group)} text={runWord(group)} />
      <span>{over === group.runs.length ? countOf(over, 'run') : `${over} of ${countOf(group.runs.length, 'run')} over`}</span>
      <span>by {triggerWord(group.trigger).toLowerCase()}, <TimeAgo at={group.queuedAt} /></span>
      <span>{formatDuration(Math.max(0, tookMs))} {group.finishedAt === null ? 'so far' : 'from the first to the last'}</span>
    </span>
  )
}

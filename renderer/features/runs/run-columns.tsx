import type { Run } from '../../../shared/contract/runs.contract.ts'
import { flagText, type RunFlag } from '../../../shared/domain/run-flags.ts'
import { groupAddress, runAddress } from '../../ui/addresses.ts'
import { formatCount } from '../../ui/format.ts'
import { runDurationText, runWaitText } from '../../ui/run-duration.ts'
import { runStatus, runWord, Status } from '../../ui/status.tsx'
import { TimeAgo } from '../../ui/time-ago.tsx'
import { triggerWord } from '../../ui/trigger-word.ts'
import type { TableColumn } from '../../ui/virtual-table.tsx'

interface Picking {
  isPicked: (run: Run) => boolean
  pick: (run: Run) => void
}

/** Columns of the list of runs; `now` lets living runs count up. */
export function runColumns(now: number, { isPicked, pick }: Picking): TableColumn<Run>[] {
  return [
    {
      id: 'pick', header: <span className='sr-only'>Mark</span>, width: '30px',
      cell: (run) => <input type='checkbox' className='pick' aria-label={`Mark #${run.runNumber} of ${run.dataType}`} checked={isPicked(run)} onChange={() => pick(run)} title='Mark two runs to compare them' />,
    },
    { id: 'run', header: 'Run', width: 'minmax(120px, 190px)', cell: (run) => <a className='mono' href={runAddress(run)}>{run.dataType} #{run.runNumber}</a> },
    { id: 'state', header: 'State', width: '116px', cell: (run) => <Status status={runStatus(run)} text={runWord(run)} /> },
    { id: 'by', header: 'Started by', width: 'minmax(84px, 108px)', cell: (run) => triggerWord(run.trigger) },
    { id: 'group', header: 'Group', width: '62px', numeric: true, cell: (run) => (run.group === null ? '' : <a href={groupAddress(run.group)} title='The run of all data types that it is part of'>{run.group}</a>) },
    { id: 'started', header: 'Started', width: '100px', numeric: true, cell: (run) => <TimeAgo at={run.startedAt ?? run.queuedAt} /> },
    { id: 'duration', header: 'Duration', width: '96px', numeric: true, cell: (run) => runDurationText(run, now), title: (run) => runWaitText(run, now) ?? undefined },
    { id: 'rows', header: 'Rows out', width: '92px', numeric: true, cell: (run) => nonZero(run.rowsOut) },
    { id: 'quarantined', header: 'Quarantined', width: '92px', numeric: true, cell: (run) => nonZero(run.quarantined) },
    { id: 'failed', header: 'Failed entities', width: '98px', numeric: true, cell: (run) => nonZero(run.entitiesFailed) },
    { id: 'unusual', header: 'Unusual', width: 'minmax(60px, 0.5fr)', cell: ({ flags }) => (flags[0] === undefined ? '' : <Status small status='warning' text={`${shortFlag(flags[0])}${flags.length > 1 ? `, ${flags.length - 1} more` : ''}`} />), title: ({ flags }) => flags.map(longFlag).join('\n') || undefined },
    { id: 'summary', header: 'What happened', width: 'minmax(100px, 1fr)', cell: (run) => <span className='t2'>{run.summary}</span>, title: (run) => run.summary },
  ]
}

function nonZero(count: number): string {
  return count === 0 ? '' : formatCount(count)
}

/** "3.1 times slower", "41 % fewer rows". */
function shortFlag(flag: RunFlag): string {
  return flagText(flag).replace(/ than the median.*$/, '')
}

function longFlag(flag: RunFlag): string {
  return flag.dataset === null ? flagText(flag) : `${flag.dataset}: ${flagText(flag)}`
}

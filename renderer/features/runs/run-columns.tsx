import type { Run } from '../../../shared/contract/runs.contract.ts'
import { runAddress } from '../../ui/addresses.ts'
import { formatCount } from '../../ui/format.ts'
import { runStatus, runWord, Status } from '../../ui/status.tsx'
import { TimeAgo } from '../../ui/time-ago.tsx'
import { triggerWord } from '../../ui/trigger-word.ts'
import type { TableColumn } from '../../ui/virtual-table.tsx'
import { runDurationText } from './run-duration.ts'

/** Columns of the list of runs; `now` lets living runs count up. */
export function runColumns(now: number): TableColumn<Run>[] {
  return [
    { id: 'run', header: 'Run', width: '200px', cell: (run) => <a className='mono' href={runAddress(run)}>{run.dataType} #{run.runNumber}</a> },
    { id: 'state', header: 'State', width: '120px', cell: (run) => <Status status={runStatus(run)} text={runWord(run)} /> },
    { id: 'by', header: 'Started by', width: '112px', cell: (run) => triggerWord(run.trigger) },
    { id: 'started', header: 'Started', width: '110px', numeric: true, cell: (run) => <TimeAgo at={run.startedAt ?? run.queuedAt} /> },
    { id: 'duration', header: 'Duration', width: '104px', numeric: true, cell: (run) => runDurationText(run, now) },
    { id: 'rows', header: 'Rows out', width: '96px', numeric: true, cell: (run) => nonZero(run.rowsOut) },
    { id: 'quarantined', header: 'Quarantined', width: '96px', numeric: true, cell: (run) => nonZero(run.quarantined) },
    { id: 'failed', header: 'Failed entities', width: '108px', numeric: true, cell: (run) => nonZero(run.entitiesFailed) },
    { id: 'summary', header: 'What happened', width: 'minmax(0, 1fr)', cell: (run) => <span className='t2'>{run.summary}</span>, title: (run) => run.summary },
  ]
}

function nonZero(count: number): string {
  return count === 0 ? '' : formatCount(count)
}

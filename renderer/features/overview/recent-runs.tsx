import type { Run } from '../../../shared/contract/runs.contract.ts'
import { runAddress, runsAddress } from '../../ui/addresses.ts'
import { countOf, formatCount } from '../../ui/format.ts'
import { runDurationText, runWaitText } from '../../ui/run-duration.ts'
import { runStatus, runWord, Status } from '../../ui/status.tsx'
import { TimeAgo, useNow } from '../../ui/time-ago.tsx'
import { triggerWord } from '../../ui/trigger-word.ts'
import '../../ui/table.css'

/** The last few runs, as a table. */
export function RecentRuns({ runs, total }: { runs: readonly Run[]; total: number }) {
  const now = useNow(1_000, runs.some((run) => run.finishedAt === null && run.startedAt !== null))
  return (
    <section aria-label='Recent runs'>
      <div className='runs-head'>
        <h2>Recent runs</h2>
        <span className='grow' />
        <a className='s12' href={runsAddress}>All {countOf(total, 'run')}</a>
      </div>
      <table className='t runs-table'>
        <colgroup>
          <col style={{ width: 186 }} />
          <col style={{ width: 124 }} />
          <col style={{ width: 120 }} />
          <col style={{ width: 92 }} />
          <col style={{ width: 96 }} />
          <col style={{ width: 88 }} />
          <col />
        </colgroup>
        <thead>
          <tr>
            <th scope='col'>Run</th>
            <th scope='col'>State</th>
            <th scope='col'>Started by</th>
            <th scope='col' className='num'>Started</th>
            <th scope='col' className='num'>Duration</th>
            <th scope='col' className='num'>Rows out</th>
            <th scope='col'>What happened</th>
          </tr>
        </thead>
        <tbody>
          {runs.map((run) => (
            <tr key={`${run.dataType}#${run.runNumber}`}>
              <td className='mono'><a href={runAddress(run)}>{run.dataType} #{run.runNumber}</a></td>
              <td><Status status={runStatus(run)} text={runWord(run)} /></td>
              <td>{triggerWord(run.trigger)}</td>
              <td className='num t2'><TimeAgo at={run.startedAt ?? run.queuedAt} /></td>
              <td className='num' title={runWaitText(run, now) ?? undefined}>{runDurationText(run, now)}</td>
              <td className='num'>{run.rowsOut > 0 ? formatCount(run.rowsOut) : ''}</td>
              <td className='t2' title={run.summary}>{run.summary}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}

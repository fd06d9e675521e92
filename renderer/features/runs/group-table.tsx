import type { GroupMember, RunGroup } from '../../../shared/contract/groups.contract.ts'
import type { RunRef } from '../../../shared/contract/runs.contract.ts'
import { LEAST_WAIT_MS, waitedSoFarMs, workedMs } from '../../../shared/domain/run-duration.ts'
import { FINISHED_RUN_STATES } from '../../../shared/domain/run-status.ts'
import { approvalAddress, runAddress } from '../../ui/addresses.ts'
import { formatAbsolute, formatCount } from '../../ui/format.ts'
import { Progress } from '../../ui/progress.tsx'
import { runDurationText, runWaitText } from '../../ui/run-duration.ts'
import { runStatus, runWord, Status, StatusMark } from '../../ui/status.tsx'
import { groupBars } from './group-bars.ts'
import '../../ui/table.css'

/** One line a run, in the order in which they read each other, each on the same axis of time. */
export function GroupTable({ group, now }: { group: RunGroup; now: number }) {
  const bars = groupBars(group, now)
  return (
    <table className='t group-table'>
      <colgroup><col style={{ width: 40 }} /><col style={{ width: '14%' }} /><col style={{ width: 112 }} /><col style={{ width: '14%' }} /><col style={{ width: 136 }} /><col style={{ width: '12%' }} /><col style={{ width: 88 }} /><col style={{ width: 76 }} /><col /></colgroup>
      <thead>
        <tr>
          <th scope='col' className='num'><span className='sr-only'>Place</span></th><th scope='col'>Run</th><th scope='col'>State</th><th scope='col'>Reads</th><th scope='col'>Steps</th>
          <th scope='col'>When</th><th scope='col' className='num'>Worked for</th><th scope='col' className='num'>Rows out</th><th scope='col'>What happens</th>
        </tr>
      </thead>
      <tbody>
        {group.runs.map((run, index) => (
          <tr key={run.dataType}>
            <td className='num t3'>{index + 1}</td>
            <td className='mono'><a href={runAddress(run)}>{run.dataType} #{run.runNumber}</a></td>
            <td><Status status={runStatus(run)} text={runWord(run)} /></td>
            <td><Reads run={run} runs={group.runs} /></td>
            <td><Steps run={run} /></td>
            <td><When run={run} bar={bars[index] ?? null} now={now} /></td>
            <td className='num' title={runWaitText(run, now) ?? undefined}>{runDurationText(run, now)}</td>
            <td className='num'>{run.rowsOut > 0 ? formatCount(run.rowsOut) : ''}</td>
            <td title={run.summary}><WhatHappens run={run} /></td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

/** Which runs of the group make what it reads, and how they stand: what it waits for, or waited for. */
function Reads({ run, runs }: { run: GroupMember; runs: readonly GroupMember[] }) {
  if (run.reads.length === 0) return <span className='t3'>none of them</span>
  return (
    <span className='row row-8'>
      {run.reads.map((ref) => {
        const source = runs.find((other) => isSame(other, ref))
        return (
          <span key={ref.dataType} className='row row-4' title={source === undefined ? undefined : `${ref.dataType} #${ref.runNumber}: ${runWord(source).toLowerCase()}`}>
            {source !== undefined && <StatusMark status={runStatus(source)} size={12} />}
            <span className='mono'>{ref.dataType}</span>
          </span>
        )
      })}
    </span>
  )
}

function Steps({ run }: { run: GroupMember }) {
  const { done, total } = run.steps
  return (
    <span className='row row-8'>
      <Progress label={`Steps of ${run.dataType} #${run.runNumber}`} share={run.share} status={runStatus(run)} width={56} />
      <span className='num'>{formatCount(done)} of {formatCount(total)}</span>
    </span>
  )
}

/** From its start to its end; of a run that waited for a person, only what it worked for is filled. */
function When({ run, bar, now }: { run: GroupMember; bar: { from: number; to: number } | null; now: number }) {
  if (bar === null) return <span className='t3'>{FINISHED_RUN_STATES.has(run.state) ? 'never began' : 'not yet'}</span>
  const text = `${run.startedAt === null ? '' : formatAbsolute(run.startedAt)} to ${run.finishedAt === null ? 'now' : formatAbsolute(run.finishedAt)}`
  const [workedFor, waited] = [workedMs(run, now) ?? 0, waitedSoFarMs(run, now)]
  const worked = waited < LEAST_WAIT_MS ? 1 : workedFor / Math.max(1, workedFor + waited)
  const title = [text, runWaitText(run, now) ?? ''].filter((part) => part !== '').join(', ')
  return (
    <span className={`group-track st-${runStatus(run)}`} title={title} role='img' aria-label={title}>
      <i className={worked < 1 ? 'waited' : undefined} style={{ left: `${bar.from * 100}%`, width: `${(bar.to - bar.from) * 100}%` }}><b style={{ width: `${worked * 100}%` }} /></i>
    </span>
  )
}

function WhatHappens({ run }: { run: GroupMember }) {
  if (run.state === 'waiting') return <a href={approvalAddress(run)}>{run.summary}</a>
  if (run.waitingFor.length === 0) return <span className='t2'>{run.summary}</span>
  return (
    <span className='t2'>
      Waits for {run.waitingFor.map((ref, index) => <span key={`${ref.dataType}#${ref.runNumber}`}>{index > 0 && ', '}<a href={runAddress(ref)}>{ref.dataType} #{ref.runNumber}</a></span>)}
    </span>
  )
}

function isSame(a: RunRef, b: RunRef): boolean {
  return a.dataType === b.dataType && a.runNumber === b.runNumber
}

import { Fragment } from 'react'
import type { RunDiff } from '../../../shared/contract/compare.contract.ts'
import type { Run } from '../../../shared/contract/runs.contract.ts'
import { runAddress } from '../../ui/addresses.ts'
import { runStatus, runWord, Status } from '../../ui/status.tsx'
import { TimeAgo } from '../../ui/time-ago.tsx'
import { factLines } from './compare-words.ts'

/** Both runs, line by line, and what is different. */
export function CompareFacts({ diff }: { diff: RunDiff }) {
  return (
    <div className='ab' role='table' aria-label='The runs side by side' tabIndex={0}>
      <div role='row' className='ab-line ab-head'>
        <span role='columnheader' className='k'><span className='sr-only'>Fact</span></span>
        <Head letter='A' run={diff.from} />
        <Head letter='B' run={diff.to} />
        <span role='columnheader' className='strong'>Difference</span>
      </div>
      {factLines(diff).map((line) => (
        <div role='row' className='ab-line' key={line.name}>
          <span role='rowheader' className='k'>{line.name}</span>
          <span role='cell' title={line.from}>{line.from}</span>
          <span role='cell' title={line.to}>{line.to}</span>
          <span role='cell' className={line.differs ? undefined : 't3'}>{line.differs && <Fragment><b className='chg' aria-hidden='true'>→</b> </Fragment>}{line.difference}</span>
        </div>
      ))}
    </div>
  )
}

function Head({ letter, run }: { letter: 'A' | 'B'; run: Run }) {
  return (
    <span role='columnheader' className='row'>
      <span className={`ab-tag ${letter === 'B' ? 'on' : ''}`}>{letter}</span>
      <a className='mono strong' href={runAddress(run)}>{run.dataType} #{run.runNumber}</a>
      <Status status={runStatus(run)} text={runWord(run)} />
      <span className='end t3'><TimeAgo at={run.finishedAt ?? run.queuedAt} /></span>
    </span>
  )
}

import { useQuery } from '@tanstack/react-query'
import type { QuarantineDetail, QuarantineRecord } from '../../../shared/contract/quarantine.contract.ts'
import { actorText } from '../../../shared/domain/actor.ts'
import { useApi } from '../../api/api.tsx'
import { problemOf } from '../../api/problem-of.ts'
import type { QuarantineCommands } from '../../api/use-quarantine.ts'
import { runAddress } from '../../ui/addresses.ts'
import { PanelHead } from '../../ui/bars.tsx'
import { Button } from '../../ui/button.tsx'
import { ErrorState } from '../../ui/error-state.tsx'
import { FileLines } from '../../ui/file-lines.tsx'
import { LoadingState } from '../../ui/loading-state.tsx'
import { TimeAgo } from '../../ui/time-ago.tsx'
import { CorrectionForm } from './correction-form.tsx'
import { placeOf } from './quarantine-words.ts'

interface QuarantineRecordPanelProps {
  record: QuarantineRecord
  /** "1 of 22". */
  position: string
  why: string
  onWhy: (why: string) => void
  onStep: (by: number) => void
  onAccept: () => void
  onIgnore: () => void
  commands: QuarantineCommands
}

/** One record: as it was delivered at the left, what can be done about it at the right. */
export function QuarantineRecordPanel(props: QuarantineRecordPanelProps) {
  const { record, commands } = props
  const { queries } = useApi()
  const detail = useQuery(queries.quarantine.show.queryOptions({ input: { id: record.id } }))
  if (detail.error !== null) return <div className='q-record'><ErrorState problem={problemOf(detail.error)} onRetry={() => void detail.refetch()} /></div>
  if (detail.data === undefined) return <div className='q-record'><LoadingState rows={4}>Reading the record in its file</LoadingState></div>
  return (
    <div className='q-record'>
      <section className='q-delivered' aria-label='As delivered' data-region='' tabIndex={-1}>
        <PanelHead title={record.file === null ? 'As made' : 'As delivered'} remark={<span className='mono'>{placeOf(record)}</span>} />
        <div className='q-scroll'>
          <Delivered detail={detail.data} />
          <Facts detail={detail.data} onUndo={() => void commands.undo({ records: [record.id] })} />
        </div>
      </section>
      <CorrectionForm {...props} detail={detail.data} />
    </div>
  )
}

function Delivered({ detail: { lines, raw } }: { detail: QuarantineDetail }) {
  if (lines.length === 0) return <pre className='q-raw' tabIndex={0}>{pretty(raw)}</pre>
  return <FileLines lines={lines} tone='failed' />
}

/** A row is kept as one line of JSON, which nobody reads in one line. */
function pretty(raw: string | null): string {
  if (raw === null) return ''
  if (!raw.startsWith('{')) return raw
  try {
    return JSON.stringify(JSON.parse(raw), null, 1)
  } catch {
    // Cut off, or no JSON after all: as it is.
    return raw
  }
}

function Facts({ detail: { record }, onUndo }: { detail: QuarantineDetail; onUndo: () => void }) {
  const { decision, dataType, firstRun, lastRun } = record
  return (
    <dl className='kv q-facts'>
      <dt>Reason</dt>
      <dd>{record.reason}</dd>
      <dt>Rule</dt>
      <dd>{record.rule === null ? 'could not be read' : <span className='mono'>{record.rule}</span>}</dd>
      <dt>Seen</dt>
      <dd>
        <a href={runAddress({ dataType, runNumber: firstRun }, 'quarantine')}>#{firstRun}</a>, <TimeAgo bare at={record.firstSeenAt} />
        {lastRun !== firstRun && <> to <a href={runAddress({ dataType, runNumber: lastRun }, 'quarantine')}>#{lastRun}</a></>}
      </dd>
      {decision !== null && (
        <>
          <dt>{DECIDED[decision.kind]}</dt>
          <dd>
            {decision.reason} <span className='t3'>({actorText(decision.actor)}, <TimeAgo bare at={decision.at} />{decision.forAll ? ', for all with this reason' : ''})</span>{' '}
            {!decision.forAll && <Button small variant='quiet' icon='undo' onClick={onUndo}>Undo</Button>}
          </dd>
        </>
      )}
      <dt>Record</dt>
      <dd className='mono'>{record.id.slice(0, 8)}</dd>
    </dl>
  )
}

const DECIDED = { correct: 'Corrected', accept: 'Accepted', ignore: 'Ignored' } as const

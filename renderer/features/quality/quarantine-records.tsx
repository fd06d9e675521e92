import { keepPreviousData } from '@tanstack/react-query'
import { useState } from 'react'
import type { QuarantineFilter, QuarantineGroup, QuarantineRecord, QuarantineTarget } from '../../../shared/contract/quarantine.contract.ts'
import { useApi } from '../../api/api.tsx'
import { problemOf } from '../../api/problem-of.ts'
import { usePagedRows } from '../../api/use-paged-rows.ts'
import type { QuarantineCommands } from '../../api/use-quarantine.ts'
import { PanelHead } from '../../ui/bars.tsx'
import { Button } from '../../ui/button.tsx'
import { ErrorState } from '../../ui/error-state.tsx'
import { countOf, formatCount } from '../../ui/format.ts'
import { LoadingState } from '../../ui/loading-state.tsx'
import { ReasonDialog } from '../../ui/reason-dialog.tsx'
import { Status } from '../../ui/status.tsx'
import { useToast } from '../../ui/toast.tsx'
import { useShortcut } from '../../ui/use-shortcut.ts'
import { type TableColumn, VirtualTable } from '../../ui/virtual-table.tsx'
import { titleOf } from './quarantine-groups.tsx'
import { QuarantineRecordPanel } from './quarantine-record.tsx'
import { placeOf, seenText, STATE_MARKS, STATE_WORDS } from './quarantine-words.ts'

const PAGE = 200

type Kind = 'accept' | 'ignore'
const DONE: Readonly<Record<Kind, string>> = { accept: 'accepted', ignore: 'ignored' }

interface Asked {
  kind: Kind
  target: QuarantineTarget
  count: number
}

/** The records of one reason, and the chosen one with its place in the file and a form to correct it. */
export function QuarantineRecords({ group, filter, commands }: { group: QuarantineGroup; filter: QuarantineFilter; commands: QuarantineCommands }) {
  const { queries } = useApi()
  const [index, setIndex] = useState(0)
  const [why, setWhy] = useState('')
  const [asked, setAsked] = useState<Asked | null>(null)
  const decide = useDecide(commands)
  const input = { ...filter, dataset: group.dataset, signature: group.signature, limit: PAGE }
  const rows = usePagedRows({
    pageSize: PAGE,
    page: (offset) => ({ ...queries.quarantine.list.queryOptions({ input: { ...input, offset } }), placeholderData: keepPreviousData }),
    read: ({ total, records }) => ({ total, rows: records }),
  })
  const at = Math.min(index, Math.max(0, rows.total - 1))
  const chosen = rows.rowAt(at)
  const step = (by: number): void => setIndex(Math.min(Math.max(0, at + by), Math.max(0, rows.total - 1)))
  const one = (kind: Kind): void => {
    if (chosen === undefined) return
    const target = { records: [chosen.id] }
    if (why.trim() === '') setAsked({ kind, target, count: 1 })
    else void decide({ kind, target, count: 1 }, why.trim())
  }
  useShortcut('queue.next', () => step(1))
  useShortcut('queue.previous', () => step(-1))
  useShortcut('record.accept', () => one('accept'))
  useShortcut('record.ignore', () => one('ignore'))
  if (rows.error !== null && rows.answer === undefined) return <ErrorState problem={problemOf(rows.error)} onRetry={rows.retry} />
  if (rows.isPending) return <LoadingState rows={8}>Reading the records</LoadingState>
  return (
    <section className='q-records' aria-label='Records'>
      <PanelHead title={titleOf(group)} remark={<>{countOf(rows.total, 'record')}{group.rule === null ? ' that could not be read' : <>, rule <span className='mono'>{group.rule}</span></>}</>}>
        <AllButtons group={group} onAsk={setAsked} />
      </PanelHead>
      <VirtualTable label='Quarantined records' columns={COLUMNS} total={rows.total} rowAt={rows.rowAt} onRange={rows.onRange} rowKey={({ id }) => id} at={at} selectedKey={chosen?.id ?? null} onMove={setIndex} />
      {chosen !== undefined && (
        <QuarantineRecordPanel
          key={chosen.id} record={chosen} position={`${formatCount(at + 1)} of ${formatCount(rows.total)}`} why={why} onWhy={setWhy} onStep={step}
          onAccept={() => one('accept')} onIgnore={() => one('ignore')} commands={commands}
        />
      )}
      {asked !== null && (
        <ReasonDialog
          title={`${asked.kind === 'accept' ? 'Accept' : 'Ignore'} ${'records' in asked.target ? countOf(asked.count, 'record') : `all ${countOf(asked.count, 'record')} with this reason`}?`}
          confirm={asked.kind === 'accept' ? 'Accept' : 'Ignore'} onClose={() => setAsked(null)} onConfirm={(reason) => void decide(asked, reason)}
        >
          <p>{effectOf(asked)}</p>
        </ReasonDialog>
      )}
    </section>
  )
}

function effectOf({ kind, target }: Asked): string {
  const later = 'records' in target ? 'Every later run does the same with the same record.' : 'Every later run does the same with all that come with this reason.'
  return kind === 'accept' ? `The next run lets them in in spite of the rule. ${later}` : `They are left out on purpose and count as skipped. ${later}`
}

/** Does it, says so, and offers the way back. */
function useDecide(commands: QuarantineCommands): (asked: Asked, reason: string) => Promise<void> {
  const toast = useToast()
  return async ({ kind, target }, reason) => {
    const changed = await commands[kind](target, reason)
    if (changed === null) return
    toast({ status: kind === 'accept' ? 'succeeded' : 'skipped', title: `${countOf(changed, 'record')} ${DONE[kind]}`, text: 'The next run takes it up', action: { label: 'Undo', run: () => void commands.undo(target) } })
  }
}

function AllButtons({ group, onAsk }: { group: QuarantineGroup; onAsk: (asked: Asked) => void }) {
  const target = { dataset: group.dataset, signature: group.rule ?? group.signature }
  const none = group.open === 0 ? 'Nothing of it is open' : null
  return (
    <>
      <Button small disabledReason={group.rule === null ? 'They could not be read, so there are no rows to let in' : none} onClick={() => onAsk({ kind: 'accept', target, count: group.open })}>{`Accept all ${formatCount(group.open)}`}</Button>
      <Button small disabledReason={none} onClick={() => onAsk({ kind: 'ignore', target: { dataset: group.dataset, signature: group.signature }, count: group.open })}>{`Ignore all ${formatCount(group.open)}`}</Button>
    </>
  )
}

const COLUMNS: readonly TableColumn<QuarantineRecord>[] = [
  { id: 'place', header: 'Where', width: 'minmax(0, 0.8fr)', cell: (record) => <span className='mono'>{placeOf(record)}</span>, title: placeOf },
  { id: 'reason', header: 'What is wrong', width: 'minmax(0, 0.9fr)', cell: ({ reason }) => reason, title: ({ reason }) => reason },
  { id: 'record', header: 'Record', width: 'minmax(0, 1.2fr)', cell: ({ excerpt }) => <span className='mono t2'>{excerpt}</span>, title: ({ excerpt }) => excerpt },
  { id: 'state', header: 'State', width: '172px', cell: (record) => <State record={record} /> },
  { id: 'seen', header: 'Seen', width: '96px', numeric: true, cell: (record) => seenText(record) },
]

function State({ record: { state, waits } }: { record: QuarantineRecord }) {
  return <Status status={STATE_MARKS[state]} text={<>{STATE_WORDS[state]}{waits && <span className='t3'>, waits</span>}</>} title={waits ? 'Decided since the last run; the next one takes it up' : undefined} />
}

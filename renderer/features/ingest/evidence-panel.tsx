import type { ColumnGuess, Declaration, DeclaredColumn, Doubt, SourceGuess } from '../../../shared/contract/ingest.contract.ts'
import { tablesIn } from '../../../shared/domain/nested-tables.ts'
import { PanelHead, SidePanel } from '../../ui/bars.tsx'
import { Button } from '../../ui/button.tsx'
import { formatCount } from '../../ui/format.ts'
import { Note } from '../../ui/note.tsx'
import type { SourceEdit } from './ingest-model.ts'
import { NestedTables } from './nested-tables.tsx'

/** Below it, a finding is said to be unsure. */
const SURE = 0.75

interface EvidencePanelProps {
  guess: SourceGuess
  frame: Declaration
  chosen: SourceEdit['columns']
  /** Null where nothing was changed. */
  onReset: (() => void) | null
  onChoose: (change: Declaration) => void
  onColumn: (column: string, declared: DeclaredColumn | null) => void
  /** The reading with these lists as tables; null: nested values as they are. */
  onTables: (names: readonly string[] | null) => void
}

/** What the guess rests on, and what the files alone do not decide. */
export function EvidencePanel({ guess, frame, chosen, onReset, onChoose, onColumn, onTables }: EvidencePanelProps) {
  const columns = guess.columns.filter(({ doubt }) => doubt !== null)
  const count = guess.doubts.length + columns.length
  return (
    <SidePanel label='What was found'>
      <PanelHead title='Found' remark={`looked at ${guess.lookedAt}`}>
        {onReset !== null && <Button small variant='quiet' icon='undo' iconSize={12} onClick={onReset} title='Read it as it was found, without your changes'>As found</Button>}
      </PanelHead>
      <div className='scroll panel-scroll' tabIndex={0} role='group' aria-label='Evidence and doubts'>
        <ul className='block ingest-found'>
          {guess.rows !== null && <li><span className='t3'>records</span><b className='mono'>{guess.rows.isExact ? '' : 'about '}{formatCount(guess.rows.count)}</b><span className='t2'>{guess.rows.isExact ? 'counted' : 'estimated from what was looked at'}</span></li>}
          {guess.found.map(({ about, value, evidence, confidence }) => (
            <li key={about}>
              <span className='t3'>{about.replaceAll('_', ' ')}</span>
              <b className='mono'>{value}</b>
              <span className='t2'>{evidence}; {confidence < SURE ? 'not sure, ' : ''}{Math.round(confidence * 100)}% certain</span>
            </li>
          ))}
        </ul>
        {guess.nested !== null && <NestedTables nested={guess.nested} records={guess.rows?.count ?? 0} taken={tablesIn(frame)} onTables={onTables} />}
        {count > 0 && (
          <section className='block ingest-doubts'>
            <h3>{formatCount(count)} not certain</h3>
            {guess.doubts.map((doubt) => <DoubtNote key={doubt.about} doubt={doubt} frame={frame} onChoose={onChoose} />)}
            {columns.map((column) => <ColumnDoubt key={column.name} column={column} own={chosen[column.name]} onColumn={onColumn} />)}
          </section>
        )}
      </div>
    </SidePanel>
  )
}

function DoubtNote({ doubt, frame, onChoose }: { doubt: Doubt; frame: Declaration; onChoose: (change: Declaration) => void }) {
  return (
    <Note status='warning'>
      {doubt.text}
      {doubt.choices.length > 0 && (
        <div className='ingest-choices'>
          {doubt.choices.map(({ label, change }) => <Button key={label} small pressed={isTaken(frame, change)} onClick={() => onChoose(change)}>{label}</Button>)}
        </div>
      )}
    </Note>
  )
}

function isTaken(frame: Declaration, change: Declaration): boolean {
  return Object.entries(change).every(([key, value]) => JSON.stringify(frame[key] ?? DEFAULTS[key] ?? null) === JSON.stringify(value))
}

/** What a key means that is not there. */
const DEFAULTS: Declaration = { header: true }

function ColumnDoubt({ column: { name, doubt, counterExample, choices, declared }, own, onColumn }: { column: ColumnGuess; own: DeclaredColumn | null | undefined; onColumn: EvidencePanelProps['onColumn'] }) {
  const taken = JSON.stringify(own === undefined ? declared : own)
  return (
    <Note status='warning'>
      <b className='mono'>{name}</b> {doubt}.
      {counterExample !== null && <div className='t2'>First: <span className='mono'>{JSON.stringify(counterExample.value)}</span> in {counterExample.file}, {counterExample.line === null ? `record ${formatCount(counterExample.record)}` : `line ${formatCount(counterExample.line)}`}</div>}
      {choices.length > 0 && (
        <div className='ingest-choices'>
          {choices.map((choice) => <Button key={choice.label} small pressed={JSON.stringify(choice.declared) === taken} onClick={() => onColumn(name, choice.declared)}>{choice.label}</Button>)}
        </div>
      )}
    </Note>
  )
}

import type { Declaration, Doubt, SourceGuess } from '../../../shared/contract/ingest.contract.ts'
import { PanelHead, SidePanel } from '../../ui/bars.tsx'
import { Button } from '../../ui/button.tsx'
import { formatCount } from '../../ui/format.ts'
import { Note } from '../../ui/note.tsx'

/** Below it, a finding is said to be unsure. */
const SURE = 0.75

interface EvidencePanelProps {
  guess: SourceGuess
  onChoose: (change: Declaration) => void
}

/** What the guess rests on, and what the files alone do not decide. */
export function EvidencePanel({ guess, onChoose }: EvidencePanelProps) {
  const columns = guess.columns.filter(({ doubt }) => doubt !== null)
  const count = guess.doubts.length + columns.length
  return (
    <SidePanel label='What was found'>
      <PanelHead title='Found' remark={`looked at ${guess.lookedAt}`} />
      <div className='scroll panel-scroll' tabIndex={0} role='group' aria-label='Evidence and doubts'>
        <ul className='block ingest-found'>
          {guess.found.map(({ about, value, evidence, confidence }) => (
            <li key={about}>
              <span className='t3'>{about}</span>
              <b className='mono'>{value}</b>
              <span className='t2'>{evidence}{confidence < SURE ? '; not sure' : ''}</span>
            </li>
          ))}
        </ul>
        {count > 0 && (
          <section className='block ingest-doubts'>
            <h3>{formatCount(count)} not certain</h3>
            {guess.doubts.map((doubt) => <DoubtNote key={doubt.about} doubt={doubt} onChoose={onChoose} />)}
            {columns.map(({ name, doubt, counterExample }) => (
              <Note key={name} status='warning'>
                <b className='mono'>{name}</b> {doubt}.
                {counterExample !== null && <div className='t2'>First: <span className='mono'>{JSON.stringify(counterExample.value)}</span> in {counterExample.file}, {counterExample.line === null ? `record ${formatCount(counterExample.record)}` : `line ${formatCount(counterExample.line)}`}</div>}
              </Note>
            ))}
          </section>
        )}
      </div>
    </SidePanel>
  )
}

function DoubtNote({ doubt, onChoose }: { doubt: Doubt; onChoose: (change: Declaration) => void }) {
  return (
    <Note status='warning'>
      {doubt.text}
      {doubt.choices.length > 0 && (
        <div className='ingest-choices'>
          {doubt.choices.map(({ label, change }) => <Button key={label} small onClick={() => onChoose(change)}>{label}</Button>)}
        </div>
      )}
    </Note>
  )
}

import { useId, useState } from 'react'
import type { MarkKind } from '../../../shared/contract/runs.contract.ts'
import { ReasonDialog } from '../../ui/reason-dialog.tsx'

export interface MarkChoice {
  as: MarkKind
  label: string
  text: string
}

export const ENTITY_CHOICES: readonly MarkChoice[] = [
  { as: 'accepted', label: 'Accept the failure', text: 'Stays failed, is not tried again, and counts against no limit.' },
  { as: 'skipped', label: 'Skip', text: 'Needs no result in this run.' },
  { as: 'retry', label: 'Try again', text: 'Pending again; the next attempt processes it.' },
]

export const STEP_CHOICES: readonly MarkChoice[] = [
  { as: 'accepted', label: 'Accept what it made', text: 'Its version counts in spite of the rules that block it.' },
  { as: 'skipped', label: 'Leave it out', text: 'Steps that read it read what is published of it.' },
  { as: 'retry', label: 'Make it again', text: 'Pending again; takes an earlier mark away.' },
]

interface MarkDialogProps {
  title: string
  choices: readonly MarkChoice[]
  /** Whether the run can go on with it. */
  mayResume: boolean
  onClose: () => void
  onMark: (mark: { as: MarkKind; reason: string; resume: boolean }) => void
}

/** What an entity or a step counts as from now on, and why. */
export function MarkDialog({ title, choices, mayResume, onClose, onMark }: MarkDialogProps) {
  const [as, setAs] = useState<MarkKind>(choices[0]?.as ?? 'retry')
  const [resume, setResume] = useState(mayResume)
  const name = useId()
  return (
    <ReasonDialog title={title} confirm={mayResume && resume ? 'Mark and go on' : 'Mark'} onClose={onClose} onConfirm={(reason) => onMark({ as, reason, resume: mayResume && resume })}>
      <fieldset className='choices' aria-label='Counts as'>
        {choices.map((choice) => (
          <label key={choice.as} className='choice'>
            <input type='radio' name={name} checked={choice.as === as} onChange={() => setAs(choice.as)} />
            <b>{choice.label}</b>
            <span>{choice.text}</span>
          </label>
        ))}
      </fieldset>
      {mayResume && (
        <label className='choice'>
          <input type='checkbox' checked={resume} onChange={(event) => setResume(event.target.checked)} />
          <b>Go on with the run</b>
          <span>What succeeded stays; the rest goes on at once, as its next attempt.</span>
        </label>
      )}
    </ReasonDialog>
  )
}

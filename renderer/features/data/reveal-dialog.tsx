import { useState } from 'react'
import type { Column } from '../../../shared/domain/table-query.ts'
import { problemOf } from '../../api/problem-of.ts'
import { useReveals } from '../../api/use-reveals.ts'
import { Labelled } from '../../ui/field.tsx'
import { ReasonDialog } from '../../ui/reason-dialog.tsx'
import { useToast } from '../../ui/toast.tsx'

interface RevealDialogProps {
  dataset: string
  columns: readonly Column[]
  /** The one that is meant; null: all. */
  column: string | null
  onClose: () => void
}

const MINUTES = [5, 15, 60] as const
const USUAL_MINUTES = 15

/** Asks which masked columns are to be revealed, for how long, and why. */
export function RevealDialog({ dataset, columns, column, onClose }: RevealDialogProps) {
  const { reveal } = useReveals()
  const toast = useToast()
  const masked = columns.filter(({ isMasked }) => isMasked === true).map(({ name }) => name)
  const [chosen, setChosen] = useState<readonly string[]>(() => (column === null ? masked : masked.filter((name) => name === column)))
  const [minutes, setMinutes] = useState<number>(USUAL_MINUTES)
  const confirm = async (reason: string): Promise<void> => {
    try {
      await reveal({ dataset, columns: chosen.length === 0 ? masked : [...chosen], reason, minutes })
    } catch (error) {
      const problem = problemOf(error)
      toast({ status: 'failed', title: problem.message, text: problem.hint ?? '' })
    }
  }
  const toggle = (name: string): void => setChosen(chosen.includes(name) ? chosen.filter((one) => one !== name) : [...chosen, name])
  return (
    <ReasonDialog title='Reveal masked values?' confirm='Reveal' onClose={onClose} onConfirm={(reason) => void confirm(reason)}>
      <p className='t2'>You see the values of <span className='mono'>{dataset}</span> at every version. Programs and other people go on seeing masks, and so do you when the time is over.</p>
      <fieldset className='reveal-columns'>
        <legend>Columns</legend>
        {masked.map((name) => (
          <label key={name} className='mono'>
            <input type='checkbox' checked={chosen.includes(name)} onChange={() => toggle(name)} />
            {name}
          </label>
        ))}
      </fieldset>
      <Labelled label='For'>
        {({ id }) => (
          <select id={id} className='field' value={minutes} onChange={(event) => setMinutes(Number(event.target.value))}>
            {MINUTES.map((count) => <option key={count} value={count}>{count} minutes</option>)}
          </select>
        )}
      </Labelled>
    </ReasonDialog>
  )
}

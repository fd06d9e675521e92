import { type ReactNode, type SyntheticEvent, useId } from 'react'
import { Button } from './button.tsx'
import { Dialog } from './dialog.tsx'
import { NameField } from './field.tsx'

interface SaveAsDialogProps {
  title: string
  name: string
  /** Where it will be under this name. */
  hint: ReactNode
  /** What was wrong with the last try. */
  error: string | null
  /** Something else has the name: to press again is to replace it. */
  isTaken: boolean
  isPending: boolean
  /** On the button. */
  words: { save: string; replace: string }
  onName: (name: string) => void
  onSave: () => void
  onClose: () => void
}

/** Gives something a name, under which it is a file of the workspace. */
export function SaveAsDialog({ title, name, hint, error, isTaken, isPending, words, onName, onSave, onClose }: SaveAsDialogProps) {
  const form = useId()
  const isNamed = name.trim() !== ''
  const submit = (event: SyntheticEvent): void => {
    event.preventDefault()
    if (isNamed) onSave()
  }
  return (
    <Dialog
      open
      onClose={onClose}
      title={title}
      actions={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button variant={isTaken ? 'danger-fill' : 'primary'} type='submit' form={form} disabledReason={isPending ? 'It is being saved' : isNamed ? null : 'Give it a name'}>
            {isTaken ? words.replace : words.save}
          </Button>
        </>
      }
    >
      <form id={form} onSubmit={submit}>
        <NameField label='Name' hint={hint} error={error} value={name} maxLength={80} onChange={onName} />
      </form>
    </Dialog>
  )
}

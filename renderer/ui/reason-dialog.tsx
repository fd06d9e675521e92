import { type ReactNode, type SyntheticEvent, useId, useState } from 'react'
import { Button, type ButtonVariant } from './button.tsx'
import { Dialog } from './dialog.tsx'
import { Labelled } from './field.tsx'
import './reason-dialog.css'

interface ReasonDialogProps {
  onClose: () => void
  title: string
  /** What it means, and choices beside the reason. */
  children?: ReactNode
  /** Verb and object of the button that does it. */
  confirm: string
  variant?: ButtonVariant
  /** May be left empty. */
  optional?: boolean
  wide?: boolean
  onConfirm: (reason: string) => void
}

/** Asks why, before something that a person decides against or in place of the machine. The reason goes into the audit trail. */
export function ReasonDialog({ onClose, title, children, confirm, variant = 'primary', optional = false, wide = false, onConfirm }: ReasonDialogProps) {
  const [reason, setReason] = useState('')
  const form = useId()
  const isMissing = !optional && reason.trim() === ''
  const submit = (event: SyntheticEvent): void => {
    event.preventDefault()
    if (isMissing) return
    onConfirm(reason.trim())
    onClose()
  }
  return (
    <Dialog
      open
      wide={wide}
      onClose={onClose}
      title={title}
      actions={
        <>
          <Button onClick={onClose}>Not now</Button>
          <Button variant={variant} type='submit' form={form} disabledReason={isMissing ? 'Say why first' : null}>{confirm}</Button>
        </>
      }
    >
      <form id={form} className='reason-form' onSubmit={submit}>
        {children}
        <Labelled label={optional ? 'Reason (may be left empty)' : 'Reason'} hint='Kept in the audit trail, with who and when.'>
          {({ id, describedBy }) => (
            <textarea
              id={id}
              aria-describedby={describedBy}
              className='textarea reason-text'
              rows={3}
              maxLength={2_000}
              required={!optional}
              data-autofocus
              value={reason}
              onChange={(event) => setReason(event.target.value)}
              onKeyDown={(event) => {
                if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) event.currentTarget.form?.requestSubmit()
              }}
            />
          )}
        </Labelled>
      </form>
    </Dialog>
  )
}

import { type SyntheticEvent, useId, useState } from 'react'
import type { Secret, SecretList } from '../../../shared/contract/secrets.contract.ts'
import { LEAST_SECRET_CHARACTERS, SECRET_NAME_PATTERN } from '../../../shared/domain/secret-name.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Labelled } from '../../ui/field.tsx'

interface SecretDialogProps {
  /** Null: one of a new name. */
  secret: Secret | null
  protection: SecretList['protection']
  onClose: () => void
  onSet: (name: string, value: string) => void
}

/** Takes a value in; what was there before is not shown, because nobody can ask for it. */
export function SecretDialog({ secret, protection, onClose, onSet }: SecretDialogProps) {
  const [name, setName] = useState(secret?.name ?? '')
  const [value, setValue] = useState('')
  const form = useId()
  const missing = missingOf(name, value)
  const submit = (event: SyntheticEvent): void => {
    event.preventDefault()
    if (missing !== null) return
    onSet(name, value)
    onClose()
  }
  const isReplaced = secret !== null && secret.place !== null
  return (
    <Dialog
      open
      onClose={onClose}
      title={titleOf(secret)}
      actions={<><Button onClick={onClose}>{isReplaced ? 'Keep the old value' : 'Not now'}</Button><Button variant='primary' type='submit' form={form} disabledReason={missing}>{isReplaced ? 'Replace value' : 'Set value'}</Button></>}
    >
      <form id={form} className='secret-form' onSubmit={submit}>
        {secret === null && (
          <Labelled label='Name' hint='Sources name it as secret:name.' error={nameProblem(name)}>
            {({ id, describedBy }) => <span className='field'><input id={id} type='text' aria-describedby={describedBy} className='mono' value={name} maxLength={63} spellCheck={false} autoComplete='off' data-autofocus onChange={(event) => setName(event.target.value)} /></span>}
          </Labelled>
        )}
        <Labelled label='Value' hint={`Kept ${protection.text}, for this workspace only. It is not shown again.`}>
          {({ id, describedBy }) => <span className='field'><input id={id} type='password' aria-describedby={describedBy} value={value} maxLength={65_536} autoComplete='new-password' data-autofocus={secret === null ? undefined : true} onChange={(event) => setValue(event.target.value)} /></span>}
        </Labelled>
      </form>
    </Dialog>
  )
}

function nameProblem(name: string): string | null {
  return name === '' || SECRET_NAME_PATTERN.test(name) ? null : 'Use lower-case letters, digits and _, beginning with a letter'
}

function missingOf(name: string, value: string): string | null {
  if (name === '' || nameProblem(name) !== null) return 'Give it a name first'
  return value.length < LEAST_SECRET_CHARACTERS ? `Give a value of at least ${LEAST_SECRET_CHARACTERS} characters` : null
}

function titleOf(secret: Secret | null): string {
  if (secret === null) return 'Set a secret'
  return secret.place === null ? `Set the secret ${secret.name}` : `Replace the secret ${secret.name}`
}

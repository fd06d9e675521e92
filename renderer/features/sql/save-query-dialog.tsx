import { useMutation } from '@tanstack/react-query'
import { type SyntheticEvent, useState } from 'react'
import type { NamedQuery } from '../../../shared/contract/sql-pad.contract.ts'
import { useApi } from '../../api/api.tsx'
import { problemOf } from '../../api/problem-of.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { NameField } from '../../ui/field.tsx'

interface SaveQueryDialogProps {
  sql: string
  /** Proposed at first. */
  name: string
  onSaved: (query: NamedQuery) => void
  onClose: () => void
}

/** Gives a query a name, under which it is a file of the workspace. */
export function SaveQueryDialog({ sql, name: first, onSaved, onClose }: SaveQueryDialogProps) {
  const { client } = useApi()
  const [name, setName] = useState(first)
  const { mutate, error, isPending, reset } = useMutation({
    mutationFn: (replace: boolean) => client.query.save({ commandId: crypto.randomUUID(), name: name.trim(), sql, replace }),
    onSuccess: onSaved,
  })
  const problem = error === null ? null : problemOf(error)
  const isTaken = problem?.code === 'CONFLICT'
  const submit = (event: SyntheticEvent): void => {
    event.preventDefault()
    if (name.trim() !== '') mutate(isTaken)
  }
  return (
    <Dialog
      open
      onClose={onClose}
      title='Save the query'
      actions={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button variant={isTaken ? 'danger-fill' : 'primary'} type='submit' form='save-query' disabledReason={isPending ? 'It is being saved' : name.trim() === '' ? 'Give it a name' : null}>
            {isTaken ? 'Replace the other query' : 'Save query'}
          </Button>
        </>
      }
    >
      <form id='save-query' onSubmit={submit}>
        <NameField
          label='Name'
          hint={`Becomes queries/${name.trim() === '' ? 'name' : name.trim()}.sql in the workspace`}
          error={problem?.message ?? null}
          value={name}
          maxLength={80}
          onChange={(next) => {
            setName(next)
            reset()
          }}
        />
      </form>
    </Dialog>
  )
}

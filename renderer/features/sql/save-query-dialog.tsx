import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import type { NamedQuery } from '../../../shared/contract/sql-pad.contract.ts'
import { useApi } from '../../api/api.tsx'
import { problemOf } from '../../api/problem-of.ts'
import { SaveAsDialog } from '../../ui/save-as-dialog.tsx'

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
  return (
    <SaveAsDialog
      title='Save the query'
      name={name}
      hint={`Becomes queries/${name.trim() === '' ? 'name' : name.trim()}.sql in the workspace`}
      error={problem?.message ?? null}
      isTaken={isTaken}
      isPending={isPending}
      words={{ save: 'Save query', replace: 'Replace the other query' }}
      onName={(next) => {
        setName(next)
        reset()
      }}
      onSave={() => mutate(isTaken)}
      onClose={onClose}
    />
  )
}

import { useMutation } from '@tanstack/react-query'
import { useSearch } from '@tanstack/react-router'
import { type SyntheticEvent, useState } from 'react'
import type { ViewDefinition } from '../../../shared/contract/views.contract.ts'
import { useApi } from '../../api/api.tsx'
import { problemOf } from '../../api/problem-of.ts'
import { type DataSearch, dataAddress, goTo } from '../../ui/addresses.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { NameField } from '../../ui/field.tsx'

interface SaveViewDialogProps {
  view: ViewDefinition
  /** Proposed at first; when it renames, the name before. */
  name: string
  renames: boolean
  onClose: () => void
}

/** Gives a view a name, under which it is a file of the workspace. */
export function SaveViewDialog({ view, name: first, renames, onClose }: SaveViewDialogProps) {
  const { client, queries, queryClient } = useApi()
  const search: DataSearch = useSearch({ strict: false })
  const [name, setName] = useState(first)
  const { dataset, query, layout, chart } = view
  const { mutate, error, isPending, reset } = useMutation({
    mutationFn: (replace: boolean) =>
      renames
        ? client.views.rename({ commandId: crypto.randomUUID(), name: first, to: name.trim() })
        : client.views.save({ commandId: crypto.randomUUID(), name: name.trim(), view: { dataset, query, layout, ...(chart === undefined ? {} : { chart }) }, replace }),
    onSuccess: async (saved) => {
      // The address names it: it has to be known by then.
      await queryClient.invalidateQueries({ queryKey: queries.views.key() })
      if (!renames) goTo(dataAddress(dataset, { v: search.v, sort: query.sort, filter: query.filter, view: saved.name, chart }))
      else if (search.view === first) goTo(dataAddress(dataset, { ...search, view: saved.name }))
      onClose()
    },
  })
  const problem = error === null ? null : problemOf(error)
  const isTaken = problem?.code === 'CONFLICT' && !renames
  const submit = (event: SyntheticEvent): void => {
    event.preventDefault()
    if (name.trim() !== '') mutate(isTaken)
  }
  return (
    <Dialog
      open
      onClose={onClose}
      title={renames ? `Rename “${first}”` : `Save this view of ${dataset}`}
      actions={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button variant={isTaken ? 'danger-fill' : 'primary'} type='submit' form='save-view' disabledReason={isPending ? 'It is being saved' : name.trim() === '' ? 'Give it a name' : null}>
            {buttonWords(renames, isTaken)}
          </Button>
        </>
      }
    >
      <form id='save-view' onSubmit={submit}>
        <NameField
          label='Name'
          hint={`Becomes views/${name.trim() === '' ? 'name' : name.trim()}.json in the workspace`}
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

function buttonWords(renames: boolean, isTaken: boolean): string {
  if (isTaken) return 'Replace the other view'
  return renames ? 'Rename view' : 'Save view'
}

import { useMutation } from '@tanstack/react-query'
import { useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import type { ViewDefinition } from '../../../shared/contract/views.contract.ts'
import { useApi } from '../../api/api.tsx'
import { problemOf } from '../../api/problem-of.ts'
import { type DataSearch, dataAddress, goTo } from '../../ui/addresses.ts'
import { SaveAsDialog } from '../../ui/save-as-dialog.tsx'

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
  const { dataset, query, layout, chart, pivot } = view
  const { mutate, error, isPending, reset } = useMutation({
    mutationFn: (replace: boolean) =>
      renames
        ? client.views.rename({ commandId: crypto.randomUUID(), name: first, to: name.trim() })
        : client.views.save({ commandId: crypto.randomUUID(), name: name.trim(), view: { dataset, query, layout, ...(chart === undefined ? {} : { chart }), ...(pivot === undefined ? {} : { pivot }) }, replace }),
    onSuccess: async (saved) => {
      // The address names it: it has to be known by then.
      await queryClient.invalidateQueries({ queryKey: queries.views.key() })
      if (!renames) goTo(dataAddress(dataset, { v: search.v, sort: query.sort, filter: query.filter, view: saved.name, chart, pivot }))
      else if (search.view === first) goTo(dataAddress(dataset, { ...search, view: saved.name }))
      onClose()
    },
  })
  const problem = error === null ? null : problemOf(error)
  const isTaken = problem?.code === 'CONFLICT' && !renames
  return (
    <SaveAsDialog
      title={renames ? `Rename “${first}”` : `Save this view of ${dataset}`}
      name={name}
      hint={`Becomes views/${name.trim() === '' ? 'name' : name.trim()}.json in the workspace`}
      error={problem?.message ?? null}
      isTaken={isTaken}
      isPending={isPending}
      words={{ save: renames ? 'Rename view' : 'Save view', replace: 'Replace the other view' }}
      onName={(next) => {
        setName(next)
        reset()
      }}
      onSave={() => mutate(isTaken)}
      onClose={onClose}
    />
  )
}

import { useMutation } from '@tanstack/react-query'
import type { ColumnGuess, Declaration, SavedSource } from '../../../shared/contract/ingest.contract.ts'
import { useApi } from '../../api/api.tsx'
import { problemOf } from '../../api/problem-of.ts'
import { dataAddress, goTo, overviewAddress, runAddress } from '../../ui/addresses.ts'
import { countOf } from '../../ui/format.ts'
import { useToast } from '../../ui/toast.tsx'

export interface SourceToSave {
  source: string
  paths: string[]
  declaration: Declaration
  columns: ColumnGuess[]
  /** Of a source that is there already. */
  reading: 'keep' | 'change'
}

interface Saving {
  dataType: string
  sources: readonly SourceToSave[]
  runs: boolean
}

/** Saves the sources one after the other, then runs the data type; leads to the run, or to the data when nothing was new. */
export function useSaveSources(): { save: (saving: Saving) => void; isSaving: boolean } {
  const { client, queryClient } = useApi()
  const toast = useToast()
  const { mutate, isPending } = useMutation({
    mutationFn: async ({ dataType, sources, runs }: Saving) => {
      const saved: SavedSource[] = []
      for (const { source, paths, declaration, columns, reading } of sources) {
        saved.push(await client.ingest.save({ commandId: crypto.randomUUID(), dataType, source, paths, declaration, reading, step: { columns } }))
      }
      const isNew = saved.some(({ isNothingNew }) => !isNothingNew)
      const run = runs && isNew ? await client.runs.start({ commandId: crypto.randomUUID(), dataType }) : null
      return { saved, run }
    },
    onSuccess: ({ saved, run }) => {
      void queryClient.invalidateQueries()
      const again = saved.flatMap(({ files }) => files.filter(({ how }) => how === 'again'))
      const names = saved.map(({ dataset }) => dataset).join(', ')
      toast({
        status: again.length > 0 ? 'reused' : 'succeeded',
        title: again.length === 0 ? `${names} ${saved.length === 1 ? 'is' : 'are'} saved` : `${countOf(again.length, 'file')} came before and ${again.length === 1 ? 'is' : 'are'} recorded, not read again`,
        text: again.length === 0 ? `${countOf(saved.flatMap(({ files }) => files).length, 'file')} in the inbox, ${countOf(saved.flatMap(({ written }) => written).length, 'workspace file')} written` : names,
      })
      const [first] = saved
      goTo(run !== null ? runAddress(run) : first?.isNothingNew === true ? dataAddress(first.dataset) : overviewAddress)
    },
    onError: (error) => {
      const problem = problemOf(error)
      toast({ status: 'failed', title: problem.message, ...(problem.hint === null ? {} : { text: problem.hint }) })
    },
  })
  return { save: mutate, isSaving: isPending }
}

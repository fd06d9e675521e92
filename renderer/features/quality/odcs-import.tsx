import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useApi } from '../../api/api.tsx'
import { problemOf } from '../../api/problem-of.ts'
import { PanelHead } from '../../ui/bars.tsx'
import { Button } from '../../ui/button.tsx'
import { ErrorState } from '../../ui/error-state.tsx'
import { countOf } from '../../ui/format.ts'
import { Note } from '../../ui/note.tsx'
import { useToast } from '../../ui/toast.tsx'
import { useShortcut } from '../../ui/use-shortcut.ts'
import { ContractPreview } from './contract-preview.tsx'

export interface OdcsFile {
  name: string
  text: string
}

/** What is only tried is no command that could be repeated. */
const PREVIEW_ID = '00000000-0000-4000-8000-000000000000'

/** A document of the Open Data Contract Standard as a contract would take it: what comes in, what has no words here, and only then writing it. */
export function OdcsImport({ dataset, file, onClose }: { dataset: string; file: OdcsFile; onClose: () => void }) {
  const { queries } = useApi()
  const trial = useQuery({ ...queries.contracts.importOdcs.queryOptions({ input: { commandId: PREVIEW_ID, dataset, text: file.text, dryRun: true } }), staleTime: 0, gcTime: 0, retry: false })
  const { write, isPending, error } = useImport({ dataset, file, onWritten: onClose })
  const reason = isPending ? 'It is being written' : whyNot(trial.data)
  useShortcut('contract.save', () => reason === null && write())
  return (
    <section className='check-panel tall' aria-label={`${file.name} for ${dataset}`} data-region='' tabIndex={-1}>
      <PanelHead title={<><span className='mono'>{file.name}</span> for <span className='mono'>{dataset}</span></>} remark='Open Data Contract Standard'>
        <Button small variant='quiet' onClick={onClose}>Close</Button>
        <Button small variant='primary' icon='save' onClick={write} disabledReason={reason} command='contract.save'>Import into the contract</Button>
      </PanelHead>
      {error !== null && <ErrorState inline problem={problemOf(error)} onRetry={write} />}
      <div className='odcs-body'>
        {trial.data !== undefined && <LeftOut parts={trial.data.leftOut} />}
        <Preview dataset={dataset} trial={trial.data} error={trial.error} />
      </div>
    </section>
  )
}

interface Trial {
  file: string
  before: string | null
  yaml: string
}

function whyNot(trial: Trial | undefined): string | null {
  if (trial === undefined) return 'It is not read yet'
  return trial.before === trial.yaml ? 'The contract says all of it already' : null
}

function Preview({ dataset, trial, error }: { dataset: string; trial: Trial | undefined; error: Error | null }) {
  const problem = error === null ? null : problemOf(error)
  if (trial === undefined) return <ContractPreview file={`pipelines/${dataset.replaceAll('.', '/')}.yaml`} before='' after={null} problem={problem} />
  return <ContractPreview file={trial.file} before={trial.before} after={trial.yaml} problem={problem} />
}

function LeftOut({ parts }: { parts: readonly string[] }) {
  if (parts.length === 0) return null
  return (
    <div className='odcs-left-out scroll' tabIndex={0} role='group' aria-label='Left out'>
      <Note status='warning'><b>{countOf(parts.length, 'part')} left out</b>: a contract here has no words for what is listed.</Note>
      <ul>{parts.map((part) => <li key={part} className='mono'>{part}</li>)}</ul>
    </div>
  )
}

function useImport({ dataset, file, onWritten }: { dataset: string; file: OdcsFile; onWritten: () => void }) {
  const { client, queries } = useApi()
  const queryClient = useQueryClient()
  const toast = useToast()
  const { mutate, isPending, error } = useMutation({
    mutationFn: () => client.contracts.importOdcs({ commandId: crypto.randomUUID(), dataset, text: file.text }),
    onSuccess: (written) => {
      toast({ status: 'succeeded', title: `${file.name} written into ${written.file}`, text: 'The next run checks what it promises' })
      void queryClient.invalidateQueries({ queryKey: queries.contracts.key() })
      onWritten()
    },
  })
  return { write: () => mutate(), isPending, error }
}

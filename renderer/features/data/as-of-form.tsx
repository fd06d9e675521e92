import { useQuery } from '@tanstack/react-query'
import { type SyntheticEvent, useState } from 'react'
import { type RunRef, runRefSchema } from '../../../shared/contract/runs.contract.ts'
import { useApi } from '../../api/api.tsx'
import { Button } from '../../ui/button.tsx'
import { SearchField, SelectField } from '../../ui/field.tsx'

interface AsOfFormProps {
  /** Chosen at first. */
  dataType: string
  runNumber?: number | undefined
  onRun: (run: RunRef) => void
}

/** Chooses a run, of any data type, as of which to look. */
export function AsOfForm({ dataType, runNumber, onRun }: AsOfFormProps) {
  const { queries } = useApi()
  const workspace = useQuery(queries.workspace.get.queryOptions())
  const [type, setType] = useState(dataType)
  const [text, setText] = useState(runNumber === undefined ? '' : String(runNumber))
  const run = runRefSchema.safeParse({ dataType: type, runNumber: Number(text.replace('#', '')) })
  const types = workspace.data?.dataTypes.map(({ name }) => name) ?? [dataType]
  const submit = (event: SyntheticEvent): void => {
    event.preventDefault()
    if (run.success) onRun(run.data)
  }
  return (
    <form onSubmit={submit}>
      <SelectField small label='Data type of the run' value={type} options={types.map((name) => ({ value: name, label: name }))} onChange={setType} />
      <SearchField small icon='history' label='Run number' placeholder='run #' value={text} onChange={setText} width={88} />
      <Button small type='submit' disabledReason={run.success ? null : 'Give the number of a run, from 1'}>Show</Button>
    </form>
  )
}

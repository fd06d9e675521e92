import { type SyntheticEvent, useState } from 'react'
import { type RunRef, runRefSchema } from '../../shared/contract/runs.contract.ts'
import { Button } from './button.tsx'
import { SearchField, SelectField } from './field.tsx'

interface AsOfFormProps {
  dataTypes: readonly string[]
  /** Chosen at first. */
  dataType: string
  runNumber?: number | undefined
  onRun: (run: RunRef) => void
}

/** Chooses a run, of any data type, as of which to look. */
export function AsOfForm({ dataTypes, dataType, runNumber, onRun }: AsOfFormProps) {
  const [type, setType] = useState(dataType)
  const [text, setText] = useState(runNumber === undefined ? '' : String(runNumber))
  const run = runRefSchema.safeParse({ dataType: type, runNumber: Number(text.replace('#', '')) })
  const submit = (event: SyntheticEvent): void => {
    event.preventDefault()
    if (run.success) onRun(run.data)
  }
  return (
    <form onSubmit={submit}>
      <SelectField small label='Data type of the run' value={type} options={[...new Set([...dataTypes, type])].map((name) => ({ value: name, label: name }))} onChange={setType} />
      <SearchField small icon='history' label='Run number' placeholder='run #' value={text} onChange={setText} width={88} />
      <Button small type='submit' disabledReason={run.success ? null : 'Give the number of a run, from 1'}>Show</Button>
    </form>
  )
}

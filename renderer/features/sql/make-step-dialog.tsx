import { keepPreviousData, useMutation, useQuery } from '@tanstack/react-query'
import { type SyntheticEvent, useState } from 'react'
import type { NewStep } from '../../../shared/contract/sql-pad.contract.ts'
import { dataTypeNameProblem, datasetNameProblem } from '../../../shared/domain/naming.ts'
import type { Problem } from '../../../shared/domain/problem.ts'
import { ZONES, type Zone } from '../../../shared/domain/zone.ts'
import { useApi } from '../../api/api.tsx'
import { problemOf } from '../../api/problem-of.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { ErrorState } from '../../ui/error-state.tsx'
import { Labelled, SelectField } from '../../ui/field.tsx'
import { Note } from '../../ui/note.tsx'

interface MakeStepDialogProps {
  sql: string
  /** The text is read at other versions than a run will read. */
  isPinned: boolean
  onMade: (step: NewStep) => void
  onClose: () => void
}

const NEW_TYPE = '\u0000new'
const STEP_ZONES = ZONES.filter((zone) => zone !== 'raw')

interface StepNames {
  /** NEW_TYPE: `newType` names it. */
  type: string
  newType: string
  zone: Zone
  name: string
}

/** Where the query goes in the pipeline, and the files that it becomes. */
export function MakeStepDialog({ sql, isPinned, onMade, onClose }: MakeStepDialogProps) {
  const { queries } = useApi()
  const workspace = useQuery(queries.workspace.get.queryOptions())
  const types = workspace.data?.dataTypes.map(({ name }) => name) ?? []
  const [names, setNames] = useState<StepNames>({ type: types[0] ?? NEW_TYPE, newType: '', zone: 'results', name: '' })
  const [contract, setContract] = useState(true)
  const { nameProblem, problem, isBusy, shown, write } = useStep({ names, sql, contract }, onMade)
  const reason = nameProblem ?? problem?.message ?? (isBusy ? 'It is being written' : null)
  const submit = (event: SyntheticEvent): void => {
    event.preventDefault()
    if (reason === null) write()
  }
  return (
    <Dialog
      open
      wide
      onClose={onClose}
      title='Make this query a step'
      actions={<><Button onClick={onClose}>Cancel</Button><Button variant='primary' type='submit' form='make-step' disabledReason={reason}>Write the step</Button></>}
    >
      <form id='make-step' className='sql-step' onSubmit={submit}>
        <NameFields types={types} names={names} onChange={(change) => setNames({ ...names, ...change })} />
        <label className='row'><input type='checkbox' checked={contract} onChange={(event) => setContract(event.target.checked)} />Also write a contract of its columns and their types</label>
        {isPinned && <Note status='warning'>The query is read here at versions that were chosen. As a step it reads what its run finds.</Note>}
        {problem === null ? <StepFiles step={shown} hint={names.name === '' ? 'Name the dataset that it makes' : nameProblem} /> : <ErrorState inline problem={problem} />}
      </form>
    </Dialog>
  )
}

interface StepState {
  nameProblem: string | null
  /** Why it cannot be written, or was not. */
  problem: Problem | null
  isBusy: boolean
  /** What would be written. */
  shown: NewStep | undefined
  write: () => void
}

function useStep({ names, sql, contract }: { names: StepNames; sql: string; contract: boolean }, onMade: (step: NewStep) => void): StepState {
  const { client, queries } = useApi()
  const dataType = names.type === NEW_TYPE ? names.newType : names.type
  const nameProblem = dataTypeNameProblem(dataType) ?? datasetNameProblem(names.name)
  const wanted = { dataset: `${dataType}.${names.zone}.${names.name}`, sql, contract }
  const isNamed = nameProblem === null
  const preview = useQuery({ ...queries.query.saveStep.queryOptions({ input: { commandId: NO_COMMAND, ...wanted, dryRun: true } }), enabled: isNamed, placeholderData: keepPreviousData, staleTime: 0, gcTime: 0 })
  const saving = useMutation({ mutationFn: () => client.query.saveStep({ commandId: crypto.randomUUID(), ...wanted }), onSuccess: onMade })
  const error = saving.error ?? (isNamed ? preview.error : null)
  return { nameProblem, problem: error === null ? null : problemOf(error), isBusy: saving.isPending, shown: isNamed ? preview.data : undefined, write: () => saving.mutate() }
}

function NameFields({ types, names, onChange }: { types: readonly string[]; names: StepNames; onChange: (change: Partial<StepNames>) => void }) {
  return (
    <div className='row sql-step-names'>
      <Labelled label='Data type'>
        {({ id }) => <SelectField id={id} label='Data type' width={170} value={names.type} options={[...types.map((type) => ({ value: type, label: type })), { value: NEW_TYPE, label: 'A new one…' }]} onChange={(type) => onChange({ type })} />}
      </Labelled>
      {names.type === NEW_TYPE && <NameField label='New data type' value={names.newType} onChange={(newType) => onChange({ newType })} />}
      <Labelled label='Zone'>
        {({ id }) => <SelectField id={id} label='Zone' width={130} value={names.zone} options={STEP_ZONES.map((one) => ({ value: one, label: one }))} onChange={(zone) => onChange({ zone })} />}
      </Labelled>
      <NameField label='Dataset' value={names.name} onChange={(name) => onChange({ name })} autoFocus />
    </div>
  )
}

/** A dry run is no command: it is asked like a question, under one id. */
const NO_COMMAND = '00000000-0000-4000-8000-000000000000'

function NameField({ label, value, onChange, autoFocus = false }: { label: string; value: string; onChange: (value: string) => void; autoFocus?: boolean }) {
  return (
    <Labelled label={label}>
      {({ id, describedBy }) => (
        <span className='field' style={{ width: 180 }}>
          <input id={id} className='mono' type='text' aria-describedby={describedBy} data-autofocus={autoFocus || undefined} spellCheck={false} autoComplete='off' value={value} onChange={(event) => onChange(event.target.value)} />
        </span>
      )}
    </Labelled>
  )
}

function StepFiles({ step, hint }: { step: NewStep | undefined; hint: string | null }) {
  if (step === undefined) return <p className='t3'>{hint ?? 'Looking at what it would be'}</p>
  return (
    <div className='sql-files scroll' tabIndex={0} role='region' aria-label='Files that are written'>
      {step.files.map((file) => (
        <section key={file.path}>
          <h3 className='mono'>{file.path}</h3>
          <pre className='code'>{file.text}</pre>
        </section>
      ))}
    </div>
  )
}

import { type SyntheticEvent, useId, useState } from 'react'
import type { DataTypeOutline } from '../../shared/contract/workspace.contract.ts'
import { Button } from './button.tsx'
import { Dialog } from './dialog.tsx'
import { Labelled, SelectField } from './field.tsx'
import { countOf } from './format.ts'
import './run-dialog.css'

/** Null stands for every data type. */
export interface RunRequest {
  dataType: string | null
  entities: readonly string[] | null
}

interface RunDialogProps {
  open: boolean
  onClose: () => void
  dataTypes: readonly DataTypeOutline[]
  /** Chosen at first; all when absent. */
  initial?: string | undefined
  onRun: (request: RunRequest) => void
}

const ALL = '*'

/** Chooses what to run: one data type, all of them, or a few entities of one. */
export function RunDialog({ open, onClose, ...rest }: RunDialogProps) {
  return open ? <OpenRunDialog onClose={onClose} {...rest} /> : null
}

function OpenRunDialog({ onClose, dataTypes, initial, onRun }: Omit<RunDialogProps, 'open'>) {
  const runnable = dataTypes.filter((type) => type.runnable)
  const [choice, setChoice] = useState(initial ?? (runnable.length > 1 ? ALL : (runnable[0]?.name ?? ALL)))
  const [text, setText] = useState('')
  const form = useId()
  const type = runnable.find((candidate) => candidate.name === choice)
  const entities = splitEntities(text)
  const submit = (event: SyntheticEvent): void => {
    event.preventDefault()
    onRun({ dataType: choice === ALL ? null : choice, entities: type !== undefined && entities.length > 0 ? entities : null })
    onClose()
  }
  const options = [
    ...(runnable.length > 1 ? [{ value: ALL, label: `All ${runnable.length} data types, one after another` }] : []),
    ...runnable.map((candidate) => ({ value: candidate.name, label: candidate.name })),
  ]
  return (
    <Dialog
      open
      onClose={onClose}
      title='Run a pipeline'
      actions={
        <>
          <Button onClick={onClose}>Not now</Button>
          <Button variant='primary' icon='play' iconSize={13} type='submit' form={form} disabledReason={runnable.length === 0 ? 'No data type can run until its findings are mended' : null}>
            {runLabel(choice, type === undefined ? 0 : entities.length)}
          </Button>
        </>
      }
    >
      <form id={form} className='run-form' onSubmit={submit}>
        <Labelled label='Data type' hint={type === undefined ? 'Each waits for those whose datasets it reads.' : describe(type)}>
          {({ id }) => <SelectField label='Data type' id={id} value={choice} options={options} onChange={setChoice} width='100%' />}
        </Labelled>
        {type !== undefined && type.entityKey !== null && (
          <Labelled label={`Only these entities (${type.entityKey})`} hint={entities.length === 0 ? 'Leave empty for all. One a line, or separated by commas.' : `${countOf(entities.length, 'entity', 'entities')}; the others keep what they have.`}>
            {({ id, describedBy }) => (
              <textarea id={id} aria-describedby={describedBy} className='textarea' rows={3} spellCheck={false} value={text} onChange={(event) => setText(event.target.value)} />
            )}
          </Labelled>
        )}
      </form>
    </Dialog>
  )
}

function runLabel(choice: string, entities: number): string {
  if (choice === ALL) return 'Run all'
  return entities === 0 ? `Run ${choice}` : `Run ${choice} for ${countOf(entities, 'entity', 'entities')}`
}

function describe(type: DataTypeOutline): string {
  const text = countOf(type.steps.length, 'step')
  return type.description === null ? text : `${type.description} ${text}.`
}

/** Ids separated by lines, commas or semicolons, each once. */
export function splitEntities(text: string): string[] {
  return [...new Set(text.split(/[\n,;]+/).map((part) => part.trim()).filter((part) => part !== ''))]
}

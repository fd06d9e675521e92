import type { DataTypeOutline } from '../../shared/contract/workspace.contract.ts'
import type { Parameter, ParameterValue } from '../../shared/domain/run-parameters.ts'
import type { RunPriority } from '../../shared/domain/run-priority.ts'
import { Labelled, SelectField } from './field.tsx'
import { countOf } from './format.ts'
import { type RunScope, splitEntities } from './run-request.ts'

/** What a person has chosen in the dialog, as typed. */
export interface RunChoice {
  scope: RunScope
  /** Dataset of the step that `from` and `step` are about. */
  step: string
  force: boolean
  entities: string
  parameters: Readonly<Record<string, string>>
  priority: RunPriority
}

interface ChoicesProps {
  type: DataTypeOutline
  choice: RunChoice
  onChange: (change: Partial<RunChoice>) => void
}

const SCOPES: readonly { value: RunScope; label: string }[] = [
  { value: 'all', label: 'The whole pipeline' },
  { value: 'stale', label: 'Only what is not up to date' },
  { value: 'failed', label: 'Only what failed, and what reads it' },
  { value: 'from', label: 'From a step on' },
  { value: 'step', label: 'Only one step' },
]

/** Which steps, which entities, with what parameters. */
export function RunChoices({ type, choice, onChange }: ChoicesProps) {
  return (
    <div className='run-choices'>
      <Labelled label='Steps'>
        {({ id }) => <SelectField label='Steps' id={id} value={choice.scope} options={SCOPES} onChange={(scope) => onChange({ scope })} width='100%' />}
      </Labelled>
      {(choice.scope === 'from' || choice.scope === 'step') && (
        <Labelled label='Step'>
          {({ id }) => (
            <SelectField
              label='Step'
              id={id}
              value={choice.step}
              options={type.steps.map(({ dataset, zone, name }) => ({ value: dataset, label: `${zone}.${name}` }))}
              onChange={(step) => onChange({ step })}
              width='100%'
            />
          )}
        </Labelled>
      )}
      {type.parameters.map((parameter) => (
        <ParameterField
          key={parameter.name}
          parameter={parameter}
          value={choice.parameters[parameter.name] ?? ''}
          onChange={(value) => onChange({ parameters: { ...choice.parameters, [parameter.name]: value } })}
        />
      ))}
      {type.entityKey !== null && <Entities entityKey={type.entityKey} value={choice.entities} onChange={(entities) => onChange({ entities })} />}
      <PriorityField value={choice.priority} onChange={(priority) => onChange({ priority })} />
      <label className='run-force'>
        <input type='checkbox' checked={choice.force} onChange={(event) => onChange({ force: event.target.checked })} />
        Run also what did not change
      </label>
    </div>
  )
}

const PRIORITIES: readonly { value: RunPriority; label: string }[] = [
  { value: 'high', label: 'Before others that wait' },
  { value: 'normal', label: 'As it comes' },
  { value: 'low', label: 'After others that wait' },
]

/** Whose turn it is where several runs wait. */
export function PriorityField({ value, onChange }: { value: RunPriority; onChange: (priority: RunPriority) => void }) {
  return (
    <Labelled label='In the queue'>
      {({ id }) => <SelectField label='In the queue' id={id} value={value} options={PRIORITIES} onChange={onChange} width='100%' />}
    </Labelled>
  )
}

interface ParameterFieldProps {
  parameter: Parameter
  /** As typed; empty stands for the default. */
  value: string
  onChange: (value: string) => void
}

function ParameterField({ parameter: { name, type, description, values, default: standard }, value, onChange }: ParameterFieldProps) {
  const choices = values ?? (type === 'boolean' ? [true, false] : null)
  const standing = standard === null ? 'Needs a value.' : choices === null ? `Default: ${standard}.` : null
  const hint = [description, standing].filter((part) => part !== null).join(' ')
  return (
    <Labelled label={name} hint={hint}>
      {({ id, describedBy }) =>
        choices === null ? (
          <span className='field' style={{ width: '100%' }}>
            <input id={id} aria-describedby={describedBy} type={type === 'date' ? 'date' : 'text'} inputMode={type === 'number' ? 'decimal' : 'text'} value={value === '' && type === 'date' ? String(standard ?? '') : value} placeholder={standard === null ? '' : String(standard)} spellCheck={false} autoComplete='off' onChange={(event) => onChange(event.target.value)} />
          </span>
        ) : (
          <SelectField label={name} id={id} value={value} options={optionsOf(choices, standard)} onChange={onChange} width='100%' />
        )
      }
    </Labelled>
  )
}

function optionsOf(choices: readonly ParameterValue[], standard: ParameterValue | null): { value: string; label: string }[] {
  return [{ value: '', label: standard === null ? 'Choose one' : `${standard} (default)` }, ...choices.filter((choice) => choice !== standard).map((choice) => ({ value: String(choice), label: String(choice) }))]
}

function Entities({ entityKey, value, onChange }: { entityKey: string; value: string; onChange: (value: string) => void }) {
  const count = splitEntities(value).length
  return (
    <Labelled label={`Only these entities (${entityKey})`} hint={count === 0 ? 'Leave empty for all. One a line, or separated by commas.' : `${countOf(count, 'entity', 'entities')}; the others keep what they have.`}>
      {({ id, describedBy }) => (
        <textarea id={id} aria-describedby={describedBy} className='textarea' rows={2} spellCheck={false} value={value} onChange={(event) => onChange(event.target.value)} />
      )}
    </Labelled>
  )
}

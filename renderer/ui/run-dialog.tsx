import { type SyntheticEvent, useEffect, useId, useState } from 'react'
import type { DataTypeOutline } from '../../shared/contract/workspace.contract.ts'
import type { Problem } from '../../shared/domain/problem.ts'
import { Button } from './button.tsx'
import { Dialog } from './dialog.tsx'
import { ErrorState } from './error-state.tsx'
import { Labelled, SelectField } from './field.tsx'
import { countOf } from './format.ts'
import { PriorityField, type RunChoice, RunChoices } from './run-choices.tsx'
import { AllPlansView, type TypePlan } from './all-plans-view.tsx'
import type { PlanEntityRows } from './plan-entity-list.tsx'
import { type RunPlanState, RunPlanView } from './run-plan-view.tsx'
import { type RunRequest, selectionOf, splitEntities } from './run-request.ts'
import { useStable } from './use-stable.ts'
import './run-dialog.css'

interface RunDialogProps {
  open: boolean
  onClose: () => void
  dataTypes: readonly DataTypeOutline[]
  /** Chosen at first; all when absent. */
  initial?: string | undefined
  /** The plan of what was last asked for. */
  plan: RunPlanState
  /** Of all data types, while those are asked for: a plan each, in the order in which they run. */
  plans: readonly TypePlan[]
  /** The entities of one step of the plan. */
  entities: PlanEntityRows
  /** Told whenever what is chosen changes; null when nothing is asked for any more. */
  onRequest: (request: RunRequest | null) => void
  /** Starts exactly what the plan shows. Answers with what was in the way, or null. */
  onStart: (request: RunRequest, planHash: string | null) => Promise<Problem | null>
}

const ALL = '*'

/** Chooses what to run, shows what that would do and why, and starts just that. */
export function RunDialog({ open, ...rest }: RunDialogProps) {
  return open ? <OpenRunDialog {...rest} /> : null
}

function OpenRunDialog({ onClose, dataTypes, initial, plan, plans, entities, onRequest, onStart }: Omit<RunDialogProps, 'open'>) {
  const { runnable, name, type, choice, request, choose, change } = useChoice(dataTypes, initial)
  const [refusal, setRefusal] = useState<Problem | null>(null)
  const form = useId()
  useEffect(() => {
    onRequest(request)
  }, [request, onRequest])
  useEffect(() => () => onRequest(null), [onRequest])
  const submit = async (event: SyntheticEvent): Promise<void> => {
    event.preventDefault()
    const problem = await onStart(request, type === null ? null : (plan.plan?.hash ?? null))
    if (problem === null) return onClose()
    setRefusal(problem)
    if (problem.code === 'CONFLICT') plan.replan()
  }
  return (
    <Dialog
      open
      onClose={onClose}
      title='Run a pipeline'
      widest
      actions={
        <>
          <Button onClick={onClose}>Not now</Button>
          <Button variant='primary' icon='play' iconSize={13} type='submit' form={form} autoFocus disabledReason={whyNot({ runnable: runnable.length, type, plan })}>
            {runLabel(name, request.entities?.length ?? 0)}
          </Button>
        </>
      }
    >
      <form id={form} className='run-form planned' onSubmit={(event) => void submit(event)}>
        <div className='run-what'>
          <Labelled label='Data type' hint={type === null ? 'Each waits for those whose datasets it reads.' : describe(type)}>
            {({ id }) => <SelectField label='Data type' id={id} value={name} options={optionsOf(runnable)} onChange={choose} width='100%' />}
          </Labelled>
          {type === null ? <PriorityField value={choice.priority} onChange={(priority) => change({ priority })} /> : <RunChoices type={type} choice={choice} onChange={change} />}
        </div>
        {type === null ? <AllPlansView plans={plans} /> : <RunPlanView state={plan} entities={entities} refused={refusal?.code === 'CONFLICT' ? refusal.message : null} />}
        {refusal !== null && (type === null || refusal.code !== 'CONFLICT') && <ErrorState inline problem={refusal} />}
      </form>
    </Dialog>
  )
}

interface Choosing {
  runnable: readonly DataTypeOutline[]
  name: string
  /** Null for all of them. */
  type: DataTypeOutline | null
  choice: RunChoice
  /** The same object until something else is chosen. */
  request: RunRequest
  choose: (name: string) => void
  change: (change: Partial<RunChoice>) => void
}

function useChoice(dataTypes: readonly DataTypeOutline[], initial: string | undefined): Choosing {
  const runnable = dataTypes.filter((type) => type.runnable)
  const [name, setName] = useState(initial ?? (runnable.length > 1 ? ALL : (runnable[0]?.name ?? ALL)))
  const [chosen, setChosen] = useState<RunChoice>(EVERYTHING)
  const type = runnable.find((candidate) => candidate.name === name) ?? null
  const choice = { ...chosen, step: chosen.step === '' ? (type?.steps[0]?.dataset ?? '') : chosen.step }
  const request = useStable(requestOf(type, choice))
  const choose = (next: string): void => {
    setName(next)
    setChosen(EVERYTHING)
  }
  return { runnable, name, type, choice, request, choose, change: (change) => setChosen({ ...chosen, ...change }) }
}

function optionsOf(runnable: readonly DataTypeOutline[]): { value: string; label: string }[] {
  return [
    ...(runnable.length > 1 ? [{ value: ALL, label: `All ${runnable.length} data types, each after those it reads` }] : []),
    ...runnable.map((candidate) => ({ value: candidate.name, label: candidate.name })),
  ]
}

const EVERYTHING: RunChoice = { scope: 'all', step: '', force: false, entities: '', parameters: {}, priority: 'normal' }

function requestOf(type: DataTypeOutline | null, { scope, step, force, entities, parameters, priority }: RunChoice): RunRequest {
  if (type === null) return { dataType: null, entities: null, priority }
  const ids = splitEntities(entities)
  const given = Object.entries(parameters).filter(([, value]) => value !== '')
  return {
    dataType: type.name,
    entities: ids.length > 0 ? ids : null,
    selection: selectionOf({ scope, step, force }),
    parameters: Object.fromEntries(given),
    priority,
  }
}

function whyNot({ runnable, type, plan }: { runnable: number; type: DataTypeOutline | null; plan: RunPlanState }): string | null {
  if (runnable === 0) return 'No data type can run until its findings are mended'
  if (type === null) return null
  if (plan.problem !== null) return plan.problem.message
  return plan.plan === null || plan.isPlanning || plan.plan.dataType !== type.name ? 'Planning' : null
}

function runLabel(name: string, entities: number): string {
  if (name === ALL) return 'Run all'
  return entities === 0 ? `Run ${name}` : `Run ${name} for ${countOf(entities, 'entity', 'entities')}`
}

function describe(type: DataTypeOutline): string {
  const text = countOf(type.steps.length, 'step')
  return type.description === null ? text : `${type.description} ${text}.`
}

import { closestName, type DatasetId } from '../../../shared/domain/naming.ts'
import { ProblemError } from '../../../shared/domain/problem.ts'
import type { RunSelection } from '../../../shared/domain/run-options.ts'
import type { DataTypeModel, StepModel } from '../workspace/model.ts'

export interface SelectionFacts {
  /** The step failed, or was not reached, or has failed entities, in its last run. */
  hasFailed(dataset: DatasetId): boolean
}

/**
 * The steps that a run leaves out. What is up to date is not known here: `only: stale` leaves it out step by step.
 * @throws BAD_INPUT for a name that the pipeline does not have
 */
export function stepsLeftOut(dataType: Pick<DataTypeModel, 'name' | 'steps'>, { steps, from, only }: RunSelection, { hasFailed }: SelectionFacts): Set<DatasetId> {
  const chosen: Set<DatasetId>[] = []
  if (steps.length > 0) chosen.push(new Set(steps.flatMap((expression) => [...stepsOf(dataType, expression)])))
  if (from !== null) chosen.push(withReaders(dataType.steps, [nameOf(dataType, from)]))
  if (only === 'failed') chosen.push(withReaders(dataType.steps, dataType.steps.map(({ dataset }) => dataset).filter(hasFailed)))
  return new Set(dataType.steps.map(({ dataset }) => dataset).filter((dataset) => chosen.some((set) => !set.has(dataset))))
}

/** `+name+`: the step, with all that it reads and all that reads it, within the pipeline. */
function stepsOf(dataType: Pick<DataTypeModel, 'name' | 'steps'>, expression: string): Set<DatasetId> {
  const name = nameOf(dataType, expression.replace(/^\+/, '').replace(/\+$/, ''))
  const up = expression.startsWith('+') ? withInputs(dataType.steps, name) : new Set([name])
  return expression.endsWith('+') ? new Set([...up, ...withReaders(dataType.steps, [name])]) : up
}

/** A step by its dataset's whole name or without the data type. */
export function nameOf({ name: dataType, steps }: Pick<DataTypeModel, 'name' | 'steps'>, written: string): DatasetId {
  const names = steps.map(({ dataset }) => dataset)
  const whole = written.split('.').length === 2 ? `${dataType}.${written}` : written
  if (names.includes(whole)) return whole
  const meant = closestName(whole, names)
  const hint = meant === null ? `Its steps are ${names.map((name) => name.slice(dataType.length + 1)).join(', ')}` : `Did you mean ${meant.slice(dataType.length + 1)}?`
  throw new ProblemError('BAD_INPUT', `${dataType} has no step ${written}`, { hint })
}

function withInputs(steps: readonly StepModel[], name: DatasetId): Set<DatasetId> {
  const wanted = new Set([name])
  for (const step of steps.toReversed()) if (wanted.has(step.dataset)) for (const input of step.inputs) wanted.add(input)
  return new Set(steps.map(({ dataset }) => dataset).filter((dataset) => wanted.has(dataset)))
}

/** These and everything that reads them; `steps` come in the order in which they run. */
export function withReaders(steps: readonly StepModel[], names: readonly DatasetId[]): Set<DatasetId> {
  const wanted = new Set(names)
  for (const { dataset, inputs } of steps) if (inputs.some((input) => wanted.has(input))) wanted.add(dataset)
  return wanted
}

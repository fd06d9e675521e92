import type { DatasetId } from '../../../shared/domain/naming.ts'
import type { CheckSpec, DatasetContract, DataTypeModel, StepModel } from '../workspace/model.ts'

/** Datasets besides its own that a rule reads. */
export function checkReads(check: CheckSpec): DatasetId[] {
  if (check.kind === 'relationship') return [check.to]
  return check.kind === 'sql' ? check.inputs : []
}

/** Rules whose rows are taken out of a version before anybody reads it. */
export function siftRules(contract: DatasetContract | null): CheckSpec[] {
  return (contract?.checks ?? []).filter(({ severity }) => severity === 'quarantine')
}

/** A rule that reads a dataset which the pipeline makes after the step it belongs to waits until the end of the run. */
export function isLaterCheck({ steps }: Pick<DataTypeModel, 'steps'>, step: StepModel, check: CheckSpec): boolean {
  const position = steps.findIndex(({ dataset }) => dataset === step.dataset)
  return checkReads(check).some((dataset) => steps.findIndex((other) => other.dataset === dataset) > position)
}

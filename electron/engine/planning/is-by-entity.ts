import type { StepModel } from '../workspace/model.ts'

/** The step is accounted for entity by entity: a processor, or a SELECT with `grain: entity`. */
export function isByEntity(step: StepModel): boolean {
  return step.kind === 'entity' || (step.kind === 'sql' && step.entity !== null)
}

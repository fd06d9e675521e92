import { ProblemError } from '../../../shared/domain/problem.ts'
import type { RunContext } from './run-context.ts'

export interface Tolerance {
  dataset: string
  maxFailed: { count: number } | { share: number }
  stepId: number
  total: number
}

/** How many entities may be without a result. */
export function allowedFailures({ maxFailed, total }: Pick<Tolerance, 'maxFailed' | 'total'>): number {
  return 'count' in maxFailed ? maxFailed.count : Math.floor(maxFailed.share * total)
}

/** @throws ENTITY_FAILED when more entities failed, or stand in quarantine, than the step lets pass */
export function refuseTooManyFailed({ parts, run }: RunContext, tolerance: Tolerance, hint: string): void {
  const { dataset, stepId, total } = tolerance
  const counts = parts.entities.countsOf(stepId)
  const quarantined = counts.get('quarantined') ?? 0
  const failed = (counts.get('failed') ?? 0) + quarantined - parts.marks.acceptedEntities(stepId).size
  const allowed = allowedFailures(tolerance)
  if (failed <= allowed) return
  const [worst] = parts.entities.errorGroups(run.id, dataset)
  const cause = worst === undefined ? '' : ` Most often: ${worst.signature} (${worst.count.toLocaleString('en')})`
  const what = quarantined > 0 ? 'could not be processed' : 'failed'
  throw new ProblemError('ENTITY_FAILED', `${failed.toLocaleString('en')} of ${total.toLocaleString('en')} entities ${what}, ${allowed.toLocaleString('en')} may.${cause}`, {
    hint: `${hint}. Or raise entity.max_failed in the step's sidecar`,
    details: { dataset, failed, allowed, errorClass: 'bad_data' },
  })
}

import { orderDataTypes } from '../../../shared/domain/data-type-order.ts'
import type { Problem } from '../../../shared/domain/problem.ts'
import { FINISHED_RUN_STATES } from '../../../shared/domain/run-status.ts'
import type { RunRow } from '../ledger/runs.store.ts'
import type { EngineParts } from '../parts.ts'
import type { Admission } from './run-queue.ts'

/** The runs of its group that make what a member reads. */
export function sourcesInGroup({ groups, workspace }: Pick<EngineParts, 'groups' | 'workspace'>, run: RunRow): RunRow[] {
  const { groupId } = groups.placement(run.id)
  if (groupId === null) return []
  const reads = orderDataTypes(workspace.current().dataTypes).find(({ name }) => name === run.dataType)?.reads ?? []
  return groups.runsOf(groupId).filter((other) => other.id < run.id && reads.includes(other.dataType))
}

/** What a member of a group may do now: it reads what earlier members make, and publishes nothing when one of them made nothing. */
export function groupAdmission({ groups, workspace }: Pick<EngineParts, 'groups' | 'workspace'>, run: RunRow): Admission | Problem {
  const before = sourcesInGroup({ groups, workspace }, run)
  const broken = before.find(({ state }) => FINISHED_RUN_STATES.has(state) && state !== 'succeeded')
  if (broken !== undefined) return leftOutProblem(broken)
  return before.every(({ state }) => state === 'succeeded') ? 'start' : 'later'
}

function leftOutProblem({ dataType, runNumber, state }: RunRow): Problem {
  return {
    code: 'CANCELLED',
    message: `Left out: it reads ${dataType}, and ${dataType} #${runNumber} ${state === 'failed' ? 'failed' : `was ${state}`}`,
    details: { leftOut: true, reads: dataType, runNumber },
    retryable: false,
    hint: `Go on with ${dataType} #${runNumber}, then with this one`,
  }
}

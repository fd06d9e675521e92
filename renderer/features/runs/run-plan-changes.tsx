import type { PlanChange } from '../../../shared/contract/runs.contract.ts'
import { planChangeHead } from '../../../shared/domain/plan-changes.ts'
import { Icon } from '../../ui/icon.tsx'
import { TimeAgo } from '../../ui/time-ago.tsx'

const OPEN_UP_TO = 3

/** What was other, before the run began or went on, than could be expected; a line each, folded when there are many. */
export function RunPlanChanges({ planChanges }: { planChanges: readonly PlanChange[] }) {
  if (planChanges.length === 0) return null
  const last = planChanges.length - 1
  return (
    <div className='run-changes' role='note' aria-label='Other than planned'>
      {planChanges.map((change, i) => (
        <details key={change.at} open={i === last && change.changes.length <= OPEN_UP_TO}>
          <summary>
            <Icon name='warn' size={13} />
            <b>{planChangeHead(change)}</b>
            <span className='t3'><TimeAgo at={change.at} /></span>
          </summary>
          <ul>{change.changes.map((sentence) => <li key={sentence} title={sentence}>{sentence}</li>)}</ul>
        </details>
      ))}
    </div>
  )
}

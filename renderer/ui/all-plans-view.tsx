import type { RunPlan } from '../../shared/contract/plan.contract.ts'
import type { Problem } from '../../shared/domain/problem.ts'
import { countOf, formatCount, formatDuration } from './format.ts'
import { Icon } from './icon.tsx'
import './table.css'

/** What a run of one data type would do, as things stand. */
export interface TypePlan {
  dataType: string
  plan: RunPlan | null
  problem: Problem | null
}

/** The plans of all data types, each in a line. What an earlier one makes may change what a later one has to do, and the view says so. */
export function AllPlansView({ plans }: { plans: readonly TypePlan[] }) {
  const isPlanning = plans.some(({ plan, problem }) => plan === null && problem === null)
  return (
    <div className='run-plan' aria-busy={isPlanning}>
      <div className='run-plan-steps scroll' tabIndex={0} role='group' aria-label='The plan, one line each'>
        <table className='t'>
          <colgroup><col style={{ width: '28%' }} /><col style={{ width: 84 }} /><col style={{ width: 84 }} /><col style={{ width: 84 }} /><col style={{ width: 84 }} /><col /></colgroup>
          <thead><tr><th>Data type</th><th className='num'>To run</th><th className='num'>If needed</th><th className='num'>Reused</th><th className='num'>Time</th><th>Why</th></tr></thead>
          <tbody>{plans.map((entry) => <PlanLine key={entry.dataType} {...entry} />)}</tbody>
        </table>
      </div>
      <div className='run-plan-foot'>
        <span>{footText(plans, isPlanning)}</span>
      </div>
    </div>
  )
}

function PlanLine({ dataType, plan, problem }: TypePlan) {
  if (plan === null) {
    return (
      <tr>
        <td className='mono'>{dataType}</td>
        <td className='t2' colSpan={5}>{problem === null ? 'Planning' : problem.message}</td>
      </tr>
    )
  }
  const { run, maybe, reuse, ms, withoutHistory } = plan.totals
  const why = firstReasons(plan)
  return (
    <tr className={run + maybe === 0 ? 'plan-reuse' : 'plan-run'}>
      <td className='mono'><span className='row row-4'>{run + maybe > 0 && <Icon name='play' size={11} />}{dataType}</span></td>
      <td className='num'>{formatCount(run)}</td>
      <td className='num'>{formatCount(maybe)}</td>
      <td className='num'>{formatCount(reuse)}</td>
      <td className='num'>{run > withoutHistory ? `≈ ${formatDuration(ms)}` : ''}</td>
      <td className='t2' title={why}>{why}</td>
    </tr>
  )
}

const REASONS_SHOWN = 3

function firstReasons({ steps }: RunPlan): string {
  const reasons = [...new Set(steps.filter(({ action, certain }) => action === 'run' && certain).flatMap((step) => step.reasons.map(({ text }) => text)))]
  if (reasons.length === 0) return 'All of it is up to date'
  const more = reasons.length > REASONS_SHOWN ? ` and ${formatCount(reasons.length - REASONS_SHOWN)} more` : ''
  return `${reasons.slice(0, REASONS_SHOWN).join('. ')}${more}`
}

function footText(plans: readonly TypePlan[], isPlanning: boolean): string {
  if (isPlanning) return 'Planning'
  const steps = plans.reduce((sum, { plan }) => sum + (plan === null ? 0 : plan.totals.run), 0)
  return steps === 0 ? 'Nothing to do as things stand: all of it is up to date.' : `${countOf(steps, 'step')} to run as things stand; what one data type makes may give those after it more to do.`
}

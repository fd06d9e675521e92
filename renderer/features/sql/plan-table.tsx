import type { PlanStep, QueryPlan } from '../../../shared/contract/query.contract.ts'
import { Button } from '../../ui/button.tsx'
import { formatCount, formatDuration } from '../../ui/format.ts'

/** The operators of a query, each over those that it takes its rows from; with what it took when it was run. */
export function PlanTable({ plan, onMeasure }: { plan: QueryPlan; onMeasure: () => void }) {
  const measured = plan.tookMs !== null
  const slowest = Math.max(...plan.steps.map(({ tookMs }) => tookMs ?? 0))
  return (
    <>
      <div className='scroll grow' tabIndex={0} role='region' aria-label='Plan'>
        <table className='t sql-plan'>
          <thead>
            <tr>
              <th>Operator</th>
              <th className='num'>{measured ? 'Rows' : 'Rows, estimated'}</th>
              {measured && <th className='num'>Took</th>}
              <th>Details</th>
            </tr>
          </thead>
          <tbody>
            {plan.steps.map((step, i) => (
              // The plan never changes while it is shown.
              <tr key={`${i} ${step.operator}`}>
                <td><span className='mono' style={{ paddingLeft: step.depth * 14 }}>{step.operator}</span></td>
                <td className='num'>{rowsText(step)}</td>
                {measured && <td className={`num${step.tookMs !== null && step.tookMs === slowest && slowest > 0 ? ' strong' : ''}`}>{step.tookMs === null ? '' : formatDuration(step.tookMs)}</td>}
                <td className='t2' title={detailsText(step, '\n')}>{detailsText(step, '; ')}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <div className='grid-foot'>
        <span>{measured ? `Ran in ${formatDuration(plan.tookMs ?? 0)}, its rows thrown away` : 'Planned, not run. The rows are estimates'}</span>
        <span className='grow' />
        {!measured && <Button small onClick={onMeasure}>Run it and measure</Button>}
      </div>
    </>
  )
}

function rowsText({ rows, estimatedRows }: PlanStep): string {
  if (rows !== null) return formatCount(rows)
  return estimatedRows === null ? '' : `≈ ${formatCount(estimatedRows)}`
}

function detailsText({ details }: PlanStep, between: string): string {
  return details.map(({ label, text }) => `${label}: ${text.replaceAll(/\s+/g, ' ')}`).join(between)
}

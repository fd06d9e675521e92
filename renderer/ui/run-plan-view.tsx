import type { PlanStep, RunPlan } from '../../shared/contract/plan.contract.ts'
import type { Problem } from '../../shared/domain/problem.ts'
import { Button } from './button.tsx'
import { ErrorState } from './error-state.tsx'
import { countOf, formatBytes, formatCount, formatDuration } from './format.ts'
import { Icon } from './icon.tsx'
import { LoadingState } from './loading-state.tsx'
import { Note } from './note.tsx'
import { PlanEntityList, type PlanEntityRows } from './plan-entity-list.tsx'
import { StatusMark } from './status.tsx'
import './table.css'

/** The plan of what is chosen, as far as it is known. */
export interface RunPlanState {
  plan: RunPlan | null
  isPlanning: boolean
  problem: Problem | null
  replan: () => void
}

/** What would run, be reused or left out, and why; with what it takes. `refused`: what had changed when a start was tried. */
export function RunPlanView({ state: { plan, isPlanning, problem, replan }, entities, refused }: { state: RunPlanState; entities: PlanEntityRows; refused: string | null }) {
  if (problem !== null) return <div className='run-plan'><ErrorState inline problem={problem} onRetry={replan} /></div>
  if (plan === null) return <div className='run-plan'><LoadingState rows={6}>Planning</LoadingState></div>
  if (entities.dataset !== null) return <div className='run-plan'><PlanEntityList rows={entities} /></div>
  return (
    <div className='run-plan' aria-busy={isPlanning}>
      {refused !== null && <Note status='warning'>{refused}. This is the plan of now.</Note>}
      <div className='run-plan-steps scroll' tabIndex={0} role='group' aria-label='The plan, step by step'>
        <table className='t'>
          <colgroup><col style={{ width: '36%' }} /><col style={{ width: 116 }} /><col style={{ width: 76 }} /><col style={{ width: 74 }} /><col /></colgroup>
          <thead><tr><th>Step</th><th>What</th><th className='num'>Rows</th><th className='num'>Time</th><th>Why</th></tr></thead>
          <tbody>{plan.steps.map((step) => <PlanRow key={step.dataset} step={step} onEntities={() => entities.look(step.dataset)} />)}</tbody>
        </table>
      </div>
      <div className='run-plan-foot'>
        <span>{totalsText(plan)}{contactText(plan)}</span>
        <Button small variant='quiet' icon='retry' iconSize={12} onClick={replan}>Plan again</Button>
      </div>
    </div>
  )
}

function PlanRow({ step: { dataset, zone, name, reasons, expected, checksAgain, entities, byEntity, ...step }, onEntities }: { step: PlanStep; onEntities: () => void }) {
  const why = [
    ...reasons.map(({ text }) => text),
    ...(checksAgain ? ['Checked again'] : []),
  ].join('. ')
  return (
    <tr className={`plan-${step.action}`}>
      <td className='mono' title={dataset}>{zone}.{name}</td>
      <td><Action step={step} /></td>
      <td className='num' title={expected === null ? undefined : rangeText(expected.rows, formatCount, expected.runs)}>{expected === null ? '' : `≈ ${formatCount(expected.rows.median)}`}</td>
      <td className='num' title={expected === null ? undefined : rangeText(expected.ms, formatDuration, expected.runs)}>{expected === null ? '' : `≈ ${formatDuration(expected.ms.median)}`}</td>
      <td className='t2' title={why}>{byEntity && step.action === 'run' && <EntitiesLink entities={entities} onOpen={onEntities} />}{why}</td>
    </tr>
  )
}

/** How many entities the step would work on; leads to which, and why. */
function EntitiesLink({ entities, onOpen }: { entities: PlanStep['entities']; onOpen: () => void }) {
  const text = entities === null ? 'Entities' : `${formatCount(entities.todo)} of ${countOf(entities.total, 'entity', 'entities')}`
  return <button type='button' className='bare plan-entities-link' title='Which entities, and why' onClick={onOpen}>{text}</button>
}

function Action({ step: { action, certain, version } }: { step: Pick<PlanStep, 'action' | 'certain' | 'version'> }) {
  if (action === 'run') {
    return <span className={`row row-4${certain ? '' : ' t2'}`} title={certain ? undefined : 'Reused when what it reads comes out as it was'}><Icon name='play' size={11} />{certain ? 'Run' : 'Run if needed'}</span>
  }
  return <span className='row row-4 t2'><StatusMark status={action === 'reuse' ? 'reused' : 'skipped'} />{action === 'reuse' ? `Reuse v${version ?? ''}` : 'Leave out'}</span>
}

function rangeText({ low, high }: { low: number; high: number }, format: (value: number) => string, runs: number): string {
  return low === high ? `${format(low)}, from ${countOf(runs, 'run')}` : `${format(low)} to ${format(high)}, from ${countOf(runs, 'run')}`
}

function contactText({ steps }: RunPlan): string {
  const hosts = [...new Set(steps.flatMap((step) => step.hosts))]
  return hosts.length === 0 ? '' : ` Contacts ${hosts.join(', ')}.`
}

function totalsText({ totals: { run, maybe, reuse, skip, ms, rows, bytes, withoutHistory } }: RunPlan): string {
  if (run + maybe === 0) return reuse === 0 ? 'Nothing is selected that would run.' : 'Nothing to do: all of it is up to date.'
  const counts = [`${countOf(run, 'step')} to run`, maybe > 0 ? `${formatCount(maybe)} if needed` : '', reuse > 0 ? `${formatCount(reuse)} reused` : '', skip > 0 ? `${formatCount(skip)} left out` : '']
  const expected = run > withoutHistory ? `About ${formatDuration(ms)}, ${formatCount(rows)} rows, ${formatBytes(bytes)}.` : ''
  const unknown = withoutHistory > 0 ? `${countOf(withoutHistory, 'step')} never ran before.` : ''
  return [`${counts.filter((part) => part !== '').join(', ')}.`, expected, unknown].filter((part) => part !== '').join(' ')
}

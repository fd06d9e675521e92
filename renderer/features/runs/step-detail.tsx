import type { ReactNode } from 'react'
import type { Run, RunStep } from '../../../shared/contract/runs.contract.ts'
import { accountText } from '../../../shared/domain/record-account.ts'
import { retryText } from '../../../shared/domain/retry-wait.ts'
import { dataAddress, lineageAddress } from '../../ui/addresses.ts'
import { PanelHead } from '../../ui/bars.tsx'
import { LinkButton } from '../../ui/button.tsx'
import { ErrorState } from '../../ui/error-state.tsx'
import { formatAbsolute, formatBytes, formatCount, formatDuration } from '../../ui/format.ts'
import { Status } from '../../ui/status.tsx'
import { useNow } from '../../ui/time-ago.tsx'
import { MarkStep, useStepMark } from './mark-step.tsx'
import { RedoFrom } from './redo-from.tsx'

interface StepDetailProps {
  run: Run
  step: RunStep
  withProblem: boolean
  /** Does this step and all that reads it again, under the run's number. */
  onRedo: (dataset: string) => void
}

/** Facts of one step; its problem too, unless the page has said it already. */
export function StepDetail({ run, step: known, withProblem, onRedo }: StepDetailProps) {
  const now = useNow(500, known.retry !== null)
  const step = known.retry === null ? known : { ...known, note: retryText(known.retry, now) }
  const mark = useStepMark(run, step.dataset)
  return (
    <section className='run-panel' aria-label={`Step ${step.dataset}`}>
      <PanelHead plain title={<span className='mono'>{step.zone}.{step.name}</span>} remark={`${step.kind} step`}>
        <MarkStep run={run} step={step} />
        <RedoFrom run={run} step={step} onRedo={onRedo} />
        <LinkButton small icon='lineage' iconSize={13} href={lineageAddress(step.dataset)}>Lineage</LinkButton>
        {step.version !== null && <LinkButton small icon='data' iconSize={13} href={dataAddress(step.dataset, { v: step.version })}>Open data</LinkButton>}
      </PanelHead>
      <div className='scroll grow' tabIndex={0} role='group' aria-label='Facts of the step'>
        {withProblem && step.problem !== null && <ErrorState inline problem={step.problem} />}
        <dl className='kv block' style={{ gridTemplateColumns: '110px minmax(0, 1fr)', borderBottom: 0 }}>
          {[...factsOf(step), ...(mark === null ? [] : [['Marked', mark] as const])].map(([name, value]) => (
            <div key={name} style={{ display: 'contents' }}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ))}
        </dl>
      </div>
    </section>
  )
}

function factsOf(step: RunStep): [string, ReactNode][] {
  const facts: [string, ReactNode][] = [['State', <Status key='state' status={step.degraded ? 'degraded' : step.state} />]]
  facts.push(...countFacts(step))
  if (step.version !== null) facts.push(['Version', `v${step.version}${step.sizeBytes === null ? '' : `, ${formatBytes(step.sizeBytes)}`}`])
  if (step.startedAt !== null) facts.push(['Started', formatAbsolute(step.startedAt)])
  if (step.durationMs !== null && step.finishedAt !== null) facts.push(['Took', formatDuration(step.durationMs)])
  if (step.expectedMs !== null) facts.push(['Usually', `≈ ${formatDuration(step.expectedMs)}, median of earlier runs`])
  if (step.attempt > 1) facts.push(['Tries', formatCount(step.attempt)])
  if (step.drift !== null) facts.push(['Columns', `${step.drift.text} (against v${step.drift.against})`])
  facts.push(['Reads', step.inputs.length === 0 ? <span key='none' className='t3'>files only</span> : <InputLinks key='inputs' step={step} />])
  return facts
}

/** Sums are shown as sums; a note that says the same is left out. */
function countFacts({ kind, state, note, rowsIn, rowsOut, quarantined, skipped, degraded }: RunStep): [string, ReactNode][] {
  if (degraded) return [['Note', note ?? ''], ['Rows', formatCount(rowsOut ?? 0)]]
  if (kind === 'extract' && state !== 'reused' && rowsIn !== null) return [['Records', accountText({ records: rowsIn, loaded: rowsOut ?? 0, quarantined, skipped })]]
  const facts: [string, ReactNode][] = note === null ? [] : [['Note', note]]
  if (rowsOut !== null) facts.push(['Rows', formatCount(rowsOut)])
  return facts
}

function InputLinks({ step }: { step: RunStep }) {
  return (
    <>
      {step.inputs.map((input) => (
        <div key={input.dataset} className='cut'><a className='mono' href={dataAddress(input.dataset, { v: input.version })}>{input.dataset}</a> v{input.version}</div>
      ))}
    </>
  )
}

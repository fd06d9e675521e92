import { useQuery } from '@tanstack/react-query'
import type { StepTrend, TrendPoint } from '../../../shared/contract/history.contract.ts'
import type { Run, RunRef } from '../../../shared/contract/runs.contract.ts'
import { flagText, median, type RunFlag } from '../../../shared/domain/run-flags.ts'
import { useApi } from '../../api/api.tsx'
import { problemOf } from '../../api/problem-of.ts'
import { ErrorState } from '../../ui/error-state.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { countOf, formatAbsolute, formatCount, formatDuration } from '../../ui/format.ts'
import { LoadingState } from '../../ui/loading-state.tsx'
import { Status } from '../../ui/status.tsx'
import { TrendBars } from '../../ui/trend-bars.tsx'
import '../../ui/table.css'

const POINTS = 20

/** Duration and rows of each step over the last runs that executed it. */
export function RunTrends({ run }: { run: RunRef }) {
  const { queries } = useApi()
  const trends = useQuery(queries.history.trends.queryOptions({ input: { run, points: POINTS } }))
  if (trends.error !== null) return <ErrorState problem={problemOf(trends.error)} onRetry={() => void trends.refetch()} />
  if (trends.data === undefined) return <LoadingState rows={8}>Reading the runs before</LoadingState>
  const steps = trends.data.steps.filter((step) => step.points.length > 0)
  if (steps.length === 0) return <EmptyState title='No step was executed yet' icon='chart'>When steps have run a few times, their durations and rows stand here side by side.</EmptyState>
  return (
    <div className='scroll grow' tabIndex={0} role='group' aria-label='Trends of the steps'>
      <table className='t trends'>
        <colgroup><col /><col style={{ width: 210 }} /><col style={{ width: 84 }} /><col style={{ width: 84 }} /><col style={{ width: 210 }} /><col style={{ width: 92 }} /><col style={{ width: 92 }} /><col style={{ width: '22%' }} /></colgroup>
        <thead>
          <tr>
            <th scope='col'>Step</th><th scope='col'>Duration</th><th scope='col' className='num'>This run</th><th scope='col' className='num'>Usually</th>
            <th scope='col'>Rows</th><th scope='col' className='num'>This run</th><th scope='col' className='num'>Usually</th><th scope='col'>Unusual</th>
          </tr>
        </thead>
        <tbody>{steps.map((step) => <TrendRow key={step.dataset} step={step} runNumber={run.runNumber} />)}</tbody>
      </table>
    </div>
  )
}

function TrendRow({ step: { dataset, points, flags }, runNumber }: { step: StepTrend; runNumber: number }) {
  const name = dataset.slice(dataset.indexOf('.') + 1)
  return (
    <tr>
      <td className='mono' title={dataset}>{name}</td>
      <Measure name={`Duration of ${name}`} points={points} runNumber={runNumber} valueOf={(point) => point.durationMs} format={formatDuration} flagged={flags.some((flag) => flag.kind === 'slower')} />
      <Measure name={`Rows of ${name}`} points={points} runNumber={runNumber} valueOf={(point) => point.rows} format={formatCount} flagged={flags.some((flag) => flag.kind !== 'slower')} />
      <td title={flags.map(flagText).join('\n') || undefined}>{flags[0] !== undefined && <Status small status='warning' text={flags.map((flag) => flagText(flag)).join('; ')} />}</td>
    </tr>
  )
}

interface MeasureProps {
  name: string
  points: readonly TrendPoint[]
  runNumber: number
  valueOf: (point: TrendPoint) => number | null
  format: (value: number) => string
  flagged: boolean
}

/** Bars, this run's value, and the median of the runs before; a run that did not execute the step has none. */
function Measure({ name, points, runNumber, valueOf, format, flagged }: MeasureProps) {
  const values = points.map(valueOf)
  const own = points.find((point) => point.runNumber === runNumber)
  const last = own === undefined ? null : valueOf(own)
  const before = points.flatMap((point) => (point === own ? [] : (valueOf(point) ?? [])))
  const usual = before.length === 0 ? '' : format(median(before))
  const text = (value: number | null): string => (value === null ? 'not known' : format(value))
  return (
    <>
      <td>
        <TrendBars
          values={values}
          titles={points.map((point) => `#${point.runNumber}, ${formatAbsolute(point.at)}: ${text(valueOf(point))}`)}
          summary={`${name} over ${countOf(points.length, 'run')}: ${own === undefined ? 'not executed in this one' : `in this one ${text(last)}`}${usual === '' ? '' : `, usually ${usual}`}`}
          flagged={flagged}
          hasOwn={own !== undefined}
        />
      </td>
      <td className='num'>{own === undefined ? <span className='t3'>not run</span> : last === null ? '' : format(last)}</td>
      <td className='num t3'>{usual}</td>
    </>
  )
}

/** What was unusual about the run, above its parts. */
export function RunFlags({ run: { flags } }: { run: Run }) {
  if (flags.length === 0) return null
  return (
    <ul className='run-flags' aria-label='Unusual'>
      {flags.slice(0, FLAGS_SHOWN).map((flag) => <li key={`${flag.kind} ${flag.dataset ?? ''}`}><Status small status='warning' text={<FlagWords flag={flag} />} /></li>)}
      {flags.length > FLAGS_SHOWN && <li className='t3'>and {formatCount(flags.length - FLAGS_SHOWN)} more</li>}
    </ul>
  )
}

const FLAGS_SHOWN = 2

function FlagWords({ flag }: { flag: RunFlag }) {
  return <>{flag.dataset !== null && <><span className='mono'>{flag.dataset.slice(flag.dataset.indexOf('.') + 1)}</span> </>}{flagText(flag)}</>
}

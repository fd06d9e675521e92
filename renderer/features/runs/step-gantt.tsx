import { type CSSProperties, type KeyboardEvent, useMemo } from 'react'
import type { Run, RunStep } from '../../../shared/contract/runs.contract.ts'
import { retryText } from '../../../shared/domain/retry-wait.ts'
import { FINISHED_RUN_STATES, type StepState } from '../../../shared/domain/run-status.ts'
import { formatClock, formatCount, formatDuration, formatShare, sentence } from '../../ui/format.ts'
import { Status } from '../../ui/status.tsx'
import { useNow } from '../../ui/time-ago.tsx'
import { ZoneMark } from '../../ui/zone-mark.tsx'
import { type Gantt, type GanttRow, layOutGantt } from './gantt-model.ts'

interface StepGanttProps {
  run: Run
  steps: readonly RunStep[]
  selected: string | null
  onSelect: (dataset: string) => void
}

/** Solid happened, dashed is expected from history, the accent line is now. A table for those who do not see the bars. */
export function StepGantt({ run, steps, selected, onSelect }: StepGanttProps) {
  const over = FINISHED_RUN_STATES.has(run.state)
  const now = useNow(250, !over)
  const gantt = useMemo(() => layOutGantt(run, steps, now), [run, steps, now])
  const onKeyDown = (event: KeyboardEvent<HTMLElement>): void => {
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0
    if (step === 0) return
    event.preventDefault()
    const at = steps.findIndex((candidate) => candidate.dataset === selected)
    const next = steps[Math.min(steps.length - 1, Math.max(0, at + step))]
    if (next === undefined) return
    onSelect(next.dataset)
    event.currentTarget.querySelectorAll<HTMLElement>('.g[tabindex]')[steps.indexOf(next)]?.focus()
  }
  return (
    <div className='gantt' role='table' aria-label={`Steps of ${run.dataType} #${run.runNumber}`} onKeyDown={onKeyDown}>
      <div role='rowgroup'>
        <div className='g ghead' role='row'>
          <span role='presentation' />
          <span role='columnheader'>Step</span>
          <span role='columnheader'>State</span>
          <div className='track' role='columnheader' aria-label='Time'>
            {gantt.ticks.filter((tick) => gantt.nowMs === null || Math.abs(tick - gantt.nowMs) > gantt.lengthMs * 0.035).map((tick) => (
              <span key={tick} style={{ left: percent(tick, gantt) }}>{tickText(tick)}</span>
            ))}
            {gantt.nowMs !== null && <span className='now-flag' style={{ left: percent(gantt.nowMs, gantt) }}>now</span>}
          </div>
          <span role='columnheader' className='num'>Rows</span>
          <span role='columnheader' className='num'>Time</span>
        </div>
      </div>
      <div role='rowgroup' className='gantt-rows'>
        {gantt.rows.map((row) => <Row key={row.step.dataset} row={row} gantt={gantt} now={now} selected={row.step.dataset === selected} onSelect={onSelect} />)}
      </div>
    </div>
  )
}

interface RowProps {
  row: GanttRow
  gantt: Gantt
  now: number
  selected: boolean
  onSelect: (dataset: string) => void
}

function Row({ row, gantt, now, selected, onSelect }: RowProps) {
  const { step } = row
  const faint = step.state === 'pending' ? ' t3' : ''
  return (
    <div
      className={`g${selected ? ' sel' : ''}`}
      role='row'
      aria-selected={selected}
      tabIndex={selected ? 0 : -1}
      onClick={() => onSelect(step.dataset)}
      onFocus={() => selected || onSelect(step.dataset)}
    >
      <span role='presentation'><ZoneMark zone={step.zone} /></span>
      <span className='cut' role='cell' title={step.dataset}>
        <span className='kind'>{step.kind}</span>
        <span className='what'>{step.zone}.{step.name}</span>
      </span>
      <span role='cell' className='cut'><Status status={step.degraded ? 'degraded' : step.state} text={stateText(step)} /></span>
      <div className={`track st-${step.state}`} role='cell' aria-label={trackText(row, gantt)} style={{ backgroundSize: `${percent(gantt.tickMs, gantt)} 100%` }}>
        {gantt.pauses.map((pause) => <s key={pause.atMs} style={{ left: percent(pause.atMs, gantt) }} title={`Paused for ${formatDuration(pause.lengthMs)}`} />)}
        {row.done !== null && <i style={spanOf(row.done.from, row.done.to, gantt)} />}
        {row.expected !== null && <i className='exp' style={spanOf(row.expected.from, row.expected.to, gantt)} />}
        {gantt.nowMs !== null && <b className='now' style={{ left: percent(gantt.nowMs, gantt) }} />}
        <Remark row={row} gantt={gantt} now={now} />
      </div>
      <span role='cell' className={`num${faint}`}>{rowsText(step)}</span>
      <span role='cell' className={`num${faint}`}>{timeText(step, now)}</span>
    </div>
  )
}

/** What the step says of itself, behind its bar; before it when the bar ends far right. */
function Remark({ row, gantt, now }: { row: GanttRow; gantt: Gantt; now: number }) {
  const { problem, retry, note } = row.step
  const text = problem?.message ?? (retry === null ? note : retryText(retry, now))
  if (text === null) return null
  // A step that waits has a bar that grows with the wait, and no room behind it.
  if (retry !== null && row.done !== null) return <em className='over' style={{ left: `calc(${percent(row.done.from, gantt)} + 6px)` }} title={text}>{text}</em>
  return <em className={row.step.problem === null ? undefined : 'st-failed'} style={remarkPlace(row, gantt)} title={text}>{text}</em>
}

function remarkPlace(row: GanttRow, gantt: Gantt): CSSProperties {
  // Over the dashed part of what is under way: beside it there may be no room left.
  if (row.done !== null && row.expected !== null) return { left: `calc(${percent(row.expected.from, gantt)} + 6px)`, right: 0 }
  const from = (row.done ?? row.expected)?.from ?? 0
  const to = (row.expected ?? row.done)?.to ?? 0
  const roomAfter = gantt.lengthMs - to
  if (from > roomAfter && roomAfter < gantt.lengthMs * 0.35) return { right: `calc(${percent(gantt.lengthMs - from, gantt)} + 6px)`, maxWidth: `calc(${percent(from, gantt)} - 8px)` }
  return { left: `calc(${percent(to, gantt)} + 6px)`, right: 0 }
}

function stateText(step: RunStep): string {
  if (step.state === 'running' && step.share !== null && step.share > 0) return `Running ${formatShare(step.share)}`
  if (step.retry !== null) return `Retrying, ${step.retry.attempt} of ${step.retry.of}`
  return step.degraded ? 'Stood in for' : sentence(step.state)
}

function rowsText(step: RunStep): string {
  if (step.rowsOut !== null) return formatCount(step.rowsOut)
  return step.entities !== null && step.state !== 'pending' ? formatCount(step.entities.succeeded) : ''
}

const RUNNING_STATES: ReadonlySet<StepState> = new Set(['running', 'retrying', 'waiting'])

function timeText(step: RunStep, now: number): string {
  if (step.startedAt !== null && RUNNING_STATES.has(step.state)) return formatClock(now - Date.parse(step.startedAt))
  if (step.durationMs !== null) return formatDuration(step.durationMs)
  return step.expectedMs === null || step.state !== 'pending' ? '' : `≈ ${formatDuration(step.expectedMs)}`
}

function trackText(row: GanttRow, gantt: Gantt): string {
  if (row.done !== null) return `began after ${formatDuration(row.done.from)}, ${formatDuration(row.done.to - row.done.from)} long${gantt.nowMs === null ? '' : ' so far'}`
  return row.expected === null ? 'not begun' : `expected to take ${formatDuration(row.expected.to - row.expected.from)}`
}

function percent(ms: number, gantt: Gantt): string {
  return `${((ms / gantt.lengthMs) * 100).toFixed(3)}%`
}

function spanOf(from: number, to: number, gantt: Gantt): { left: string; width: string } {
  return { left: percent(from, gantt), width: percent(to - from, gantt) }
}

function tickText(ms: number): string {
  if (ms < 1_000) return `${ms} ms`
  if (ms < 60_000) return `${ms / 1_000} s`
  return ms % 60_000 === 0 ? `${ms / 60_000} min` : formatClock(ms)
}

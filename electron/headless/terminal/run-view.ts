import type { EngineEvent, RunDetail, RunStep } from '../../../shared/contract/runs.contract.ts'
import { FINISHED_STEP_STATES } from '../../../shared/domain/run-status.ts'
import { formatCount, formatDuration } from './figures.ts'
import { createLiveBlock } from './live-block.ts'
import { plainText } from './plain-text.ts'
import { afterwordLines, planChangeLines, runHead, stepLines } from './run-report.ts'
import { stateCell } from './state-mark.ts'
import type { Terminal } from './terminal.ts'

/** How a run that goes on is shown. */
export interface RunView {
  events(events: readonly EngineEvent[]): void
  update(detail: RunDetail): void
  remark(text: string): void
  finish(detail: RunDetail): void
  close(): void
}

/** NDJSON for machines, a table that is drawn again for people at a terminal, a line for every change elsewhere. */
export function createRunView(out: Terminal, json: boolean): RunView {
  if (json) return createJsonView(out)
  return out.isLive ? createLiveView(out) : createLineView(out)
}

/** One object a line: `started` with the run, an `event` each, `finished` with everything about the run. */
function createJsonView(out: Terminal): RunView {
  let started = false
  return {
    events(events) {
      for (const event of events) out.jsonLine({ type: 'event', event })
    },
    update({ run }) {
      if (!started) out.jsonLine({ type: 'started', run })
      started = true
    },
    remark: (text) => out.note(text),
    finish: (detail) => out.jsonLine({ type: 'finished', ...detail }),
    close: () => undefined,
  }
}

const REDRAW_MS = 200

function createLiveView(out: Terminal): RunView {
  const block = createLiveBlock(out)
  let latest: RunDetail | null = null
  let remark: string | null = null
  const draw = (): void => {
    if (latest === null) return
    const now = Date.now()
    block.draw([runHead(latest.run, out.paint, now), ...planChangeLines(latest.planChanges, out.paint), ...stepLines(latest.steps, out.paint, now), ...(remark === null ? [] : [remark])])
  }
  // Times go on between events.
  const timer = setInterval(draw, REDRAW_MS)
  return {
    events: () => undefined,
    update(detail) {
      latest = detail
      draw()
    },
    remark(text) {
      remark = text
      draw()
    },
    finish(detail) {
      latest = detail
      remark = null
      draw()
      block.end()
      for (const line of afterwordLines(detail, out.paint)) out.line(line)
    },
    close() {
      clearInterval(timer)
      block.end()
    },
  }
}

function createLineView(out: Terminal): RunView {
  const seen = new Map<string, string>()
  let headState: string | null = null
  let told = 0
  return {
    events: () => undefined,
    update({ run, steps, planChanges }) {
      if (headState === null) out.line(`${run.dataType} #${run.runNumber}`)
      headState = run.state
      for (const line of planChangeLines(planChanges.slice(told), out.paint)) out.line(line)
      told = planChanges.length
      for (const step of steps) {
        if (seen.get(step.dataset) === step.state || step.state === 'pending') continue
        seen.set(step.dataset, step.state)
        out.line(`  ${stepLine(step, out)}`)
      }
    },
    remark: (text) => out.note(text),
    finish(detail) {
      out.line(runHead(detail.run, out.paint, Date.now()))
      for (const line of afterwordLines(detail, out.paint)) out.line(line)
    },
    close: () => undefined,
  }
}

function stepLine(step: RunStep, out: Terminal): string {
  const cell = stateCell(step.state)
  const parts = [typeof cell === 'string' ? cell : out.paint(cell.text, cell.style), step.dataset]
  if (FINISHED_STEP_STATES.has(step.state)) {
    if (step.rowsOut !== null) parts.push(`${formatCount(step.rowsOut)} rows`)
    if (step.quarantined > 0) parts.push(`${formatCount(step.quarantined)} quarantined`)
    if (step.durationMs !== null) parts.push(formatDuration(step.durationMs))
  }
  const note = step.problem?.message ?? step.note
  if (note !== null) parts.push(plainText(note))
  return parts.join('  ')
}

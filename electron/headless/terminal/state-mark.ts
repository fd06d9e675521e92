import type { RunState, StepState } from '../../../shared/domain/run-status.ts'
import type { Cell } from './table.ts'
import type { Style } from './paint.ts'

const MARKS: Readonly<Record<RunState | StepState, [string, Style]>> = {
  queued: ['○', 'dim'],
  pending: ['○', 'dim'],
  planning: ['▸', 'cyan'],
  running: ['▸', 'cyan'],
  retrying: ['↻', 'yellow'],
  waiting: ['◆', 'yellow'],
  cancelling: ['◌', 'yellow'],
  succeeded: ['✓', 'green'],
  reused: ['=', 'green'],
  failed: ['✗', 'red'],
  skipped: ['–', 'dim'],
  cancelled: ['⊘', 'dim'],
  interrupted: ['‖', 'yellow'],
}

/** A state as color, shape and word. */
export function stateCell(state: RunState | StepState, degraded = false): Cell {
  const [mark, style] = MARKS[state]
  return degraded ? { text: `${mark} ${state}, degraded`, style: 'yellow' } : { text: `${mark} ${state}`, style }
}

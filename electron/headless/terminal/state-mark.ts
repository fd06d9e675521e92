import type { EntityState, RunState, StepState } from '../../../shared/domain/run-status.ts'
import type { Cell } from './table.ts'
import type { Style } from './paint.ts'

const MARKS: Readonly<Record<RunState | StepState | EntityState, [string, Style]>> = {
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
  quarantined: ['▣', 'red'],
  skipped: ['–', 'dim'],
  cancelled: ['⊘', 'dim'],
  interrupted: ['‖', 'yellow'],
}

/** A state as color, shape and word. */
export function stateCell(state: RunState | StepState, degraded = false): Cell {
  const [mark, style] = MARKS[state]
  return degraded ? { text: `${mark} ${state}, degraded`, style: 'yellow' } : { text: `${mark} ${state}`, style }
}

/** The same for an entity; one that is carried over was not worked on. */
export function entityStateCell(state: EntityState, carried: boolean): Cell {
  const [mark, style] = MARKS[state]
  return { text: `${mark} ${state}${carried ? ', carried over' : ''}`, style: carried ? 'dim' : style }
}

import { z } from 'zod'
import { ProblemError } from './problem.ts'

/**
 * The states of runs, steps and entities: one transition table each. The sets below are derived from the tables, and the
 * window imports them, so that a button can never offer a move that the engine refuses.
 */

export const RUN_STATES = ['queued', 'planning', 'running', 'waiting', 'cancelling', 'succeeded', 'failed', 'cancelled', 'interrupted'] as const
export const STEP_STATES = ['pending', 'running', 'retrying', 'waiting', 'succeeded', 'reused', 'failed', 'skipped', 'cancelled'] as const
export const ENTITY_STATES = ['pending', 'running', 'succeeded', 'failed', 'quarantined', 'skipped'] as const

export const runStateSchema = z.enum(RUN_STATES)
export const stepStateSchema = z.enum(STEP_STATES)
export const entityStateSchema = z.enum(ENTITY_STATES)
export type RunState = z.infer<typeof runStateSchema>
export type StepState = z.infer<typeof stepStateSchema>
export type EntityState = z.infer<typeof entityStateSchema>

type Table<S extends string> = Readonly<Record<S, readonly S[]>>

/**
 * `failed → queued` is a retry, `interrupted → queued` a resume: the same run number goes on as a new attempt.
 * `waiting` holds no worker and no place in the queue, so that nothing interrupts it: an approval queues it, a rejection fails it.
 */
const RUN_MOVES: Table<RunState> = {
  queued: ['planning', 'cancelled', 'interrupted'],
  planning: ['running', 'failed', 'cancelling', 'interrupted'],
  running: ['waiting', 'cancelling', 'succeeded', 'failed', 'interrupted'],
  waiting: ['queued', 'failed', 'cancelled'],
  cancelling: ['cancelled', 'failed', 'interrupted', 'succeeded'],
  succeeded: ['queued'],
  failed: ['queued'],
  cancelled: ['queued'],
  interrupted: ['queued', 'cancelled'],
}

const STEP_MOVES: Table<StepState> = {
  pending: ['running', 'reused', 'skipped', 'cancelled'],
  running: ['retrying', 'waiting', 'succeeded', 'reused', 'failed', 'cancelled', 'pending'],
  retrying: ['running', 'failed', 'cancelled', 'pending'],
  waiting: ['running', 'succeeded', 'failed', 'cancelled', 'pending'],
  succeeded: ['pending'],
  reused: ['pending'],
  failed: ['pending'],
  skipped: ['pending'],
  cancelled: ['pending'],
}

const ENTITY_MOVES: Table<EntityState> = {
  pending: ['running', 'succeeded', 'failed', 'quarantined', 'skipped'],
  running: ['succeeded', 'failed', 'quarantined', 'skipped', 'pending'],
  succeeded: [],
  failed: ['pending', 'running', 'succeeded', 'failed', 'quarantined', 'skipped'],
  quarantined: ['pending', 'skipped'],
  skipped: ['pending'],
}

/** The next state, or a CONFLICT problem when the table has no such move. */
export const nextRunState = mover('run', RUN_MOVES)
export const nextStepState = mover('step', STEP_MOVES)
export const nextEntityState = mover('entity', ENTITY_MOVES)

/** No worker and no queue holds it any more. */
export const FINISHED_RUN_STATES: ReadonlySet<RunState> = new Set(['succeeded', 'failed', 'cancelled', 'interrupted'])
/** Cancel does something. */
export const CANCELLABLE_RUN_STATES = statesThatReach(RUN_MOVES, ['cancelling', 'cancelled'], FINISHED_RUN_STATES)
/** Resume or retry does something: the run goes back to the queue under its own number. What waits at a gate needs a decision instead. */
export const RESUMABLE_RUN_STATES = statesThatReach(RUN_MOVES, ['queued'], new Set<RunState>(['waiting', 'succeeded']))
/** The same, and a run that is published: a step of it may be done again, or what failed of its entities. */
export const RERUNNABLE_RUN_STATES = statesThatReach(RUN_MOVES, ['queued'], new Set<RunState>(['waiting']))
export const FINISHED_STEP_STATES: ReadonlySet<StepState> = new Set(['succeeded', 'reused', 'failed', 'skipped', 'cancelled'])
/** The step's output can be read by the steps after it. */
export const DONE_STEP_STATES: ReadonlySet<StepState> = new Set(['succeeded', 'reused'])

function mover<S extends string>(thing: string, table: Table<S>): (from: S, to: S) => S {
  return (from, to) => {
    if (table[from].includes(to)) return to
    throw new ProblemError('CONFLICT', `A ${thing} that is ${from} cannot become ${to}`, { details: { from, to } })
  }
}

function statesThatReach<S extends string>(table: Table<S>, targets: readonly S[], except: ReadonlySet<S> = new Set()): ReadonlySet<S> {
  const states = Object.keys(table) as S[]
  return new Set(states.filter((s) => !except.has(s) && table[s].some((to) => targets.includes(to))))
}

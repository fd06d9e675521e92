import type { Queue } from '../../../shared/contract/queue.contract.ts'
import type { Run, RunRef } from '../../../shared/contract/runs.contract.ts'
import type { Actor } from '../../../shared/domain/actor.ts'
import { ProblemError } from '../../../shared/domain/problem.ts'
import { describeOptions, PLAIN_RUN, type RunOptions } from '../../../shared/domain/run-options.ts'
import { CANCELLABLE_RUN_STATES, RERUNNABLE_RUN_STATES } from '../../../shared/domain/run-status.ts'
import { type RunPriority, usualPriority } from '../../../shared/domain/run-priority.ts'
import type { RunRow } from '../ledger/runs.store.ts'
import type { EngineParts } from '../parts.ts'
import type { OpProgress } from '../workers/wire.ts'
import { checkSubject } from '../planning/plan-run.ts'
import { nameOf } from '../planning/select-steps.ts'
import { describeQueue, waitingText } from './queue-report.ts'
import { createRunPasses } from './run-passes.ts'

export interface RunManager {
  /** Queues a run under the next number of its data type. */
  start(request: RunRequest): RunRow
  cancel(ref: RunRef, actor: Actor): RunRow
  /**
   * Puts a finished run back into the queue under its number, as its next attempt. `redo` names the step from which all is done again,
   * and whether also what did not change. Without it: what failed and what an edit touches; an interrupted attempt goes on as it was asked for.
   */
  resume(ref: RunRef, actor: Actor, redo?: NonNullable<RunOptions['redo']>): RunRow
  /**
   * Queues a run that somebody's decision has freed: one that waits goes on where it was, one that had stopped begins its next attempt.
   * Part of the transaction of the decision.
   */
  goOn(run: RunRow, news: { summary: string }): RunRow
  /** Live progress of a step, if it is running now. */
  progressOf(stepId: number): OpProgress | null
  /** Who runs and who waits for what. */
  queue(): Queue
  /** What a queued run waits for, in words; null when it does not wait. */
  waitingText(runId: number): string | null
  active(): number
  onActive(listener: (count: number) => void): void
  /** Cuts off what runs, so that it can be resumed, and waits until it has stopped. */
  close(): Promise<void>
}

export interface RunRequest {
  dataType: string
  entities: string[] | null
  trigger: Run['trigger']
  actor: Actor
  /** Selection, force and parameters; a plain run of everything where they are left out. */
  options?: RunOptions
  /** Without one, as usual for the trigger. */
  priority?: RunPriority
  groupId?: number
}

export function createRunManager(parts: EngineParts): RunManager {
  const { runs, clock } = parts
  const passes = createRunPasses(parts)
  const { queue } = passes
  return {
    active: queue.size,
    onActive: queue.onSize,
    progressOf: passes.progressOf,
    queue: () => describeQueue(parts, queue),
    waitingText: (runId) => waitingText(parts, queue, runId),
    start({ actor, priority, groupId = null, ...request }) {
      refuseUnknown(parts, request)
      return parts.ledger.write(() => {
        const run = runs.create(request)
        parts.groups.place(run.id, { groupId, priority: priority ?? usualPriority(request.trigger) })
        audit(parts, actor, { action: 'run', run, details: { trigger: request.trigger, entities: request.entities?.length ?? null, options: describeOptions(run.options) } })
        passes.enqueue(run)
        return run
      })
    },
    cancel(ref, actor) {
      const run = find(parts, ref)
      if (!CANCELLABLE_RUN_STATES.has(run.state)) throw new ProblemError('CONFLICT', `${ref.dataType} #${ref.runNumber} is ${run.state}; there is nothing to cancel`)
      if (run.state === 'cancelling') return run
      return parts.ledger.write(() => {
        audit(parts, actor, { action: 'cancel', run, details: {}, before: { state: run.state } })
        if (run.state === 'waiting') return cancelWaiting(parts, run)
        queue.remove(run.id)
        queue.abort(run.id)
        // It may have left the queue and not have begun: then it finds out that it is cancelled.
        if (run.state === 'queued') return runs.transition(run.id, 'cancelled', { finishedAt: clock(), summary: 'Cancelled before it started' })
        return runs.transition(run.id, 'cancelling', { summary: 'Cancelling' })
      })
    },
    resume(ref, actor, redo) {
      const run = find(parts, ref)
      refuseUnlessRerunnable(parts, run)
      const options = { ...run.options, redo: redo ?? (run.state === 'interrupted' ? run.options.redo : null) }
      checkRedo(parts, run, options)
      return parts.ledger.write(() => {
        audit(parts, actor, { action: 'resume', run, details: { attempt: run.attempt + 1, ...options.redo }, before: { state: run.state } })
        passes.enqueue(run, { isAsked: actor.kind !== 'engine' })
        return runs.transition(run.id, 'queued', { attempt: run.attempt + 1, startedAt: null, finishedAt: null, summary: 'Queued again', options })
      })
    },
    goOn(run, { summary }) {
      const isNewAttempt = run.state !== 'waiting'
      const queued = runs.transition(run.id, 'queued', { summary, ...(isNewAttempt ? { attempt: run.attempt + 1, startedAt: null, finishedAt: null } : {}) })
      passes.enqueue(run, { isAsked: true })
      return queued
    },
    close: passes.close,
  }
}

/** At a gate no worker and no queue holds it, so nobody else would end its steps. */
function cancelWaiting({ runs, steps, clock }: EngineParts, run: RunRow): RunRow {
  for (const step of steps.ofRun(run.id)) if (step.state === 'pending') steps.transition(step.id, 'cancelled', { note: null })
  return runs.transition(run.id, 'cancelled', { finishedAt: clock(), summary: 'Cancelled at a gate; nothing was published' })
}

function find({ runs }: EngineParts, { dataType, runNumber }: RunRef): RunRow {
  const run = runs.find(dataType, runNumber)
  if (run === null) throw new ProblemError('NOT_FOUND', `There is no run ${dataType} #${runNumber}`, { hint: `"strata runs ${dataType}" lists them` })
  return run
}

/** A run that was published may go on as long as it is the last word: later runs rest on newer data, and would be undone. */
function refuseUnlessRerunnable({ runs }: EngineParts, run: RunRow): void {
  const name = `${run.dataType} #${run.runNumber}`
  if (!RERUNNABLE_RUN_STATES.has(run.state)) throw new ProblemError('CONFLICT', `${name} is ${run.state}; there is nothing to resume`)
  if (run.state !== 'succeeded') return
  const { runs: [newest] } = runs.list({ dataType: run.dataType, states: ['succeeded'], offset: 0, limit: 1 })
  if (newest === undefined || newest.runNumber <= run.runNumber) return
  throw new ProblemError('CONFLICT', `${name} was followed by #${newest.runNumber}, which is published`, { hint: `Start a new run, or go on with #${newest.runNumber}` })
}

function checkRedo({ workspace }: EngineParts, { dataType }: RunRow, { redo }: RunOptions): void {
  const model = workspace.current().dataTypes.find((candidate) => candidate.name === dataType)
  if (redo !== null && redo.from !== null && model !== undefined) nameOf(model, redo.from)
}

function refuseUnknown(parts: EngineParts, { dataType, entities, options = PLAIN_RUN }: Omit<RunRequest, 'actor'>): void {
  const models = parts.workspace.current().dataTypes
  const names = models.map((candidate) => candidate.name)
  const model = models.find((candidate) => candidate.name === dataType)
  if (model !== undefined) return checkSubject(model, { dataType, entities, options }, parts)
  const hint = names.length === 0 ? 'Make pipelines/<data_type>/pipeline.yaml first' : `It has ${names.join(', ')}`
  throw new ProblemError('NOT_FOUND', `The workspace has no data type ${dataType}`, { hint })
}

interface Act {
  action: string
  run: RunRow
  details: Record<string, unknown>
  before?: Record<string, unknown>
}

function audit(parts: EngineParts, actor: Actor, { run, ...act }: Act): void {
  parts.audit.append({ actor, target: `${run.dataType} #${run.runNumber}`, ...act }, parts.clock())
}

import type { Queue } from '../../../shared/contract/queue.contract.ts'
import type { Run, RunRef } from '../../../shared/contract/runs.contract.ts'
import type { Actor } from '../../../shared/domain/actor.ts'
import { orderDataTypes } from '../../../shared/domain/data-type-order.ts'
import { ProblemError, toProblem } from '../../../shared/domain/problem.ts'
import { describeOptions, PLAIN_RUN, type RunOptions } from '../../../shared/domain/run-options.ts'
import { CANCELLABLE_RUN_STATES, RERUNNABLE_RUN_STATES } from '../../../shared/domain/run-status.ts'
import { type RunPriority, usualPriority } from '../../../shared/domain/run-priority.ts'
import type { RunRow } from '../ledger/runs.store.ts'
import type { EngineParts } from '../parts.ts'
import type { OpProgress } from '../workers/wire.ts'
import { checkSubject } from '../planning/plan-run.ts'
import { nameOf } from '../planning/select-steps.ts'
import { executeRun } from './execute-run.ts'
import { groupAdmission } from './run-groups.ts'
import { openRunLog } from './run-log.ts'
import { tidyLogs } from './tidy-logs.ts'
import { type Admission, createRunQueue, type RunQueue, type Ticket } from './run-queue.ts'
import { runsAtOnce } from './run-share.ts'

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
  const progress = new Map<number, Map<number, OpProgress>>()
  let isClosing = false
  // Started again by a person, who knows what they do, a member of a group does not ask how the others went.
  const byPerson = new Set<number>()
  const queue = createRunQueue({
    async execute(runId, signal) {
      const own = new Map<number, OpProgress>()
      progress.set(runId, own)
      try {
        await execute(parts, runs.byId(runId), { signal, isClosing: () => isClosing, onProgress: (stepId, value) => void own.set(stepId, value) })
      } catch (error) {
        parts.log('error', `Run ${runId} ended without an end: ${toProblem(error).message}`, { error: String(error) })
      } finally {
        progress.delete(runId)
      }
    },
    capacity: () => runsAtOnce(parts.workspace.current().limits),
    reads: () => new Map(orderDataTypes(parts.workspace.current().dataTypes).map(({ name, reads }) => [name, reads])),
    admit: (runId) => (byPerson.delete(runId) ? 'start' : admit(parts, runId)),
    onRunning: (count) => parts.workers.share(count),
  })
  const enqueue = (run: RunRow): void => queue.add({ runId: run.id, dataType: run.dataType, priority: parts.groups.placement(run.id).priority })
  return {
    active: queue.size,
    onActive: queue.onSize,
    progressOf: (stepId) => [...progress.values()].find((own) => own.has(stepId))?.get(stepId) ?? null,
    queue: () => describeQueue(parts, queue),
    waitingText: (runId) => waitingText(parts, queue, runId),
    start({ actor, priority, groupId = null, ...request }) {
      refuseUnknown(parts, request)
      return parts.ledger.write(() => {
        const run = runs.create(request)
        parts.groups.place(run.id, { groupId, priority: priority ?? usualPriority(request.trigger) })
        audit(parts, actor, { action: 'run', run, details: { trigger: request.trigger, entities: request.entities?.length ?? null, options: describeOptions(run.options) } })
        enqueue(run)
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
        if (actor.kind !== 'engine') byPerson.add(run.id)
        enqueue(run)
        return runs.transition(run.id, 'queued', { attempt: run.attempt + 1, startedAt: null, finishedAt: null, summary: 'Queued again', options })
      })
    },
    goOn(run, { summary }) {
      const isNewAttempt = run.state !== 'waiting'
      const queued = runs.transition(run.id, 'queued', { summary, ...(isNewAttempt ? { attempt: run.attempt + 1, startedAt: null, finishedAt: null } : {}) })
      byPerson.add(run.id)
      enqueue(run)
      return queued
    },
    async close() {
      isClosing = true
      for (const runId of queue.stop()) runs.transition(runId, 'interrupted', { finishedAt: clock(), summary: 'Strata was closed before it started' })
      await queue.idle()
    },
  }
}

/** At a gate no worker and no queue holds it, so nobody else would end its steps. */
function cancelWaiting({ runs, steps, clock }: EngineParts, run: RunRow): RunRow {
  for (const step of steps.ofRun(run.id)) if (step.state === 'pending') steps.transition(step.id, 'cancelled', { note: null })
  return runs.transition(run.id, 'cancelled', { finishedAt: clock(), summary: 'Cancelled at a gate; nothing was published' })
}

/** A member of a group whose sources failed ends here, with the reason. */
function admit(parts: EngineParts, runId: number): Admission {
  const run = parts.runs.byId(runId)
  const admission = groupAdmission(parts, run)
  if (typeof admission === 'string') return admission
  parts.runs.transition(runId, 'cancelled', { finishedAt: parts.clock(), problem: admission, summary: admission.message })
  return 'drop'
}

function describeQueue(parts: EngineParts, queue: RunQueue): Queue {
  const refOf = ({ runId }: Ticket): RunRef => {
    const { dataType, runNumber } = parts.runs.byId(runId)
    return { dataType, runNumber }
  }
  const { limits } = parts.workspace.current()
  return {
    limits: { ...limits, runs: runsAtOnce(limits) },
    running: queue.running().map((ticket) => ({ run: refOf(ticket), group: parts.groups.placement(ticket.runId).groupId })),
    waiting: queue.waiting().map(({ ticket, position, blockedBy }) => ({
      run: refOf(ticket),
      position,
      priority: ticket.priority,
      group: parts.groups.placement(ticket.runId).groupId,
      waitingFor: blockedBy.map(refOf),
      text: waitingText(parts, queue, ticket.runId) ?? 'starts now',
    })),
  }
}

function waitingText(parts: EngineParts, queue: RunQueue, runId: number): string | null {
  const entry = queue.waiting().find(({ ticket }) => ticket.runId === runId)
  if (entry === undefined) return null
  const names = entry.blockedBy.map((ticket) => {
    const { dataType, runNumber } = parts.runs.byId(ticket.runId)
    return `${dataType} #${runNumber}`
  })
  if (names.length > 0) return `Waiting for ${listText(names)}`
  const most = runsAtOnce(parts.workspace.current().limits)
  return `Place ${entry.position} in the queue: ${most === 1 ? 'one run at a time' : `at most ${most} runs at a time`}`
}

/** "a", "a and b", "a, b and c". */
function listText(names: readonly string[]): string {
  return [names.slice(0, -1).join(', '), names.at(-1) ?? ''].filter((part) => part !== '').join(' and ')
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

type PassOptions = Pick<Parameters<typeof executeRun>[0], 'signal' | 'isClosing' | 'onProgress'>

async function execute(parts: EngineParts, run: RunRow, options: PassOptions): Promise<void> {
  const { dataType, runNumber } = run
  const log = await openRunLog(parts.layout.runLogFile(dataType, runNumber), {
    clock: parts.clock,
    onLine: (line) => parts.hub.log({ dataType, runNumber, dataset: line.step, text: line.text }),
  })
  await executeRun({ parts, run, log, ...options })
  await tidyLogs(parts, run)
}

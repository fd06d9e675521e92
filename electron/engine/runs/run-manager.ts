import type { Run, RunRef } from '../../../shared/contract/runs.contract.ts'
import type { Actor } from '../../../shared/domain/actor.ts'
import { ProblemError, toProblem } from '../../../shared/domain/problem.ts'
import { CANCELLABLE_RUN_STATES, RESUMABLE_RUN_STATES } from '../../../shared/domain/run-status.ts'
import type { RunRow } from '../ledger/runs.store.ts'
import type { EngineParts } from '../parts.ts'
import type { OpProgress } from '../workers/wire.ts'
import { executeRun } from './execute-run.ts'
import { openRunLog } from './run-log.ts'
import { createRunQueue } from './run-queue.ts'

export interface RunManager {
  /** Queues a run under the next number of its data type. */
  start(request: RunRequest): RunRow
  cancel(ref: RunRef, actor: Actor): RunRow
  /** Puts a failed, cancelled or interrupted run back into the queue under its number, as its next attempt. */
  resume(ref: RunRef, actor: Actor): RunRow
  /** Live progress of a step, if it is running now. */
  progressOf(stepId: number): OpProgress | null
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
}

export function createRunManager(parts: EngineParts): RunManager {
  const { runs, clock } = parts
  const progress = new Map<number, OpProgress>()
  let isClosing = false
  const queue = createRunQueue(async (runId, signal) => {
    try {
      await execute(parts, runs.byId(runId), { signal, isClosing: () => isClosing, onProgress: (stepId, value) => void progress.set(stepId, value) })
    } catch (error) {
      parts.log('error', `Run ${runId} ended without an end: ${toProblem(error).message}`, { error: String(error) })
    } finally {
      progress.clear()
    }
  })
  return {
    active: queue.size,
    onActive: queue.onSize,
    progressOf: (stepId) => progress.get(stepId) ?? null,
    start({ actor, ...request }) {
      refuseUnknown(parts, request.dataType)
      return parts.ledger.write(() => {
        const run = runs.create(request)
        audit(parts, actor, { action: 'run', run, details: { trigger: request.trigger, entities: request.entities?.length ?? null } })
        queue.add(run.id)
        return run
      })
    },
    cancel(ref, actor) {
      const run = find(parts, ref)
      if (!CANCELLABLE_RUN_STATES.has(run.state)) throw new ProblemError('CONFLICT', `${ref.dataType} #${ref.runNumber} is ${run.state}; there is nothing to cancel`)
      audit(parts, actor, { action: 'cancel', run, details: {}, before: { state: run.state } })
      if (queue.remove(run.id)) return runs.transition(run.id, 'cancelled', { finishedAt: clock(), summary: 'Cancelled before it started' })
      const cancelling = runs.transition(run.id, 'cancelling', { summary: 'Cancelling' })
      queue.abort(run.id)
      return cancelling
    },
    resume(ref, actor) {
      const run = find(parts, ref)
      if (!RESUMABLE_RUN_STATES.has(run.state)) throw new ProblemError('CONFLICT', `${ref.dataType} #${ref.runNumber} is ${run.state}; there is nothing to resume`)
      return parts.ledger.write(() => {
        audit(parts, actor, { action: 'resume', run, details: { attempt: run.attempt + 1 }, before: { state: run.state } })
        queue.add(run.id)
        return runs.transition(run.id, 'queued', { attempt: run.attempt + 1, finishedAt: null, summary: 'Queued again' })
      })
    },
    async close() {
      isClosing = true
      for (const runId of queue.stop()) runs.transition(runId, 'interrupted', { finishedAt: clock(), summary: 'Strata was closed before it started' })
      await queue.idle()
    },
  }
}

function find({ runs }: EngineParts, { dataType, runNumber }: RunRef): RunRow {
  const run = runs.find(dataType, runNumber)
  if (run === null) throw new ProblemError('NOT_FOUND', `There is no run ${dataType} #${runNumber}`, { hint: `"strata runs ${dataType}" lists them` })
  return run
}

function refuseUnknown({ workspace }: EngineParts, dataType: string): void {
  const names = workspace.current().dataTypes.map((candidate) => candidate.name)
  if (names.includes(dataType)) return
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
}

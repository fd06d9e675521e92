import type { Run, RunRef } from '../../../shared/contract/runs.contract.ts'
import { ProblemError, toProblem } from '../../../shared/domain/problem.ts'
import { CANCELLABLE_RUN_STATES, RESUMABLE_RUN_STATES } from '../../../shared/domain/run-status.ts'
import type { RunRow } from '../ledger/runs.store.ts'
import type { EngineParts } from '../parts.ts'
import type { OpProgress } from '../workers/wire.ts'
import { executeRun } from './execute-run.ts'
import { openRunLog } from './run-log.ts'

export interface RunManager {
  /** Queues a run. Runs go one at a time, first come, first served. */
  start(request: { dataType: string; entities: string[] | null; trigger: Run['trigger'] }): RunRow
  cancel(ref: RunRef): RunRow
  /** Puts a failed, cancelled or interrupted run back into the queue under its number, as its next attempt. */
  resume(ref: RunRef): RunRow
  /** Starts what is queued; called once after recovery. */
  wake(): void
  /** Live progress of a step, if it is running now. */
  progressOf(stepId: number): OpProgress | null
  active(): number
  onActive(listener: (count: number) => void): void
  /** Cuts off what runs, so that it can be resumed, and waits until it has stopped. */
  close(): Promise<void>
}

export function createRunManager(parts: EngineParts): RunManager {
  const { runs, ledger, clock, audit } = parts
  const queue: number[] = []
  const progress = new Map<number, OpProgress>()
  const listeners: ((count: number) => void)[] = []
  let current: { runId: number; abort: AbortController; done: Promise<void> } | null = null
  let isClosing = false

  const active = (): number => queue.length + (current === null ? 0 : 1)
  const notify = (): void => {
    for (const listener of listeners) listener(active())
  }
  const must = ({ dataType, runNumber }: RunRef): RunRow => {
    const run = runs.find(dataType, runNumber)
    if (run === null) throw new ProblemError('NOT_FOUND', `There is no run ${dataType} #${runNumber}`, { hint: `"strata runs ${dataType}" lists them` })
    return run
  }

  function pump(): void {
    if (isClosing || current !== null) return
    const runId = queue.shift()
    if (runId === undefined) return
    const abort = new AbortController()
    const done = execute(runId, abort.signal)
      .catch((error: unknown) => parts.log('error', `Run ${runId} ended without an end: ${toProblem(error).message}`, { error: String(error) }))
      .finally(() => {
        current = null
        progress.clear()
        notify()
        pump()
      })
    current = { runId, abort, done }
    notify()
  }

  async function execute(runId: number, signal: AbortSignal): Promise<void> {
    const run = runs.byId(runId)
    const { dataType, runNumber } = run
    const log = await openRunLog(parts.layout.runLogFile(dataType, runNumber), {
      clock,
      onLine: (line) => parts.hub.log({ dataType, runNumber, dataset: line.step, text: line.text }),
    })
    await executeRun({ parts, run, log, signal, isClosing: () => isClosing, onProgress: (stepId, value) => void progress.set(stepId, value) })
  }

  function enqueue(run: RunRow): RunRow {
    queue.push(run.id)
    notify()
    queueMicrotask(pump)
    return run
  }

  return {
    active,
    onActive: (listener) => void listeners.push(listener),
    progressOf: (stepId) => progress.get(stepId) ?? null,
    start({ dataType, entities, trigger }) {
      if (!parts.workspace.current().dataTypes.some((candidate) => candidate.name === dataType)) {
        const names = parts.workspace.current().dataTypes.map((candidate) => candidate.name)
        throw new ProblemError('NOT_FOUND', `The workspace has no data type ${dataType}`, { hint: names.length === 0 ? 'Make pipelines/<data_type>/pipeline.yaml first' : `It has ${names.join(', ')}` })
      }
      return ledger.write(() => {
        const run = runs.create({ dataType, entities, trigger, at: clock() })
        audit.append({ actor: trigger, action: 'run', target: `${dataType} #${run.runNumber}`, details: { entities: entities?.length ?? null } }, clock())
        return enqueue(run)
      })
    },
    cancel(ref) {
      const run = must(ref)
      if (!CANCELLABLE_RUN_STATES.has(run.state)) throw new ProblemError('CONFLICT', `${ref.dataType} #${ref.runNumber} is ${run.state}; there is nothing to cancel`)
      audit.append({ actor: 'person', action: 'cancel', target: `${ref.dataType} #${ref.runNumber}`, details: {} }, clock())
      if (run.state === 'queued') {
        queue.splice(queue.indexOf(run.id), queue.includes(run.id) ? 1 : 0)
        notify()
        return runs.transition(run.id, 'cancelled', { finishedAt: clock(), summary: 'Cancelled before it started' }, clock())
      }
      const cancelling = runs.transition(run.id, 'cancelling', { summary: 'Cancelling' }, clock())
      if (current?.runId === run.id) current.abort.abort()
      return cancelling
    },
    resume(ref) {
      const run = must(ref)
      if (!RESUMABLE_RUN_STATES.has(run.state)) throw new ProblemError('CONFLICT', `${ref.dataType} #${ref.runNumber} is ${run.state}; there is nothing to resume`)
      return ledger.write(() => {
        audit.append({ actor: 'person', action: 'resume', target: `${ref.dataType} #${ref.runNumber}`, details: { attempt: run.attempt + 1 } }, clock())
        return enqueue(runs.transition(run.id, 'queued', { attempt: run.attempt + 1, finishedAt: null, summary: 'Queued again' }, clock()))
      })
    },
    wake: pump,
    async close() {
      isClosing = true
      for (const runId of queue.splice(0)) runs.transition(runId, 'interrupted', { finishedAt: clock(), summary: 'Strata was closed before it started' }, clock())
      current?.abort.abort()
      await current?.done
    },
  }
}

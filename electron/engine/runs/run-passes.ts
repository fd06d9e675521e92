import { orderDataTypes } from '../../../shared/domain/data-type-order.ts'
import { toProblem } from '../../../shared/domain/problem.ts'
import type { RunRow } from '../ledger/runs.store.ts'
import type { EngineParts } from '../parts.ts'
import type { OpProgress } from '../workers/wire.ts'
import { executeRun } from './execute-run.ts'
import { groupAdmission } from './group-admission.ts'
import { openRunLog } from './run-log.ts'
import { type Admission, createRunQueue, type RunQueue } from './run-queue.ts'
import { runsAtOnce } from './run-share.ts'
import { tidyLogs } from './tidy-logs.ts'

/** The queue, and what is done with a run when its turn has come. */
export interface RunPasses {
  readonly queue: RunQueue
  /** `isAsked`: a person wants this very run to go on, so that it does not ask how the others of its group went. */
  enqueue(run: RunRow, options?: { isAsked: boolean }): void
  /** Live progress of a step, if it is running now. */
  progressOf(stepId: number): OpProgress | null
  /** Cuts off what runs, so that it can be resumed, and waits until it has stopped. */
  close(): Promise<void>
}

export function createRunPasses(parts: EngineParts): RunPasses {
  const { runs, clock } = parts
  const progress = new Map<number, Map<number, OpProgress>>()
  const asked = new Set<number>()
  let isClosing = false
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
    admit: (runId) => (asked.delete(runId) ? 'start' : admit(parts, runId)),
    onRunning: (count) => parts.workers.share(count),
  })
  return {
    queue,
    enqueue({ id: runId, dataType }, { isAsked } = { isAsked: false }) {
      if (isAsked) asked.add(runId)
      queue.add({ runId, dataType, priority: parts.groups.placement(runId).priority })
    },
    progressOf: (stepId) => [...progress.values()].find((own) => own.has(stepId))?.get(stepId) ?? null,
    async close() {
      isClosing = true
      // One that was cancelled and resumed in the moment between the queue and its start is in the queue, and alive.
      for (const runId of queue.stop()) if (runs.byId(runId).state === 'queued') runs.transition(runId, 'interrupted', { finishedAt: clock(), summary: 'Strata was closed before it started' })
      await queue.idle()
    },
  }
}

/** A member of a group whose sources failed ends here, with the reason. */
function admit(parts: EngineParts, runId: number): Admission {
  const run = parts.runs.byId(runId)
  const admission = groupAdmission(parts, run)
  if (typeof admission === 'string') return admission
  parts.runs.transition(runId, 'cancelled', { finishedAt: parts.clock(), problem: admission, summary: admission.message })
  return 'drop'
}

type PassOptions = Pick<Parameters<typeof executeRun>[0], 'signal' | 'isClosing' | 'onProgress'>

async function execute(parts: EngineParts, run: RunRow, options: PassOptions): Promise<void> {
  const { dataType, runNumber } = run
  const log = await openRunLog(parts.layout.runLogFile(dataType, runNumber), {
    clock: parts.clock,
    redact: parts.secrets.redactor.text,
    onLine: (line) => parts.hub.log({ dataType, runNumber, dataset: line.step, text: line.text }),
  })
  await executeRun({ parts, run, log, ...options })
  await tidyLogs(parts, run)
}

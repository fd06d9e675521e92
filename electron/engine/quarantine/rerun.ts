import type { Actor } from '../../../shared/domain/actor.ts'
import { ProblemError } from '../../../shared/domain/problem.ts'
import { PLAIN_RUN } from '../../../shared/domain/run-options.ts'
import { FINISHED_RUN_STATES, RERUNNABLE_RUN_STATES } from '../../../shared/domain/run-status.ts'
import type { RunRow } from '../ledger/runs.store.ts'
import type { EngineParts } from '../parts.ts'
import type { RunManager } from '../runs/run-manager.ts'

type Parts = Pick<EngineParts, 'quarantine' | 'runs' | 'steps'>

export interface Rerun {
  run: RunRow
  resumed: boolean
  datasets: string[]
}

/**
 * Runs what decisions wait for. The newest run of a data type goes on under its own number when all that it has to do again is in it; else a
 * new run of those steps and what reads them reuses the rest.
 * @throws CONFLICT when nothing waits, or a run that would take it up goes on already
 */
export function rerunDecided(parts: Parts, manager: Pick<RunManager, 'start' | 'resume'>, { dataType, actor }: { dataType: string | undefined; actor: Actor }): Rerun[] {
  const waiting = new Map<string, string[]>()
  for (const { dataset, waiting: count } of parts.quarantine.queues()) {
    const [type = ''] = dataset.split('.', 1)
    if (count > 0 && (dataType === undefined || type === dataType)) waiting.set(type, [...(waiting.get(type) ?? []), dataset])
  }
  if (waiting.size === 0) {
    throw new ProblemError('CONFLICT', `No decision ${dataType === undefined ? '' : `about ${dataType} `}waits for a run`, { hint: 'Correct, accept or ignore records first' })
  }
  return [...waiting].map(([type, datasets]) => rerunOne(parts, manager, { type, datasets, actor }))
}

function rerunOne(parts: Parts, manager: Pick<RunManager, 'start' | 'resume'>, { type, datasets, actor }: { type: string; datasets: string[]; actor: Actor }): Rerun {
  const [newest] = parts.runs.list({ dataType: type, offset: 0, limit: 1 }).runs
  if (newest !== undefined && !FINISHED_RUN_STATES.has(newest.state)) {
    throw new ProblemError('CONFLICT', `${type} #${newest.runNumber} is ${newest.state}`, { hint: 'Wait until it has ended, then run again' })
  }
  if (newest !== undefined && goesOn(parts, newest, datasets)) return { run: manager.resume(newest, actor), resumed: true, datasets }
  const steps = datasets.map((dataset) => `${dataset}+`)
  return { run: manager.start({ dataType: type, entities: null, trigger: triggerOf(actor), actor, options: { ...PLAIN_RUN, steps } }), resumed: false, datasets }
}

/** A run of everything, whose steps are all its own. */
function goesOn({ steps }: Parts, run: RunRow, datasets: readonly string[]): boolean {
  if (!RERUNNABLE_RUN_STATES.has(run.state) || run.entities !== null) return false
  const rows = new Map(steps.ofRun(run.id).map((row) => [row.dataset, row]))
  return datasets.every((dataset) => {
    const row = rows.get(dataset)
    return row !== undefined && row.state !== 'skipped'
  })
}

function triggerOf({ via }: Actor): RunRow['trigger'] {
  return via === 'http' ? 'http' : via === 'cli' ? 'cli' : 'window'
}

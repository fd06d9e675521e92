import type { Actor } from '../../../shared/domain/actor.ts'
import { orderDataTypes } from '../../../shared/domain/data-type-order.ts'
import { ProblemError } from '../../../shared/domain/problem.ts'
import { CANCELLABLE_RUN_STATES } from '../../../shared/domain/run-status.ts'
import { PLAIN_RUN, type RunOptions } from '../../../shared/domain/run-options.ts'
import type { RunPriority } from '../../../shared/domain/run-priority.ts'
import type { Run } from '../../../shared/contract/runs.contract.ts'
import type { GroupRow, LeftOut } from '../ledger/groups.store.ts'
import type { RunRow } from '../ledger/runs.store.ts'
import type { EngineParts } from '../parts.ts'
import type { DataTypeModel } from '../workspace/model.ts'
import type { RunManager } from './run-manager.ts'

export interface GroupRequest {
  /** Null: every data type. */
  dataTypes: readonly string[] | null
  trigger: Run['trigger']
  priority: RunPriority | null
  actor: Actor
  /** Hashes of the plans that were confirmed, by data type. */
  plans: Readonly<Record<string, string>>
}

export interface RunGroups {
  /** Queues a run of each data type, in the order in which they read each other. */
  start(request: GroupRequest): { group: GroupRow; runs: RunRow[] }
  /** Cancels what is not finished of it. */
  cancel(groupId: number, actor: Actor): GroupRow
}

type Parts = Pick<EngineParts, 'ledger' | 'groups' | 'runs' | 'workspace' | 'audit' | 'clock'>

export function createRunGroups(parts: Parts, manager: Pick<RunManager, 'start' | 'cancel'>): RunGroups {
  const { ledger, groups, audit, clock } = parts
  return {
    start({ dataTypes, trigger, priority, actor, plans }) {
      const models = parts.workspace.current().dataTypes
      const { order, leftOut } = choose(models, dataTypes)
      const readers = readersAmong(models, order)
      // What a member does that reads others depends on what those make: its plan was a guess, and to differ from it is no news.
      const optionsOf = (dataType: string): RunOptions => ({ ...PLAIN_RUN, planHash: readers.has(dataType) ? null : (plans[dataType] ?? null) })
      return ledger.write(() => {
        const groupId = groups.create({ trigger, actor, leftOut, at: clock() })
        audit.append({ actor, action: 'run_all', target: `group ${groupId}`, details: { dataTypes: order, leftOut } }, clock())
        const runs = order.map((dataType) => manager.start({ dataType, entities: null, trigger, actor, groupId, options: optionsOf(dataType), ...(priority === null ? {} : { priority }) }))
        return { group: mustFind(parts, groupId), runs }
      })
    },
    cancel(groupId, actor) {
      const group = mustFind(parts, groupId)
      const open = groups.runsOf(groupId).filter(({ state }) => CANCELLABLE_RUN_STATES.has(state))
      if (open.length === 0) throw new ProblemError('CONFLICT', `Every run of group ${groupId} is finished or ends already; there is nothing to cancel`)
      audit.append({ actor, action: 'cancel', target: `group ${groupId}`, details: { runs: open.map(({ dataType, runNumber }) => `${dataType} #${runNumber}`) } }, clock())
      // The last first: whoever reads a cancelled run is not to be left out in the moment before it is cancelled itself.
      for (const run of open.toReversed()) manager.cancel(run, actor)
      return group
    },
  }
}

function mustFind({ groups }: Parts, groupId: number): GroupRow {
  const group = groups.find(groupId)
  if (group === null) throw new ProblemError('NOT_FOUND', `There is no group ${groupId} of runs`)
  return group
}

/** Those that read another one of them. */
function readersAmong(models: readonly DataTypeModel[], names: readonly string[]): ReadonlySet<string> {
  return new Set(orderDataTypes(models).flatMap(({ name, reads }) => (names.includes(name) && reads.some((read) => names.includes(read)) ? [name] : [])))
}

/** Those that can run, each after those it reads; who reads one that cannot is left out with it. */
function choose(models: readonly DataTypeModel[], wanted: readonly string[] | null): { order: string[]; leftOut: LeftOut } {
  const unknown = wanted?.find((name) => !models.some((model) => model.name === name))
  if (unknown !== undefined) throw new ProblemError('NOT_FOUND', `The workspace has no data type ${unknown}`, { hint: `It has ${models.map(({ name }) => name).join(', ')}` })
  const order: string[] = []
  const leftOut: LeftOut = []
  for (const { name, reads } of orderDataTypes(models)) {
    if (wanted !== null && !wanted.includes(name)) continue
    const cause = reads.find((read) => leftOut.some(({ dataType }) => dataType === read))
    if (models.find((model) => model.name === name)?.runnable !== true) leftOut.push({ dataType: name, reason: 'its files have mistakes' })
    else if (cause !== undefined) leftOut.push({ dataType: name, reason: `it reads ${cause}, which is left out` })
    else order.push(name)
  }
  if (order.length > 0) return { order, leftOut }
  throw new ProblemError('WORKSPACE_INVALID', models.length === 0 ? 'The workspace has no data type yet' : 'No data type can run: their files have mistakes', {
    hint: models.length === 0 ? 'Make pipelines/<data_type>/pipeline.yaml first' : 'See them with: strata check',
  })
}

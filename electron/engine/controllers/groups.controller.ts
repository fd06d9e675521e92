import { type RunGroup, type StartedGroup, startedGroupSchema } from '../../../shared/contract/groups.contract.ts'
import { triggerSchema } from '../../../shared/contract/runs.contract.ts'
import { ProblemError } from '../../../shared/domain/problem.ts'
import { FINISHED_RUN_STATES } from '../../../shared/domain/run-status.ts'
import type { CommandsStore } from '../ledger/commands.store.ts'
import type { GroupRow, GroupsReader } from '../ledger/groups.store.ts'
import type { RunGroups } from '../runs/run-groups.ts'
import type { Api } from './api.ts'
import { toRun, triggerOf } from './runs.controller.ts'

interface StartParts {
  groups: RunGroups
  commands: CommandsStore
  clock: () => number
}

/** The one verb of groups that stands among those of runs. */
export function runAllController(api: Api, { groups, commands, clock }: StartParts) {
  return {
    startAll: api.runs.startAll.handler(({ input: { commandId, dataTypes, priority, trigger }, context: { actor } }) =>
      commands.once({ id: commandId, at: clock() }, (answer): StartedGroup => startedGroupSchema.parse(answer), () => {
        const { group, runs } = groups.start({ dataTypes: dataTypes ?? null, priority: priority ?? null, trigger: triggerOf(actor, trigger), actor })
        return { group: group.id, runs: runs.map(({ dataType, runNumber }) => ({ dataType, runNumber })), leftOut: group.leftOut }
      }),
    ),
  }
}

export function groupsController(api: Api, { reader, groups }: { reader: GroupsReader; groups: RunGroups }) {
  const describe = (row: GroupRow): RunGroup => {
    const runs = reader.runsOf(row.id).map(toRun)
    const ends = runs.flatMap(({ finishedAt, state }) => (finishedAt === null || !FINISHED_RUN_STATES.has(state) ? [] : [finishedAt]))
    const finishedAt = ends.length < runs.length ? null : (ends.toSorted().at(-1) ?? row.queuedAt)
    return { group: row.id, trigger: triggerSchema.parse(row.trigger), queuedAt: row.queuedAt, finishedAt, runs, leftOut: row.leftOut }
  }
  return {
    get: api.groups.get.handler(({ input: { group } }) => describe(must(reader, group))),
    list: api.groups.list.handler(({ input }) => {
      const { total, groups: rows } = reader.list(input)
      return { total, groups: rows.map(describe) }
    }),
    cancel: api.groups.cancel.handler(({ input: { group }, context: { actor } }) => describe(groups.cancel(group, actor))),
  }
}

function must(reader: GroupsReader, group: number): GroupRow {
  const row = reader.find(group)
  if (row === null) throw new ProblemError('NOT_FOUND', `There is no group ${group} of runs`)
  return row
}

import { type GroupMember, type RunGroup, type StartedGroup, startedGroupSchema } from '../../../shared/contract/groups.contract.ts'
import { type RunRef, triggerSchema } from '../../../shared/contract/runs.contract.ts'
import { orderDataTypes } from '../../../shared/domain/data-type-order.ts'
import { groupState } from '../../../shared/domain/group-state.ts'
import { ProblemError } from '../../../shared/domain/problem.ts'
import { DONE_STEP_STATES, FINISHED_RUN_STATES } from '../../../shared/domain/run-status.ts'
import type { CommandsStore } from '../ledger/commands.store.ts'
import type { GroupRow, GroupsReader } from '../ledger/groups.store.ts'
import type { RunRow } from '../ledger/runs.store.ts'
import type { StepsReader } from '../ledger/steps.store.ts'
import type { EngineParts } from '../parts.ts'
import { refuseOtherWorld } from '../planning/plan-run.ts'
import type { PlanningParts } from '../planning/planning-world.ts'
import type { RunGroups } from '../runs/run-groups.ts'
import type { RunManager } from '../runs/run-manager.ts'
import type { Api } from './api.ts'
import { planSubject } from './plan.controller.ts'
import { showWait, toRun, triggerOf } from './runs.controller.ts'

interface StartParts extends PlanningParts {
  groups: RunGroups
  commands: CommandsStore
  clock: () => number
  workspace: EngineParts['workspace']
}

/** The one verb of groups that stands among those of runs. */
export function runAllController(api: Api, parts: StartParts) {
  const { groups, commands, clock } = parts
  const readAnswer = (answer: unknown): StartedGroup => startedGroupSchema.parse(answer)
  return {
    startAll: api.runs.startAll.handler(async ({ input: { commandId, dataTypes, priority, plans = {}, trigger }, context: { actor }, signal }) => {
      // A repeat gets the answer of the first, whatever happened since.
      const known = commands.answerTo(commandId, readAnswer)
      if (known !== null) return known
      for (const [dataType, planHash] of Object.entries(plans)) await refuseOtherWorld(parts, planSubject({ dataType, planHash }), signal ?? new AbortController().signal)
      return commands.once({ id: commandId, at: clock() }, readAnswer, () => {
        const { group, runs } = groups.start({ dataTypes: dataTypes ?? null, priority: priority ?? null, plans, trigger: triggerOf(actor, trigger), actor })
        return { group: group.id, runs: runs.map(({ dataType, runNumber }) => ({ dataType, runNumber })), leftOut: group.leftOut }
      })
    }),
  }
}

interface GroupParts {
  reader: GroupsReader
  groups: RunGroups
  steps: StepsReader
  workspace: Pick<EngineParts['workspace'], 'current'>
  manager: Pick<RunManager, 'queue' | 'waitingText' | 'progressOf'>
}

export function groupsController(api: Api, parts: GroupParts) {
  const { reader, groups } = parts
  const describe = (row: GroupRow): RunGroup => {
    const runs = membersOf(parts, reader.runsOf(row.id))
    const ends = runs.flatMap(({ finishedAt, state }) => (finishedAt === null || !FINISHED_RUN_STATES.has(state) ? [] : [finishedAt]))
    const finishedAt = ends.length < runs.length ? null : (ends.toSorted().at(-1) ?? row.queuedAt)
    return { group: row.id, trigger: triggerSchema.parse(row.trigger), actor: row.actor, ...groupState(runs), queuedAt: row.queuedAt, finishedAt, runs, leftOut: row.leftOut }
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

function membersOf(parts: GroupParts, rows: readonly RunRow[]): GroupMember[] {
  const { dataTypes } = parts.workspace.current()
  const readsOf = new Map(orderDataTypes(dataTypes).map(({ name, reads }) => [name, reads]))
  const waiting = new Map(parts.manager.queue().waiting.map(({ run, waitingFor }) => [nameOf(run), waitingFor]))
  return rows.map((row, index) => ({
    ...showWait(toRun(row), parts.manager, row.id),
    reads: rows.slice(0, index).filter(({ dataType }) => readsOf.get(row.dataType)?.includes(dataType) === true).map(refOf),
    waitingFor: waiting.get(nameOf(row)) ?? [],
    ...progressOf(parts, row, dataTypes.find(({ name }) => name === row.dataType)?.steps.length ?? 0),
  }))
}

/** Before it is planned, a run has the steps that its files have now. */
function progressOf({ steps, manager }: GroupParts, run: RunRow, planned: number): Pick<GroupMember, 'steps' | 'share'> {
  const rows = steps.ofRun(run.id)
  const done = rows.filter(({ state }) => DONE_STEP_STATES.has(state)).length
  const begun = rows.reduce((sum, { id, state }) => sum + (state === 'running' ? (manager.progressOf(id)?.share ?? 0) : 0), 0)
  const left = run.state === 'succeeded' ? rows.filter(({ state }) => state !== 'skipped').length : rows.length
  const total = rows.length === 0 ? planned : left
  return { steps: { done, total }, share: total === 0 ? 0 : Math.min(1, (done + begun) / total) }
}

const refOf = ({ dataType, runNumber }: RunRef): RunRef => ({ dataType, runNumber })
const nameOf = ({ dataType, runNumber }: RunRef): string => `${dataType}#${runNumber}`

function must(reader: GroupsReader, group: number): GroupRow {
  const row = reader.find(group)
  if (row === null) throw new ProblemError('NOT_FOUND', `There is no group ${group} of runs`)
  return row
}

import { z } from 'zod'
import type { Schedule, ScheduleStart } from '../../../shared/contract/schedules.contract.ts'
import { ProblemError } from '../../../shared/domain/problem.ts'
import type { CommandsStore } from '../ledger/commands.store.ts'
import { isoTime } from '../ledger/rows.ts'
import type { SchedulesReader, StartRow } from '../ledger/schedules.store.ts'
import type { EngineParts } from '../parts.ts'
import { nextSlots } from '../schedules/cron-times.ts'
import { hasSchedule, type Scheduler } from '../schedules/scheduler.ts'
import type { DataTypeModel } from '../workspace/model.ts'
import type { Api } from './api.ts'

interface Parts {
  scheduler: Scheduler
  schedules: SchedulesReader
  workspace: EngineParts['workspace']
  commands: CommandsStore
  clock: () => number
}

const TIMES = 3

export function schedulesController(api: Api, parts: Parts) {
  const { scheduler, schedules, workspace, commands, clock } = parts
  const after = (dataType: string): Schedule => {
    const model = workspace.current().dataTypes.find(({ name }) => name === dataType)
    if (model === undefined) throw new ProblemError('NOT_FOUND', `The workspace has no data type ${dataType}`)
    return describe(parts, model, TIMES)
  }
  return {
    list: api.schedules.list.handler(({ input: { times } }) => ({
      isLive: scheduler.isLive,
      schedules: workspace.current().dataTypes.filter(hasSchedule).map((model) => describe(parts, model, times)),
    })),
    starts: api.schedules.starts.handler(({ input }) => {
      const { total, starts } = schedules.starts(input)
      return { total, starts: starts.map(toStart) }
    }),
    pause: api.schedules.pause.handler(({ input: { commandId, dataType }, context: { actor } }) => {
      commands.once({ id: commandId, at: clock() }, z.null().parse, () => (scheduler.pause(dataType, actor), null))
      return after(dataType)
    }),
    resume: api.schedules.resume.handler(({ input: { commandId, dataType }, context: { actor } }) => {
      commands.once({ id: commandId, at: clock() }, z.null().parse, () => (scheduler.resume(dataType, actor), null))
      return after(dataType)
    }),
  }
}

function describe({ scheduler, schedules, clock }: Parts, model: DataTypeModel, times: number): Schedule {
  const { schedule, triggers } = model
  const paused = schedules.find(model.name)?.paused ?? null
  const last = schedules.lastStart(model.name)
  return {
    dataType: model.name,
    label: model.label,
    ...(schedule ?? { cron: null, timeZone: null, missed: null }),
    files: model.steps.flatMap((step) => (step.kind === 'extract' && triggers.files.includes(step.source.name) ? [{ source: step.source.name, patterns: step.source.files }] : [])),
    pendingFiles: scheduler.pendingFiles(model.name),
    after: triggers.after,
    runnable: model.runnable,
    paused: paused === null ? null : { at: isoTime(paused.at), by: paused.by },
    next: schedule === null || paused !== null ? [] : nextSlots(schedule, clock(), times).map(isoTime),
    last: last === null ? null : toStart(last),
  }
}

function toStart({ run, at, id: _id, ...start }: StartRow): ScheduleStart {
  return { ...start, at: isoTime(at), run: run === null ? null : { dataType: run.dataType, runNumber: run.runNumber, state: run.state, degraded: run.degraded } }
}

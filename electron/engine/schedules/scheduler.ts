import type { Run } from '../../../shared/contract/runs.contract.ts'
import type { Actor } from '../../../shared/domain/actor.ts'
import { ProblemError, toProblem } from '../../../shared/domain/problem.ts'
import type { StartCause, StartOutcome } from '../ledger/schedules.store.ts'
import type { EngineParts } from '../parts.ts'
import type { RunManager } from '../runs/run-manager.ts'
import type { DataTypeModel, ScheduleSpec } from '../workspace/model.ts'
import { slotsBetween } from './cron-times.ts'
import { createSettling, type SeenFile, type Settling, type SettlingOptions } from './settling-files.ts'
import { findNewFiles } from './watched-files.ts'

export interface Scheduler {
  /** True when data types run by themselves here: not in a command that ends in a moment. */
  readonly isLive: boolean
  /** Files that are new and still being written. */
  pendingFiles(dataType: string): number
  pause(dataType: string, actor: Actor): void
  resume(dataType: string, actor: Actor): void
  /** Looks once at everything that may have fallen due. */
  tick(): Promise<void>
  close(): Promise<void>
}

type Parts = Pick<EngineParts, 'ledger' | 'schedules' | 'versions' | 'events' | 'workspace' | 'layout' | 'audit' | 'clock' | 'log'>

export interface SchedulerOptions extends SettlingOptions {
  isLive: boolean
}

/** Later than that, a time was missed: Strata was closed, or the machine slept. */
const ON_TIME_MS = 90_000
const MOST_SLOTS = 1_000
const QUIET_TICK_MS = 15_000
const WATCHING_TICK_MS = 2_000
/** A folder that takes long to read is read less often. */
const REST_PER_TICK = 10

export const SETTLING: SettlingOptions = { settleMs: 10_000, patienceMs: 600_000 }

/**
 * Starts runs by themselves: at the times of a schedule, when new files have arrived, after runs of other data types. What has fallen due
 * is found by looking from the last look to now, so that sleep, a changed clock or a restart lose nothing and do nothing twice.
 */
export function createScheduler(parts: Parts, manager: Pick<RunManager, 'start'>, options: SchedulerOptions): Scheduler {
  const settlings = new Map<string, Settling>()
  const closing = new AbortController()
  let ticking: Promise<void> | null = null
  let timer: NodeJS.Timeout | undefined

  const settlingOf = (dataType: string): Settling => {
    const settling = settlings.get(dataType) ?? createSettling(options)
    settlings.set(dataType, settling)
    return settling
  }
  const look = async (): Promise<void> => {
    for (const model of parts.workspace.current().dataTypes) {
      if (closing.signal.aborted) return
      try {
        await lookAt({ parts, manager, settling: settlingOf(model.name), signal: closing.signal }, model)
      } catch (error) {
        if (!closing.signal.aborted) parts.log('warn', `The schedule of ${model.name}: ${toProblem(error).message}`)
      }
    }
  }
  const tick = (): Promise<void> => {
    ticking ??= look().finally(() => (ticking = null))
    return ticking
  }
  const loop = (): void => {
    const startedAt = performance.now()
    void tick().then(() => {
      if (closing.signal.aborted) return
      const tookMs = performance.now() - startedAt
      const isWatching = parts.workspace.current().dataTypes.some(({ triggers }) => triggers.files.length > 0)
      timer = setTimeout(loop, Math.max(isWatching ? WATCHING_TICK_MS : QUIET_TICK_MS, tookMs * REST_PER_TICK))
    })
  }
  if (options.isLive) {
    loop()
    // After the transaction in which a run became what it is now.
    parts.ledger.onEvents((events) => {
      if (!closing.signal.aborted && events.some(({ kind, text }) => kind === 'run' && text === 'succeeded')) setImmediate(() => void tick())
    })
  }
  return {
    isLive: options.isLive,
    pendingFiles: (dataType) => settlings.get(dataType)?.pending() ?? 0,
    pause: (dataType, actor) => changePause(parts, mustFind(parts, dataType), { actor, isPaused: true }),
    resume: (dataType, actor) => changePause(parts, mustFind(parts, dataType), { actor, isPaused: false }),
    tick,
    async close() {
      closing.abort()
      clearTimeout(timer)
      await ticking
    },
  }
}

function changePause({ ledger, schedules, audit, events, clock }: Parts, model: DataTypeModel, { actor, isPaused }: { actor: Actor; isPaused: boolean }): void {
  ledger.write(() => {
    const at = clock()
    const before = schedules.find(model.name)?.paused ?? null
    if ((before !== null) === isPaused) return
    // What falls due during a pause is not made up for.
    schedules.settle(model.name, { declaration: declarationOf(model), until: at })
    schedules.pause(model.name, isPaused ? { at, by: actor } : null)
    audit.append({ actor, action: isPaused ? 'pause_schedule' : 'resume_schedule', target: model.name, details: {}, before: { paused: before !== null }, after: { paused: isPaused } }, at)
    events.append({ kind: 'workspace', text: 'schedules' }, at)
  })
}

/** @throws NOT_FOUND, CONFLICT when nothing would start it by itself */
function mustFind({ workspace }: Parts, dataType: string): DataTypeModel {
  const model = workspace.current().dataTypes.find(({ name }) => name === dataType)
  if (model === undefined) throw new ProblemError('NOT_FOUND', `The workspace has no data type ${dataType}`, { hint: '"strata schedule" lists those that run by themselves' })
  if (hasSchedule(model)) return model
  throw new ProblemError('CONFLICT', `${dataType} has neither a schedule nor triggers`, { hint: `Write them into pipelines/${dataType}/pipeline.yaml` })
}

export function hasSchedule({ schedule, triggers }: DataTypeModel): boolean {
  return schedule !== null || triggers.files.length > 0 || triggers.after.length > 0
}

/** What the ledger compares with, to see that a schedule is new or another one. */
function declarationOf({ schedule, triggers }: DataTypeModel): string {
  return JSON.stringify({ schedule, triggers })
}

interface Look {
  parts: Parts
  manager: Pick<RunManager, 'start'>
  settling: Settling
  signal: AbortSignal
}

async function lookAt(context: Look, model: DataTypeModel): Promise<void> {
  const { parts, settling, signal } = context
  if (!hasSchedule(model)) return
  const now = parts.clock()
  const known = parts.schedules.find(model.name)
  const declaration = declarationOf(model)
  // A schedule holds from when it is first seen; so does another one in its place.
  if (known === null || known.declaration !== declaration) parts.ledger.write(() => parts.schedules.settle(model.name, { declaration, until: now }))
  if (known?.paused != null) return
  const files = model.triggers.files.length === 0 ? [] : settling.look(await findNewFiles(parts, model, signal), now)
  signal.throwIfAborted()
  const since = known === null || known.declaration !== declaration ? now : known.settledUntil
  const due = [...dueBySchedule(model.schedule, since, now), ...dueByFiles(parts, model, files), ...dueAfter(parts, model, since)]
  if (due.length === 0) return
  parts.ledger.write(() => {
    for (const each of due) start(context, model, each)
    parts.schedules.settle(model.name, { declaration, until: now })
  })
}

interface Due {
  cause: StartCause
  /** When it fell due. */
  at: number | null
  outcome: Exclude<StartOutcome, 'busy'>
  note: string
  files: readonly SeenFile[]
  causeRunId: number | null
}

function dueBySchedule(schedule: ScheduleSpec | null, since: number, now: number): Due[] {
  if (schedule === null) return []
  const slots = slotsBetween(schedule, { after: since, until: now, most: MOST_SLOTS })
  const last = slots.at(-1)
  if (last === undefined) return []
  const due = { cause: 'schedule' as const, at: last, files: [], causeRunId: null }
  const isOnTime = now - last <= ON_TIME_MS
  const missed = slots.length - (isOnTime ? 1 : 0)
  const missedText = missed === 0 ? '' : `${missed === MOST_SLOTS ? `${MOST_SLOTS} or more` : missed} ${missed === 1 ? 'time was' : 'times were'} missed since ${new Date(slots[0] ?? last).toISOString()}`
  if (isOnTime) return [{ ...due, outcome: 'started', note: missed === 0 ? 'On time' : `On time; ${missedText}` }]
  return [{ ...due, outcome: schedule.missed === 'skip' ? 'skipped' : 'missed', note: missedText }]
}

/** Files stay new until a run has been started for them, so nothing is lost by waiting. */
function dueByFiles({ schedules }: Parts, { name, runnable }: DataTypeModel, files: readonly SeenFile[]): Due[] {
  const [first] = files
  if (first === undefined || !runnable) return []
  // A run that goes on may be reading these very files; one that has not begun will, and one at a gate has read what it shows.
  if (schedules.openRuns(name).some(({ state }) => state !== 'queued' && state !== 'waiting')) return []
  const note = files.length === 1 ? `New file ${first.path}` : `${files.length} new files, ${first.path} the first`
  return [{ cause: 'files', at: null, outcome: 'started', note, files, causeRunId: null }]
}

function dueAfter({ schedules }: Parts, { triggers, runnable }: DataTypeModel, since: number): Due[] {
  if (!runnable) return []
  const runs = triggers.after.flatMap((dataType) => schedules.succeededSince(dataType, since) ?? [])
  const last = runs.toSorted((a, b) => a.id - b.id).at(-1)
  if (last === undefined) return []
  return [{ cause: 'after', at: null, outcome: 'started', note: `After ${last.dataType} #${last.runNumber}`, files: [], causeRunId: last.id }]
}

function start({ parts, manager }: Look, model: DataTypeModel, due: Due): void {
  const { schedules } = parts
  const open = schedules.openRuns(model.name)
  // One that has not begun will read what there is then; one that goes on may have read what was there before.
  const inTheWay = due.cause === 'schedule' ? open[0] : open.find(({ state }) => state === 'queued')
  const record = (outcome: StartOutcome, note: string, runId: number | null): void =>
    schedules.record({ dataType: model.name, cause: due.cause, at: due.at ?? parts.clock(), outcome, note, causeRunId: due.causeRunId, runId })
  if (due.outcome === 'skipped') return record('skipped', due.note, null)
  if (!model.runnable) return record('skipped', `${due.note}; its files have mistakes`, null)
  schedules.notice(model.name, due.files)
  if (inTheWay !== undefined) return record('busy', `${due.note}; ${model.name} #${inTheWay.runNumber} was ${inTheWay.state}`, inTheWay.id)
  const trigger: Run['trigger'] = due.cause
  const run = manager.start({ dataType: model.name, entities: null, trigger, actor: { kind: 'schedule', via: 'schedule', account: model.name } })
  record(due.outcome, due.note, run.id)
}

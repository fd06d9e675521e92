import path from 'node:path'
import { type QuarantinedRecord, type Run, type RunDetail, type RunRef, runRefSchema, type RunStep } from '../../../shared/contract/runs.contract.ts'
import type { Actor } from '../../../shared/domain/actor.ts'
import { errorClassSchema } from '../../../shared/domain/error-class.ts'
import { ProblemError } from '../../../shared/domain/problem.ts'
import { retryText } from '../../../shared/domain/retry-wait.ts'
import { DONE_STEP_STATES } from '../../../shared/domain/run-status.ts'
import type { VersionHolds } from '../keep/version-holds.ts'
import type { ChecksReader } from '../ledger/checks.store.ts'
import type { CommandsStore } from '../ledger/commands.store.ts'
import type { EventsReader } from '../ledger/events.store.ts'
import type { PlanChangesReader } from '../ledger/plan-changes.store.ts'
import type { RunRow, RunsReader } from '../ledger/runs.store.ts'
import type { VersionRow } from '../ledger/versions.store.ts'
import type { EventHub } from '../runs/event-hub.ts'
import type { Masks } from '../masks/masks.ts'
import { refuseOtherWorld } from '../planning/plan-run.ts'
import type { PlanningParts } from '../planning/planning-world.ts'
import type { EngineParts } from '../parts.ts'
import { planSubject } from './plan.controller.ts'
import { type HiddenColumns, HIDDEN_TEXT, hiddenColumns, reasonWithoutValue } from '../quarantine/masked-quarantine.ts'
import { readRunLog } from '../runs/run-log.ts'
import type { RunManager } from '../runs/run-manager.ts'
import { readWithRetry } from '../workers/read-with-retry.ts'
import type { OpOutput, OpProgress } from '../workers/wire.ts'
import type { WorkerPool } from '../workers/worker-pool.ts'
import type { Api } from './api.ts'
import { refuseRemoved } from './find-version.ts'

export interface RunsControllerParts extends PlanningParts {
  runs: RunsReader
  checks: ChecksReader
  planChanges: PlanChangesReader
  events: EventsReader
  commands: CommandsStore
  manager: RunManager
  hub: EventHub
  workers: WorkerPool
  holds: VersionHolds
  workspace: EngineParts['workspace']
  masks: Masks
  clock: () => number
}

export function runsController(api: Api, parts: RunsControllerParts) {
  const { runs, manager, commands, clock } = parts
  const must = ({ dataType, runNumber }: RunRef): RunRow => {
    const run = runs.find(dataType, runNumber)
    if (run === null) throw new ProblemError('NOT_FOUND', `There is no run ${dataType} #${runNumber}`, { hint: 'The runs screen and "strata runs" list them' })
    return run
  }
  const refOf = ({ dataType, runNumber }: RunRow): RunRef => ({ dataType, runNumber })
  const refBy = (answer: unknown): RunRef => runRefSchema.parse(answer)

  return {
    start: api.runs.start.handler(async ({ input: { commandId, trigger, priority, ...wanted }, context: { actor }, signal }) => {
      const subject = planSubject(wanted)
      // A repeat gets the answer of the first, whatever happened since.
      const known = commands.answerTo(commandId, refBy)
      if (known !== null) return known
      await refuseOtherWorld(parts, subject, signal ?? new AbortController().signal)
      return commands.once({ id: commandId, at: clock() }, refBy, () => refOf(manager.start({ ...subject, entities: wanted.entities ?? null, trigger: triggerOf(actor, trigger), actor, ...(priority === undefined ? {} : { priority }) })))
    }),
    cancel: api.runs.cancel.handler(({ input, context }) => toRun(manager.cancel(input.run, context.actor))),
    resume: api.runs.resume.handler(({ input: { commandId, run, from, force }, context: { actor } }) =>
      toRun(must(commands.once({ id: commandId, at: clock() }, refBy, () => refOf(manager.resume(run, actor, from === undefined && force === undefined ? undefined : { from: from ?? null, force: force ?? false }))))),
    ),
    list: api.runs.list.handler(({ input }) => {
      const { total, runs: rows } = runs.list(input)
      return { total, runs: rows.map((row) => showWait(toRun(row), manager, row.id)) }
    }),
    get: api.runs.get.handler(({ input }) => detail(parts, must(input.run))),
    entities: api.runs.entities.handler(({ input }) => {
      const { id } = must(input.run)
      return {
        ...parts.entities.ofRun(id, input),
        elsewhere: parts.entities.elsewhere(id, input.dataset),
        counts: { pending: 0, running: 0, succeeded: 0, failed: 0, quarantined: 0, skipped: 0, ...parts.entities.countsOfRun(id, input.dataset) },
        groups: parts.entities.errorGroups(id, input.dataset).map(({ signature, errorClass, count }) => ({ signature, errorClass: errorClassSchema.parse(errorClass), count })),
      }
    }),
    quarantine: api.runs.quarantine.handler(async ({ input, context: { actor }, signal }) => {
      const { total, records } = await quarantine(parts, must(input.run), { ...input, signal })
      const hidden = await hiddenColumns(parts, records.map(({ dataset }) => dataset), { actor })
      return { total, records: records.map((record) => maskedRaw(record, hidden)) }
    }),
    logs: api.runs.logs.handler(async ({ input }) => {
      const { dataType, runNumber } = must(input.run)
      return { lines: await readRunLog(parts.layout.runLogFile(dataType, runNumber), input) }
    }),
    events: api.runs.events.handler(({ input, signal }) => parts.hub.subscribe(input.afterSeq, signal)),
  }
}

/** Over HTTP a caller does not say so itself. */
export function triggerOf({ via }: Actor, trigger: Run['trigger']): Run['trigger'] {
  return via === 'http' ? 'http' : trigger
}

/** What a queued run waits for changes with every other run, so it is told and not kept. */
export function showWait(run: Run, manager: Pick<RunManager, 'waitingText'>, runId: number): Run {
  const text = run.state === 'queued' ? manager.waitingText(runId) : null
  return text === null ? run : { ...run, summary: text }
}

export function toRun({ id: _id, ...run }: RunRow): Run {
  return run
}

function detail({ steps, checks, versions, events, planChanges, manager, clock }: RunsControllerParts, run: RunRow): RunDetail {
  const seq = events.lastSeq()
  const rows = new Map(steps.ofRun(run.id).map((row) => [row.dataset, row]))
  const described = steps.describe(run.id)
  const expected = steps.expectedMs(described.map((step) => step.dataset), run.id)
  const deliveries = [...rows.values()].flatMap(({ kind, versionId }) => (kind === 'extract' && versionId !== null ? versions.deliveries(versionId) : []))
  const live = (step: RunStep): RunStep => {
    const row = rows.get(step.dataset)
    const progress = row === undefined || step.state !== 'running' ? null : manager.progressOf(row.id)
    return liveStep({ ...step, expectedMs: expected.get(step.dataset) ?? null }, progress, clock())
  }
  return { run: showWait(toRun(run), manager, run.id), planChanges: planChanges.ofRun(run.id), steps: described.map(live), checks: checks.ofRun(run.id), deliveries: deliveries.map(({ modifiedAt: _modified, ...delivery }) => delivery), seq }
}

function liveStep(step: RunStep, progress: OpProgress | null, now: number): RunStep {
  const startedAt = step.startedAt === null ? null : Date.parse(step.startedAt)
  return {
    ...step,
    share: progress?.share ?? (DONE_STEP_STATES.has(step.state) ? 1 : null),
    note: progress?.note ?? (step.retry === null ? step.note : retryText(step.retry, now)),
    durationMs: step.durationMs ?? (startedAt === null ? null : now - startedAt),
  }
}

/** Neither the record as it was delivered nor what is said of a value in it. */
function maskedRaw(record: QuarantinedRecord, hidden: HiddenColumns): QuarantinedRecord {
  const columns = hidden.get(record.dataset)
  if (columns === undefined) return record
  const mayTell = record.column !== null && !columns.has(record.column.toLowerCase())
  return { ...record, raw: HIDDEN_TEXT, reason: mayTell ? record.reason : reasonWithoutValue(record) }
}

interface QuarantineRequest {
  dataset?: string | undefined
  offset: number
  limit: number
  signal: AbortSignal | undefined
}

/** Pages through the rejected records of all raw versions that the run reads, one dataset after the other. */
async function quarantine(parts: RunsControllerParts, run: RunRow, { dataset, offset, limit, signal }: QuarantineRequest) {
  const rows = parts.steps.ofRun(run.id).filter((row) => row.versionId !== null && (dataset === undefined || row.dataset === dataset))
  const sources = rows.flatMap(({ versionId }) => {
    const version = versionId === null ? null : parts.versions.byId(versionId)
    if (version === null || version.rejectsName === null) return []
    return [{ version, file: path.join(parts.layout.versionDir(version.dataset, version.number), version.rejectsName) }]
  })
  refuseRemoved(sources.map(({ version }) => version))
  return parts.holds.during(sources.map(({ version }) => version), () => pageOf(parts, sources, { offset, limit, signal }))
}

async function pageOf({ workers }: RunsControllerParts, sources: readonly { version: VersionRow; file: string }[], { offset, limit, signal }: Omit<QuarantineRequest, 'dataset'>) {
  let total = 0
  const records: QuarantinedRecord[] = []
  for (const { version, file } of sources) {
    const from = Math.max(0, offset - total)
    const input = { path: file, offset: from, limit: Math.max(1, limit - records.length) }
    const page: OpOutput<'reader', 'rejects'> = await readWithRetry(workers, 'rejects', { input, signal })
    if (records.length < limit) records.push(...page.records.map((record) => ({ dataset: version.dataset, ...record })))
    total += page.total
  }
  return { total, records: records.slice(0, limit) }
}

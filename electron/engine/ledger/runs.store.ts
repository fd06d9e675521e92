import type { Run } from '../../../shared/contract/runs.contract.ts'
import { runSchema } from '../../../shared/contract/runs.contract.ts'
import type { Problem } from '../../../shared/domain/problem.ts'
import { PLAIN_RUN, type RunOptions, runOptionsSchema } from '../../../shared/domain/run-options.ts'
import { nextRunState, type RunState, runStateSchema } from '../../../shared/domain/run-status.ts'
import type { EventsStore } from './events.store.ts'
import type { Ledger } from './ledger.ts'
import { flagsOf } from './run-measures.ts'
import { type RunFilter, listRuns } from './run-list.ts'
import { bool, int, intOrNull, isoOrNull, isoTime, json, problemOrNull, text } from './rows.ts'

/** A run as the engine holds it: the contract's shape plus its row id. */
export interface RunRow extends Run {
  id: number
}

export interface RunsReader {
  find(dataType: string, runNumber: number): RunRow | null
  byId(runId: number): RunRow
  list(filter: RunFilter): { total: number; runs: RunRow[] }
  inStates(states: readonly RunState[]): RunRow[]
  /** Those that were cut off and since when nobody has started another run of their data type, oldest first. */
  leftInterrupted(): RunRow[]
  /** The newest run of each data type. */
  latestByType(): RunRow[]
}

export interface RunPatch {
  problem?: Problem | null
  summary?: string
  degraded?: boolean
  startedAt?: number | null
  finishedAt?: number | null
  attempt?: number
  options?: RunOptions
}

export interface RunsStore extends RunsReader {
  /** The next number of the data type; `entityId` only narrows what the run is about, the sequence is one per data type. */
  getNextRunNumber(dataType: string, entityId?: string): number
  /** A queued run under the next number, in one transaction with its event. */
  create(run: { dataType: string; entities: string[] | null; trigger: Run['trigger']; options?: RunOptions }): RunRow
  /** One transition of the table in shared/domain, with its event, in one transaction. */
  transition(runId: number, to: RunState, patch: RunPatch): RunRow
  patch(runId: number, patch: RunPatch): void
}

const SELECT_RUN = `
SELECT r.*, t.name AS data_type,
  coalesce((SELECT sum(rows_out) FROM steps s WHERE s.run_id = r.id), 0) AS rows_out,
  coalesce((SELECT sum(quarantined) FROM steps s WHERE s.run_id = r.id), 0) AS quarantined,
  (SELECT count(*) FROM entity_results e JOIN steps s ON s.id = e.step_id WHERE s.run_id = r.id AND e.state = 'failed')
    + (SELECT count(*) FROM entity_results e JOIN steps s ON s.id = e.step_id WHERE s.run_id = r.id AND e.state = 'quarantined') AS entities_failed
FROM runs r JOIN data_types t ON t.id = r.data_type_id`

const LEFT_INTERRUPTED = `
SELECT r.id FROM runs r
WHERE r.state = 'interrupted' AND NOT EXISTS (SELECT 1 FROM runs n WHERE n.data_type_id = r.data_type_id AND n.queued_at > r.finished_at)
ORDER BY r.id`

const NEWEST_OF_TYPES = `
SELECT (SELECT n.id FROM runs n WHERE n.data_type_id = d.id ORDER BY n.queued_at DESC, n.id DESC LIMIT 1) FROM data_types d`

const TAKE_NUMBER = `
INSERT INTO data_types (name, last_run_number) VALUES (:dataType, 1)
ON CONFLICT (name) DO UPDATE SET last_run_number = last_run_number + 1
RETURNING id, last_run_number`

const INSERT_RUN = `
INSERT INTO runs (data_type_id, number, state, "trigger", entities, options, queued_at)
VALUES ((SELECT id FROM data_types WHERE name = :dataType), :number, 'queued', :trigger, :entities, :options, :at)`

const UPDATE_RUN = `
UPDATE runs SET state = :state, problem = :problem, summary = :summary, degraded = :degraded,
  started_at = :startedAt, finished_at = :finishedAt, waited_ms = :waitedMs, waiting_since = :waitingSince, attempt = :attempt, options = :options WHERE id = :runId`

export function createRunsStore(ledger: Ledger, events: EventsStore, clock: () => number): RunsStore {
  const byId = (runId: number): RunRow => toRun(ledger.get(`${SELECT_RUN} WHERE r.id = :runId`, { runId }) ?? {})

  const getNextRunNumber = (dataType: string): number => int(ledger.get(TAKE_NUMBER, { dataType }) ?? {}, 'last_run_number')

  /** @param next the state that it goes to; without one, it stays in its own */
  const save = (runId: number, next: RunState | null, patch: RunPatch): void => {
    const row = ledger.get('SELECT * FROM runs WHERE id = :runId', { runId }) ?? {}
    const problem = patch.problem === undefined ? row['problem'] : patch.problem
    ledger.run(UPDATE_RUN, {
      runId,
      state: next ?? text(row, 'state'),
      problem: problem === null || typeof problem === 'string' ? problem : JSON.stringify(problem),
      summary: patch.summary ?? text(row, 'summary'),
      degraded: Number(patch.degraded ?? bool(row, 'degraded')),
      startedAt: patch.startedAt === undefined ? intOrNull(row, 'started_at') : patch.startedAt,
      finishedAt: patch.finishedAt === undefined ? intOrNull(row, 'finished_at') : patch.finishedAt,
      ...waitsAfter(row, { next, patch, now: clock() }),
      attempt: patch.attempt ?? int(row, 'attempt'),
      options: patch.options === undefined ? text(row, 'options') : JSON.stringify(patch.options),
    })
  }

  return {
    byId,
    getNextRunNumber,
    find(dataType, runNumber) {
      const row = ledger.get(`${SELECT_RUN} WHERE t.name = :dataType AND r.number = :runNumber`, { dataType, runNumber })
      return row === undefined ? null : toRun(row)
    },
    list(filter) {
      const { total, ids } = listRuns(ledger, filter)
      return { total, runs: ledger.all(`${SELECT_RUN} WHERE r.id IN (SELECT value FROM json_each(:ids)) ORDER BY r.queued_at DESC, r.id DESC`, { ids: JSON.stringify(ids) }).map(toRun) }
    },
    inStates: (states) =>
      ledger.all(`${SELECT_RUN} WHERE r.state IN (SELECT value FROM json_each(:states)) ORDER BY r.queued_at, r.id`, { states: JSON.stringify(states) }).map(toRun),
    leftInterrupted: () => ledger.all(LEFT_INTERRUPTED).map((row) => byId(int(row, 'id'))),
    latestByType: () =>
      ledger.all(`${SELECT_RUN} WHERE r.id IN (${NEWEST_OF_TYPES})`).map(toRun),
    create: ({ dataType, entities, trigger, options = PLAIN_RUN }) =>
      ledger.write(() => {
        const at = clock()
        const number = getNextRunNumber(dataType)
        const { lastId } = ledger.run(INSERT_RUN, {
          dataType, number, trigger, at, entities: entities === null ? null : JSON.stringify(entities), options: JSON.stringify(options),
        })
        events.append({ kind: 'run', dataType, runNumber: number, text: 'queued' }, at)
        return byId(lastId)
      }),
    transition: (runId, to, patch) =>
      ledger.write(() => {
        const run = byId(runId)
        save(runId, nextRunState(run.state, to), patch)
        if (to === 'succeeded') ledger.run('UPDATE runs SET flags = :flags WHERE id = :runId', { runId, flags: JSON.stringify(flagsOf(ledger, run)) })
        events.append({ kind: 'run', dataType: run.dataType, runNumber: run.runNumber, text: to }, clock())
        return byId(runId)
      }),
    patch: (runId, patch) => ledger.write(() => save(runId, null, patch)),
  }
}

/** A wait begins at a gate, and ends when the run works again or ends; the time until a decided run's turn comes is part of it. A new attempt begins anew. */
function waitsAfter(row: Record<string, unknown>, { next, patch, now }: { next: RunState | null; patch: RunPatch; now: number }): { waitedMs: number; waitingSince: number | null } {
  const [waitedMs, since] = [int(row, 'waited_ms'), intOrNull(row, 'waiting_since')]
  if (patch.startedAt === null) return { waitedMs: 0, waitingSince: null }
  if (next === 'waiting') return { waitedMs, waitingSince: now }
  if (since === null || next === null || next === 'queued') return { waitedMs, waitingSince: since }
  return { waitedMs: waitedMs + Math.max(0, now - since), waitingSince: null }
}

function toRun(row: Record<string, unknown>): RunRow {
  const startedAt = intOrNull(row, 'started_at')
  const finishedAt = intOrNull(row, 'finished_at')
  const run = runSchema.parse({
    dataType: row['data_type'],
    runNumber: row['number'],
    state: runStateSchema.parse(row['state']),
    degraded: bool(row, 'degraded'),
    trigger: row['trigger'],
    attempt: row['attempt'],
    group: row['group_id'],
    entities: row['entities'] === null ? null : json(row, 'entities'),
    options: runOptionsSchema.parse(json(row, 'options')),
    queuedAt: isoTime(int(row, 'queued_at')),
    startedAt: isoOrNull(row, 'started_at'),
    finishedAt: isoOrNull(row, 'finished_at'),
    durationMs: startedAt === null || finishedAt === null ? null : Math.max(0, finishedAt - startedAt - int(row, 'waited_ms')),
    waitedMs: row['waited_ms'],
    waitingSince: isoOrNull(row, 'waiting_since'),
    rowsOut: row['rows_out'],
    quarantined: row['quarantined'],
    entitiesFailed: row['entities_failed'],
    problem: problemOrNull(row, 'problem'),
    summary: row['summary'],
    flags: json(row, 'flags'),
  })
  return { ...run, id: int(row, 'id') }
}

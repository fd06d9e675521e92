import type { Run } from '../../../shared/contract/runs.contract.ts'
import { runSchema } from '../../../shared/contract/runs.contract.ts'
import type { Problem } from '../../../shared/domain/problem.ts'
import { nextRunState, type RunState, runStateSchema } from '../../../shared/domain/run-status.ts'
import type { EventsStore } from './events.store.ts'
import type { Bindings, Ledger } from './ledger.ts'
import { bool, int, intOrNull, isoOrNull, isoTime, json, problemOrNull, text } from './rows.ts'

/** A run as the engine holds it: the contract's shape plus its row id. */
export interface RunRow extends Run {
  id: number
}

export interface RunFilter {
  dataType?: string | undefined
  states?: RunState[] | undefined
  text?: string | undefined
  offset: number
  limit: number
}

export interface RunsReader {
  find(dataType: string, runNumber: number): RunRow | null
  byId(runId: number): RunRow
  list(filter: RunFilter): { total: number; runs: RunRow[] }
  inStates(states: readonly RunState[]): RunRow[]
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
}

export interface RunsStore extends RunsReader {
  /** The next number of the data type; `entityId` only narrows what the run is about, the sequence is one per data type. */
  getNextRunNumber(dataType: string, entityId?: string): number
  /** A queued run under the next number, in one transaction with its event. */
  create(run: { dataType: string; entities: string[] | null; trigger: Run['trigger'] }): RunRow
  /** One transition of the table in shared/domain, with its event, in one transaction. */
  transition(runId: number, to: RunState, patch: RunPatch): RunRow
  patch(runId: number, patch: RunPatch): void
}

const SELECT_RUN = `
SELECT r.*, t.name AS data_type,
  coalesce((SELECT sum(rows_out) FROM steps s WHERE s.run_id = r.id), 0) AS rows_out,
  coalesce((SELECT sum(quarantined) FROM steps s WHERE s.run_id = r.id), 0) AS quarantined,
  (SELECT count(*) FROM entity_results e JOIN steps s ON s.id = e.step_id WHERE s.run_id = r.id AND e.state = 'failed') AS entities_failed
FROM runs r JOIN data_types t ON t.id = r.data_type_id`

const TAKE_NUMBER = `
INSERT INTO data_types (name, last_run_number) VALUES (:dataType, 1)
ON CONFLICT (name) DO UPDATE SET last_run_number = last_run_number + 1
RETURNING id, last_run_number`

const INSERT_RUN = `
INSERT INTO runs (data_type_id, number, state, "trigger", entities, queued_at)
VALUES ((SELECT id FROM data_types WHERE name = :dataType), :number, 'queued', :trigger, :entities, :at)`

const UPDATE_RUN = `
UPDATE runs SET state = :state, problem = :problem, summary = :summary, degraded = :degraded,
  started_at = :startedAt, finished_at = :finishedAt, attempt = :attempt WHERE id = :runId`

export function createRunsStore(ledger: Ledger, events: EventsStore, clock: () => number): RunsStore {
  const byId = (runId: number): RunRow => toRun(ledger.get(`${SELECT_RUN} WHERE r.id = :runId`, { runId }) ?? {})

  const getNextRunNumber = (dataType: string): number => int(ledger.get(TAKE_NUMBER, { dataType }) ?? {}, 'last_run_number')

  const save = (runId: number, state: RunState, patch: RunPatch): void => {
    const row = ledger.get('SELECT * FROM runs WHERE id = :runId', { runId }) ?? {}
    const problem = patch.problem === undefined ? row['problem'] : patch.problem
    ledger.run(UPDATE_RUN, {
      runId,
      state,
      problem: problem === null || typeof problem === 'string' ? problem : JSON.stringify(problem),
      summary: patch.summary ?? text(row, 'summary'),
      degraded: Number(patch.degraded ?? bool(row, 'degraded')),
      startedAt: patch.startedAt === undefined ? intOrNull(row, 'started_at') : patch.startedAt,
      finishedAt: patch.finishedAt === undefined ? intOrNull(row, 'finished_at') : patch.finishedAt,
      attempt: patch.attempt ?? int(row, 'attempt'),
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
      const { where, bindings } = whereOf(filter)
      const total = int(ledger.get(`SELECT count(*) AS n FROM runs r JOIN data_types t ON t.id = r.data_type_id ${where}`, bindings) ?? {}, 'n')
      const page = { ...bindings, limit: filter.limit, offset: filter.offset }
      return { total, runs: ledger.all(`${SELECT_RUN} ${where} ORDER BY r.queued_at DESC, r.id DESC LIMIT :limit OFFSET :offset`, page).map(toRun) }
    },
    inStates: (states) =>
      ledger.all(`${SELECT_RUN} WHERE r.state IN (SELECT value FROM json_each(:states)) ORDER BY r.queued_at, r.id`, { states: JSON.stringify(states) }).map(toRun),
    latestByType: () =>
      ledger.all(`${SELECT_RUN} WHERE r.id IN (SELECT max(id) FROM runs GROUP BY data_type_id)`).map(toRun),
    create: ({ dataType, entities, trigger }) =>
      ledger.write(() => {
        const at = clock()
        const number = getNextRunNumber(dataType)
        const { lastId } = ledger.run(INSERT_RUN, { dataType, number, trigger, entities: entities === null ? null : JSON.stringify(entities), at })
        events.append({ kind: 'run', dataType, runNumber: number, text: 'queued' }, at)
        return byId(lastId)
      }),
    transition: (runId, to, patch) =>
      ledger.write(() => {
        const run = byId(runId)
        save(runId, nextRunState(run.state, to), patch)
        events.append({ kind: 'run', dataType: run.dataType, runNumber: run.runNumber, text: to }, clock())
        return byId(runId)
      }),
    patch: (runId, patch) => ledger.write(() => save(runId, byId(runId).state, patch)),
  }
}

function whereOf({ dataType, states, text: search }: RunFilter): { where: string; bindings: Bindings } {
  const terms: string[] = []
  const bindings: Record<string, string> = {}
  if (dataType !== undefined) {
    terms.push('t.name = :dataType')
    bindings['dataType'] = dataType
  }
  if (states !== undefined && states.length > 0) {
    terms.push('r.state IN (SELECT value FROM json_each(:states))')
    bindings['states'] = JSON.stringify(states)
  }
  if (search !== undefined && search.trim() !== '') {
    terms.push(`(instr(lower(t.name || ' #' || r.number || ' ' || r.summary || ' ' || coalesce(r.problem, '')), lower(:search)) > 0)`)
    bindings['search'] = search.trim()
  }
  return { where: terms.length === 0 ? '' : `WHERE ${terms.join(' AND ')}`, bindings }
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
    entities: row['entities'] === null ? null : json(row, 'entities'),
    queuedAt: isoTime(int(row, 'queued_at')),
    startedAt: isoOrNull(row, 'started_at'),
    finishedAt: isoOrNull(row, 'finished_at'),
    durationMs: startedAt === null || finishedAt === null ? null : finishedAt - startedAt,
    rowsOut: row['rows_out'],
    quarantined: row['quarantined'],
    entitiesFailed: row['entities_failed'],
    problem: problemOrNull(row, 'problem'),
    summary: row['summary'],
  })
  return { ...run, id: int(row, 'id') }
}

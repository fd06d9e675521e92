import { z } from 'zod'
import { type Actor, actorSchema } from '../../../shared/domain/actor.ts'
import { FINISHED_RUN_STATES, RUN_STATES } from '../../../shared/domain/run-status.ts'
import type { Ledger } from './ledger.ts'
import { int, intOrNull, json, text } from './rows.ts'
import type { RunRow, RunsReader } from './runs.store.ts'

export const startCauseSchema = z.enum(['schedule', 'files', 'after'])
export type StartCause = z.infer<typeof startCauseSchema>
/** started: a run was queued. missed: times had passed, and one run makes up for them. skipped, busy: no run. */
export const startOutcomeSchema = z.enum(['started', 'missed', 'skipped', 'busy'])
export type StartOutcome = z.infer<typeof startOutcomeSchema>

export interface ScheduleRow {
  /** The schedule and triggers as they were when it was last looked at. */
  declaration: string
  /** Whatever fell due up to then has had its answer; ms since the epoch. */
  settledUntil: number
  paused: { at: number; by: Actor } | null
}

export interface StartRow {
  id: number
  dataType: string
  cause: StartCause
  at: number
  outcome: StartOutcome
  note: string
  run: RunRow | null
}

export interface NoticedFile {
  /** In the workspace, or absolute. */
  path: string
  sizeBytes: number
  modifiedAt: number
}

export interface SchedulesReader {
  find(dataType: string): ScheduleRow | null
  /** What came of schedules and triggers, newest first. */
  starts(filter: { dataType?: string | undefined; offset: number; limit: number }): { total: number; starts: StartRow[] }
  lastStart(dataType: string): StartRow | null
  /** Files that have started a run already, by path. */
  noticed(dataType: string): Map<string, NoticedFile>
  /** Not finished, newest first. */
  openRuns(dataType: string): RunRow[]
  /** The last run of a data type that succeeded after a time. */
  succeededSince(dataType: string, after: number): RunRow | null
}

export interface SchedulesStore extends SchedulesReader {
  settle(dataType: string, facts: { declaration: string; until: number }): void
  /** Null: goes on. */
  pause(dataType: string, paused: { at: number; by: Actor } | null): void
  record(start: Omit<StartRow, 'id' | 'run'> & { causeRunId: number | null; runId: number | null }): void
  notice(dataType: string, files: readonly NoticedFile[]): void
}

const SETTLE = `
INSERT INTO schedules (data_type, declaration, settled_until) VALUES (:dataType, :declaration, :until)
ON CONFLICT (data_type) DO UPDATE SET declaration = :declaration, settled_until = :until`

const RECORD = `
INSERT INTO schedule_starts (data_type, cause, at, outcome, note, cause_run_id, run_id)
VALUES (:dataType, :cause, :at, :outcome, :note, :causeRunId, :runId)`

const NOTICE = `
INSERT INTO noticed_files (data_type, path, size_bytes, modified_at) VALUES (:dataType, :path, :sizeBytes, :modifiedAt)
ON CONFLICT (data_type, path) DO UPDATE SET size_bytes = :sizeBytes, modified_at = :modifiedAt`

const SUCCEEDED_SINCE = `
SELECT r.id FROM runs r JOIN data_types t ON t.id = r.data_type_id
WHERE t.name = :dataType AND r.state = 'succeeded' AND r.finished_at > :after ORDER BY r.finished_at DESC LIMIT 1`

const OPEN_RUNS = `
SELECT r.id FROM runs r JOIN data_types t ON t.id = r.data_type_id
WHERE t.name = :dataType AND r.state IN (SELECT value FROM json_each(:states)) ORDER BY r.id DESC`

const OPEN_STATES = JSON.stringify(RUN_STATES.filter((state) => !FINISHED_RUN_STATES.has(state)))

export function createSchedulesStore(ledger: Ledger, runs: RunsReader): SchedulesStore {
  const toStart = (row: Record<string, unknown>): StartRow => {
    const runId = intOrNull(row, 'run_id')
    return {
      id: int(row, 'id'),
      dataType: text(row, 'data_type'),
      cause: startCauseSchema.parse(row['cause']),
      at: int(row, 'at'),
      outcome: startOutcomeSchema.parse(row['outcome']),
      note: text(row, 'note'),
      run: runId === null ? null : runs.byId(runId),
    }
  }
  const runsOf = (sql: string, bindings: Record<string, string | number>): RunRow[] => ledger.all(sql, bindings).map((row) => runs.byId(int(row, 'id')))
  return {
    find(dataType) {
      const row = ledger.get('SELECT * FROM schedules WHERE data_type = :dataType', { dataType })
      if (row === undefined) return null
      const at = intOrNull(row, 'paused_at')
      return {
        declaration: text(row, 'declaration'),
        settledUntil: int(row, 'settled_until'),
        paused: at === null ? null : { at, by: actorSchema.parse(json(row, 'paused_by')) },
      }
    },
    starts({ dataType, offset, limit }) {
      const where = dataType === undefined ? '' : 'WHERE data_type = :dataType'
      const bindings = dataType === undefined ? {} : { dataType }
      return {
        total: int(ledger.get(`SELECT count(*) AS n FROM schedule_starts ${where}`, bindings) ?? {}, 'n'),
        starts: ledger.all(`SELECT * FROM schedule_starts ${where} ORDER BY id DESC LIMIT :limit OFFSET :offset`, { ...bindings, limit, offset }).map(toStart),
      }
    },
    lastStart(dataType) {
      const row = ledger.get('SELECT * FROM schedule_starts WHERE data_type = :dataType ORDER BY id DESC LIMIT 1', { dataType })
      return row === undefined ? null : toStart(row)
    },
    noticed(dataType) {
      const rows = ledger.all('SELECT * FROM noticed_files WHERE data_type = :dataType', { dataType })
      return new Map(rows.map((row) => [text(row, 'path'), { path: text(row, 'path'), sizeBytes: int(row, 'size_bytes'), modifiedAt: int(row, 'modified_at') }]))
    },
    openRuns: (dataType) => runsOf(OPEN_RUNS, { dataType, states: OPEN_STATES }),
    succeededSince: (dataType, after) => runsOf(SUCCEEDED_SINCE, { dataType, after })[0] ?? null,
    settle: (dataType, { declaration, until }) => void ledger.run(SETTLE, { dataType, declaration, until }),
    pause(dataType, paused) {
      ledger.run('UPDATE schedules SET paused_at = :at, paused_by = :by WHERE data_type = :dataType', {
        dataType, at: paused?.at ?? null, by: paused === null ? null : JSON.stringify(paused.by),
      })
    },
    record: (start) => void ledger.run(RECORD, { ...start }),
    notice(dataType, files) {
      for (const file of files) ledger.run(NOTICE, { dataType, ...file })
    },
  }
}

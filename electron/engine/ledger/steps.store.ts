import { z } from 'zod'
import { runStepSchema, type RunStep } from '../../../shared/contract/runs.contract.ts'
import type { StepKind } from '../../../shared/contract/workspace.contract.ts'
import { columnChangeSchema, driftText } from '../../../shared/domain/column-drift.ts'
import { parseDatasetId } from '../../../shared/domain/naming.ts'
import type { Problem } from '../../../shared/domain/problem.ts'
import type { RetryWait } from '../../../shared/domain/retry-wait.ts'
import { nextStepState, type StepState, stepStateSchema } from '../../../shared/domain/run-status.ts'
import { type Recipe, recipeSchema } from '../zones/recipe.ts'
import type { EventsStore } from './events.store.ts'
import type { Ledger } from './ledger.ts'
import { int, intOrNull, isoOrNull, json, problemOrNull, text, textOrNull } from './rows.ts'

/** A step of a run: the contract's facts, and where its unfinished work lies. */
export interface StepRow {
  id: number
  runId: number
  dataset: string
  kind: StepKind
  position: number
  state: StepState
  attempt: number
  /** Names the staging folder and journal of the attempt; the ledger knows it before the first byte is written. */
  staging: string | null
  versionNumber: number | null
  journalBytes: number
  /** Set when the version is sealed; the step may still have its checks before it. */
  versionId: number | null
  entitiesTotal: number | null
  /** Another version stands in for what it could not make. */
  isDegraded: boolean
  /** By which it was last decided; null before that. */
  recipe: Recipe | null
}

export interface StepPatch {
  startedAt?: number | null
  finishedAt?: number | null
  rowsIn?: number | null
  rowsOut?: number | null
  quarantined?: number
  skipped?: number
  sizeBytes?: number | null
  entitiesTotal?: number | null
  note?: string | null
  problem?: Problem | null
  staging?: string | null
  versionNumber?: number | null
  journalBytes?: number
  versionId?: number | null
  attempt?: number
  recipe?: Recipe | null
  /** While it waits to be tried again. */
  retry?: RetryWait | null
  /** Another version stands in for what it could not make. */
  degraded?: boolean
  /** Of the rules that were evaluated with the step, and of those that had to wait for the end of the run. */
  checksHash?: string | null
  laterChecksHash?: string | null
}

/** How a step ended in an earlier run. */
export interface StepEnd {
  state: StepState
  runNumber: number
  problem: Problem | null
  entitiesFailed: number
}

export interface Execution {
  ms: number
  rows: number
  bytes: number
}

export interface StepsReader {
  ofRun(runId: number): StepRow[]
  byId(stepId: number): StepRow
  /** The step of a run that makes the dataset. */
  inRun(runId: number, dataset: string): StepRow | null
  /** As the window shows them, without live progress. */
  describe(runId: number): RunStep[]
  /** Steps whose work may lie on disk without a version. */
  unfinishedWithStaging(): StepRow[]
  /** What became of the dataset's step in the newest run before this one that reached it; null when none did. */
  lastEnd(dataset: string, exceptRunId: number | null): StepEnd | null
  /** A step that held this version against rules with this hash, and found none that blocks. */
  withChecks(versionId: number, which: 'checksHash' | 'laterChecksHash', hash: string): number | null
  /** Of the last successful executions of the dataset's step, newest first. */
  executions(dataset: string, limit: number): Execution[]
  /** Median duration in ms of the last successful executions of each dataset's step in the runs before this one. */
  expectedMs(datasets: readonly string[], runId: number): Map<string, number>
}

export interface StepsStore extends StepsReader {
  plan(runId: number, steps: { dataset: string; dataType: string; kind: StepKind; entity?: unknown }[]): void
  patch(stepId: number, patch: StepPatch): void
  transition(stepId: number, to: StepState, patch: StepPatch): void
  beginAttempt(stepId: number, attempt: number): void
  endAttempt(stepId: number, attempt: number, outcome: { state: string; problem: Problem | null }): void
  /** The next version number of a dataset; never given twice. */
  takeVersionNumber(dataset: string): number
}

const COLUMNS: Readonly<Record<keyof StepPatch, string>> = {
  startedAt: 'started_at',
  finishedAt: 'finished_at',
  rowsIn: 'rows_in',
  rowsOut: 'rows_out',
  quarantined: 'quarantined',
  skipped: 'skipped',
  sizeBytes: 'size_bytes',
  entitiesTotal: 'entities_total',
  note: 'note',
  problem: 'problem',
  staging: 'staging',
  versionNumber: 'version_number',
  journalBytes: 'journal_bytes',
  versionId: 'version_id',
  attempt: 'attempt',
  retry: 'retry',
  degraded: 'degraded',
  recipe: 'recipe',
  checksHash: 'checks_hash',
  laterChecksHash: 'later_checks_hash',
}

const SELECT_PLACE = `
SELECT s.state, d.name AS dataset, r.number AS run_number, t.name AS data_type
FROM steps s JOIN datasets d ON d.id = s.dataset_id JOIN runs r ON r.id = s.run_id JOIN data_types t ON t.id = r.data_type_id WHERE s.id = :stepId`

const SELECT_STEP = `SELECT s.*, d.name AS dataset FROM steps s JOIN datasets d ON d.id = s.dataset_id`

const SELECT_DESCRIBED = `
SELECT s.*, d.name AS dataset, v.number AS version, drift.changes AS drift_changes, against.number AS drift_against,
  (SELECT json_group_array(json_object('dataset', di.name, 'version', vi.number))
     FROM version_inputs i JOIN versions vi ON vi.id = i.input_version_id JOIN datasets di ON di.id = vi.dataset_id
    WHERE i.version_id = s.version_id) AS inputs,
  (SELECT json_group_object(state, n) FROM (SELECT iif(carried, 'carried', state) AS state, count(*) AS n FROM entity_results e WHERE e.step_id = s.id GROUP BY 1)) AS entity_counts
FROM steps s JOIN datasets d ON d.id = s.dataset_id LEFT JOIN versions v ON v.id = s.version_id
LEFT JOIN version_drift drift ON drift.version_id = v.id AND v.run_id = s.run_id LEFT JOIN versions against ON against.id = drift.against_id
WHERE s.run_id = :runId ORDER BY s.position`

const UPSERT_DATASET = `
INSERT INTO datasets (name, data_type_id) VALUES (:dataset, (SELECT id FROM data_types WHERE name = :dataType))
ON CONFLICT (name) DO NOTHING`

const INSERT_STEP = `
INSERT INTO steps (run_id, dataset_id, kind, grain, position, state)
VALUES (:runId, (SELECT id FROM datasets WHERE name = :dataset), :kind, :grain, :position, 'pending')
ON CONFLICT (run_id, dataset_id) DO UPDATE SET position = excluded.position, kind = excluded.kind, grain = excluded.grain`

const SELECT_LAST_END = `
SELECT s.state, s.problem, r.number,
  (SELECT count(*) FROM entity_results e WHERE e.step_id = s.id AND e.state = 'failed')
    + (SELECT count(*) FROM entity_results e WHERE e.step_id = s.id AND e.state = 'quarantined') AS entities_failed
FROM steps s JOIN runs r ON r.id = s.run_id
WHERE s.dataset_id = (SELECT id FROM datasets WHERE name = :dataset) AND s.run_id <> :exceptRunId
  AND (s.state IN ('succeeded', 'reused', 'failed', 'cancelled') OR (s.state = 'skipped' AND s.note = 'Not reached'))
ORDER BY s.run_id DESC LIMIT 1`

const SELECT_WITH_CHECKS = (column: string): string => `
SELECT s.id FROM steps s WHERE s.version_id = :versionId AND s.${column} = :hash AND s.state IN ('succeeded', 'reused')
  AND NOT EXISTS (SELECT 1 FROM checks c WHERE c.step_id = s.id AND c.severity = 'block' AND NOT c.passed)
ORDER BY s.id DESC LIMIT 1`

const SELECT_EXECUTIONS = `
SELECT s.finished_at - s.started_at AS ms, s.rows_out, s.size_bytes FROM steps s
WHERE s.dataset_id = (SELECT id FROM datasets WHERE name = :dataset) AND s.state = 'succeeded' AND s.finished_at IS NOT NULL
ORDER BY s.finished_at DESC LIMIT :limit`

const SELECT_DURATIONS = `
SELECT d.name AS dataset, s.finished_at - s.started_at AS ms FROM steps s JOIN datasets d ON d.id = s.dataset_id
WHERE d.name = :dataset AND s.run_id < :runId AND s.state = 'succeeded' AND s.finished_at IS NOT NULL ORDER BY s.finished_at DESC LIMIT 10`

function readSteps(ledger: Ledger): StepsReader {
  const byId = (stepId: number): StepRow => toStep(ledger.get(`${SELECT_STEP} WHERE s.id = :stepId`, { stepId }) ?? {})

  return {
    byId,
    inRun(runId, dataset) {
      const row = ledger.get(`${SELECT_STEP} WHERE s.run_id = :runId AND d.name = :dataset`, { runId, dataset })
      return row === undefined ? null : toStep(row)
    },
    ofRun: (runId) => ledger.all(`${SELECT_STEP} WHERE s.run_id = :runId ORDER BY s.position`, { runId }).map(toStep),
    describe: (runId) => ledger.all(SELECT_DESCRIBED, { runId }).map(toRunStep),
    unfinishedWithStaging: () =>
      ledger.all(`${SELECT_STEP} WHERE s.staging IS NOT NULL AND s.version_id IS NULL`).map(toStep),
    lastEnd(dataset, exceptRunId) {
      const row = ledger.get(SELECT_LAST_END, { dataset, exceptRunId: exceptRunId ?? 0 })
      if (row === undefined) return null
      return { state: stepStateSchema.parse(row['state']), runNumber: int(row, 'number'), problem: problemOrNull(row, 'problem'), entitiesFailed: int(row, 'entities_failed') }
    },
    withChecks(versionId, which, hash) {
      const row = ledger.get(SELECT_WITH_CHECKS(COLUMNS[which]), { versionId, hash })
      return row === undefined ? null : int(row, 'id')
    },
    executions: (dataset, limit) =>
      ledger.all(SELECT_EXECUTIONS, { dataset, limit }).map((row) => ({ ms: int(row, 'ms'), rows: intOrNull(row, 'rows_out') ?? 0, bytes: intOrNull(row, 'size_bytes') ?? 0 })),
    expectedMs(datasets, runId) {
      const medians = new Map<string, number>()
      for (const dataset of datasets) {
        const durations = ledger.all(SELECT_DURATIONS, { dataset, runId }).map((row) => int(row, 'ms')).sort((a, b) => a - b)
        const median = durations[Math.floor(durations.length / 2)]
        if (median !== undefined) medians.set(dataset, median)
      }
      return medians
    },
  }
}

export function createStepsStore(ledger: Ledger, events: EventsStore, clock: () => number): StepsStore {
  const reader = readSteps(ledger)
  const patch = (stepId: number, values: StepPatch & { state?: StepState }): void => {
    const entries = Object.entries(values).filter(([, value]) => value !== undefined)
    if (entries.length === 0) return
    const assignments = entries.map(([key]) => `${key === 'state' ? 'state' : COLUMNS[key as keyof StepPatch]} = :${key}`)
    const bindings = Object.fromEntries(entries.map(([key, value]) => [key, bindable(value)]))
    ledger.run(`UPDATE steps SET ${assignments.join(', ')} WHERE id = :stepId`, { ...(bindings as Record<string, string | number | null>), stepId })
  }

  return {
    ...reader,
    plan: (runId, steps) =>
      ledger.write(() => {
        for (const [position, { dataset, dataType, kind, entity }] of steps.entries()) {
          ledger.run(UPSERT_DATASET, { dataset, dataType })
          ledger.run(INSERT_STEP, { runId, dataset, kind, position, grain: kind === 'entity' || entity != null ? 'entity' : 'dataset' })
        }
      }),
    patch: (stepId, values) => ledger.write(() => patch(stepId, values)),
    transition: (stepId, to, values) =>
      ledger.write(() => {
        const step = ledger.get(SELECT_PLACE, { stepId }) ?? {}
        patch(stepId, { ...values, state: nextStepState(stepStateSchema.parse(step['state']), to) })
        events.append({ kind: 'step', dataType: text(step, 'data_type'), runNumber: int(step, 'run_number'), dataset: text(step, 'dataset'), text: to }, clock())
      }),
    beginAttempt: (stepId, attempt) =>
      void ledger.write(() =>
        ledger.run('INSERT OR REPLACE INTO step_attempts (step_id, attempt, started_at) VALUES (:stepId, :attempt, :at)', { stepId, attempt, at: clock() }),
      ),
    endAttempt: (stepId, attempt, { state, problem }) =>
      void ledger.write(() =>
        ledger.run('UPDATE step_attempts SET finished_at = :at, outcome = :state, problem = :problem WHERE step_id = :stepId AND attempt = :attempt', {
          stepId, attempt, at: clock(), state, problem: problem === null ? null : JSON.stringify(problem),
        }),
      ),
    takeVersionNumber: (dataset) =>
      ledger.write(() => int(ledger.get('UPDATE datasets SET last_version = last_version + 1 WHERE name = :dataset RETURNING last_version', { dataset }) ?? {}, 'last_version')),
  }
}

function bindable(value: unknown): unknown {
  if (typeof value === 'boolean') return Number(value)
  return value !== null && typeof value === 'object' ? JSON.stringify(value) : value
}

function toStep(row: Record<string, unknown>): StepRow {
  return {
    id: int(row, 'id'),
    runId: int(row, 'run_id'),
    dataset: text(row, 'dataset'),
    kind: runStepSchema.shape.kind.parse(row['kind']),
    position: int(row, 'position'),
    state: stepStateSchema.parse(row['state']),
    attempt: int(row, 'attempt'),
    staging: textOrNull(row, 'staging'),
    versionNumber: intOrNull(row, 'version_number'),
    journalBytes: int(row, 'journal_bytes'),
    versionId: intOrNull(row, 'version_id'),
    entitiesTotal: intOrNull(row, 'entities_total'),
    isDegraded: int(row, 'degraded') !== 0,
    recipe: row['recipe'] === null ? null : recipeSchema.parse(json(row, 'recipe')),
  }
}

function toRunStep(row: Record<string, unknown>): RunStep {
  const dataset = text(row, 'dataset')
  const name = parseDatasetId(dataset)
  const startedAt = intOrNull(row, 'started_at')
  const finishedAt = intOrNull(row, 'finished_at')
  return runStepSchema.parse({
    dataset,
    kind: row['kind'],
    zone: name?.zone,
    name: name?.name,
    position: row['position'],
    state: row['state'],
    attempt: row['attempt'],
    startedAt: isoOrNull(row, 'started_at'),
    finishedAt: isoOrNull(row, 'finished_at'),
    durationMs: startedAt === null || finishedAt === null ? null : finishedAt - startedAt,
    rowsOut: row['rows_out'],
    rowsIn: row['rows_in'],
    quarantined: row['quarantined'],
    skipped: row['skipped'],
    sizeBytes: row['size_bytes'],
    version: row['version'],
    share: null,
    note: row['note'],
    retry: row['state'] === 'retrying' && row['retry'] !== null ? json(row, 'retry') : null,
    degraded: row['degraded'] === 1,
    entities: entityCounts(row),
    problem: problemOrNull(row, 'problem'),
    expectedMs: null,
    inputs: json(row, 'inputs'),
    drift: driftOf(row),
  })
}

function driftOf(row: Record<string, unknown>): RunStep['drift'] {
  const changes = row['drift_changes'] === null ? [] : z.array(columnChangeSchema).parse(json(row, 'drift_changes'))
  return changes.length === 0 ? null : { against: int(row, 'drift_against'), text: driftText(changes) }
}

function entityCounts(row: Record<string, unknown>): RunStep['entities'] {
  const total = intOrNull(row, 'entities_total')
  if (total === null) return null
  const counts = json(row, 'entity_counts') as Record<string, number>
  const { succeeded = 0, carried = 0, failed = 0, quarantined = 0, skipped = 0 } = counts
  return { total, succeeded: succeeded + carried, carried, failed, quarantined, skipped }
}

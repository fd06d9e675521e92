import { type EntitiesElsewhere, type RunEntity, runEntitySchema } from '../../../shared/contract/runs.contract.ts'
import type { EntityData } from '../../../shared/contract/entities.contract.ts'
import type { EntityState } from '../../../shared/domain/run-status.ts'
import type { Ledger } from './ledger.ts'
import { toMark } from './marks.store.ts'
import { int, isoTime, text, textOrNull } from './rows.ts'

/** What became of one entity in one step; `signature` is the error with its values taken out. */
export interface EntityResult {
  entityId: string
  state: 'succeeded' | 'failed' | 'quarantined' | 'skipped'
  attempts: number
  rows: number
  durationMs: number
  error: { message: string; signature: string; errorClass: string } | null
}

/** An entity that is through without anything to say of it but how many rows it has. */
export type EntityTally = readonly [entityId: string, state: 'succeeded' | 'skipped', rows: number]

export interface EntityFilter {
  dataset?: string | undefined
  /** Only those that failed with this error. */
  signature?: string | undefined
  states?: EntityState[] | undefined
  text?: string | undefined
  offset: number
  limit: number
}

export interface EntitiesReader {
  /** True when every entity-grain step of that run succeeded for the entity. */
  isEntityProcessed(entityId: string, dataType: string, runNumber: number): boolean
  /** The same for one step, named by the dataset it makes. */
  isEntityProcessedIn(dataset: string, entity: { entityId: string; dataType: string; runNumber: number }): boolean
  /** Entities that this step worked on itself and that need no more: succeeded or skipped. */
  finished(stepId: number): Set<string>
  /** The same with state and rows. */
  tallies(stepId: number): EntityTally[]
  countsOf(stepId: number): Map<EntityState, number>
  /** Rows of the entities of a step that are done. */
  rowsOf(stepId: number): number
  ofRun(runId: number, filter: EntityFilter): { total: number; entities: RunEntity[] }
  countsOfRun(runId: number, dataset?: string): Partial<Record<EntityState, number>>
  /** Reused steps of a run whose entities the run that made the version accounts for. */
  elsewhere(runId: number, dataset?: string): EntitiesElsewhere[]
  errorGroups(runId: number, dataset?: string): { signature: string; errorClass: string; count: number }[]
  history(entityId: string, limit: number): EntityData['history']
}

export interface EntitiesStore extends EntitiesReader {
  /** Names entities as pending in a step; those that have a result keep it. */
  addPending(step: { stepId: number; dataType: string; at: number }, entityIds: readonly string[]): void
  /** Makes every entity of the step pending again. */
  forget(stepId: number): void
  /** Entities that are through: a JSON array of tallies. `carried`: their rows are those of the version before. */
  saveTallies(step: { stepId: number; dataType: string; at: number; carried: boolean; durationMs: number }, tallies: string): void
  /** A batch of results, with the length of the journal that holds their rows, in one transaction. */
  saveProcessingResults(stepId: number, batch: { results: readonly EntityResult[]; journalBytes: number; at: number }): void
}

const NAME_ENTITIES = `
INSERT OR IGNORE INTO entity_ids (data_type_id, entity)
SELECT t.id, j.value FROM data_types t, json_each(:ids) j WHERE t.name = :dataType`

/** CROSS JOIN keeps the order of the joins: SQLite would otherwise go through the whole list once for every entity it knows. */
const ADD_PENDING = `
INSERT OR IGNORE INTO entity_results (step_id, entity_id, state, attempts, row_count, duration_us, at)
SELECT :stepId, e.id, 'pending', 0, 0, 0, :at FROM json_each(:ids) j
CROSS JOIN data_types t ON t.name = :dataType CROSS JOIN entity_ids e ON e.data_type_id = t.id AND e.entity = j.value`

const NAME_TALLIED = `
INSERT OR IGNORE INTO entity_ids (data_type_id, entity)
SELECT t.id, j.value ->> 0 FROM data_types t, json_each(:tallies) j WHERE t.name = :dataType`

/** How many they are, and whether the last of them has a name. */
const LOOK_AT_TALLIES = `
SELECT json_array_length(:tallies) AS n, EXISTS (
  SELECT 1 FROM data_types t CROSS JOIN entity_ids e ON e.data_type_id = t.id AND e.entity = :tallies ->> '$[#-1][0]' WHERE t.name = :dataType) AS known`

const SAVE_TALLIES = `
INSERT OR REPLACE INTO entity_results (step_id, entity_id, state, attempts, row_count, duration_us, at, carried)
SELECT :stepId, e.id, j.value ->> 1, 1 - :carried, j.value ->> 2, :durationUs, :at, :carried FROM json_each(:tallies) j
CROSS JOIN data_types t ON t.name = :dataType CROSS JOIN entity_ids e ON e.data_type_id = t.id AND e.entity = j.value ->> 0`

const SELECT_FINISHED = `
SELECT e.entity, r.state, r.row_count FROM entity_results r JOIN entity_ids e ON e.id = r.entity_id
WHERE r.step_id = :stepId AND r.carried = 0 AND r.state IN ('succeeded', 'skipped')`

const SAVE_RESULT = `
UPDATE entity_results SET carried = 0, state = :state, attempts = attempts + :attempts, row_count = :rows, duration_us = :durationUs, at = :at
WHERE step_id = :stepId AND entity_id = (SELECT e.id FROM entity_ids e WHERE e.data_type_id = :dataTypeId AND e.entity = :entityId)`

const SAVE_ERROR = `
INSERT OR REPLACE INTO entity_errors (step_id, entity_id, error_id, message)
VALUES (:stepId, (SELECT id FROM entity_ids WHERE data_type_id = :dataTypeId AND entity = :entityId), (SELECT id FROM errors WHERE signature = :signature), :message)`

const FROM_RUN = `
FROM entity_results r JOIN steps s ON s.id = r.step_id JOIN datasets d ON d.id = s.dataset_id JOIN entity_ids e ON e.id = r.entity_id
LEFT JOIN entity_errors x ON x.step_id = r.step_id AND x.entity_id = r.entity_id AND r.state IN ('failed', 'quarantined')
LEFT JOIN errors g ON g.id = x.error_id
LEFT JOIN entity_marks m ON m.step_id = r.step_id AND m.entity_id = r.entity_id
WHERE s.run_id = :runId AND (:dataset = '' OR d.name = :dataset)`

const IN_FILTER = `
AND (:states = '' OR r.state IN (SELECT value FROM json_each(:states)))
AND (:signature = '' OR g.signature = :signature)
AND (:search = '' OR instr(lower(e.entity || ' ' || coalesce(x.message, '')), lower(:search)) > 0)`

const SELECT_PAGE = `
SELECT d.name AS dataset, e.entity, r.state, r.attempts, r.row_count, r.duration_us, r.carried, x.message, g.signature, g.error_class,
  m.marked_as, m.actor, m.at AS marked_at, m.reason
${FROM_RUN} ${IN_FILTER}
ORDER BY CASE r.state WHEN 'failed' THEN 0 WHEN 'running' THEN 1 WHEN 'quarantined' THEN 2 ELSE 3 END, s.position, g.signature, e.entity LIMIT :limit OFFSET :offset`

const SELECT_RUN = `
SELECT u.id AS run_id, u.data_type_id FROM runs u JOIN data_types t ON t.id = u.data_type_id WHERE t.name = :dataType AND u.number = :runNumber`

/** Asked for every entity: as a scalar subquery it is six times as fast as the same thing said with a join. */
const COUNT_SUCCEEDED = `
SELECT count(*) AS steps, total((
  SELECT r.state FROM entity_results r
  WHERE r.step_id = s.id AND r.entity_id = (SELECT e.id FROM entity_ids e WHERE e.data_type_id = :dataTypeId AND e.entity = :entityId)) IS 'succeeded') AS succeeded
FROM steps s WHERE s.run_id = :runId AND s.grain = 'entity'`

const COUNT_SUCCEEDED_IN = `${COUNT_SUCCEEDED} AND s.dataset_id = (SELECT id FROM datasets WHERE name = :dataset)`

const SELECT_ELSEWHERE = `
SELECT * FROM (
  SELECT d.name AS dataset, v.number AS version, t.name AS data_type, u.number AS run_number, s.position,
    (SELECT count(*) FROM entity_results r WHERE r.step_id = made.id) AS entities
  FROM steps s JOIN versions v ON v.id = s.version_id JOIN steps made ON made.run_id = v.run_id AND made.version_id = v.id
  JOIN runs u ON u.id = v.run_id JOIN data_types t ON t.id = u.data_type_id JOIN datasets d ON d.id = s.dataset_id
  WHERE s.run_id = :runId AND s.state = 'reused' AND v.run_id <> s.run_id AND (:dataset = '' OR d.name = :dataset))
WHERE entities > 0 ORDER BY position`

const SELECT_HISTORY = `
SELECT t.name AS data_type, u.number AS run_number, d.name AS dataset, r.state, r.row_count, r.at, x.message
FROM entity_ids e JOIN data_types t ON t.id = e.data_type_id JOIN entity_results r ON r.entity_id = e.id
JOIN steps s ON s.id = r.step_id JOIN runs u ON u.id = s.run_id JOIN datasets d ON d.id = s.dataset_id
LEFT JOIN entity_errors x ON x.step_id = r.step_id AND x.entity_id = r.entity_id
WHERE e.entity = :entityId ORDER BY r.at DESC LIMIT :limit`

function readEntities(ledger: Ledger): EntitiesReader {
  const count = (sql: string, bindings: Record<string, string | number>): number => int(ledger.get(sql, bindings) ?? {}, 'n')
  // A run keeps its row for ever; to look it up costs as much as the question itself.
  let lastRun: { dataType: string; runNumber: number; ids: { runId: number; dataTypeId: number } } | null = null
  const idsOf = (dataType: string, runNumber: number): { runId: number; dataTypeId: number } | null => {
    if (lastRun?.dataType === dataType && lastRun.runNumber === runNumber) return lastRun.ids
    const row = ledger.get(SELECT_RUN, { dataType, runNumber })
    if (row === undefined) return null
    lastRun = { dataType, runNumber, ids: { runId: int(row, 'run_id'), dataTypeId: int(row, 'data_type_id') } }
    return lastRun.ids
  }
  const isProcessed = (dataset: string | null, { entityId, dataType, runNumber }: { entityId: string; dataType: string; runNumber: number }): boolean => {
    const ids = idsOf(dataType, runNumber)
    if (ids === null) return false
    const row = dataset === null ? ledger.get(COUNT_SUCCEEDED, { ...ids, entityId }) : ledger.get(COUNT_SUCCEEDED_IN, { ...ids, entityId, dataset })
    return row !== undefined && Number(row['steps']) > 0 && row['steps'] === row['succeeded']
  }
  const counts = (rows: Record<string, unknown>[]): [EntityState, number][] =>
    rows.map((row) => [runEntitySchema.shape.state.parse(row['state']), int(row, 'n')])

  return {
    isEntityProcessed: (entityId, dataType, runNumber) => isProcessed(null, { entityId, dataType, runNumber }),
    isEntityProcessedIn: isProcessed,
    finished: (stepId) => new Set(ledger.all(SELECT_FINISHED, { stepId }).map((row) => text(row, 'entity'))),
    tallies: (stepId) => ledger.all(SELECT_FINISHED, { stepId }).map((row) => [text(row, 'entity'), tallyState(row['state']), int(row, 'row_count')]),
    countsOf: (stepId) => new Map(counts(ledger.all('SELECT state, count(*) AS n FROM entity_results WHERE step_id = :stepId GROUP BY state', { stepId }))),
    rowsOf: (stepId) => count('SELECT coalesce(sum(row_count), 0) AS n FROM entity_results WHERE step_id = :stepId', { stepId }),
    countsOfRun: (runId, dataset = '') => Object.fromEntries(counts(ledger.all(`SELECT r.state, count(*) AS n ${FROM_RUN} GROUP BY r.state`, { runId, dataset }))),
    elsewhere: (runId, dataset = '') =>
      ledger.all(SELECT_ELSEWHERE, { runId, dataset }).map((row) => ({
        dataset: text(row, 'dataset'), version: int(row, 'version'), run: { dataType: text(row, 'data_type'), runNumber: int(row, 'run_number') }, entities: int(row, 'entities'),
      })),
    errorGroups: (runId, dataset = '') =>
      ledger
        .all(`SELECT g.signature, g.error_class, count(*) AS n ${FROM_RUN} AND r.state IN ('failed', 'quarantined') GROUP BY g.id ORDER BY n DESC LIMIT 50`, { runId, dataset })
        .filter((row) => row['signature'] !== null)
        .map((row) => ({ signature: text(row, 'signature'), errorClass: text(row, 'error_class'), count: int(row, 'n') })),
    ofRun(runId, { dataset = '', states = [], signature = '', text: search = '', offset, limit }) {
      const bindings = { runId, dataset, search, signature, states: states.length === 0 ? '' : JSON.stringify(states) }
      const total = count(`SELECT count(*) AS n ${FROM_RUN} ${IN_FILTER}`, bindings)
      return { total, entities: ledger.all(SELECT_PAGE, { ...bindings, offset, limit }).map(toRunEntity) }
    },
    history: (entityId, limit) =>
      ledger.all(SELECT_HISTORY, { entityId, limit }).map(toHistory),
  }
}

export function createEntitiesStore(ledger: Ledger): EntitiesStore {
  return {
    ...readEntities(ledger),
    addPending: ({ stepId, dataType, at }, entityIds) =>
      ledger.write(() => {
        const ids = JSON.stringify(entityIds)
        ledger.run(NAME_ENTITIES, { ids, dataType })
        ledger.run(ADD_PENDING, { ids, dataType, stepId, at })
      }),
    saveTallies: ({ stepId, dataType, at, carried, durationMs }, tallies) =>
      ledger.write(() => {
        const save = (): number => ledger.run(SAVE_TALLIES, { stepId, dataType, at, carried: Number(carried), durationUs: Math.round(durationMs * 1_000), tallies }).changes
        // Mostly all of them have their names from an earlier run, and to give names to those who have one takes a third as long as the rest.
        const { n, known } = ledger.get(LOOK_AT_TALLIES, { tallies, dataType }) ?? {}
        if (known === 1 && save() === n) return
        ledger.run(NAME_TALLIED, { tallies, dataType })
        save()
      }),
    forget: (stepId) =>
      ledger.write(() => {
        ledger.run('DELETE FROM entity_errors WHERE step_id = :stepId', { stepId })
        ledger.run(`UPDATE entity_results SET state = 'pending', attempts = 0, row_count = 0, duration_us = 0, carried = 0 WHERE step_id = :stepId`, { stepId })
      }),
    saveProcessingResults: (stepId, { results, journalBytes, at }) =>
      ledger.write(() => {
        const dataTypeId = int(ledger.get('SELECT r.data_type_id FROM steps s JOIN runs r ON r.id = s.run_id WHERE s.id = :stepId', { stepId }) ?? {}, 'data_type_id')
        for (const { entityId, state, attempts, rows, durationMs, error } of results) {
          ledger.run(SAVE_RESULT, { stepId, dataTypeId, entityId, state, attempts, rows, durationUs: Math.round(durationMs * 1_000), at })
          if (error === null) continue
          ledger.run('INSERT OR IGNORE INTO errors (signature, error_class) VALUES (:signature, :errorClass)', { signature: error.signature, errorClass: error.errorClass })
          ledger.run(SAVE_ERROR, { stepId, dataTypeId, entityId, signature: error.signature, message: error.message })
        }
        ledger.run('UPDATE steps SET journal_bytes = :journalBytes WHERE id = :stepId', { journalBytes, stepId })
      }),
  }
}

const tallyState = (value: unknown): EntityTally[1] => (value === 'skipped' ? 'skipped' : 'succeeded')

function toHistory(row: Record<string, unknown>): EntityData['history'][number] {
  return {
    dataType: text(row, 'data_type'),
    runNumber: int(row, 'run_number'),
    dataset: text(row, 'dataset'),
    state: runEntitySchema.shape.state.parse(row['state']),
    rows: int(row, 'row_count'),
    error: row['state'] === 'failed' || row['state'] === 'quarantined' ? textOrNull(row, 'message') : null,
    at: isoTime(int(row, 'at')),
  }
}

function toRunEntity(row: Record<string, unknown>): RunEntity {
  return runEntitySchema.parse({
    dataset: row['dataset'],
    entityId: row['entity'],
    state: row['state'],
    attempts: row['attempts'],
    carried: row['carried'] === 1,
    rows: row['row_count'],
    durationMs: int(row, 'duration_us') / 1_000,
    errorClass: row['error_class'],
    error: row['message'],
    signature: row['signature'],
    mark: row['marked_as'] === null ? null : toMark({ ...row, at: row['marked_at'] }),
  })
}

import { type Exception, type Mark, markSchema } from '../../../shared/contract/runs.contract.ts'
import type { Actor } from '../../../shared/domain/actor.ts'
import { type EntityState, entityStateSchema, nextEntityState } from '../../../shared/domain/run-status.ts'
import type { Ledger } from './ledger.ts'
import { int, isoTime, json, text } from './rows.ts'

/** Who says so, when and why. */
export interface Statement {
  actor: Actor
  at: number
  reason: string
}

export interface MarksReader {
  ofSteps(runId: number): { stepId: number; dataset: string; mark: Mark }[]
  /** Failed entities of a step that somebody accepted. */
  acceptedEntities(stepId: number): Set<string>
  acceptedOfRun(runId: number): number
  /** How far people went past the machine in a run: rules overridden for versions that it has, steps left out. */
  exceptionsOf(runId: number): { overridden: number; leftOut: number }
  /** States of those of the named entities that the step knows. */
  entityStates(stepId: number, entityIds: readonly string[]): Map<string, EntityState>
  /** Rules that somebody let a version pass in spite of. */
  overridden(versionId: number): Map<string, Exception>
}

export interface MarksStore extends MarksReader {
  /** The last word on a rule and a version counts. */
  override(of: { stepId: number; versionId: number; rule: string }, by: Statement): void
  /** `retry` takes a mark away. */
  markStep(stepId: number, as: Mark['as'] | 'retry', by: Statement): void
  /** The same for entities, each with the move of its state. */
  markEntities(of: { stepId: number; dataType: string; entityIds: readonly string[] }, as: Mark['as'] | 'retry', by: Statement): void
}

const ENTITY = `(SELECT e.id FROM entity_ids e JOIN data_types t ON t.id = e.data_type_id WHERE t.name = :dataType AND e.entity = :entityId)`

const COUNT_EXCEPTIONS = `
SELECT (SELECT count(*) FROM check_overrides o JOIN steps s ON s.version_id = o.version_id WHERE s.run_id = :runId) AS overridden,
  (SELECT count(*) FROM step_marks m JOIN steps s ON s.id = m.step_id WHERE s.run_id = :runId AND m.marked_as = 'skipped' AND s.state = 'skipped') AS left_out`

const SELECT_STEP_MARKS = `
SELECT m.*, d.name AS dataset FROM step_marks m JOIN steps s ON s.id = m.step_id JOIN datasets d ON d.id = s.dataset_id WHERE s.run_id = :runId ORDER BY s.position`

const SELECT_STATES = `
SELECT e.entity, r.state FROM entity_results r JOIN entity_ids e ON e.id = r.entity_id
WHERE r.step_id = :stepId AND e.entity IN (SELECT value FROM json_each(:ids))`

const SAVE_OVERRIDE = `
INSERT INTO check_overrides (step_id, version_id, rule, actor, at, reason) VALUES (:stepId, :versionId, :rule, :actor, :at, :reason)`

const SAVE_STEP_MARK = `INSERT OR REPLACE INTO step_marks (step_id, marked_as, actor, at, reason) VALUES (:stepId, :as, :actor, :at, :reason)`

const SAVE_ENTITY_MARK = `
INSERT OR REPLACE INTO entity_marks (step_id, entity_id, marked_as, actor, at, reason) VALUES (:stepId, ${ENTITY}, :as, :actor, :at, :reason)`

/** What a mark makes of an entity's state; an accepted one stays failed. */
const STATE_AFTER: Readonly<Record<'skipped' | 'retry', EntityState>> = { skipped: 'skipped', retry: 'pending' }

export function createMarksStore(ledger: Ledger): MarksStore {
  const statement = ({ actor, at, reason }: Statement) => ({ actor: JSON.stringify(actor), at, reason })
  const entityStates: MarksReader['entityStates'] = (stepId, entityIds) =>
    new Map(ledger.all(SELECT_STATES, { stepId, ids: JSON.stringify(entityIds) }).map((row) => [text(row, 'entity'), entityStateSchema.parse(row['state'])]))
  return {
    entityStates,
    ofSteps: (runId) => ledger.all(SELECT_STEP_MARKS, { runId }).map((row) => ({ stepId: int(row, 'step_id'), dataset: text(row, 'dataset'), mark: toMark(row) })),
    acceptedEntities: (stepId) =>
      new Set(
        ledger
          .all(`SELECT e.entity FROM entity_marks m JOIN entity_ids e ON e.id = m.entity_id WHERE m.step_id = :stepId AND m.marked_as = 'accepted'`, { stepId })
          .map((row) => text(row, 'entity')),
      ),
    acceptedOfRun: (runId) =>
      int(ledger.get(`SELECT count(*) AS n FROM entity_marks m JOIN steps s ON s.id = m.step_id WHERE s.run_id = :runId AND m.marked_as = 'accepted'`, { runId }) ?? {}, 'n'),
    exceptionsOf: (runId) => {
      const row = ledger.get(COUNT_EXCEPTIONS, { runId }) ?? {}
      return { overridden: int(row, 'overridden'), leftOut: int(row, 'left_out') }
    },
    overridden: (versionId) =>
      new Map(
        ledger.all('SELECT * FROM check_overrides WHERE version_id = :versionId', { versionId }).map((row) => {
          const { as: _, ...exception } = toMark({ ...row, marked_as: 'accepted' })
          return [text(row, 'rule'), exception]
        }),
      ),
    override: (of, by) =>
      ledger.write(() => {
        ledger.run('DELETE FROM check_overrides WHERE version_id = :versionId AND rule = :rule', { versionId: of.versionId, rule: of.rule })
        ledger.run(SAVE_OVERRIDE, { ...of, ...statement(by) })
      }),
    markStep: (stepId, as, by) =>
      ledger.write(() => {
        if (as === 'retry') ledger.run('DELETE FROM step_marks WHERE step_id = :stepId', { stepId })
        else ledger.run(SAVE_STEP_MARK, { stepId, as, ...statement(by) })
      }),
    markEntities: ({ stepId, dataType, entityIds }, as, by) =>
      ledger.write(() => {
        const states = entityStates(stepId, entityIds)
        for (const [entityId, state] of states) {
          const of = { stepId, dataType, entityId }
          if (as === 'retry') ledger.run(`DELETE FROM entity_marks WHERE step_id = :stepId AND entity_id = ${ENTITY}`, of)
          else ledger.run(SAVE_ENTITY_MARK, { ...of, as, ...statement(by) })
          if (as === 'accepted') continue
          ledger.run(`UPDATE entity_results SET state = :state WHERE step_id = :stepId AND entity_id = ${ENTITY}`, { ...of, state: nextEntityState(state, STATE_AFTER[as]) })
        }
      }),
  }
}

/** A row of any of the tables of exceptions. */
export function toMark(row: Record<string, unknown>): Mark {
  return markSchema.parse({ as: row['marked_as'], actor: json(row, 'actor'), at: isoTime(int(row, 'at')), reason: row['reason'] })
}

import { STATE_AFTER } from '../../../shared/domain/quarantine-state.ts'
import type { RejectedCase } from '../workers/sift.wire.ts'
import type { DecisionRow } from './decisions.store.ts'
import type { Ledger } from './ledger.ts'
import { createQuarantineReader, type QuarantineReader } from './quarantine.reader.ts'
import { int } from './rows.ts'

export interface CaseList {
  dataset: string
  generation: number
  runId: number
  /** Now, ms since the epoch. */
  at: number
  /** When it was looked up what is decided: what was decided since still waits. */
  lookedAt: number
}

export interface QuarantineStore extends QuarantineReader {
  /** Begins the next list of a dataset. */
  beginList(dataset: string): number
  /** Enters what is not in the version, in pieces. */
  see(list: CaseList, cases: readonly RejectedCase[]): void
  /** What the list does not name is not in the quarantine any more. */
  endList(list: CaseList, of: { versionId: number | null; total: number; listed: number }): void
  /** The version was found right again by a later run, with what was decided until then. */
  seenAgain(list: Pick<CaseList, 'dataset' | 'runId' | 'lookedAt'>): void
  /** Gives records the state that a decision means; null: nothing holds for them any more. Gives how many. */
  settle(of: SettledRecords, decision: DecisionRow | null, at: number): number
  /** Lets a decision stand in the place of one that said the same. */
  replace(decision: number, by: number): void
}

/** One record, all that share a signature and have no decision of their own, or all that a decision was about. */
export type SettledRecords = { record: string } | { dataset: string; signature: string } | { decision: number }

const DATASET = '(SELECT id FROM datasets WHERE name = :dataset)'

const SEE = `
INSERT INTO quarantine_records (dataset_id, record_id, state, seen_as, generation, rule, signature, column_name, value, key, file, record, line, reason, excerpt, decision_id,
  first_run_id, first_seen_at, last_run_id, last_seen_at)
VALUES (${DATASET}, :recordId, iif(:outcome = 'skipped', 'ignored', 'open'), :outcome, :generation, :rule, :signature, :column, :value, :key, :file, :record, :line, :reason, :excerpt,
  (SELECT id FROM quarantine_decisions WHERE id = :decision AND ended_at IS NULL), :runId, :at, :runId, :at)
ON CONFLICT (record_id) DO UPDATE SET
  state = iif(waits_at > :lookedAt, state, excluded.state),
  decision_id = iif(waits_at > :lookedAt, decision_id, coalesce((SELECT id FROM quarantine_decisions WHERE id = decision_id AND ended_at IS NULL), excluded.decision_id)),
  waits_at = iif(waits_at > :lookedAt, waits_at, NULL),
  seen_as = excluded.seen_as, generation = excluded.generation, rule = excluded.rule, signature = excluded.signature, column_name = excluded.column_name, value = excluded.value,
  key = excluded.key, file = excluded.file, record = excluded.record, line = excluded.line, reason = excluded.reason, excerpt = excluded.excerpt,
  last_run_id = excluded.last_run_id, last_seen_at = excluded.last_seen_at`

const END_UNSEEN = `
UPDATE quarantine_records SET seen_as = 'absent', waits_at = NULL,
  last_run_id = iif(seen_as = 'absent', last_run_id, coalesce((SELECT run_id FROM quarantine_lists WHERE dataset_id = quarantine_records.dataset_id), last_run_id))
WHERE dataset_id = ${DATASET} AND generation <> :generation AND (seen_as <> 'absent' OR waits_at IS NOT NULL) AND coalesce(waits_at, 0) <= :lookedAt`

const END = `
INSERT INTO quarantine_lists (dataset_id, generation, version_id, run_id, total, listed) VALUES (${DATASET}, :generation, :versionId, :runId, :total, :listed)
ON CONFLICT (dataset_id) DO UPDATE SET generation = excluded.generation, version_id = excluded.version_id, run_id = excluded.run_id, total = excluded.total, listed = excluded.listed`

/**
 * A decision waits for a run, unless the version is already as it says. A correction that did not help has changed the reason all the same, and so has a decision
 * about all with another reason than the one that is left.
 */
const SETTLE = `
UPDATE quarantine_records SET state = :state, decision_id = :decision,
  waits_at = iif(seen_as = CASE :state WHEN 'open' THEN 'quarantined' WHEN 'ignored' THEN 'skipped' ELSE 'absent' END
    AND NOT (:state = 'corrected') AND NOT EXISTS (SELECT 1 FROM quarantine_decisions x WHERE x.id = decision_id AND (x.kind = 'correct' OR x.signature <> quarantine_records.signature)), NULL, :at)`

export function createQuarantineStore(ledger: Ledger): QuarantineStore {
  return {
    ...createQuarantineReader(ledger),
    beginList: (dataset) => {
      const row = ledger.get(`SELECT coalesce((SELECT generation FROM quarantine_lists WHERE dataset_id = ${DATASET}), 0) + 1 AS generation`, { dataset })
      // What an earlier list saw that never came to its end has the same number; it is entered again.
      return int(row ?? {}, 'generation')
    },
    see: ({ dataset, generation, runId, at, lookedAt }, cases) =>
      ledger.write(() => {
        for (const one of cases) ledger.run(SEE, { ...one, dataset, generation, runId, at, lookedAt })
      }),
    endList: ({ dataset, generation, runId, lookedAt }, { versionId, total, listed }) =>
      ledger.write(() => {
        ledger.run(END_UNSEEN, { dataset, generation, lookedAt })
        ledger.run(END, { dataset, generation, versionId, runId, total, listed })
      }),
    seenAgain: ({ dataset, runId, lookedAt }) => {
      ledger.write(() => {
        ledger.run(`UPDATE quarantine_lists SET run_id = :runId WHERE dataset_id = ${DATASET}`, { dataset, runId })
        ledger.run(`UPDATE quarantine_records SET waits_at = NULL WHERE dataset_id = ${DATASET} AND waits_at <= :lookedAt`, { dataset, lookedAt })
      })
    },
    settle(of, decision, at) {
      const { where, bindings } = conditionOf(of)
      const state = decision === null ? 'open' : STATE_AFTER[decision.kind]
      return ledger.write(() => ledger.run(`${SETTLE} WHERE ${where}`, { state, decision: decision?.id ?? null, at, ...bindings }).changes)
    },
    replace(decision, by) {
      ledger.write(() => ledger.run('UPDATE quarantine_records SET decision_id = :by WHERE decision_id = :decision', { decision, by }))
    },
  }
}

function conditionOf(of: SettledRecords): { where: string; bindings: Record<string, string | number> } {
  if ('record' in of) return { where: 'record_id = :record', bindings: of }
  if ('decision' in of) return { where: 'decision_id = :of', bindings: { of: of.decision } }
  return {
    // Those that an earlier decision about all let in are in the data, and are meant too.
    where: `dataset_id = ${DATASET} AND signature = :signature
      AND ((decision_id IS NULL AND seen_as <> 'absent') OR (SELECT signature FROM quarantine_decisions WHERE id = decision_id) IS NOT NULL)`,
    bindings: of,
  }
}

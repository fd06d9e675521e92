import { z } from 'zod'
import type { Gate } from '../../../shared/contract/gates.contract.ts'
import { type Actor, actorSchema } from '../../../shared/domain/actor.ts'
import type { Ledger } from './ledger.ts'
import { int, isoOrNull, isoTime, json, text, textOrNull } from './rows.ts'

const shownSchema = z.array(z.object({ dataset: z.string(), version: z.int(), versionId: z.int() }))
export type ShownVersion = z.infer<typeof shownSchema>[number]

export interface GateRow extends Omit<Gate, 'shown'> {
  runId: number
  shown: ShownVersion[]
}

export interface NewGate {
  runId: number
  name: string
  before: string
  message: string | null
  shown: ShownVersion[]
}

export interface GatesReader {
  find(runId: number, name: string): GateRow | null
  /** In the order in which they were reached. */
  ofRun(runId: number): GateRow[]
  /** Of runs that wait now, longest first. */
  waiting(): GateRow[]
}

export interface GatesStore extends GatesReader {
  /** A run has come to a gate and waits; what was decided there before, for other versions, is in the audit trail. */
  reach(gate: NewGate, at: number): void
  decide(gate: { runId: number; name: string }, decision: { state: 'approved' | 'rejected'; actor: Actor; reason: string | null; at: number }): void
}

const SELECT = `
SELECT g.*, t.name AS data_type, r.number AS run_number FROM gates g JOIN runs r ON r.id = g.run_id JOIN data_types t ON t.id = r.data_type_id`

const REACH = `
INSERT OR REPLACE INTO gates (run_id, name, before_what, message, state, shown, reached_at, decided_at, decided_by, reason)
VALUES (:runId, :name, :before, :message, 'waiting', :shown, :at, NULL, NULL, NULL)`

const DECIDE = `UPDATE gates SET state = :state, decided_at = :at, decided_by = :actor, reason = :reason WHERE run_id = :runId AND name = :name`

export function createGatesStore(ledger: Ledger): GatesStore {
  return {
    find(runId, name) {
      const row = ledger.get(`${SELECT} WHERE g.run_id = :runId AND g.name = :name`, { runId, name })
      return row === undefined ? null : toGate(row)
    },
    ofRun: (runId) => ledger.all(`${SELECT} WHERE g.run_id = :runId ORDER BY g.reached_at, g.name`, { runId }).map(toGate),
    waiting: () => ledger.all(`${SELECT} WHERE r.state = 'waiting' AND g.state = 'waiting' ORDER BY g.reached_at`).map(toGate),
    reach: ({ runId, name, before, message, shown }, at) =>
      void ledger.write(() => ledger.run(REACH, { runId, name, before, message, shown: JSON.stringify(shown), at })),
    decide: (gate, { state, actor, reason, at }) =>
      void ledger.write(() => ledger.run(DECIDE, { ...gate, state, reason, at, actor: JSON.stringify(actor) })),
  }
}

function toGate(row: Record<string, unknown>): GateRow {
  return {
    runId: int(row, 'run_id'),
    run: { dataType: text(row, 'data_type'), runNumber: int(row, 'run_number') },
    name: text(row, 'name'),
    before: text(row, 'before_what'),
    message: textOrNull(row, 'message'),
    state: z.enum(['waiting', 'approved', 'rejected']).parse(row['state']),
    reachedAt: isoTime(int(row, 'reached_at')),
    decidedAt: isoOrNull(row, 'decided_at'),
    decidedBy: row['decided_by'] === null ? null : actorSchema.parse(json(row, 'decided_by')),
    reason: textOrNull(row, 'reason'),
    shown: shownSchema.parse(json(row, 'shown')),
  }
}

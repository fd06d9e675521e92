import { type Actor, actorSchema } from '../../../shared/domain/actor.ts'
import type { RunRef } from '../../../shared/contract/runs.contract.ts'
import type { Ledger } from './ledger.ts'
import { int, json, text, textOrNull } from './rows.ts'

/** How far an incremental source was read, as far as readers see it. */
export interface CursorRow {
  dataset: string
  column: string
  value: string | null
  /** Null after a person set it: it holds for whatever the source asks for then. */
  asked: string | null
  at: number
  /** The run whose version it follows from; null where a person set it. */
  run: RunRef | null
  setBy: { actor: Actor; reason: string } | null
}

export interface CursorsReader {
  find(dataset: string): CursorRow | null
  list(): CursorRow[]
}

export interface CursorsStore extends CursorsReader {
  /** By hand. Runs move it when they publish, together with what they publish. */
  set(cursor: { dataset: string; column: string; value: string; at: number; actor: Actor; reason: string }): void
  /** The source begins anew. False: there was none. */
  clear(dataset: string): boolean
}

const SELECT = `
SELECT c.*, t.name AS data_type, r.number AS run_number
FROM cursors c LEFT JOIN runs r ON r.id = c.run_id LEFT JOIN data_types t ON t.id = r.data_type_id`

const SET = `
INSERT INTO cursors (dataset, column_name, value, at, set_by, reason) VALUES (:dataset, :column, :value, :at, :setBy, :reason)
ON CONFLICT (dataset) DO UPDATE SET column_name = :column, value = :value, asked = NULL, at = :at, run_id = NULL, set_by = :setBy, reason = :reason`

export function createCursorsStore(ledger: Ledger): CursorsStore {
  return {
    find(dataset) {
      const row = ledger.get(`${SELECT} WHERE c.dataset = :dataset`, { dataset })
      return row === undefined ? null : toCursor(row)
    },
    list: () => ledger.all(`${SELECT} ORDER BY c.dataset`).map(toCursor),
    set: ({ actor, ...cursor }) => void ledger.run(SET, { ...cursor, setBy: JSON.stringify(actor) }),
    clear: (dataset) => ledger.run('DELETE FROM cursors WHERE dataset = :dataset', { dataset }).changes > 0,
  }
}

function toCursor(row: Record<string, unknown>): CursorRow {
  return {
    dataset: text(row, 'dataset'),
    column: text(row, 'column_name'),
    value: textOrNull(row, 'value'),
    asked: textOrNull(row, 'asked'),
    at: int(row, 'at'),
    run: row['run_number'] === null ? null : { dataType: text(row, 'data_type'), runNumber: int(row, 'run_number') },
    setBy: row['set_by'] === null ? null : { actor: actorSchema.parse(json(row, 'set_by')), reason: text(row, 'reason') },
  }
}

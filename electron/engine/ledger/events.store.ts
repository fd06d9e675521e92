import { engineEventSchema, type EngineEvent } from '../../../shared/contract/runs.contract.ts'
import type { Ledger } from './ledger.ts'
import { int, isoTime } from './rows.ts'

export interface EventFacts {
  kind: EngineEvent['kind']
  dataType?: string | null
  runNumber?: number | null
  dataset?: string | null
  text?: string | null
}

export interface EventsReader {
  lastSeq(): number
  /** Oldest first, at most `limit`. */
  after(seq: number, limit: number): EngineEvent[]
}

export interface EventsStore extends EventsReader {
  /** Inside a ledger transaction; listeners hear of it after the commit. */
  append(facts: EventFacts, at: number): void
}

const INSERT = `INSERT INTO events (at, kind, data_type, run_number, dataset, text)
VALUES (:at, :kind, :dataType, :runNumber, :dataset, :text)`

const SELECT_AFTER = `SELECT seq, at, kind, data_type AS dataType, run_number AS runNumber, dataset, text
FROM events WHERE seq > :seq ORDER BY seq LIMIT :limit`

export function createEventsStore(ledger: Ledger): EventsStore {
  return {
    lastSeq: () => int(ledger.get('SELECT coalesce(max(seq), 0) AS seq FROM events') ?? {}, 'seq'),
    after: (seq, limit) =>
      ledger.all(SELECT_AFTER, { seq, limit }).map((row) => engineEventSchema.parse({ ...row, at: isoTime(int(row, 'at')), share: null })),
    append(facts, at) {
      const { kind, dataType = null, runNumber = null, dataset = null, text = null } = facts
      const { lastId } = ledger.run(INSERT, { at, kind, dataType, runNumber, dataset, text })
      ledger.queueEvent({ seq: lastId, at: isoTime(at), kind, dataType, runNumber, dataset, text, share: null })
    },
  }
}

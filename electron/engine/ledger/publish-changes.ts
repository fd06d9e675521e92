import type { EventsStore } from './events.store.ts'
import type { Ledger } from './ledger.ts'
import { int } from './rows.ts'

export interface Publishing {
  kind: 'publish' | 'rollback' | 'promote'
  dataType: string
  /** The run that is published, rolled back or promoted; null when the change is about one dataset. */
  runId: number | null
  actor: string
  reason: string
  at: number
  /** A version to become current, or null where nothing is to be published any more. */
  changes: readonly { dataset: string; to: number | null }[]
}

const INSERT_PUBLICATION = `
INSERT INTO publications (kind, data_type_id, run_id, actor, reason, at)
VALUES (:kind, (SELECT id FROM data_types WHERE name = :dataType), :runId, :actor, :reason, :at)`

const INSERT_PROMOTION = `
INSERT INTO promotions (publication_id, dataset_id, from_version_id, to_version_id, at)
SELECT :publicationId, d.id, (SELECT version_id FROM current_versions c WHERE c.dataset_id = d.id), :to, :at FROM datasets d WHERE d.name = :dataset`

const MAKE_CURRENT = `
INSERT INTO current_versions (dataset_id, version_id) SELECT dataset_id, id FROM versions WHERE id = :to
ON CONFLICT (dataset_id) DO UPDATE SET version_id = excluded.version_id`

/** How far an incremental source was read follows from the version that readers see, whichever way that became current. */
const MOVE_CURSOR = `
INSERT INTO cursors (dataset, column_name, value, asked, at, run_id)
SELECT :dataset, cursor ->> 'column', cursor ->> 'value', cursor ->> 'asked', :at, run_id FROM versions WHERE id = :to AND cursor IS NOT NULL`

const SELECT_NAMES = `
SELECT v.number, r.number AS run_number FROM versions v JOIN runs r ON r.id = v.run_id WHERE v.id = :to`

/** Changes what is current, all at once, and writes down what was current before. @returns the publication's id */
export function publishChanges({ ledger, events }: { ledger: Ledger; events: EventsStore }, { changes, ...publication }: Publishing): number {
  return ledger.write(() => {
    const { dataType, at } = publication
    const { lastId: publicationId } = ledger.run(INSERT_PUBLICATION, publication)
    for (const { dataset, to } of changes) {
      ledger.run(INSERT_PROMOTION, { publicationId, dataset, to, at })
      ledger.run('DELETE FROM cursors WHERE dataset = :dataset', { dataset })
      ledger.run(MOVE_CURSOR, { dataset, to, at })
      if (to === null) ledger.run('DELETE FROM current_versions WHERE dataset_id = (SELECT id FROM datasets WHERE name = :dataset)', { dataset })
      else {
        ledger.run(MAKE_CURRENT, { to })
        ledger.run('UPDATE versions SET published_at = coalesce(published_at, :at) WHERE id = :to', { at, to })
      }
      const named = to === null ? null : ledger.get(SELECT_NAMES, { to })
      const number = named === undefined || named === null ? null : int(named, 'number')
      const runNumber = named === undefined || named === null ? null : int(named, 'run_number')
      events.append({ kind: 'publish', dataType, runNumber, dataset, text: number === null ? 'withdrawn' : `v${number}` }, at)
    }
    return publicationId
  })
}

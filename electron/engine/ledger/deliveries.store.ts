import type { DeliveryEntry } from '../../../shared/contract/deliveries.contract.ts'
import type { Ledger } from './ledger.ts'
import { int, intOrNull, isoTime, text, textOrNull } from './rows.ts'

/** A file whose content its source had already. */
export interface AgainDelivered {
  dataset: string
  fileName: string
  /** Path in the workspace, or absolute. */
  origin: string
  sha256: string
  sizeBytes: number
  /** Name of the file that has the same content. */
  sameAs: string
}

export interface DeliveriesReader {
  /** A version that is there keeps a file of this content. */
  isKept(sha256: string): boolean
  /** Newest first, each file once. */
  list(wanted: { dataset?: string | undefined; offset: number; limit: number }): { total: number; deliveries: DeliveryEntry[] }
}

export interface DeliveriesStore extends DeliveriesReader {
  recordAgain(file: AgainDelivered, at: number): void
}

const INSERT_AGAIN = `
INSERT INTO redeliveries (dataset, file_name, origin, sha256, size_bytes, same_as, received_at)
VALUES (:dataset, :fileName, :origin, :sha256, :sizeBytes, :sameAs, :at)`

const SELECT_KEPT = `
SELECT 1 FROM deliveries d JOIN versions v ON v.id = d.version_id WHERE d.sha256 = :sha256 AND v.removed_at IS NULL LIMIT 1`

const SELECT_ALL = `
WITH firsts AS (
  SELECT s.name AS dataset, d.file_name, d.origin, d.sha256, d.size_bytes, d.received_at, d.records, d.loaded, d.quarantined, d.skipped, d.same_as,
    v.number AS version, r.number AS run_number, row_number() OVER (PARTITION BY v.dataset_id, d.file_name, d.sha256 ORDER BY v.number) AS place
  FROM deliveries d JOIN versions v ON v.id = d.version_id JOIN datasets s ON s.id = v.dataset_id JOIN runs r ON r.id = v.run_id
  WHERE :dataset = '' OR s.name = :dataset
), all_deliveries AS (
  SELECT dataset, file_name, origin, sha256, size_bytes, received_at, records, loaded, quarantined, skipped, same_as, version, run_number FROM firsts WHERE place = 1
  UNION ALL
  SELECT dataset, file_name, origin, sha256, size_bytes, received_at, NULL, NULL, NULL, NULL, same_as, NULL, NULL FROM redeliveries WHERE :dataset = '' OR dataset = :dataset
)
SELECT *, count(*) OVER () AS total FROM all_deliveries ORDER BY received_at DESC, dataset, file_name LIMIT :limit OFFSET :offset`

export function createDeliveriesStore(ledger: Ledger): DeliveriesStore {
  return {
    isKept: (sha256) => ledger.get(SELECT_KEPT, { sha256 }) !== undefined,
    list({ dataset = '', offset, limit }) {
      const rows = ledger.all(SELECT_ALL, { dataset, offset, limit })
      return { total: rows[0] === undefined ? 0 : int(rows[0], 'total'), deliveries: rows.map(toEntry) }
    },
    recordAgain: (file, at) => void ledger.run(INSERT_AGAIN, { ...file, at }),
  }
}

function toEntry(row: Record<string, unknown>): DeliveryEntry {
  const sameAs = textOrNull(row, 'same_as')
  return {
    dataset: text(row, 'dataset'),
    fileName: text(row, 'file_name'),
    origin: text(row, 'origin'),
    receivedAt: isoTime(int(row, 'received_at')),
    sha256: text(row, 'sha256'),
    sizeBytes: int(row, 'size_bytes'),
    kind: sameAs === null ? 'delivered' : 'again',
    sameAs,
    records: intOrNull(row, 'records'),
    loaded: intOrNull(row, 'loaded'),
    quarantined: intOrNull(row, 'quarantined'),
    skipped: intOrNull(row, 'skipped'),
    version: intOrNull(row, 'version'),
    runNumber: intOrNull(row, 'run_number'),
  }
}
